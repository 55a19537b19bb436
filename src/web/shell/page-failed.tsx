import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Page } from '../parts/page.tsx';

/** A page that broke, or whose code could not be loaded, for example after an update of the server. */
export function PageFailed({ error }: { error: unknown }) {
  const { t } = useTranslation('shell');
  return (
    <Page title={t('crashed.title')} lead={t('crashed.text')} width="reading">
      <ErrorPanel error={error} onRetry={() => location.reload()} />
    </Page>
  );
}
