import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import { durationText } from '../../../../web/format/duration.ts';
import { Card } from '../../../../web/parts/card.tsx';
import { CheckStatus } from './check-status.tsx';
import type { WorkView } from './work-view.ts';
import classes from './work.module.css';

/** What the checks said last: of the step that was tried last, or of the base before that. */
export function ChecksCard({ work: { steps, session } }: { work: WorkView }) {
  const { t } = useTranslation(['codingWork', 'codingReview']);
  const step = steps.findLast(({ tries }) => tries.some(({ result }) => result?.verification));
  const latest = step?.tries.findLast(({ result }) => result?.verification)?.result?.verification;
  const checks = (latest ?? session.baseline)?.checks ?? [];
  if (checks.length === 0) return null;
  const of = step ? t('codingWork:checks.ofStep', { number: step.position }) : t('codingWork:checks.ofBase');
  return (
    <Card title={t('codingWork:checks.title')} note={of}>
      <ul className={classes.sideChecks}>
        {checks.map(({ kind, name, status, summary, durationMs }) => (
          <li key={name} title={inert(`${name}: ${summary}`.slice(0, 400))}>
            <span>
              {t(`codingReview:step.kind.${kind}`)}{' '}
              {checks.filter((each) => each.kind === kind).length > 1 && (
                <code>{inert(name.slice(0, 60))}</code>
              )}
            </span>
            <CheckStatus status={status} />
            <span className={classes.figure}>{durationMs > 0 && durationText(durationMs)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
