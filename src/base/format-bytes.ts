const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `84 MiB`, `1.9 GiB`, `512 B`: bytes for people. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${number.format(value >= 100 ? Math.round(value) : value)} ${units[unit]}`;
}
