import type { Tool } from '../agent.ts';
import { askTool } from './ask.ts';
import { diffTool } from './diff.ts';
import { editTool } from './edit.ts';
import { planTool } from './plan.ts';
import { readTool } from './read.ts';
import { runTool } from './run.ts';
import { listTool, searchTool } from './search.ts';
import { writeTool } from './write.ts';

export type ToolName = 'read' | 'list' | 'search' | 'write' | 'edit' | 'run' | 'diff' | 'plan' | 'ask';

/** Every tool, one line each; `rgPath` is a ripgrep that sandboxes may see. */
export function tools({ rgPath }: { readonly rgPath: string }): Readonly<Record<ToolName, Tool>> {
  return {
    read: readTool,
    list: listTool(rgPath),
    search: searchTool(rgPath),
    write: writeTool,
    edit: editTool,
    run: runTool(),
    diff: diffTool,
    plan: planTool,
    ask: askTool,
  };
}
