import { Button, Select, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey, post } from '../../../web/api/client.ts';
import { ErrorPanel } from '../../../web/parts/error-panel.tsx';
import { Key } from '../../../web/parts/key.tsx';
import { languageTitle } from './language-title.ts';
import { useLanguages, type ExecutionRun } from './queries.ts';
import classes from './start-box.module.css';

const preferred = 'python';

/** A program, a language, and go: the short way to a run, on the start page. */
export default function StartBox() {
  const { t } = useTranslation('playground');
  const navigate = useNavigate();
  const languages = useLanguages().data?.items ?? [];
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [isEmpty, setEmpty] = useState(false);
  const language = languages.find(({ name }) => name === (chosen ?? preferred)) ?? languages[0];
  const { mutate, isPending, error } = useMutation({
    mutationFn: (program: { name: string; content: string; language: string }) =>
      post<ExecutionRun>(
        '/executions',
        { language: program.language, files: [{ name: program.name, content: program.content }] },
        { idempotencyKey: newKey() },
      ),
    onSuccess: (run) => void navigate({ to: '/playground', search: { run: run.id } }),
  });
  const start = () => {
    setEmpty(text.trim() === '');
    if (isPending || text.trim() === '' || language === undefined) return;
    const name = `main${language.extensions[0] ?? '.txt'}`;
    mutate({ name, content: text, language: language.name });
  };
  return (
    <>
      <div className={classes.box}>
        <Textarea
          variant="unstyled"
          classNames={{ input: classes.text ?? '' }}
          aria-label={t('startBox.label')}
          placeholder={t('startBox.placeholder')}
          value={text}
          minRows={5}
          maxRows={18}
          autosize
          spellCheck={false}
          error={isEmpty && text.trim() === '' ? t('startBox.empty') : undefined}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) start();
          }}
        />
        <div className={classes.foot}>
          <Select
            className={classes.language}
            aria-label={t('language')}
            allowDeselect={false}
            value={language?.name ?? null}
            data={languages.map(({ name }) => ({ value: name, label: languageTitle(name) }))}
            onChange={setChosen}
          />
          <Link to="/playground" className={classes.more}>
            {t('startBox.more')}
          </Link>
          <Button
            className={classes.go}
            loading={isPending}
            rightSection={<Key>{t('runKey')}</Key>}
            onClick={start}
          >
            {t('startBox.run')}
          </Button>
        </div>
      </div>
      {error !== null && <ErrorPanel error={error} title={t('startFailed')} />}
    </>
  );
}
