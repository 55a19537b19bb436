type Schema = Readonly<Record<string, unknown>>;

/**
 * Whether OpenAI would take the schema as strict: every object names all that it may hold, and requires it. One that it
 * wouldn't is asked for without, because the whole call would be refused.
 */
export function fitsStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(fitsStrict);
  if (!isSchema(schema)) return true;
  const { properties, required, additionalProperties } = schema;
  if (isSchema(properties) || schema['type'] === 'object') {
    const names = Object.keys(isSchema(properties) ? properties : {});
    const needed: readonly unknown[] = Array.isArray(required) ? required : [];
    if (additionalProperties !== false || !names.every((name) => needed.includes(name))) return false;
  }
  return Object.values(schema).every(fitsStrict);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
