import { GantryError } from '../../../base/errors.ts';
import { joinFiles, readCapped, type CappedText, type DiffFile } from '../unified-diff.ts';
import type { GitHubAct, GitHubPlace } from './client.ts';
import { fileReply } from './replies.ts';

const one = '/repos/{owner}/{repo}/pulls/{pull_number}';

/** The diff as GitHub gives it, or joined of its files where it is too large for that (more than 20,000 lines). */
export async function readPullDiff(
  place: GitHubPlace,
  reads: GitHubAct,
  number: number,
  maxBytes: number,
): Promise<CappedText> {
  const { client, at, endpoints } = place;
  const parameters = { ...at, pull_number: number };
  try {
    const body = await client.stream(reads, `GET ${one}`, { ...parameters, mediaType: { format: 'diff' } });
    return await readCapped(body, maxBytes);
  } catch (error) {
    if (!(error instanceof GantryError)) throw brokenOff(endpoints.name, error);
    if (error.code !== 'FORGE_REPLY_INVALID' || !/answered 406/.test(String(error.cause))) throw error;
    return joinFiles(files(place, reads, parameters), maxBytes);
  }
}

async function* files(
  { client }: GitHubPlace,
  reads: GitHubAct,
  parameters: Readonly<Record<string, unknown>>,
): AsyncGenerator<DiffFile> {
  for await (const file of client.list(reads, `GET ${one}/files`, parameters, fileReply)) {
    const { filename: path, previous_filename: before = path, status, patch, changes } = file;
    const kind = status === 'added' || status === 'removed' ? status : 'changed';
    yield {
      path,
      before,
      status: kind,
      hunks: patch ?? (changes === 0 && status === 'renamed' ? '' : undefined),
    };
  }
}

function brokenOff(name: string, cause: unknown): GantryError {
  return new GantryError('FORGE_UNAVAILABLE', `${name} broke off in the middle of a diff. Try again later.`, {
    cause,
  });
}
