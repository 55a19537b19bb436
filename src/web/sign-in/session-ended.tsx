import { Button, Modal, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../api/me.ts';
import { onSignedOut } from '../api/query-client.ts';
import { toast } from '../parts/toast.ts';
import { enter, keepSignedIn } from './auth-client.ts';
import { SignInForm } from './sign-in-form.tsx';

/** When a request finds the sign-in ended, the page stays with all that was typed, and one signs in above it. */
export default function SessionEnded({ me }: { me: Me }) {
  const { t } = useTranslation('signIn');
  const [ended, setEnded] = useState(false);
  const queries = useQueryClient();
  useEffect(() => onSignedOut(() => setEnded(true)), []);
  useEffect(keepSignedIn, []);
  return (
    <Modal
      opened={ended}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title={t('ended.title')}
      size={440}
    >
      <Text size="md" mb="md">
        {t('ended.text')}
      </Text>
      <SignInForm
        email={me.user?.email}
        onDone={(user) => {
          // Somebody else must not go on with what the first one sees and has typed.
          if (user?.id !== me.userId) return enter('/');
          setEnded(false);
          toast(t('ended.done'));
          return void queries.invalidateQueries();
        }}
      />
      <Button mt="md" variant="subtle" size="compact-sm" onClick={() => enter('/sign-in')}>
        {t('ended.other')}
      </Button>
    </Modal>
  );
}
