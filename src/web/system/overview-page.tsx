import { useTranslation } from 'react-i18next';
import { SystemLayout } from './system-layout.tsx';

/** How the house stands: one sentence, then figures, workers, queues and dead letters. */
export default function OverviewPage() {
  const { t } = useTranslation('system');
  return <SystemLayout title={t('title')}>{null}</SystemLayout>;
}
