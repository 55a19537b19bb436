import { useTranslation } from 'react-i18next';
import { inert, inertLines } from '../../../../base/inert.ts';
import type { CheckResult, Finding } from '../../verify/verification.ts';
import { CheckStatus } from '../work/check-status.tsx';
import { Fold } from './fold.tsx';
import classes from './review.module.css';

const mostFindings = 20;

/** What each check said, those that failed first; what they found, and the end of what they printed. */
export function Checks({ checks }: { checks: readonly CheckResult[] }) {
  const { t } = useTranslation('codingReview');
  if (checks.length === 0) return <p className={classes.dim}>{t('step.noChecks')}</p>;
  const failed = (check: CheckResult) => (check.status === 'failed' ? 0 : 1);
  return (
    <ul className={classes.checks}>
      {checks
        .toSorted((a, b) => failed(a) - failed(b))
        .map((check) => (
          <Check key={check.name} check={check} />
        ))}
    </ul>
  );
}

function Check({ check }: { check: CheckResult }) {
  const { t } = useTranslation('codingReview');
  const { kind, name, status, summary, findings, output } = check;
  const more = Math.max(0, findings.length - mostFindings) + (check.more ?? 0);
  const isOpen = status === 'failed';
  return (
    <li>
      <p className={classes.check}>
        <CheckStatus status={status} />
        <strong>
          {t(`step.kind.${kind}`)} <code>{inert(name.slice(0, 100))}</code>
        </strong>
        <span className={classes.dim} dir="auto">
          {inert(summary.slice(0, 500))}
        </span>
      </p>
      {findings.length > 0 && (
        <Fold title={t('step.findings', { count: findings.length + (check.more ?? 0) })} open={isOpen}>
          <ul className={classes.points}>
            {findings.slice(0, mostFindings).map((finding, index) => (
              <FindingLine key={index} finding={finding} />
            ))}
          </ul>
          {more > 0 && <p className={classes.dim}>{t('step.moreFindings', { count: more })}</p>}
        </Fold>
      )}
      {output.trim() !== '' && status !== 'passed' && (
        <Fold title={t('step.output')} open={isOpen && findings.length === 0}>
          <pre
            className={classes.output}
            role="region"
            tabIndex={0}
            aria-label={t('step.outputOf', { name })}
          >
            {inertLines(output)}
          </pre>
        </Fold>
      )}
    </li>
  );
}

function FindingLine({ finding: { path, line, rule, message, severity } }: { finding: Finding }) {
  const { t } = useTranslation('codingReview');
  const place = [path, line].filter((part) => part !== null).join(':');
  return (
    <li className={classes.finding} data-severity={severity}>
      <span className={classes.severity}>{t(`step.severity.${severity}`)}</span>
      <span>
        <span dir="auto">{inertLines(message)}</span>
        <span className={classes.place}>
          <code>{inert([place, rule ?? ''].filter(Boolean).join(' ').slice(0, 400))}</code>
        </span>
      </span>
    </li>
  );
}
