import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { User } from '../../contract/user.ts';
import { patch, post } from '../api/client.ts';
import { toast } from '../parts/toast.ts';
import { menuPlace } from '../shell/menu-place.ts';
import type { Question } from './person-dialog.tsx';

interface PersonActionsProps {
  readonly person: User;
  readonly lastAdmin: boolean;
  readonly onAsk: (what: Question) => void;
  readonly onError: (error: unknown) => void;
}

/** What an admin can do with an account; what touches its owner asks first. */
export function PersonActions({ person, lastAdmin, onAsk, onError }: PersonActionsProps) {
  const { t } = useTranslation('people');
  const queries = useQueryClient();
  const { name } = person;
  const act = (work: Promise<unknown>, done: string) =>
    work
      .then(() => {
        onError(undefined);
        toast(done);
      }, onError)
      .then(() => queries.invalidateQueries({ queryKey: ['users'] }));
  const unlock = () => act(post(`/users/${person.id}/unlock`), t('unlocked', { name }));
  const enable = () => act(patch(`/users/${person.id}`, { disabled: false }), t('enabled', { name }));
  return (
    <Menu position="bottom-end" width={240} portalProps={menuPlace}>
      <Menu.Target>
        <ActionIcon variant="subtle" size={28} aria-label={t('actions', { name })}>
          <IconDots size={16} stroke={1.75} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {person.lockedUntil !== null && <Menu.Item onClick={() => void unlock()}>{t('unlock')}</Menu.Item>}
        <Menu.Item onClick={() => onAsk('reset')}>{t('reset')}</Menu.Item>
        {person.signIns > 0 && <Menu.Item onClick={() => onAsk('signOut')}>{t('signOut')}</Menu.Item>}
        <Menu.Divider />
        {lastAdmin && <Menu.Label>{t('lastAdmin')}</Menu.Label>}
        {person.disabled ? (
          <Menu.Item onClick={() => void enable()}>{t('enable')}</Menu.Item>
        ) : (
          <Menu.Item disabled={lastAdmin} onClick={() => onAsk('disable')}>
            {t('disable')}
          </Menu.Item>
        )}
        <Menu.Item color="bad" disabled={lastAdmin} onClick={() => onAsk('remove')}>
          {t('remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
