import { ActionIcon, Button, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { Fragment, type Dispatch } from 'react';
import { useTranslation } from 'react-i18next';
import type { Draft, Variable } from '../draft.ts';
import type { PlaygroundAction } from '../state/playground-state.ts';
import { splitWords } from '../words.ts';
import classes from './editor-card.module.css';

interface TabProps {
  readonly draft: Draft;
  readonly dispatch: Dispatch<PlaygroundAction>;
}

/** Arguments as a shell reads them, with the words that come of it, and environment variables. */
export function ArgsTab({ draft, dispatch }: TabProps) {
  const { t } = useTranslation('playground');
  const { words, problem } = splitWords(draft.args);
  return (
    <div className={classes.pane}>
      <Textarea
        label={t('args.label')}
        description={t('args.description')}
        error={problem && t(`args.${problem}`)}
        autosize
        minRows={2}
        maxRows={8}
        styles={{ input: { fontFamily: 'var(--g-mono)' } }}
        value={draft.args}
        onChange={(event) => dispatch({ type: 'edit', change: { args: event.currentTarget.value } })}
      />
      {words && words.length > 0 && (
        <ol className={classes.words} aria-label={t('args.words')}>
          {words.map((word, index) => (
            <li key={`${index}${word}`}>
              <code>{word === '' ? "''" : word}</code>
            </li>
          ))}
        </ol>
      )}
      <Variables draft={draft} dispatch={dispatch} />
    </div>
  );
}

function Variables({ draft, dispatch }: TabProps) {
  const { t } = useTranslation('playground');
  const set = (env: readonly Variable[]) => dispatch({ type: 'edit', change: { env } });
  const change = (index: number, part: Partial<Variable>) =>
    set(draft.env.map((each, at) => (at === index ? { ...each, ...part } : each)));
  return (
    <div>
      <h2 className={classes.part}>{t('env.title')}</h2>
      <p className={classes.hint}>{t('env.description')}</p>
      <div className={classes.variables}>
        {draft.env.map(({ name, value }, index) => (
          <Fragment key={index}>
            <TextInput
              aria-label={t('env.name', { number: index + 1 })}
              placeholder={t('env.namePlaceholder')}
              error={name !== '' && !/^[A-Za-z_]\w*$/.test(name)}
              value={name}
              onChange={(event) => change(index, { name: event.currentTarget.value })}
            />
            <TextInput
              aria-label={t('env.value', { number: index + 1 })}
              value={value}
              onChange={(event) => change(index, { value: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              size={32}
              aria-label={t('env.remove', { name: name === '' ? String(index + 1) : name })}
              onClick={() => set(draft.env.filter((_, at) => at !== index))}
            >
              <IconTrash size={16} stroke={1.75} aria-hidden="true" />
            </ActionIcon>
          </Fragment>
        ))}
      </div>
      <Button
        mt="sm"
        size="compact-sm"
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden="true" />}
        onClick={() => set([...draft.env, { name: '', value: '' }])}
      >
        {t('env.add')}
      </Button>
    </div>
  );
}
