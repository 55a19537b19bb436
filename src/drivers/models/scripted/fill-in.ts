const place = '{{last}}';

/** The same value, with `{{last}}` in its texts replaced by what the model was told last. */
export function fillIn(value: unknown, last: string): unknown {
  if (typeof value === 'string') return value.replaceAll(place, () => last);
  if (Array.isArray(value)) return value.map((entry) => fillIn(entry, last));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fillIn(entry, last)]));
}
