import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command } from '../commands/command.ts';
import { useCommands } from '../commands/registry.ts';
import type { Selection } from './use-selection.ts';

interface RowKeys {
  readonly selection: Selection | undefined;
  readonly focusFilter: () => void;
  readonly bringIn: () => void;
}

/** Moves through the list by keys: the focus goes from one run's link to the next, so that Enter opens it. */
export function useRowKeys({ selection, focusFilter, bringIn }: RowKeys): void {
  const { t } = useTranslation('runs');
  const toggle = selection?.toggle;
  const commands = useMemo(() => {
    const command = (id: string, keys: string, label: string, run: () => void): Command => ({
      id: `runs-${id}`,
      group: 'here',
      hidden: true,
      keys,
      label,
      run,
    });
    const select = (range: boolean) => {
      const id = currentRow()?.dataset['run'];
      if (id !== undefined) toggle?.(id, range);
    };
    return [
      command('filter', '/', t('keys.filter'), focusFilter),
      command('next', 'j', t('keys.next'), () => step(1)),
      command('previous', 'k', t('keys.previous'), () => step(-1)),
      command('open', 'o', t('keys.open'), () => linkOf(currentRow())?.click()),
      command('bring-in', '.', t('keys.bringIn'), bringIn),
      ...(toggle
        ? [
            command('select', 'x', t('keys.select'), () => select(false)),
            command('select-to', 'Shift+X', t('keys.selectTo'), () => select(true)),
          ]
        : []),
    ];
  }, [t, toggle, focusFilter, bringIn]);
  useCommands(commands);
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('tr[data-run]')];
}

function currentRow(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>('tr[data-run]') ?? null;
}

function linkOf(row: HTMLElement | null | undefined): HTMLElement | null | undefined {
  return row?.querySelector<HTMLElement>('a');
}

function step(by: 1 | -1): void {
  const all = rows();
  const at = all.findIndex((row) => row === currentRow());
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by));
  const link = linkOf(all[next]);
  link?.focus({ preventScroll: true });
  link?.closest('tr')?.scrollIntoView({ block: 'nearest' });
}
