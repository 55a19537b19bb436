/** The part of JSON Schema that our OpenAPI uses. */
export interface SampleSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, SampleSchema>>;
  readonly items?: SampleSchema;
  readonly anyOf?: readonly SampleSchema[];
  readonly oneOf?: readonly SampleSchema[];
  readonly allOf?: readonly SampleSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minItems?: number;
}

/** A value that fits a schema as far as that can be told; every free text is what `text` answers for its place. */
export function sampleOf(schema: SampleSchema, text: (place: string) => string, place = ''): unknown {
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0] ?? schema.allOf?.[0];
  if (choice) return sampleOf(choice, text, place);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object' || schema.properties) {
    const entries = Object.entries(schema.properties ?? {});
    return Object.fromEntries(
      entries.map(([name, each]) => [name, sampleOf(each, text, place === '' ? name : place)]),
    );
  }
  if (type === 'array') return schema.items ? [sampleOf(schema.items, text, place)] : [];
  if (type === 'integer' || type === 'number') return Math.max(1, schema.minimum ?? 1);
  if (type === 'boolean') return true;
  if (schema.format === 'email') return `${text(place)}@example.com`;
  return text(place);
}
