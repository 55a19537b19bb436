import type { RunSummary } from '../../contract/run.ts';
import { atLeast } from '../../contract/role.ts';
import type { Me } from '../api/me.ts';
import type { Texts } from '../locales/texts.ts';

/** Whether a waiting run waits for the reader, or for another person, by what words. */
export function waitOf(
  run: RunSummary,
  me: Me | undefined,
  t: Texts,
  nameOf: (id: string) => string,
): { readonly forPerson: boolean; readonly words?: string } {
  const who = run.status === 'waiting' ? run.asks?.who : undefined;
  if (who === undefined) return run.paused ? { forPerson: false, words: pausedWords(run, t, nameOf) } : calm;
  if (who.kind === 'user') {
    if (who.userId === me?.userId) return { forPerson: true };
    return { forPerson: true, words: t('parts:status.waitingFor', { name: who.name ?? nameOf(who.userId) }) };
  }
  if (me !== undefined && atLeast(me.role, who.role)) return { forPerson: true };
  return { forPerson: true, words: t(`runs:waitingRole.${who.role}`) };
}

const calm = { forPerson: false } as const;

function pausedWords({ status, paused }: RunSummary, t: Texts, nameOf: (id: string) => string): string {
  if (status === 'running') return t('runs:pausing');
  return paused?.by ? t('runs:pausedBy', { name: nameOf(paused.by) }) : t('runs:paused');
}

/** Why a run is as it is, in a few words beside its title. */
export function reasonOf(run: RunSummary, t: Texts): string | undefined {
  if (run.status === 'waiting' && run.paused && !run.asks) return undefined;
  if (run.status === 'waiting') return run.asks?.title ?? run.waitingFor ?? undefined;
  if (run.status === 'dead') return t('runs:attempts', { count: run.attempt });
  if (run.status === 'failed') return run.error?.message;
  return run.outcome ?? undefined;
}

/** Who or what started a run. */
export function starterOf(run: RunSummary, t: Texts, nameOf: (id: string) => string): string {
  const { trigger } = run;
  if (trigger.kind === 'user') return nameOf(trigger.userId);
  if (trigger.kind === 'key') return t('runs:by.key', { name: nameOf(trigger.userId) });
  return t(`runs:by.${trigger.kind}`);
}
