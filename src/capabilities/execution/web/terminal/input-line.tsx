import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import { ErrorPanel } from '../../../../web/parts/error-panel.tsx';
import classes from './terminal.module.css';
import { useLines } from './use-input.ts';

/** A line for a program that reads while it runs. Up and down bring back what was sent. */
export function InputLine({ runId }: { runId: string }) {
  const { t } = useTranslation('playground');
  const { send, error } = useLines(runId);
  const [value, setValue] = useState('');
  const [sent, setSent] = useState<readonly string[]>([]);
  const [ended, setEnded] = useState(false);
  const back = useRef(0);
  const field = useRef<HTMLInputElement>(null);
  // Who started a program that asks goes on by answering.
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send({ type: 'stdin', text: `${value}\n` });
    setSent([...sent.slice(-99), value]);
    setValue('');
    back.current = 0;
  };
  const recall = (step: number) => {
    back.current = Math.min(sent.length, Math.max(0, back.current + step));
    setValue(back.current === 0 ? '' : (sent.at(-back.current) ?? ''));
  };
  const end = () => {
    send({ type: 'end' });
    setEnded(true);
  };
  const last = sent.at(-1);
  return (
    <form className={classes.line} onSubmit={submit}>
      <TextInput
        className={classes.field}
        aria-label={t('input.label')}
        placeholder={t(ended ? 'input.ended' : 'input.placeholder')}
        disabled={ended}
        autoComplete="off"
        ref={field}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          recall(event.key === 'ArrowUp' ? 1 : -1);
        }}
      />
      <Button type="submit" disabled={ended}>
        {t('input.send')}
      </Button>
      <Button variant="default" disabled={ended} onClick={end}>
        {t('input.end')}
      </Button>
      <Button variant="default" onClick={() => send({ type: 'interrupt' })}>
        {t('input.interrupt')}
      </Button>
      <span role="status" className={last === undefined ? 'g-hidden' : classes.sent}>
        {last !== undefined && t('input.sent', { text: inert(last) })}
      </span>
      {error !== null && <ErrorPanel error={error} title={t('input.refused')} />}
    </form>
  );
}
