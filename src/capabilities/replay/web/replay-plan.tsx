import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { replayOutput } from './replay-output.ts';
import { RunSample } from './run-sample.tsx';
import type { Run } from '../../../contract/run.ts';
import { durationText } from '../../../web/format/duration.ts';
import { ErrorPanel } from '../../../web/parts/error-panel.tsx';

interface ReplayPlanProps {
  /** The dry run. */
  readonly run: Run;
  readonly ratePerMinute: number;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onChange: () => void;
  readonly onStart: (expected: number) => void;
}

/** Exactly which runs would start, and the button that starts as many and no more. */
export function ReplayPlan({ run, ratePerMinute, busy, error, onChange, onStart }: ReplayPlanProps) {
  const { t } = useTranslation('replay');
  const output = replayOutput(run);
  if (output === null)
    return <ErrorPanel error={new Error(run.error?.message ?? t('dialog.finding'))} onRetry={onChange} />;
  const { selected, sample, more } = output;
  return (
    <Stack gap="md">
      <Text size="md" role="status">
        {selected === 0 ? t('dialog.nothing') : t('dialog.would', { count: selected })}{' '}
        {more && t('dialog.more')}{' '}
        {selected > ratePerMinute / 12 &&
          t('dialog.takes', {
            rate: ratePerMinute,
            time: durationText((selected * 60_000) / ratePerMinute),
          })}
      </Text>
      {sample.length > 0 && <RunSample runs={sample} total={selected} />}
      {error !== null && <ErrorPanel error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onChange}>
          {t('dialog.change')}
        </Button>
        {selected > 0 && (
          <Button loading={busy} onClick={() => onStart(selected)}>
            {t('dialog.start', { count: selected })}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
