import { GantryError } from '../../base/errors.ts';
import { placeText, readPlace, readPlaces } from '../egress/host-rules.ts';
import { readAllowList, type AllowList } from '../outgoing/address-rules.ts';
import { ecosystems, type Ecosystem, type Installer } from './installer.ts';

/** Where packages may come from: what the catalogue says, or what the operator put in its place. */
export interface Registries {
  /** Exact `host:port` each. */
  hosts(manager: Installer): readonly string[];
  /** Variables that point it to the operator's registry. */
  env(manager: Installer): Readonly<Record<string, string>>;
  /** The operator's own may lie inside. */
  readonly inside: AllowList;
  /** Changes when another registry might answer otherwise. */
  key(manager: Installer): string;
}

/**
 * Reads GANTRY_PACKAGE_REGISTRIES (`node=https://npm.corp.example/`) and GANTRY_PACKAGE_HOSTS (`files.corp.example:443`).
 * CONFIG_INVALID names the entry that is neither.
 */
export function readRegistries(entries: readonly string[], moreHosts: readonly string[]): Registries {
  const urls = new Map(entries.map(readEntry));
  const own = new Map([...urls].map(([ecosystem, url]) => [ecosystem, placeOf(url)]));
  const more = readMore(moreHosts);
  return {
    hosts: (manager) => {
      const place = own.get(manager.ecosystem);
      return [...(place === undefined ? manager.hosts : [place]), ...more];
    },
    env: (manager) => {
      const url = urls.get(manager.ecosystem);
      return (url && manager.registryEnv?.(url)) ?? {};
    },
    inside: readAllowList([...own.values(), ...more]),
    key: (manager) => `${urls.get(manager.ecosystem)?.href ?? ''} ${more.join(' ')}`,
  };
}

function readEntry(entry: string): [Ecosystem, URL] {
  const [, name = '', address = ''] = /^([a-z]+)=(.+)$/.exec(entry) ?? [];
  const ecosystem = ecosystems.find((each) => each === name);
  const url = URL.parse(address);
  if (!ecosystem || !url || !/^https?:$/.test(url.protocol)) {
    throw new GantryError(
      'CONFIG_INVALID',
      `GANTRY_PACKAGE_REGISTRIES names "${name}=…", which is none. Write "node=https://npm.example.com/", with one of ${ecosystems.join(', ')}.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new GantryError(
      'CONFIG_INVALID',
      `The registry for ${ecosystem} holds a user name or password, which would enter sandboxes. Put a mirror before it that asks for none.`,
    );
  }
  return [ecosystem, url];
}

function placeOf(url: URL): string {
  const place = readPlace(url.hostname, url.port || (url.protocol === 'https:' ? '443' : '80'));
  if (place) return placeText(place);
  throw new GantryError('CONFIG_INVALID', `The registry ${url.origin} has no name that could be reached.`);
}

function readMore(hosts: readonly string[]): readonly string[] {
  try {
    return [...readPlaces(hosts)];
  } catch (cause) {
    throw new GantryError(
      'CONFIG_INVALID',
      'GANTRY_PACKAGE_HOSTS takes hosts with ports: "files.corp.example:443".',
      { cause },
    );
  }
}
