import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { CopyButton } from './copy-button.tsx';
import classes from './error-panel.module.css';

interface ErrorPanelProps {
  readonly error: unknown;
  /** What happened, in the page's own words; the server's title unless given. */
  readonly title?: string;
  readonly onRetry?: () => void;
  readonly actions?: ReactNode;
}

/** What went wrong, why, and what to do, where it happened; with the code and all details to copy. */
export function ErrorPanel({ error, title, onRetry, actions }: ErrorPanelProps) {
  const { t } = useTranslation('parts');
  const problem = error instanceof ApiError ? error.problem : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const details = JSON.stringify(problem ?? { message, at: location.pathname }, null, 2);
  return (
    <div className={classes.panel} role="alert">
      <IconAlertTriangle size={16} stroke={1.75} aria-hidden="true" className={classes.icon} />
      <div className={classes.words}>
        <p className={classes.title}>{title ?? problem?.title ?? message}</p>
        {(title !== undefined || problem) && <p>{message}</p>}
        {problem?.problems && problem.problems.length > 1 && (
          <ul>
            {problem.problems.map(({ path, message }) => (
              <li key={path + message}>
                <code>{path}</code> {message}
              </li>
            ))}
          </ul>
        )}
        <div className={classes.foot}>
          {problem && <code>{problem.code}</code>}
          <CopyButton text={details} label={t('copyDetails')} />
          {onRetry && (
            <Button size="compact-sm" variant="default" onClick={onRetry}>
              {t('tryAgain')}
            </Button>
          )}
          {actions}
        </div>
      </div>
    </div>
  );
}
