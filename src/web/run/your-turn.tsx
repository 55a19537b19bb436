import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RunSummary } from '../../contract/run.ts';
import type { Step } from '../../contract/step.ts';
import { useMe } from '../api/me.ts';
import { QuestionPanel, type AskedQuestion } from '../parts/question-panel.tsx';

/** What waits for a person, between the beam and the tabs; and whose answer it was, when somebody else was faster. */
export function YourTurn({ run, steps }: { run: RunSummary; steps: readonly Step[] | undefined }) {
  const queries = useQueryClient();
  const me = useMe()?.userId;
  const asked = (steps ?? []).flatMap((step) => askedOf(run, step));
  const open = asked.filter(({ resolution }) => resolution === null);
  const seen = useSeen(open.map(keyOf));
  const taken = asked.filter(
    (each) =>
      each.given !== null &&
      each.given.by !== me &&
      seen.has(keyOf(each)) &&
      !open.some(({ signal, ordinal }) => signal === each.signal && ordinal >= each.ordinal),
  );
  return [...taken, ...open].map((each) => (
    <QuestionPanel
      key={keyOf(each)}
      asked={each}
      hasKeys={each === open[0]}
      onChanged={() => void queries.invalidateQueries({ queryKey: ['run', run.id] })}
    />
  ));
}

const keyOf = ({ signal, ordinal }: AskedQuestion) => `${signal}#${ordinal}`;

/** What was open while this page was: who looked at it is told what became of it. */
function useSeen(open: readonly string[]): ReadonlySet<string> {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  if (open.some((key) => !seen.has(key))) setSeen(new Set([...seen, ...open]));
  return seen;
}

function askedOf(run: RunSummary, step: Step): AskedQuestion[] {
  if (step.question === null) return [];
  const { name, ordinal, question, startedAt, dueAt, given } = step;
  const isOpen = step.status === 'waiting' && run.finishedAt === null;
  return [
    {
      ...{ runId: run.id, capability: run.capability, signal: name, ordinal, question, given },
      ...{ since: startedAt, until: dueAt, resolution: isOpen ? null : 'answered' },
    },
  ];
}
