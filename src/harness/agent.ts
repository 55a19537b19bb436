import type { ModelEffort } from '../contract/model.ts';
import type { OverBudget } from '../contract/budget.ts';
import type { StepContext } from '../kernel/context.ts';
import type { Gateway } from '../resources/gateway/gateway.ts';
import type { ModelTool } from '../resources/ports/model.ts';
import type { Redactor } from '../resources/secrets/redactor.ts';
import type {
  Workspace,
  WorkspaceOptions,
  Workspaces,
  WorkspaceState,
} from '../resources/workspace/workspace.ts';

/** What a tool does to the world: `read` changes nothing, `change` may change files, `ask` waits for a person. */
export type ToolEffect = 'read' | 'change' | 'ask';

/** What a tool sees of its call. */
export interface ToolCall {
  readonly step: StepContext;
  readonly agent: string;
  readonly workspace: Workspace;
  /** Output of a program, as it comes. */
  readonly onOutput: (text: string) => void;
  /** How often this agent has called this tool in vain before. */
  readonly failures: number;
}

/** What the model reads of a call. `failed` tells it that the call didn't do what it asked for. */
export interface ToolAnswer {
  readonly text: string;
  readonly failed?: boolean;
  /** The call was the agent's last: this is what it was to find out. JSON. */
  readonly final?: { readonly output: unknown };
}

/** The input of a call as its tool takes it, or what is wrong with it in a sentence for the model. */
export type CheckedInput = { readonly input: unknown } | { readonly problem: string };

/** One thing that a model can do. */
export interface Tool {
  readonly model: ModelTool;
  readonly effect: ToolEffect;
  /** Checks what the model wrote; pure. */
  check(input: unknown): CheckedInput;
  /** What is shown of a call, in a few words: `read src/app.ts`. */
  title(input: unknown): string;
  /** Paths of the workspace that a call is about: what the repository advises for them is told with it. */
  touches?(input: unknown): readonly string[];
  /** `input` is what `check` answered. Not called for `ask`: the loop asks. */
  run(call: ToolCall, input: unknown): Promise<ToolAnswer>;
}

/** The tool by which an agent hands over what it was to find out. */
export interface OutputTool {
  readonly tool: Tool;
  /**
   * What the tool's input would be when the model ends with plain text in place of a call; undefined when it should be told
   * to call it. `isLast`: it was told already.
   */
  ofText(text: string, isLast: boolean): unknown;
}

/** Bounds of one agent; each ends it with a notice that says which it was. */
export interface AgentLimits {
  readonly turns: number;
  /** Time that it worked, without what it waited for people, in milliseconds. */
  readonly activeMs: number;
  readonly tokens: number;
}

/** Which calls a person is asked about first: these tools, all that may change files, or all. */
export type Confirm = 'changes' | 'all' | readonly string[];

/** Text of strangers that a task is about, such as an issue: told as data. */
export interface Material {
  readonly from: string;
  readonly text: string;
}

export interface AgentRequest {
  /** Names its steps where a run has several; the only one of a run needs none. */
  readonly name?: string;
  /** What it is and how it is to work. Gantry's own words only. */
  readonly system: string;
  /** What the user wants. */
  readonly task: string;
  readonly material?: readonly Material[];
  readonly tools: readonly Tool[];
  /** Without one it ends with what it says, and its output is null. */
  readonly output?: OutputTool;
  /** The instance's default without it. */
  readonly model?: string | undefined;
  readonly fallbacks?: readonly string[] | undefined;
  /** How much the model should think; its provider decides without it. */
  readonly effort?: ModelEffort | undefined;
  /** Turns for the `scripted` model. */
  readonly script?: unknown;
  readonly limits?: { readonly [Name in keyof AgentLimits]?: AgentLimits[Name] | undefined } | undefined;
  readonly state: WorkspaceState;
  /** How its workspace is opened; without packages unless given. */
  readonly workspace?: WorkspaceOptions;
  readonly confirm?: Confirm | undefined;
  /** Takes secrets out of what tools answer, before it is stored. */
  readonly redactor?: Redactor;
  readonly gateway: Gateway;
  readonly workspaces: Workspaces;
}

export type AgentEnd =
  | { readonly kind: 'finished'; readonly output: unknown }
  /** `output` is what it handed over when it was told to come to an end; null when nothing. */
  | {
      readonly kind: 'limit';
      readonly limit: 'turns' | 'time' | 'tokens' | 'loop';
      readonly output: unknown;
      readonly notice: string;
    }
  | { readonly kind: 'declined'; readonly over: OverBudget; readonly notice: string }
  /** The model could not be used, declined, or answered what makes no sense. */
  | {
      readonly kind: 'stopped';
      readonly why: 'model' | 'refused' | 'nonsense' | 'too-long';
      readonly notice: string;
    };

export interface AgentResult {
  readonly end: AgentEnd;
  /** The last thing it said. */
  readonly text: string;
  readonly state: WorkspaceState;
  readonly turns: number;
}
