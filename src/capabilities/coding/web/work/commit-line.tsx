import { IconGitCommit } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import { CopyButton } from '../../../../web/parts/copy-button.tsx';
import { LineCounts } from '../../../../web/parts/diff-total.tsx';
import type { SessionCommit } from '../../schema.ts';
import classes from './work.module.css';

/** A commit: its short hash, the first line of its message, and how much it changes. */
export function CommitLine({ commit, what }: { commit: SessionCommit; what: string }) {
  const { t } = useTranslation('codingWork');
  const { sha, message, files, added, removed } = commit;
  const subject = message.split('\n', 1)[0] ?? '';
  return (
    <p className={classes.commit}>
      <IconGitCommit size={16} stroke={1.75} aria-hidden="true" />
      <code title={sha}>{sha.slice(0, 7)}</code>
      <bdi className={classes.subject} title={inert(message.slice(0, 2000))}>
        {inert(subject.slice(0, 200))}
      </bdi>
      <span className={classes.counts}>
        <span className={classes.note}>{t('step.files', { count: files })}</span>
        <LineCounts added={added} removed={removed} />
        <CopyButton text={sha} what={what} />
      </span>
    </p>
  );
}
