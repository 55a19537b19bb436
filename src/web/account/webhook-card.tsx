import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { NotificationState } from '../../contract/notification.ts';
import { put, remove } from '../api/client.ts';
import { useMay } from '../api/me.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { toast } from '../parts/toast.ts';
import { useFields } from '../parts/use-fields.ts';
import { ChannelTest } from './channel-test.tsx';
import { notificationsQuery } from './notification-queries.ts';
import classes from './notifications.module.css';

/** A chat's incoming webhook: set or replaced, never shown. */
export function WebhookCard({ state }: { state: NotificationState }) {
  const { t } = useTranslation('notify');
  const may = useMay('member');
  const { set, host } = state.webhook;
  return (
    <Card title={t('webhook.title')} note={t('webhook.text')}>
      <div className={classes.stack}>
        {set && <p>{t('webhook.set', { host: host ?? '' })}</p>}
        {may ? <WebhookForm isSet={set} /> : <p>{t('webhook.member')}</p>}
        {set && <ChannelTest channel="webhook" state={state} />}
        {set && <RemoveWebhook />}
      </div>
    </Card>
  );
}

function WebhookForm({ isSet }: { isSet: boolean }) {
  const { t } = useTranslation('notify');
  const queries = useQueryClient();
  const { setForm, ...fields } = useFields(
    { url: '' },
    { url: (value) => (value.trim() === '' ? t('webhook.missing') : undefined) },
  );
  const save = useMutation({
    mutationFn: (url: string) => put<NotificationState>('/me/notifications/webhook', { url }),
    onSuccess: (state) => {
      queries.setQueryData(notificationsQuery.queryKey, state);
      fields.reset();
      toast(t('webhook.saved'));
    },
  });
  return (
    <form ref={setForm} noValidate onSubmit={fields.onSubmit(({ url }) => save.mutate(url.trim()))}>
      <div className={classes.stack}>
        {save.error && <ErrorPanel error={save.error} />}
        <PasswordField
          label={t('webhook.url')}
          description={t('webhook.urlHint')}
          autoComplete="off"
          {...fields.bind('url')}
        />
        <Button type="submit" variant="default" loading={save.isPending}>
          {t(isSet ? 'webhook.replace' : 'webhook.save')}
        </Button>
      </div>
    </form>
  );
}

function RemoveWebhook() {
  const { t } = useTranslation('notify');
  const queries = useQueryClient();
  const forget = useMutation({
    mutationFn: () => remove('/me/notifications/webhook'),
    onSuccess: () => toast(t('webhook.removed')),
    onSettled: () => queries.invalidateQueries({ queryKey: notificationsQuery.queryKey }),
  });
  return (
    <>
      {forget.error && <ErrorPanel error={forget.error} />}
      <Button variant="subtle" color="bad" loading={forget.isPending} onClick={() => forget.mutate()}>
        {t('webhook.remove')}
      </Button>
    </>
  );
}
