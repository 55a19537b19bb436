import { Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ConnectForm } from './connect-form.tsx';

export function ConnectDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('repositories');
  return (
    <Drawer opened={opened} onClose={onClose} title={t('form.title')} size={440}>
      {opened && <ConnectForm onDone={onClose} />}
    </Drawer>
  );
}
