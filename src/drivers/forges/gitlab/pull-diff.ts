import { GantryError } from '../../../base/errors.ts';
import type { Act } from '../explain.ts';
import { joinFiles, readCapped, type CappedText, type DiffFile } from '../unified-diff.ts';
import type { GitLabPlace } from './client.ts';
import { fileReply } from './replies.ts';

/** The diff as GitLab gives it, or joined of its files where this GitLab is too old for that. */
export async function readPullDiff(
  place: GitLabPlace,
  reads: Act,
  number: number,
  maxBytes: number,
): Promise<CappedText> {
  const one = `${place.path}/merge_requests/${number}`;
  try {
    const { body } = await place.client.send(reads, ({ get }) => get(`${one}/raw_diffs`, { asStream: true }));
    return body instanceof ReadableStream ? await readCapped(body, maxBytes) : { text: '', truncated: false };
  } catch (error) {
    if (!(error instanceof GantryError)) {
      const text = `${place.endpoints.name} broke off in the middle of a diff. Try again later.`;
      throw new GantryError('FORGE_UNAVAILABLE', text, { cause: error });
    }
    if (error.code !== 'NOT_FOUND') throw error;
    return joinFiles(files(place, reads, `${one}/diffs`), maxBytes);
  }
}

async function* files({ client }: GitLabPlace, reads: Act, path: string): AsyncGenerator<DiffFile> {
  for await (const file of client.list(reads, path, {}, fileReply)) {
    const { old_path, new_path, new_file, deleted_file, diff, too_large, collapsed } = file;
    yield {
      path: new_path,
      before: old_path,
      status: new_file ? 'added' : deleted_file ? 'removed' : 'changed',
      hunks: too_large || collapsed ? undefined : diff,
    };
  }
}
