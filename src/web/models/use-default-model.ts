import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { InstanceSettingsView } from '../../contract/settings.ts';
import { get, patch } from '../api/client.ts';
import { toast } from '../parts/toast.ts';

/** Makes a model the default of the instance, on the settings as they are now. */
export function useDefaultModel() {
  const { t } = useTranslation('models');
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (model: string) => {
      const { version } = await get<InstanceSettingsView>('/settings');
      return patch<InstanceSettingsView>('/settings', { version, changes: { model } });
    },
    onSuccess: (settings, model) => {
      queries.setQueryData(['settings'], settings);
      toast(t('list.nowDefault', { model: inert(model) }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['models'] }),
  });
}
