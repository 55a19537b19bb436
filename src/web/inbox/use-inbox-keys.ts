import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxItem } from '../../contract/inbox.ts';
import type { Command } from '../commands/command.ts';
import { useCommands } from '../commands/registry.ts';

/** J and K move, O opens the run, E puts away; the answers' keys belong to the question. */
export function useInboxKeys(
  items: readonly InboxItem[] | undefined,
  picked: string | undefined,
  archived: boolean,
  archive: (items: readonly InboxItem[]) => void,
): void {
  const { t } = useTranslation('inbox');
  const navigate = useNavigate();
  const commands = useMemo(() => {
    const all = items ?? [];
    const at = picked === undefined ? 0 : all.findIndex(({ id }) => id === picked);
    const go = (item: InboxItem | undefined) => {
      if (item === undefined) return;
      void navigate({
        to: '/inbox/$itemId',
        params: { itemId: item.id },
        search: archived ? { view: 'archived' } : {},
      });
      document.querySelector(`[data-item="${item.id}"]`)?.scrollIntoView({ block: 'nearest' });
    };
    const current = all[at];
    const command = (id: string, keys: string, label: string, hidden: boolean, run: () => void): Command => ({
      ...{ id: `inbox-${id}`, group: 'here', keys, label, hidden, run },
    });
    return [
      command('next', 'j', t('keys.next'), true, () => go(all[picked === undefined ? 1 : at + 1] ?? current)),
      command('previous', 'k', t('keys.previous'), true, () => go(all[Math.max(0, at - 1)])),
      ...(current
        ? [
            command(
              'open',
              'o',
              t('keys.open'),
              false,
              () => void navigate({ to: '/runs/$runId', params: { runId: current.runId } }),
            ),
            ...(archived
              ? []
              : [
                  command('archive', 'e', t('keys.archive'), false, () => {
                    archive([current]);
                    if (picked !== undefined) go(all[at + 1] ?? all[at - 1]);
                  }),
                ]),
          ]
        : []),
    ];
  }, [items, picked, archived, archive, navigate, t]);
  useCommands(commands);
}
