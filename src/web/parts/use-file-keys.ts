import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../commands/registry.ts';

/** [ and ] go to the file before and after the one at the top of the window. */
export function useFileKeys(ids: readonly string[], goTo: (at: number) => void): void {
  const { t } = useTranslation('parts');
  const latest = useRef({ ids, goTo });
  useEffect(() => {
    latest.current = { ids, goTo };
  });
  const commands = useMemo(() => {
    const move = (by: number) => moveBy(latest.current, by);
    return [
      {
        ...{ id: 'file-next', group: 'here' as const, keys: ']', hidden: true },
        label: t('diff.next'),
        run: () => move(1),
      },
      {
        ...{ id: 'file-previous', group: 'here' as const, keys: '[', hidden: true },
        label: t('diff.previous'),
        run: () => move(-1),
      },
    ];
  }, [t]);
  useCommands(commands);
}

function moveBy({ ids, goTo }: { ids: readonly string[]; goTo: (at: number) => void }, by: number): void {
  if (ids.length > 0) goTo(Math.min(Math.max(fileAtTop(ids) + by, 0), ids.length - 1));
}

/** The last one that begins above the upper part of the window; the one with the focus comes first. */
function fileAtTop(ids: readonly string[]): number {
  const focused = ids.findIndex((id) => document.getElementById(id)?.contains(document.activeElement));
  if (focused !== -1) return focused;
  return ids.findLastIndex((id) => (document.getElementById(id)?.getBoundingClientRect().top ?? 1) <= 80);
}
