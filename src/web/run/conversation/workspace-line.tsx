import { IconFolders } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/run-conversation.ts';
import { durationText } from '../../format/duration.ts';
import classes from './conversation.module.css';

/** What the agent works on, and how it came there. */
export function WorkspaceLine({ workspace }: { workspace: NonNullable<Conversation['workspace']> }) {
  const { t } = useTranslation('run');
  const { repository, branch, commit, from, durationMs, dependencies } = workspace;
  return (
    <p className={classes.workspace}>
      <IconFolders size={14} stroke={1.75} aria-hidden="true" />
      <bdi>{repository.slice(0, 200)}</bdi>
      {branch !== null && <code>{branch.slice(0, 100)}</code>}
      {commit !== null && <code>{commit.slice(0, 8)}</code>}
      <span>{t(`conversation.ready.${from}`, { duration: durationText(durationMs) })}</span>
      {dependencies.map((each) => (
        <span key={each.name}>
          {t(`conversation.dependencies.${each.from}`, { name: each.name.slice(0, 60) })}
        </span>
      ))}
    </p>
  );
}
