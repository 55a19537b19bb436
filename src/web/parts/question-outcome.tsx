import { useTranslation } from 'react-i18next';
import { inertLines } from '../../base/inert.ts';
import { mayAnswer } from '../../contract/answer-rules.ts';
import { useMe } from '../api/me.ts';
import type { AskedQuestion } from './question-panel.tsx';
import classes from './question-panel.module.css';

/** In place of the answers: who answered what, that it is over, or who is asked instead. */
export function QuestionOutcome({ asked, isOpen }: { asked: AskedQuestion; isOpen: boolean }) {
  const words = useWords(asked, isOpen);
  return (
    <div role="status" className={classes.outcome}>
      <p>{words}</p>
      {asked.given !== null && asked.given.comment !== '' && (
        <blockquote dir="auto" className={classes.said}>
          {inertLines(asked.given.comment)}
        </blockquote>
      )}
    </div>
  );
}

function useWords({ question, given, resolution }: AskedQuestion, isOpen: boolean): string {
  const { t } = useTranslation('question');
  const me = useMe();
  if (given) {
    const { label, byName } = given;
    return given.by === me?.userId
      ? t('givenYou', { label })
      : t('given', { name: byName ?? t('somebody'), label });
  }
  const { who } = question;
  if (isOpen && me && !mayAnswer(who, me)) {
    const role = who.kind === 'role' && (who.role === 'admin' ? t('anyAdmin') : t('anyMember'));
    const name = who.kind === 'user' && (who.name ?? t('somebody'));
    return t('notYou', { who: role || name });
  }
  if (resolution === 'answered') return t('late');
  if (resolution === 'over') return t('over');
  return question.onExpiry === undefined ? t('expired') : `${t('expired')} ${question.onExpiry}`;
}
