import { Spotlight } from '@mantine/spotlight';
import type { Command } from '../commands/command.ts';
import { keyWords } from '../commands/key-words.ts';
import { Key } from '../parts/key.tsx';
import classes from './palette.module.css';

/** A line of the palette: verb first, its object dimmed, its keys at the right. */
export function CommandRow({ command }: { command: Command }) {
  const { label, object, icon: Icon, keys, run } = command;
  return (
    <Spotlight.Action onClick={run}>
      <span className={classes.row}>
        {Icon && <Icon size={16} stroke={1.75} aria-hidden="true" />}
        <span className={classes.label}>{label}</span>
        {object !== undefined && <span className={classes.object}>{object}</span>}
        {keys !== undefined && (
          <span className={classes.keys}>
            {keyWords(keys).map((word) => (
              <Key key={word}>{word}</Key>
            ))}
          </span>
        )}
      </span>
    </Spotlight.Action>
  );
}
