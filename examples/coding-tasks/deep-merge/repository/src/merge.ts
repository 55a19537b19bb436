type Data = { [key: string]: unknown };

export function merge(first: Data, second: Data): Data {
  for (const key in second) {
    const value = second[key];
    if (typeof value === 'object' && value !== null && typeof first[key] === 'object')
      merge(first[key] as Data, value as Data);
    else first[key] = value;
  }
  return first;
}
