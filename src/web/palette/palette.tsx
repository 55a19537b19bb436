import '@mantine/spotlight/styles.layer.css';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAllCommands } from '../commands/registry.ts';
import { CommandRow } from './command-row.tsx';
import { matching } from './matching.ts';
import { PaletteFooter } from './palette-footer.tsx';
import classes from './palette.module.css';
import { useFoundRuns } from './use-found-runs.ts';
import { useWaiting } from './use-waiting.ts';

const [store, spotlight] = createSpotlight();
const order = ['here', 'waiting', 'do', 'runs', 'goto', 'settings'] as const;

/** Everything that can be done or gone to, by a few letters. */
export default function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('shell');
  const [query, setQuery] = useState('');
  const commands = matching(useAllCommands(), query);
  const waiting = matching(useWaiting(opened), query);
  const runs = useFoundRuns(query, opened);
  const rows = { waiting, runs, ...Object.groupBy(commands, ({ group }) => group) };
  const groups = order.flatMap((name) => {
    const found = rows[name] ?? [];
    return found.length > 0 ? [{ name, found }] : [];
  });
  const count = groups.reduce((sum, { found }) => sum + found.length, 0);
  useEffect(() => (opened ? spotlight.open() : spotlight.close()), [opened]);
  // Nothing is selected by itself; Enter must do what stands first.
  useEffect(() => {
    if (!opened) return undefined;
    const frame = requestAnimationFrame(selectFirst);
    return () => cancelAnimationFrame(frame);
  }, [opened]);
  return (
    <Spotlight.Root
      store={store}
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      scrollable
      maxHeight={430}
      size={620}
      radius={10}
      yOffset={80}
      transitionProps={{ duration: 120 }}
      attributes={{ content: { 'aria-label': t('palette.name') } }}
      classNames={{ action: classes.action ?? '', actionsGroup: classes.group ?? '' }}
    >
      <Spotlight.Search
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.placeholder')}
        leftSection={<IconSearch size={18} stroke={1.75} aria-hidden="true" />}
      />
      <Spotlight.ActionsList>
        {groups.map(({ name, found }) => (
          <Spotlight.ActionsGroup key={name} label={t(`palette.${name}`)}>
            {found.map((command) => (
              <CommandRow key={command.id} command={command} />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {count === 0 && <Spotlight.Empty>{t('palette.nothing')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
      <PaletteFooter />
    </Spotlight.Root>
  );
}

/** As the library's own arrow keys do it: the selected row is marked in the list, and its number kept. */
function selectFirst(): void {
  const { listId } = store.getState();
  const rows = document.getElementById(listId)?.querySelectorAll('[data-action]') ?? [];
  for (const row of rows) row.removeAttribute('data-selected');
  rows[0]?.setAttribute('data-selected', 'true');
  store.updateState((state) => ({ ...state, selected: 0 }));
}
