import type { Command } from 'commander';
import type { Cli } from './cli.ts';

/** A command by name; `load` brings the file that gives it options and a handler. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<{ define(command: Command, cli: Cli): void }>;
}

/** In the order of the help. A new command is a file in `commands/` and a line here. */
export const catalogue: readonly CommandEntry[] = [
  {
    name: 'up',
    summary: 'Start everything here: database, API and worker',
    load: () => import('./commands/up.ts'),
  },
  {
    name: 'demo',
    summary: 'Show a whole coding session on a sample repository',
    load: () => import('./commands/demo.ts'),
  },
  { name: 'down', summary: 'Stop the Gantry that runs here', load: () => import('./commands/down.ts') },
  { name: 'server', summary: 'Start the API alone', load: () => import('./commands/server.ts') },
  { name: 'worker', summary: 'Start a worker alone', load: () => import('./commands/worker.ts') },
  { name: 'exec', summary: 'Run a program in a sandbox', load: () => import('./commands/exec.ts') },
  {
    name: 'ask',
    summary: 'Ask a question about a repository',
    load: () => import('./commands/ask.ts'),
  },
  {
    name: 'session',
    summary: 'Work towards a goal in a repository, up to a pull request',
    load: () => import('./commands/session.ts'),
  },
  {
    name: 'sessions',
    summary: 'List the coding sessions',
    load: () => import('./commands/sessions.ts'),
  },
  {
    name: 'runs',
    summary: 'List, show, follow, pause, resume, cancel, retry and fork runs',
    load: () => import('./commands/runs.ts'),
  },
  {
    name: 'usage',
    summary: 'Say what runs used, by day, capability, repository or user',
    load: () => import('./commands/usage.ts'),
  },
  {
    name: 'replay',
    summary: 'Start finished runs again',
    load: () => import('./commands/replay.ts'),
  },
  { name: 'schedules', summary: 'Start runs by the clock', load: () => import('./commands/schedules.ts') },
  {
    name: 'repos',
    summary: 'Connect the repositories that runs may use',
    load: () => import('./commands/repos.ts'),
  },
  { name: 'secrets', summary: 'Keep secrets sealed', load: () => import('./commands/secrets.ts') },
  {
    name: 'models',
    summary: 'Show which models can be used and whether they answer, and choose the default',
    load: () => import('./commands/models.ts'),
  },
  {
    name: 'budgets',
    summary: 'Bound what may be spent on models, and show what was',
    load: () => import('./commands/budgets.ts'),
  },
  { name: 'keys', summary: 'Make and revoke API keys', load: () => import('./commands/keys.ts') },
  {
    name: 'users',
    summary: 'Invite people and decide what they may do',
    load: () => import('./commands/users.ts'),
  },
  {
    name: 'settings',
    summary: 'Change settings while Gantry runs, and bring old ones back',
    load: () => import('./commands/settings.ts'),
  },
  {
    name: 'audit',
    summary: 'Show who did what, and what was refused',
    load: () => import('./commands/audit.ts'),
  },
  {
    name: 'system',
    summary: 'Show workers, queues and the database, and drain workers',
    load: () => import('./commands/system.ts'),
  },
  {
    name: 'doctor',
    summary: 'Say what this machine offers and what to do about each gap',
    load: () => import('./commands/doctor.ts'),
  },
  { name: 'config', summary: 'Show or check the configuration', load: () => import('./commands/config.ts') },
  { name: 'logs', summary: "Show the server's log", load: () => import('./commands/logs.ts') },
  { name: 'backup', summary: 'Save everything to one file', load: () => import('./commands/backup.ts') },
  { name: 'restore', summary: 'Bring back what a backup holds', load: () => import('./commands/restore.ts') },
  {
    name: 'completions',
    summary: 'Print the completions for a shell',
    load: () => import('./commands/completions.ts'),
  },
  {
    name: 'test',
    summary: 'Run every check and test of this checkout',
    load: () => import('./commands/test.ts'),
  },
];
