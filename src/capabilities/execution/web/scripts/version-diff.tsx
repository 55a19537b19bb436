import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { scriptQuery } from '../queries.ts';
import { programDiff } from './program-diff.ts';
import classes from './scripts.module.css';

/** What changed from one version of a script to another, line by line. */
export function VersionDiff({ script, from, to }: { script: string; from: number; to: number }) {
  const { t } = useTranslation('playground');
  const before = useQuery(scriptQuery(script, from)).data;
  const after = useQuery(scriptQuery(script, to)).data;
  if (!before || !after) return null;
  const lines = programDiff(before.content, after.content);
  const label = t('scripts.diff', { from, to });
  return (
    <div className={classes.about}>
      {lines.length === 0 ? (
        t('scripts.same')
      ) : (
        <div className={classes.diff} role="region" aria-label={label} tabIndex={0}>
          {lines.map(({ kind, text }, index) => (
            <div key={index} data-kind={kind}>
              {kind === 'added' ? '+ ' : kind === 'removed' ? '− ' : kind === 'file' ? '' : '  '}
              {text}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
