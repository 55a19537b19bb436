import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { z } from 'zod';
import { strangersHeaders } from '../base/strangers-headers.ts';
import { route, type ApiRoute } from '../contract/api.ts';
import { runFileSchema, type RunFile } from '../contract/file.ts';
import { shownImages } from '../contract/shown-images.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Artifacts } from '../resources/artifacts.ts';
import { readableRun } from '../kernel/run-access.ts';
import { runParams } from './run-params.ts';
import { tarStream, type TarFile } from './tar-stream.ts';

const tag = 'runs';

/** The files that a run left: what there is, one of them, all of them. Who may read the run may read them. */
export function runFileRoutes(kernel: Kernel, artifacts: Artifacts): ApiRoute[] {
  return [
    route({
      method: 'GET',
      path: '/runs/:id/files',
      summary: 'List the files that a run left',
      tag,
      role: 'viewer',
      params: runParams,
      replies: { 200: z.object({ items: z.array(runFileSchema) }) },
      handle: async ({ actor, params }) => {
        const run = await readableRun(kernel, params.id, actor);
        return { body: { items: await artifacts.list(run.id) } };
      },
    }),
    archiveRoute(kernel, artifacts),
    fileRoute(kernel, artifacts),
  ];
}

function fileRoute(kernel: Kernel, artifacts: Artifacts): ApiRoute {
  return route({
    method: 'GET',
    path: '/runs/:id/files/:fileId',
    summary: 'Download a file that a run left',
    description:
      'As an attachment. With `view=inline`, PNG, JPEG, GIF and WebP by their bytes are shown as images, and text is ' +
      'shown as plain text, markup included; anything else still comes as an attachment.',
    tag,
    role: 'viewer',
    file: 'application/octet-stream',
    params: runParams.extend({ fileId: z.string().max(100) }),
    query: z.strictObject({ view: z.enum(['inline', 'attachment']).default('attachment') }),
    replies: { 200: z.string() },
    handle: async ({ actor, params, query }) => {
      const run = await readableRun(kernel, params.id, actor);
      const file = await artifacts.get(run.id, params.fileId);
      const headers = {
        ...strangersHeaders(file.name, query.view === 'inline' && canShow(file)),
        'content-type': file.mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : file.mediaType,
        'content-length': String(file.bytes),
        etag: `"${file.sha256}"`,
      };
      return { headers, download: artifacts.read(file.id) };
    },
  });
}

function archiveRoute(kernel: Kernel, artifacts: Artifacts): ApiRoute {
  return route({
    method: 'GET',
    path: '/runs/:id/files/archive',
    summary: 'Download all files that a run left, as one .tar.gz',
    tag,
    role: 'viewer',
    file: 'application/gzip',
    params: runParams,
    replies: { 200: z.string() },
    handle: async ({ actor, params }) => {
      const run = await readableRun(kernel, params.id, actor);
      const folder = `run-${run.id.slice(-12)}`;
      const time = Date.parse(run.finishedAt ?? run.createdAt) / 1000;
      const files = (await artifacts.list(run.id)).map(({ id, name, bytes }): TarFile => ({
        name: `${folder}/${name}`,
        bytes,
        time,
        content: artifacts.read(id),
      }));
      const headers = { ...strangersHeaders(`${folder}.tar.gz`), 'content-type': 'application/gzip' };
      return { headers, download: gzipped(tarStream(files)) };
    },
  });
}

function canShow({ mediaType }: RunFile): boolean {
  return mediaType === 'text/plain' || shownImages.some((type) => type === mediaType);
}

function gzipped(tar: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const source = Readable.from(tar);
  const gzip = createGzip();
  source.once('error', (error) => gzip.destroy(error));
  return source.pipe(gzip);
}
