import { Button, Textarea } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../contract/question.ts';
import { longestComment } from '../../contract/answer-rules.ts';
import type { Command } from '../commands/command.ts';
import { useCommands } from '../commands/registry.ts';
import { Confirm } from './confirm.tsx';
import { ErrorPanel } from './error-panel.tsx';
import { fieldError } from './field-error.tsx';
import type { QuestionParts } from '../capability.ts';
import { commentRules, inOrder } from './question-rules.ts';
import { useAnswer, type AnswerDraft } from './use-answer.ts';
import classes from './question-panel.module.css';

interface QuestionAnswersProps extends Omit<QuestionParts, 'canAnswer'> {
  /** What goes with the answers, where a capability's form keeps something itself. */
  readonly draft?: AnswerDraft;
  /** At the right of the buttons: an estimate. */
  readonly note?: ReactNode;
}

/** The answer box and its buttons. What refuses is asked back; what needs words says so. */
export function QuestionAnswers({ asked, hasKeys, onChanged, draft, note }: QuestionAnswersProps) {
  const { t } = useTranslation('question');
  const { setField, ...answer } = useAnswer(asked, onChanged, draft);
  const answers = inOrder(asked.question.answers);
  useAnswerKeys(answers, hasKeys, answer.choose);
  const { takes, needed, only } = commentRules(asked.question);
  const labels = (all: readonly string[]) => all.join('”, “');
  return (
    <div className={classes.form}>
      {takes && (
        <Textarea
          ref={setField}
          label={t('answer')}
          placeholder={
            needed.length > 0 ? t('comment.needed', { labels: labels(needed) }) : t('comment.optional')
          }
          description={only.length > 0 ? t('comment.goesWith', { labels: labels(only) }) : undefined}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          error={fieldError(answer.hint)}
          autosize
          minRows={2}
          maxRows={10}
          maxLength={longestComment}
          value={answer.comment}
          onChange={(event) => answer.write(event.currentTarget.value)}
        />
      )}
      {answer.error !== null && <ErrorPanel error={answer.error} />}
      <div className={classes.buttons}>
        {answers.map((each) => (
          <Button
            key={each.value}
            {...look(each)}
            loading={answer.sending === each.value}
            disabled={answer.sending !== null && answer.sending !== each.value}
            onClick={() => answer.choose(each)}
          >
            {each.label}
          </Button>
        ))}
        {note !== undefined && <span className={classes.note}>{note}</span>}
      </div>
      <Confirm
        opened={answer.refusing !== null}
        onClose={answer.goBack}
        title={t('confirm.title', { label: answer.refusing?.label ?? '' })}
        text={t('confirm.text')}
        action={answer.refusing?.label ?? ''}
        keep={t('confirm.keep')}
        onConfirm={answer.refuse}
      />
    </div>
  );
}

function look({ tone }: Answer) {
  if (tone === 'go') return { color: 'you' } as const;
  return tone === 'change'
    ? ({ variant: 'default' } as const)
    : ({ variant: 'subtle', color: 'bad' } as const);
}

/** A, C and Shift+R: the first answer of each tone. */
function useAnswerKeys(answers: readonly Answer[], active: boolean, choose: (answer: Answer) => void): void {
  const commands = useMemo(() => {
    const keys = { go: 'a', change: 'c', refuse: 'Shift+R' } as const;
    return (['go', 'change', 'refuse'] as const).flatMap((tone): Command[] => {
      const answer = answers.find((each) => each.tone === tone);
      if (!active || !answer) return [];
      const { label } = answer;
      return [{ id: `answer-${tone}`, group: 'here', label, keys: keys[tone], run: () => choose(answer) }];
    });
  }, [answers, active, choose]);
  useCommands(commands);
}
