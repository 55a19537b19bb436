import { Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Secret } from '../../contract/secret.ts';
import { SecretForm } from './secret-form.tsx';

interface SecretDrawerProps {
  readonly opened: boolean;
  /** Whose value is to be replaced; a new one without it. */
  readonly secret?: Secret;
  readonly onClose: () => void;
}

export function SecretDrawer({ opened, secret, onClose }: SecretDrawerProps) {
  const { t } = useTranslation('secrets');
  const title = secret ? t('form.replace', { name: secret.name }) : t('form.add');
  return (
    <Drawer opened={opened} onClose={onClose} title={title} size={440}>
      {opened && <SecretForm {...(secret && { secret })} onDone={onClose} />}
    </Drawer>
  );
}
