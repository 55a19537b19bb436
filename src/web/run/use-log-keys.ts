import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '../commands/registry.ts';

interface LogKeys {
  readonly following: boolean;
  setFollowing(following: boolean): void;
  openSearch(): void;
}

/** The keys of the log: F follows its end, / finds in it. */
export function useLogKeys({ following, setFollowing, openSearch }: LogKeys): void {
  const { t } = useTranslation('run');
  const commands = useMemo(
    () => [
      {
        ...{ id: 'log-follow', group: 'here' as const, keys: 'f' },
        label: following ? t('log.pause') : t('log.follow'),
        run: () => setFollowing(!following),
      },
      { id: 'log-find', group: 'here' as const, keys: '/', label: t('log.find'), run: openSearch },
    ],
    // `openSearch` is another function at each drawing and does the same.
    // oxlint-disable-next-line react/exhaustive-deps
    [following, setFollowing, t],
  );
  useCommands(commands);
}
