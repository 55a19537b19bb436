import { userInfo } from 'node:os';
import { openDatabase } from '../store/database.ts';
import { recordAct } from './audit.ts';

/**
 * Writes down what a command did to the database itself, past the API: under the name of the account that ran it. A
 * database whose schema is older than the audit log has no place for it; the caller decides what that means.
 */
export async function recordCommand(
  url: string,
  command: string,
  summary: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const database = openDatabase({ url, poolSize: 1, onError: () => undefined });
  try {
    await recordAct(database, {
      by: { userId: '', keyId: null, name: `${accountName()} at the command line` },
      address: 'command line',
      operation: `gantry ${command}`,
      summary,
      kind: 'system',
      target: '',
      changes,
      status: 200,
      code: null,
    });
  } finally {
    await database.close();
  }
}

/** An account without an entry in the list of users has no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}
