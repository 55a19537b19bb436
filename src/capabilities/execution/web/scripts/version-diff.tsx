import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { compareTexts } from '../../../../web/parts/compare-texts.ts';
import { DiffView } from '../../../../web/parts/diff-view.tsx';
import { programTexts } from '../program-texts.ts';
import { scriptQuery } from '../queries.ts';
import classes from './scripts.module.css';

/** What changed from one version of a script to another, line by line. */
export function VersionDiff({ script, from, to }: { script: string; from: number; to: number }) {
  const { t } = useTranslation(['playground', 'parts']);
  const before = useQuery(scriptQuery(script, from)).data?.content;
  const after = useQuery(scriptQuery(script, to)).data?.content;
  const files = useMemo(
    () => (before && after ? compareTexts(programTexts(before), programTexts(after)) : undefined),
    [before, after],
  );
  if (files === undefined) return null;
  if (files === 'too-large') return <p className={classes.about}>{t('parts:diff.tooLarge')}</p>;
  if (files.length === 0) return <p className={classes.about}>{t('scripts.same')}</p>;
  return (
    <section className={classes.diff} aria-label={t('scripts.diff', { from, to })}>
      <DiffView files={files} />
    </section>
  );
}
