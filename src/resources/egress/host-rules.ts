import { isIPv4 } from 'node:net';
import { GantryError } from '../../base/errors.ts';

/** Where a connection may go: a name in its one spelling, and a port. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

const name = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/;
/* What ends in a number is an IPv4 address to whoever parses like a browser: 2130706433, 0x7f.1, 127.1. */
const numeric = /(^|\.)(\d+|0x[0-9a-f]*)$/;

/** Reads `host:port` as clients write it; undefined for what is neither a name nor a plain IPv4 address with a port. */
export function readPlace(host: string, port: string): Place | undefined {
  const plain = host.toLowerCase().replace(/\.$/, '');
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (plain.length > 253 || !name.test(plain) || number < 1 || number > 65_535) return undefined;
  return { host: plain, port: number };
}

/** True for an address in place of a name, whatever way it is spelled. */
export function isLiteral(host: string): boolean {
  return numeric.test(host);
}

/** `registry.example:443`, how lists and events name a place. */
export function placeText({ host, port }: Place): string {
  return `${host}:${port}`;
}

/**
 * The list of places that may be reached, each an exact `host:port`. An address may stand on it in its plain spelling
 * (`10.0.0.5:8081`). INPUT_INVALID names an entry that is neither.
 */
export function readPlaces(entries: readonly string[]): ReadonlySet<string> {
  return new Set(
    entries.map((entry) => {
      const match = /^([^:]*):([^:]*)$/.exec(entry);
      const place = match ? readPlace(match[1] ?? '', match[2] ?? '') : undefined;
      if (place && (!isLiteral(place.host) || isIPv4(place.host))) return placeText(place);
      throw new GantryError(
        'INPUT_INVALID',
        `"${entry}" names no place that could be reached. Write host and port: "registry.example:443".`,
      );
    }),
  );
}
