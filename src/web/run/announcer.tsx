import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { hasEnded } from '../../contract/run-view.ts';
import type { RunSummary } from '../../contract/run.ts';
import type { RunMoment } from './run-follower.ts';

/** Says to who can't see it: a new phase, a question, the end. Never lines of the log, ticking times or counts. */
export function Announcer({ run, moment }: { run: RunSummary; moment: RunMoment }) {
  const { t } = useTranslation(['run', 'parts']);
  const [words, setWords] = useState('');
  const { view, loaded } = moment;
  const phase = view.phases.find((each) => each.state === 'active')?.name;
  const question = run.asks?.title;
  const ended = hasEnded(view) ? view.status : undefined;
  const seen = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!loaded) return;
    const news = ended
      ? t('run:announce.ended', { status: t(`parts:status.${ended}`) })
      : question !== undefined
        ? t('run:announce.question', { title: question })
        : phase !== undefined
          ? t('run:announce.phase', { phase })
          : '';
    // What was so when the page opened is no news.
    if (seen.current !== undefined && seen.current !== news) setWords(news);
    seen.current = news;
  }, [loaded, ended, question, phase, t]);
  return (
    <div role="status" className="g-hidden">
      {words}
    </div>
  );
}
