import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { inert, inertLines } from '../../../../base/inert.ts';
import type { DebateRound } from '../../schema.ts';
import classes from './review.module.css';

const verdictColours = { ready: 'ok', revise: 'live', infeasible: 'bad' } as const;

/** What proposer, critic and judge said, round by round. All of it is text of models. */
export function Debate({ rounds }: { rounds: readonly DebateRound[] }) {
  const { t } = useTranslation('codingReview');
  return (
    <ol className={classes.rounds}>
      {rounds.map((round) => (
        <li key={round.round}>
          <h3>{t('goal.round', { number: round.round })}</h3>
          {round.proposal && (
            <Said by={t('goal.proposer')}>
              <p dir="auto">{inertLines(round.proposal.summary)}</p>
              <p className={classes.dim}>{t('goal.proposed', { count: round.proposal.acceptance.length })}</p>
            </Said>
          )}
          {round.critique && <Critique critique={round.critique} />}
          {round.judgement && <Judgement judgement={round.judgement} />}
        </li>
      ))}
    </ol>
  );
}

function Said({ by, tag, children }: { by: string; tag?: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.said}>
      <p className={classes.by}>
        {by}
        {tag}
      </p>
      {children}
    </div>
  );
}

function Critique({ critique }: { critique: NonNullable<DebateRound['critique']> }) {
  const { t } = useTranslation('codingReview');
  const { summary, points } = critique;
  return (
    <Said by={t('goal.critic')}>
      {summary.trim() !== '' && <p dir="auto">{inertLines(summary)}</p>}
      {points.length === 0 && <p className={classes.dim}>{t('goal.fine')}</p>}
      <ul className={classes.points}>
        {points.map(({ severity, text }, index) => (
          <li key={index}>
            <Badge color={severity === 'blocking' ? 'bad' : 'idle'}>{t(`goal.${severity}`)}</Badge>
            <span dir="auto">{inertLines(text)}</span>
          </li>
        ))}
      </ul>
    </Said>
  );
}

/** What the judge decided, and what the next proposal has to change. */
export function Judgement({ judgement }: { judgement: NonNullable<DebateRound['judgement']> }) {
  const { t } = useTranslation('codingReview');
  const { verdict, reason, instructions } = judgement;
  const tag = <Badge color={verdictColours[verdict]}>{t(`goal.${verdict}`)}</Badge>;
  return (
    <Said by={t('goal.judge')} tag={tag}>
      <p dir="auto">{inertLines(reason)}</p>
      {instructions.length > 0 && (
        <>
          <p className={classes.dim}>{t('goal.toChange')}</p>
          <ul className={classes.plain}>
            {instructions.map((text, index) => (
              <li key={index}>
                <bdi>{inert(text)}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
    </Said>
  );
}
