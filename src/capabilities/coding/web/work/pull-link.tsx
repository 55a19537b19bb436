import {
  IconGitMerge,
  IconGitPullRequest,
  IconGitPullRequestClosed,
  IconGitPullRequestDraft,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { StatusWord } from '../../../../web/parts/status.tsx';
import type { SessionPull } from '../../schema.ts';
import { outwardHref } from './outward-href.ts';
import classes from './work.module.css';

const icon = { size: 14, stroke: 2.1, 'aria-hidden': true } as const;

/** The pull request's number, which leads to it, and how it stands. */
export function PullLink({ pull }: { pull: SessionPull }) {
  const { t } = useTranslation('codingWork');
  const { number, url, title } = pull;
  const href = outwardHref(url);
  const words = t('pull.link', { number });
  return (
    <span className={classes.pull}>
      {href === undefined ? (
        <span>{words}</span>
      ) : (
        <a href={href} target="_blank" rel="noreferrer noopener" title={title.slice(0, 300)}>
          {words}
        </a>
      )}
      <PullState pull={pull} />
    </span>
  );
}

function PullState({ pull: { state, isDraft } }: { pull: SessionPull }) {
  const { t } = useTranslation('codingWork');
  if (state === 'merged')
    return (
      <StatusWord tone="ok" icon={<IconGitMerge {...icon} />}>
        {t('pull.merged')}
      </StatusWord>
    );
  const Icon =
    state === 'closed' ? IconGitPullRequestClosed : isDraft ? IconGitPullRequestDraft : IconGitPullRequest;
  return (
    <StatusWord tone={state === 'closed' ? 'bad' : 'idle'} icon={<Icon {...icon} />}>
      {t(state === 'closed' ? 'pull.closed' : isDraft ? 'pull.draft' : 'pull.open')}
    </StatusWord>
  );
}
