import { useQueryClient } from '@tanstack/react-query';
import type { RunSummary } from '../../contract/run.ts';
import type { Step } from '../../contract/step.ts';
import { QuestionPanel, type AskedQuestion } from '../parts/question-panel.tsx';

/** What waits for a person, between the beam and the tabs. */
export function YourTurn({ run, steps }: { run: RunSummary; steps: readonly Step[] | undefined }) {
  const queries = useQueryClient();
  const asked = (steps ?? []).flatMap((step) => askedOf(run, step));
  return asked.map((each, index) => (
    <QuestionPanel
      key={`${each.signal}#${each.ordinal}`}
      asked={each}
      hasKeys={index === 0}
      onChanged={() => void queries.invalidateQueries({ queryKey: ['run', run.id] })}
    />
  ));
}

function askedOf(run: RunSummary, step: Step): AskedQuestion[] {
  if (step.question === null || step.status !== 'waiting' || run.finishedAt !== null) return [];
  const { name, ordinal, question, startedAt, dueAt, given } = step;
  return [
    {
      ...{ runId: run.id, signal: name, ordinal, question, given },
      ...{ since: startedAt, until: dueAt, resolution: null },
    },
  ];
}
