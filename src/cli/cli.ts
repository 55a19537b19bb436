import type { Config } from '../config.ts';
import type { Client } from './client.ts';
import type { Terminal } from './terminal.ts';

/** What every command works with. Config and client are made when a command first asks for them. */
export interface Cli {
  readonly terminal: Terminal;
  /** The options that all commands share, once the command line is parsed. */
  readonly flags: { json: boolean; debug: boolean };
  config(): Promise<Config>;
  /** A client of the server that runs here, or of the one that GANTRY_URL names. SERVER_UNREACHABLE when there is none. */
  client(): Promise<Client>;
}

export function createCli(terminal: Terminal): Cli {
  let config: Promise<Config> | undefined;
  let client: Promise<Client> | undefined;
  const cli: Cli = {
    terminal,
    flags: { json: false, debug: false },
    config: () => (config ??= loadConfig()),
    client: () => (client ??= connect(cli)),
  };
  return cli;
}

/** Prints `value` as JSON with `--json`, otherwise what `show` makes of it. */
export function answer<Value>(cli: Cli, value: Value, show: (value: Value) => string): void {
  cli.terminal.print(cli.flags.json ? toJson(value) : show(value));
}

/** JSON for a pipe and a terminal alike: what a terminal might act on is escaped, also where JSON itself lets it be. */
export function toJson(value: unknown, indent = 2): string {
  return (JSON.stringify(value, null, indent) ?? 'null').replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

async function loadConfig(): Promise<Config> {
  const module = await import('../config.ts');
  return module.loadConfig();
}

async function connect(cli: Cli): Promise<Client> {
  const { createClient } = await import('./client.ts');
  const { findServer } = await import('./server-address.ts');
  const config = await cli.config();
  return createClient(() => findServer(config));
}
