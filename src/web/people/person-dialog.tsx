import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { User } from '../../contract/user.ts';
import { patch, post, remove } from '../api/client.ts';
import { Confirm } from '../parts/confirm.tsx';
import { toast } from '../parts/toast.ts';
import { ResetLinkDialog } from './reset-link-dialog.tsx';

export type Question = 'reset' | 'signOut' | 'disable' | 'remove';

/** What is about to be done, and to whom. */
export interface Asked {
  readonly what: Question;
  readonly person: User;
}

/** Asks before what its owner will notice. */
export function PersonDialog({ asked: { what, person }, onClose }: { asked: Asked; onClose: () => void }) {
  const { t } = useTranslation('people');
  const queries = useQueryClient();
  const { name } = person;
  if (what === 'reset') return <ResetLinkDialog person={person} onClose={onClose} />;
  const path = `/users/${person.id}`;
  const acts = {
    signOut: { work: () => post(`${path}/sign-out`), done: t('signedOut', { name }) },
    disable: { work: () => patch(path, { disabled: true }), done: t('disabled', { name }) },
    remove: { work: () => remove(path), done: t('removed', { name }) },
  };
  const { work, done } = acts[what];
  const confirm = async () => {
    await work();
    toast(done);
    await queries.invalidateQueries({ queryKey: ['users'] });
  };
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t(`${what}Title`, { name })}
      text={t(`${what}Text`)}
      action={t(what)}
      keep={t(`${what}Keep`)}
      {...(what === 'remove' && { typed: { label: t('removeTyped', { name }), value: name } })}
      onConfirm={confirm}
    />
  );
}
