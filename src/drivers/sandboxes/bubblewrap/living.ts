import { readFileSync } from 'node:fs';

let boot: string | undefined;
let own: string | undefined;

/** Names this process, and no other before or after it on this machine. */
export function ownToken(): string {
  own ??= tokenOf(String(process.pid)) ?? String(process.pid);
  return own;
}

/** Whether the process that such a name stands for still lives. */
export function isLivingToken(token: string): boolean {
  const pid = /^(\d+)-/.exec(token)?.[1];
  return pid !== undefined && tokenOf(pid) === token;
}

function tokenOf(pid: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    return `${pid}-${started}-${boot}`;
  } catch {
    return undefined;
  }
}
