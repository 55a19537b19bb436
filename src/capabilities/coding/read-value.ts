/** Makes of any value what it stands for; undefined where it is nothing of the kind. */
export type Read<T> = (value: unknown) => T | undefined;

export const text: Read<string> = (value) => (typeof value === 'string' ? value : undefined);
export const number: Read<number> = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
export const boolean: Read<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

export function oneOf<const T extends string>(words: readonly T[]): Read<T> {
  return (value) => words.find((word) => word === value);
}

/** What can't be read is `fallback`. */
export function or<T>(read: Read<T>, fallback: T): Read<T> {
  return (value) => read(value) ?? fallback;
}

/** What can't be read is null. */
export function maybe<T>(read: Read<T>): Read<T | null> {
  return (value) => read(value) ?? null;
}

/** What can be read of a list, in order; nothing where there is none. */
export function listOf<T>(read: Read<T>): Read<T[]> {
  return (value) =>
    Array.isArray(value)
      ? value.flatMap((each: unknown) => {
          const item = read(each);
          return item === undefined ? [] : [item];
        })
      : [];
}

/** Each field by its own rule; nothing when one of them, without a fallback of its own, is missing. */
export function fields<T extends object>(shape: { readonly [Key in keyof T]-?: Read<T[Key]> }): Read<T> {
  const entries = Object.entries<Read<unknown>>(shape);
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    const source = new Map(Object.entries(value));
    const found: Record<string, unknown> = {};
    for (const [key, read] of entries) {
      const field = read(source.get(key));
      if (field === undefined) return undefined;
      found[key] = field;
    }
    return found as T;
  };
}

/** The same value is read once: whoever draws again gets the same object. */
export function once<T extends object>(read: Read<T>): Read<T> {
  const known = new WeakMap<object, T | undefined>();
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    if (!known.has(value)) known.set(value, read(value));
    return known.get(value);
  };
}
