import type { OverBudget } from '../contract/budget.ts';
import type { ModelTool } from '../resources/ports/model.ts';
import type { StepContext } from '../kernel/context.ts';
import type { Workspace, WorkspaceState } from '../resources/workspace/workspace.ts';

/** What a tool does to the world: `read` changes nothing, `change` may change files, `ask` waits for a person. */
export type ToolEffect = 'read' | 'change' | 'ask';

/** What a tool sees of its call. */
export interface ToolCall {
  readonly step: StepContext;
  readonly workspace: Workspace;
  /** Output of a program, as it comes. */
  readonly onOutput: (text: string) => void;
}

/** What the model reads of a call. `failed` tells it that the call didn't do what it asked for. */
export interface ToolAnswer {
  readonly text: string;
  readonly failed?: boolean;
}

/** One thing that a model can do. `input` of `run` was checked against `model.inputSchema`. */
export interface Tool {
  readonly model: ModelTool;
  readonly effect: ToolEffect;
  /** What is shown of a call, in a few words: `read src/app.ts`. */
  title(input: unknown): string;
  run(call: ToolCall, input: unknown): Promise<ToolAnswer>;
}

/** Bounds of one agent; each ends it with a notice that says which it was. */
export interface AgentLimits {
  readonly turns: number;
  /** Time that it worked, without what it waited for people, in milliseconds. */
  readonly activeMs: number;
  readonly tokens: number;
}

export type AgentEnd =
  | { readonly kind: 'finished'; readonly output: unknown }
  | { readonly kind: 'limit'; readonly limit: 'turns' | 'time' | 'tokens' | 'loop'; readonly notice: string }
  | { readonly kind: 'declined'; readonly over: OverBudget; readonly notice: string };

export interface AgentResult {
  readonly end: AgentEnd;
  /** The last thing it said. */
  readonly text: string;
  readonly state: WorkspaceState;
  readonly turns: number;
}
