import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/me.ts';
import { webCapabilities } from '../capabilities.ts';
import { Page } from '../parts/page.tsx';
import { LatestRuns } from './latest-runs.tsx';
import classes from './start-page.module.css';
import { WaitingForYou } from './waiting-for-you.tsx';
import { WaysToStart } from './ways-to-start.tsx';

/** Where work begins: something to run, the ways to start, what waits, and what was last. */
export default function StartPage() {
  const { t } = useTranslation('start');
  const mayStart = useMay('member');
  const boxes = webCapabilities.flatMap(({ name, StartBox }) => (StartBox ? [{ name, StartBox }] : []));
  return (
    <Page
      title={mayStart ? t('title') : t('titleViewer')}
      tabTitle="Gantry"
      lead={mayStart ? t('lead') : t('leadViewer')}
      width="reading"
    >
      {mayStart && (
        <>
          {boxes.map(({ name, StartBox }) => (
            <Suspense key={name} fallback={<div className={classes.box} />}>
              <StartBox />
            </Suspense>
          ))}
          <WaysToStart />
        </>
      )}
      <WaitingForYou />
      <LatestRuns own={mayStart} />
    </Page>
  );
}
