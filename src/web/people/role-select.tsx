import { Select, Tooltip } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { roles, type Role } from '../../contract/role.ts';
import type { User } from '../../contract/user.ts';
import { patch } from '../api/client.ts';
import { toastWithUndo } from '../parts/toast.ts';
import classes from './people.module.css';

interface RoleSelectProps {
  readonly person: User;
  readonly own: boolean;
  readonly lastAdmin: boolean;
  readonly onError: (error: unknown) => void;
}

/** Changes a role at once, with a way back. One's own stays, so that nobody shuts themselves out by a slip. */
export function RoleSelect({ person, own, lastAdmin, onError }: RoleSelectProps) {
  const { t } = useTranslation(['people', 'account']);
  const queries = useQueryClient();
  const reason = lastAdmin ? t('people:lastAdmin') : own ? t('people:yourself') : undefined;
  const change = async (role: Role) => {
    try {
      await patch<User>(`/users/${person.id}`, { role });
      onError(undefined);
    } catch (error) {
      onError(error);
    }
    await queries.invalidateQueries({ queryKey: ['users'] });
  };
  const choose = async (role: Role) => {
    await change(role);
    const words = { name: person.name, role: t(`account:roles.${role}`) };
    toastWithUndo(t('people:roleChanged', words), () => void change(person.role));
  };
  const select = (
    <Select
      className={classes.role}
      size="xs"
      aria-label={t('people:roleOf', { name: person.name })}
      data={roles.map((value) => ({ value, label: t(`account:roles.${value}`) }))}
      value={person.role}
      allowDeselect={false}
      disabled={reason !== undefined}
      onChange={(value) => {
        const role = roles.find((each) => each === value);
        if (role !== undefined && role !== person.role) void choose(role);
      }}
    />
  );
  return reason === undefined ? (
    select
  ) : (
    <Tooltip label={reason}>
      <div className={classes.role}>{select}</div>
    </Tooltip>
  );
}
