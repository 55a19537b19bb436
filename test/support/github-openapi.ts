import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Ajv as AjvClass } from 'ajv';

const run = promisify(execFile);

const published = {
  name: '@octokit/openapi',
  version: '23.0.2',
  integrity:
    'sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==',
  file: 'package/generated/api.github.com.json',
};

/** Says what of an answer is not as GitHub publishes it; null when all is. */
export type CheckAnswer = (
  operation: { readonly method: string; readonly route: string },
  status: number,
  body: unknown,
) => string | null;

interface Schemas {
  readonly [name: string]: unknown;
}
interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { responses: Readonly<Record<string, Schemas>> }>>>
  >;
  readonly components: { readonly responses: Readonly<Record<string, Schemas>> };
}

/**
 * GitHub's own description of its API, of the package that it is published in: fetched once per machine, checked against
 * its digest, and only the one file of it kept. A sentence says why where it can't be had.
 */
export async function loadGitHubOpenApi(): Promise<CheckAnswer | string> {
  const cache = join(tmpdir(), `gantry-github-openapi-${published.version}`);
  const kept = join(cache, 'api.json');
  try {
    return checker(withNull(JSON.parse(await readFile(kept, 'utf8'))) as Document);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const place = await mkdtemp(join(tmpdir(), 'gantry-openapi-'));
  try {
    const packed = await pack(place);
    if (packed === undefined) return "the package that holds GitHub's API description can't be fetched here";
    await run('tar', ['xzf', packed, '-C', place, published.file]);
    await mkdir(cache, { recursive: true });
    await rename(join(place, published.file), kept);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
  return loadGitHubOpenApi();
}

async function pack(place: string): Promise<string | undefined> {
  const options = { cwd: place, timeout: 120_000 };
  try {
    await run(
      'npm',
      ['pack', '--silent', '--fetch-retries=0', `${published.name}@${published.version}`],
      options,
    );
  } catch {
    return undefined;
  }
  const path = join(place, `octokit-openapi-${published.version}.tgz`);
  const digest = createHash('sha512')
    .update(await readFile(path))
    .digest('base64');
  if (`sha512-${digest}` !== published.integrity)
    throw new Error('The package is not the one that is expected.');
  return path;
}

function checker(document: Document): CheckAnswer {
  // CommonJS, whose types say another thing than what an import gives.
  const { Ajv } = createRequire(import.meta.url)('ajv') as { Ajv: typeof AjvClass };
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, inlineRefs: false });
  ajv.addSchema({ $id: 'github', ...document });
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>();
  return ({ method, route }, status, body) => {
    const responses = document.paths[route]?.[method.toLowerCase()]?.responses;
    if (!responses) return `${method} ${route} is no operation of GitHub`;
    const pointer = schemaPointer(document, { method: method.toLowerCase(), route }, status);
    if (pointer === undefined) return `${method} ${route} never answers ${status}`;
    if (pointer === null)
      return body === undefined ? null : `${method} ${route} answers ${status} without a body`;
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `github#${pointer}` });
    compiled.set(pointer, known);
    if (known(body)) return null;
    const problems = (known.errors ?? []).slice(0, 5).map((each) => `${each.instancePath} ${each.message}`);
    return `${method} ${route} ${status}: ${problems.join('; ')}`;
  };
}

/** Where the schema of an answer stands; null when it has no body, undefined when there is no such answer. */
function schemaPointer(
  { paths, components }: Document,
  { method, route }: { readonly method: string; readonly route: string },
  status: number,
): string | null | undefined {
  const answer = paths[route]?.[method]?.responses[String(status)];
  if (!answer) return undefined;
  const reference = typeof answer['$ref'] === 'string' ? answer['$ref'].slice(1) : undefined;
  const own = `/paths/${escaped(route)}/${method}/responses/${status}`;
  const resolved = reference ? components.responses[reference.split('/').at(-1) ?? ''] : answer;
  const content = resolved?.['content'] as Schemas | undefined;
  const type = content && Object.keys(content)[0];
  return type === undefined ? null : `${reference ?? own}/content/${escaped(type)}/schema`;
}

function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** OpenAPI 3.0 says `nullable: true` where JSON Schema lists null among the types. */
function withNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNull);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, example: _example, examples: _examples, ...rest } = value as Schemas;
  const copy = Object.fromEntries(Object.entries(rest).map(([name, each]) => [name, withNull(each)]));
  if (nullable !== true)
    return nullable === undefined
      ? copy
      : { ...copy, ...(typeof nullable === 'object' && { nullable: withNull(nullable) }) };
  return { anyOf: [copy, { type: 'null' }] };
}
