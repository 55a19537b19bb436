import { csvLine } from '../base/csv.ts';
import { route, type ApiRoute } from '../contract/api.ts';
import { auditEntrySchema, auditExportSchema, auditQuerySchema, type AuditEntry } from '../contract/audit.ts';
import { pageOf } from '../contract/problem.ts';
import type { Audit } from '../resources/audit.ts';
import { z } from 'zod';

const tag = 'audit';

/** Reading the audit log. Nothing over HTTP writes to it but the acts themselves. */
export function auditRoutes(audit: Audit): ApiRoute[] {
  return [listAudit(audit), exportAudit(audit)];
}

function listAudit(audit: Audit): ApiRoute {
  return route({
    method: 'GET',
    path: '/audit',
    summary: 'List what was done and refused, the latest first',
    tag,
    role: 'admin',
    query: auditQuerySchema,
    replies: { 200: pageOf(auditEntrySchema) },
    handle: async ({ query }) => ({ body: await audit.list(query) }),
  });
}

function exportAudit(audit: Audit): ApiRoute {
  return route({
    method: 'GET',
    path: '/audit/export',
    summary: 'Download the audit log',
    description: 'As CSV, in which no text is taken for a formula, or as a JSON array.',
    tag,
    role: 'admin',
    query: auditExportSchema,
    replies: { 200: z.string().describe('The file.') },
    handle: async ({ query: { format, ...filter } }) => {
      const entries = audit.all(filter);
      return {
        headers: {
          'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json',
          'content-disposition': `attachment; filename="gantry-audit.${format}"`,
        },
        download: format === 'csv' ? asCsv(entries) : asJson(entries),
      };
    },
  });
}

const columns = [
  ...['at', 'user', 'key', 'name', 'address', 'operation', 'summary', 'kind', 'target'],
  ...['changes', 'status', 'code', 'id'],
];

async function* asCsv(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  yield csvLine(columns);
  for await (const { id, at, by, changes, ...entry } of entries) {
    yield csvLine([
      ...[at, by.userId, by.keyId, by.name, entry.address, entry.operation, entry.summary, entry.kind],
      ...[entry.target, JSON.stringify(changes), entry.status, entry.code, id],
    ]);
  }
}

async function* asJson(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const entry of entries) {
    yield before + JSON.stringify(entry);
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
