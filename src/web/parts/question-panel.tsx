import { IconUserQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { GivenAnswer, Question } from '../../contract/question.ts';
import { mayAnswer } from '../../contract/answer-rules.ts';
import { useMe } from '../api/me.ts';
import { webCapability } from '../capabilities.ts';
import { ageText } from '../format/duration.ts';
import { useNow } from '../live/clock.ts';
import { Ago } from './ago.tsx';
import { Card } from './card.tsx';
import { PlainQuestion } from './plain-question.tsx';
import { QuestionOutcome } from './question-outcome.tsx';
import { SkeletonRows } from './skeleton-rows.tsx';
import classes from './question-panel.module.css';

export interface AskedQuestion {
  readonly runId: string;
  readonly capability: string;
  /** The name to answer under, and which asking of it: the step's name and ordinal. */
  readonly signal: string;
  readonly ordinal: number;
  readonly question: Question;
  /** ISO times. */
  readonly since: string;
  readonly until: string | null;
  readonly given: GivenAnswer | null;
  /** How it stopped waiting, if it did. */
  readonly resolution: 'answered' | 'expired' | 'over' | null;
}

interface QuestionPanelProps {
  readonly asked: AskedQuestion;
  /** What of, above the question: the run's title, where the page doesn't say it. */
  readonly heading?: ReactNode;
  /** A link to the run, where this isn't its page. */
  readonly linksToRun?: boolean;
  /** A, C and Shift+R answer. Only one panel of a page has them. */
  readonly hasKeys?: boolean;
  /** After an answer was taken, or somebody else's was there first: read again. */
  readonly onChanged: () => void;
}

/** What a run asks a person, with all that the decision needs; the inbox and the run page share it. */
export function QuestionPanel({
  asked,
  heading,
  linksToRun,
  hasKeys = false,
  onChanged,
}: QuestionPanelProps) {
  const { t } = useTranslation('question');
  const me = useMe();
  const isOpen = useIsOpen(asked);
  const { subject } = asked.question;
  const ofCapability = subject && webCapability(asked.capability)?.questions?.[subject.kind];
  const Form = ofCapability ?? PlainQuestion;
  const mine = me !== undefined && mayAnswer(asked.question.who, me);
  const title = (
    <span className={classes.title}>
      <IconUserQuestion size={16} stroke={1.75} aria-hidden="true" className={classes.icon} />
      <span dir="auto">{inert(asked.question.title)}</span>
    </span>
  );
  return (
    <Card
      title={title}
      {...(isOpen && mine && { tone: 'you' })}
      actions={
        linksToRun && (
          <Link to="/runs/$runId" params={{ runId: asked.runId }} className={classes.link}>
            {t('openRun')}
          </Link>
        )
      }
      footer={isOpen && mine ? undefined : <QuestionOutcome asked={asked} isOpen={isOpen} />}
    >
      <div className={classes.body}>
        {heading}
        <p className={classes.meta}>
          {isOpen && mine ? t('forYou') : t('asked')} <Ago at={asked.since} />
          <Expiry until={isOpen ? asked.until : null} />. {isOpen && t('nothingSpent')}
        </p>
        <Suspense fallback={<SkeletonRows rows={4} />}>
          <Form {...{ asked, hasKeys, onChanged }} canAnswer={isOpen && mine} />
        </Suspense>
      </div>
    </Card>
  );
}

function useIsOpen({ resolution, given, until }: AskedQuestion): boolean {
  const now = useNow();
  return resolution === null && given === null && (until === null || Date.parse(until) > now);
}

function Expiry({ until }: { until: string | null }) {
  const { t } = useTranslation('question');
  const now = useNow();
  if (until === null) return null;
  return <>, {t('until', { time: ageText(Date.parse(until) - now) })}</>;
}
