import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../../../../web/parts/error-panel.tsx';
import { fieldError } from '../../../../web/parts/field-error.tsx';
import { Key } from '../../../../web/parts/key.tsx';
import { SessionChoices } from './session-choices.tsx';
import { SessionOptions } from './session-options.tsx';
import classes from './session-form.module.css';
import { useSessionStart } from './use-session-start.ts';

/** The goal in a large field, on what and by what below it, and the rest behind a button. */
export function SessionFields({ names }: { names: readonly string[] }) {
  const { t } = useTranslation('sessions');
  const { form, draft, errors, set, start, isPending, error } = useSessionStart(names);
  const [more, setMore] = useState(false);
  return (
    <form
      ref={form}
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <Textarea
        name="goal"
        variant="unstyled"
        classNames={{ input: classes.goal ?? '', error: classes.goalError ?? '' }}
        aria-label={t('form.label')}
        placeholder={t('form.placeholder')}
        value={draft.goal}
        error={fieldError(errors.goal)}
        minRows={4}
        maxRows={18}
        maxLength={50_000}
        autosize
        onChange={({ currentTarget: { value } }) => set({ goal: value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) start();
        }}
      />
      <div className={classes.foot}>
        <SessionChoices draft={draft} names={names} errors={errors} onChange={set} />
      </div>
      {more && <SessionOptions draft={draft} onChange={set} />}
      <div className={classes.foot}>
        <Button variant="subtle" aria-expanded={more} onClick={() => setMore(!more)}>
          {t(more ? 'form.less' : 'form.more')}
        </Button>
        <Button
          type="submit"
          className={classes.go ?? ''}
          loading={isPending}
          rightSection={<Key>{t('form.goKey')}</Key>}
        >
          {t('form.go')}
        </Button>
      </div>
      {error && (
        <div className={classes.error}>
          <ErrorPanel error={error} />
        </div>
      )}
    </form>
  );
}
