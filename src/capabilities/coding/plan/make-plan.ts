import { z } from 'zod';
import type { Material } from '../../../harness/agent.ts';
import { askAgent, lookingTools } from '../agents.ts';
import { specWords } from '../goal/words.ts';
import { handOver } from '../hand-over.ts';
import { planSchema, planStepSchema, type GoalSpec, type Plan } from '../schema.ts';
import type { SessionContext, SessionStart } from '../session-context.ts';
import { planProblems } from './check-plan.ts';
import { inOrder } from './plan-order.ts';
import { tidyStep } from './tidy-step.ts';
import { plannerSystem, plannerTask, type Wanted } from './prompts.ts';

const mostTurns = 50;

const { scope, files, dependsOn, acceptance } = planStepSchema.shape;
/** What a planner may leave out or leave empty, it may. */
const stepOfPlanner = planStepSchema.extend({
  scope: scope.nullable(),
  files: files.default([]),
  dependsOn: dependsOn.default([]),
  acceptance: acceptance.default([]),
});

const planOutput = handOver({
  name: 'hand_over_plan',
  description: 'Hand over the plan; this ends your work.',
  schema: z.object({ steps: z.array(stepOfPlanner).min(1).max(50) }),
  title: ({ steps }) => `hand over ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`,
  mend: ({ steps }) => {
    const value = inOrder({
      steps: steps.map(({ scope: given, ...each }) => tidyStep({ ...each, scope: given ?? '' })),
    });
    const problems = planProblems(value);
    if (problems.length === 0) return { value };
    return {
      problem: ['The plan can not be worked on. Mend it and hand it over again.', ...problems].join('\n- '),
    };
  },
});

interface Made {
  /** Null when the planner came to nothing. */
  readonly plan: Plan | null;
  /** Why it came to an end early, when it did. */
  readonly notice: string | null;
}

/** Lets an agent cut the goal into steps, in the order in which they are done; a plan that has problems is none. */
export async function makePlan(
  session: SessionContext,
  start: SessionStart,
  spec: GoalSpec,
  { iteration, wanted }: { readonly iteration: number; readonly wanted: Wanted | null },
): Promise<Made> {
  const { goal, limits, material = [] } = session.input;
  const { output, notice } = await askAgent(session, {
    name: `planner ${iteration}`,
    system: plannerSystem,
    task: plannerTask(goal, wanted),
    material: [...material, ...planMaterial(start, spec, wanted)],
    tools: lookingTools(session),
    output: planOutput,
    limits: { turns: mostTurns, activeMs: limits?.activeMs, tokens: limits?.tokens },
    state: start.state,
  });
  return { plan: planSchema.nullable().parse(output), notice };
}

function planMaterial({ checks }: SessionStart, spec: GoalSpec, wanted: Wanted | null): Material[] {
  const programs = checks.map(({ kind, name, command }) => `${kind}: ${name} (${command})`).join('\n');
  return [
    { from: 'the agreed specification', text: specWords(spec) },
    ...(programs === '' ? [] : [{ from: 'the checks that run after each step', text: programs }]),
    ...(wanted ? [{ from: 'the plan so far', text: JSON.stringify(wanted.from.steps, null, 1) }] : []),
  ];
}
