import { Button, Checkbox, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Texts } from '../../../web/locales/texts.ts';
import { ErrorPanel } from '../../../web/parts/error-panel.tsx';

export interface ReplayWishes {
  readonly status: readonly string[];
  readonly ratePerMinute: number;
}

interface ReplayFormProps {
  readonly wishes: ReplayWishes;
  /** One run was named, whatever it ended as. */
  readonly isNamed: boolean;
  readonly onChange: (wishes: ReplayWishes) => void;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onFind: () => void;
}

const statuses = ['failed', 'dead', 'cancelled', 'succeeded'] as const;

/** Which of the runs, and how fast. Nothing is started here. */
export function ReplayForm({ wishes, isNamed, onChange, busy, error, onFind }: ReplayFormProps) {
  const { t } = useTranslation() as unknown as { t: Texts };
  return (
    <Stack gap="md">
      <Text size="md">{t('replay:dialog.text')}</Text>
      {!isNamed && (
        <Checkbox.Group
          label={t('replay:dialog.status')}
          value={[...wishes.status]}
          onChange={(status) => onChange({ ...wishes, status })}
        >
          <Group gap="md" mt={8}>
            {statuses.map((status) => (
              <Checkbox key={status} value={status} label={t(`parts:status.${status}`)} />
            ))}
          </Group>
        </Checkbox.Group>
      )}
      <NumberInput
        label={t('replay:dialog.rate')}
        min={1}
        max={6000}
        clampBehavior="strict"
        value={wishes.ratePerMinute}
        onChange={(value) => onChange({ ...wishes, ratePerMinute: Number(value) || 1 })}
        w={180}
      />
      {error !== null && <ErrorPanel error={error} />}
      <Group justify="flex-end">
        <Button loading={busy} disabled={!isNamed && wishes.status.length === 0} onClick={onFind}>
          {t('replay:dialog.find')}
        </Button>
      </Group>
    </Stack>
  );
}
