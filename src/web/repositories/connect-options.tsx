import { Select, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { forgeNames } from './forge-names.ts';

export const noOptions = { name: '', forge: '', sshKey: '', knownHosts: '' };
type Options = typeof noOptions;

/** What is seldom needed: a name of one's own, the kind of forge, a deploy key. */
export function ConnectOptions({
  options,
  onChange,
}: {
  options: Options;
  onChange: (options: Options) => void;
}) {
  const { t } = useTranslation('repositories');
  const set = (name: keyof Options) => (value: string) => onChange({ ...options, [name]: value });
  return (
    <>
      <TextInput
        label={t('form.name')}
        description={t('form.nameHint')}
        value={options.name}
        onChange={(event) => set('name')(event.currentTarget.value)}
      />
      <Select
        label={t('form.forge')}
        description={t('form.forgeHint')}
        allowDeselect={false}
        value={options.forge}
        data={[
          { value: '', label: t('form.auto') },
          ...forgeNames.map((value) => ({ value, label: t(`forges.${value}`) })),
        ]}
        onChange={(value) => set('forge')(value ?? '')}
      />
      <Textarea
        label={t('form.sshKey')}
        description={t('form.sshKeyHint')}
        rows={4}
        spellCheck={false}
        autoComplete="off"
        value={options.sshKey}
        onChange={(event) => set('sshKey')(event.currentTarget.value)}
      />
      <Textarea
        label={t('form.knownHosts')}
        description={t('form.knownHostsHint')}
        rows={3}
        spellCheck={false}
        value={options.knownHosts}
        onChange={(event) => set('knownHosts')(event.currentTarget.value)}
      />
    </>
  );
}
