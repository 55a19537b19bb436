import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../../../web/parts/copy-button.tsx';
import { fetchCommand } from './fetch-command.ts';
import classes from './work.module.css';

interface BundleHelpProps {
  readonly runId: string;
  readonly fileId: string;
  readonly branch: string;
}

/** How the commits come into one's own repository, where nothing was pushed. */
export function BundleHelp({ runId, fileId, branch }: BundleHelpProps) {
  const { t } = useTranslation('codingWork');
  const command = fetchCommand(branch);
  return (
    <section>
      <h2>{t('result.fetch')}</h2>
      <p>{t('result.fetchText')}</p>
      <p>
        <a href={`/api/v1/runs/${runId}/files/${fileId}`} download>
          {t('result.download')}
        </a>
      </p>
      <p className={classes.command}>
        <code>{command}</code> <CopyButton text={command} what={t('result.command')} />
      </p>
    </section>
  );
}
