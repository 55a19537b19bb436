import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { NewSignInLink } from '../../contract/sign-in.ts';
import type { User } from '../../contract/user.ts';
import { post } from '../api/client.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { OncePanel } from '../parts/once-panel.tsx';
import { SkeletonRows } from '../parts/skeleton-rows.tsx';

/** Makes the link when it opens: nobody else ever knows the password that comes of it. */
export function ResetLinkDialog({ person, onClose }: { person: User; onClose: () => void }) {
  const { t } = useTranslation('people');
  const link = useQuery({
    queryKey: ['reset-link', person.id],
    queryFn: () => post<NewSignInLink>(`/users/${person.id}/sign-in-link`),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    retry: false,
  });
  const title = t('resetTitle', { name: person.name });
  return (
    <Modal opened onClose={onClose} title={title} size={560}>
      {link.error && <ErrorPanel error={link.error} onRetry={() => void link.refetch()} />}
      {link.isPending && <SkeletonRows rows={2} />}
      {link.data && (
        <OncePanel
          plain
          text={t('resetText')}
          lines={[
            { label: t('invite.link'), text: location.origin + link.data.path, copy: t('invite.copy') },
          ]}
          done={t('invite.done')}
          onDone={onClose}
        />
      )}
    </Modal>
  );
}
