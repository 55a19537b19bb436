import { IconGitCommit } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import { CopyButton } from '../../../../web/parts/copy-button.tsx';
import type { CodingOutput } from '../../schema.ts';
import classes from './work.module.css';

/** The branch and its commits, the earliest first. */
export function ResultCommits({ branch, commits }: Pick<CodingOutput, 'branch' | 'commits'>) {
  const { t } = useTranslation('codingWork');
  return (
    <section>
      <h2>
        {t('result.commits', { count: commits.length })}{' '}
        {branch !== null && (
          <span className={classes.note}>
            <code>{inert(branch.slice(0, 200))}</code> <CopyButton text={branch} what={t('branch.copy')} />
          </span>
        )}
      </h2>
      <ol className={classes.plainCommits}>
        {commits.map(({ sha, message }) => (
          <li key={sha} className={classes.commit}>
            <IconGitCommit size={16} stroke={1.75} aria-hidden="true" />
            <code title={sha}>{sha.slice(0, 7)}</code>
            <bdi className={classes.subject} title={inert(message.slice(0, 2000))}>
              {inert((message.split('\n', 1)[0] ?? '').slice(0, 200))}
            </bdi>
          </li>
        ))}
      </ol>
    </section>
  );
}
