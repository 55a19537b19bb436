import { useTranslation } from 'react-i18next';
import { useMay } from '../api/me.ts';
import { Page } from '../parts/page.tsx';
import { LatestRuns } from './latest-runs.tsx';
import { StartBoxes } from './start-boxes.tsx';
import { WaitingForYou } from './waiting-for-you.tsx';
import { WaysToStart } from './ways-to-start.tsx';

/** Where work begins: something to run, the ways to start, what waits, and what was last. */
export default function StartPage() {
  const { t } = useTranslation('start');
  const mayStart = useMay('member');
  return (
    <Page
      title={mayStart ? t('title') : t('titleViewer')}
      tabTitle="Gantry"
      lead={mayStart ? t('lead') : t('leadViewer')}
      width="reading"
    >
      {mayStart && (
        <>
          <StartBoxes />
          <WaysToStart />
        </>
      )}
      <WaitingForYou />
      <LatestRuns own={mayStart} />
    </Page>
  );
}
