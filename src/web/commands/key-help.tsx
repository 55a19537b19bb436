import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Key } from '../parts/key.tsx';
import type { Command } from './command.ts';
import classes from './key-help.module.css';
import { keyWords } from './key-words.ts';
import { useAllCommands } from './registry.ts';

const groups = ['here', 'do', 'goto', 'settings'] as const;

/** Every key that does something on this page. */
export default function KeyHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('shell');
  const commands = useAllCommands().filter(({ keys }) => keys !== undefined);
  return (
    <Modal opened={opened} onClose={onClose} title={t('keys.title')} size={560}>
      <p className={classes.note}>{t('keys.note')}</p>
      {groups.map((group) => (
        <KeyGroup
          key={group}
          title={t(`keys.${group}`)}
          commands={commands.filter((each) => each.group === group)}
        />
      ))}
    </Modal>
  );
}

function KeyGroup({ title, commands }: { title: string; commands: readonly Command[] }) {
  if (commands.length === 0) return null;
  return (
    <section className={classes.group}>
      <h3>{title}</h3>
      <dl>
        {commands.map(({ id, label, keys = '' }) => (
          <div key={id} className={classes.row}>
            <dt>{label}</dt>
            <dd>
              {keyWords(keys).map((word) => (
                <Key key={word}>{word}</Key>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
