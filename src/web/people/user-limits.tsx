import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { InstanceSettingsView, UserLimits } from '../../contract/settings.ts';
import { get, put } from '../api/client.ts';
import { countText } from '../format/amount.ts';
import { Card } from '../parts/card.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';
import { TextField } from '../parts/text-field.tsx';
import { toast } from '../parts/toast.ts';
import { useFields } from '../parts/use-fields.ts';
import classes from './user-limits.module.css';

const names = ['requestsPerMinute', 'running', 'queued'] as const;
type Name = (typeof names)[number];
const least: Readonly<Record<Name, number>> = { requestsPerMinute: 1, running: 0, queued: 0 };

/** Limits of one person, for admins: what is empty is as for everybody. */
export function UserLimitsCard({ userId, name }: { userId: string; name: string }) {
  const { t } = useTranslation('settings');
  const path = `/users/${encodeURIComponent(userId)}/limits`;
  const { data, error, refetch } = useQuery({
    queryKey: ['user-limits', userId],
    queryFn: ({ signal }) => get<UserLimits>(path, undefined, signal),
  });
  return (
    <Card title={t('limits.title')} note={t('limits.note')}>
      {error && !data && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={3} />}
      {data && (
        <LimitsForm key={JSON.stringify(data)} limits={data} path={path} userId={userId} name={name} />
      )}
    </Card>
  );
}

interface LimitsFormProps {
  readonly limits: UserLimits;
  readonly path: string;
  readonly userId: string;
  readonly name: string;
}

function LimitsForm({ limits, path, userId, name }: LimitsFormProps) {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const standard = useStandard();
  const textOf = (field: Name) => limits[field]?.toString() ?? '';
  const check = (field: Name) => (value: string) => {
    if (value.trim() === '') return undefined;
    if (!/^\d{1,8}$/.test(value.trim())) return t('wholeNumber');
    return Number(value) < least[field] ? t('tooSmall', { min: least[field] }) : undefined;
  };
  const { setForm, bind, onSubmit, refuse } = useFields<Name>(
    { requestsPerMinute: textOf('requestsPerMinute'), running: textOf('running'), queued: textOf('queued') },
    { requestsPerMinute: check('requestsPerMinute'), running: check('running'), queued: check('queued') },
  );
  const saving = useMutation({
    mutationFn: (typed: Readonly<Record<Name, string>>) =>
      put<UserLimits>(
        path,
        Object.fromEntries(
          names.map((field) => [field, typed[field].trim() === '' ? null : Number(typed[field])]),
        ),
      ),
    onSuccess: (saved) => {
      client.setQueryData(['user-limits', userId], saved);
      toast(t('limits.saved', { name }));
    },
    onError: (error) => refuse(error),
  });
  return (
    <form ref={setForm} noValidate onSubmit={onSubmit((typed) => saving.mutate(typed))}>
      <div className={classes.fields}>
        {names.map((field) => (
          <TextField
            key={field}
            label={t(`limits.${field}`)}
            description={t(`limits.help.${field}`)}
            placeholder={standard[field]}
            inputMode="numeric"
            autoComplete="off"
            {...bind(field)}
          />
        ))}
      </div>
      {saving.error && <ErrorPanel error={saving.error} />}
      <div className={classes.actions}>
        <Button type="submit" variant="default" loading={saving.isPending}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
}

/** What holds where nothing is set for this person. */
function useStandard(): Readonly<Record<Name, string>> {
  const { t } = useTranslation('settings');
  const { data } = useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => get<InstanceSettingsView>('/settings', undefined, signal),
  });
  const common = (value: number | undefined) =>
    value === undefined
      ? t('limits.asAll')
      : t('limits.asAllValue', { value: value === 0 ? t('limits.noLimit').toLowerCase() : countText(value) });
  return {
    requestsPerMinute: common(data?.values.rateLimitPerMinute),
    running: common(data?.values.maxRunningPerUser),
    queued: common(data?.values.maxQueued),
  };
}
