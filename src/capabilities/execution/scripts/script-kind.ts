import type { DocumentKind } from '../../../resources/documents/documents.ts';

const MiB = 1_048_576;

/** Saved scripts: programs as `POST /executions` takes them, under a name. */
export const scriptKind: DocumentKind = {
  kind: 'script',
  maxDocuments: 500,
  maxBytes: MiB,
  maxTotalBytes: 64 * MiB,
};
