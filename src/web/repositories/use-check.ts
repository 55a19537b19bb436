import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Repository } from '../../contract/repository.ts';
import { post } from '../api/client.ts';
import { toast } from '../parts/toast.ts';
import { repositoryPath } from './repository-queries.ts';

/** Looks at a repository again, and says what came of it. */
export function useCheck(name: string) {
  const { t } = useTranslation('repositories');
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => post<Repository>(`${repositoryPath(name)}/check`),
    onSuccess: async (found) => {
      toast(found.problem === null ? t('checkedOk', { name }) : t('checkedNot', { name }));
      await queries.invalidateQueries({ queryKey: ['repositories'] });
    },
  });
}
