import { playground } from '../../capabilities/execution/web/locales/en.ts';
import { parts } from './en/parts.ts';
import { shell } from './en/shell.ts';
import { start } from './en/start.ts';
import { system } from './en/system.ts';

/** Every text of the pages, by area. Another language is a file like this one. */
export const en = { shell, parts, start, system, playground };
