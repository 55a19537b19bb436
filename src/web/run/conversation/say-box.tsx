import { Button, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey, post } from '../../api/client.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import classes from './conversation.module.css';

/** Tells the agent something while it works; it reads it before its next turn. */
export function SayBox({ runId }: { runId: string }) {
  const { t } = useTranslation('run');
  const [text, setText] = useState('');
  const [key, setKey] = useState(newKey);
  const say = useMutation({
    mutationFn: () =>
      post(`/runs/${runId}/signals`, { name: 'message', payload: { text } }, { idempotencyKey: key }),
    onSuccess: () => {
      setText('');
      setKey(newKey());
    },
  });
  const send = () => {
    if (text.trim() !== '' && !say.isPending) say.mutate();
  };
  return (
    <form
      className={classes.say}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {say.error && <ErrorPanel error={say.error} />}
      <Textarea
        label={t('conversation.say')}
        description={t('conversation.sayHint')}
        placeholder={t('conversation.sayPlaceholder')}
        autosize
        minRows={1}
        maxRows={8}
        maxLength={10_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
        }}
      />
      <Button type="submit" variant="default" loading={say.isPending} disabled={text.trim() === ''}>
        {t('conversation.send')}
      </Button>
    </form>
  );
}
