import { ActionIcon, Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { ComponentProps, Ref } from 'react';
import { useTranslation } from 'react-i18next';

interface NewRunButtonProps extends Omit<ComponentProps<'button'>, 'color' | 'style' | 'ref'> {
  readonly small: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** "New run"; what a menu needs of it is passed on. */
export function NewRunButton({ small, ...menu }: NewRunButtonProps) {
  const { t } = useTranslation('shell');
  if (small) {
    return (
      <ActionIcon {...menu} size={36} aria-label={t('newRun')}>
        <IconPlus size={18} stroke={1.75} aria-hidden="true" />
      </ActionIcon>
    );
  }
  return (
    <Button
      {...menu}
      fullWidth
      justify="flex-start"
      h={32}
      leftSection={<IconPlus size={16} stroke={1.75} aria-hidden="true" />}
    >
      {t('newRun')}
    </Button>
  );
}
