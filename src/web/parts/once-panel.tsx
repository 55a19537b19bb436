import { Button } from '@mantine/core';
import { CopyButton } from './copy-button.tsx';
import classes from './once-panel.module.css';

interface Line {
  readonly label: string;
  readonly text: string;
  /** What stands on the button: "Copy key". */
  readonly copy: string;
}

interface OncePanelProps {
  /** Left out where a dialog says it. */
  readonly title?: string;
  /** Without a ground of its own, in a dialog. */
  readonly plain?: boolean;
  readonly text: string;
  readonly lines: readonly Line[];
  readonly done: string;
  readonly onDone: () => void;
}

/** A secret that is shown once: a key or a link, to be copied before it goes. */
export function OncePanel({ title, plain = false, text, lines, done, onDone }: OncePanelProps) {
  return (
    <div className={classes.panel} data-plain={plain || undefined} role="status">
      {title !== undefined && <h3>{title}</h3>}
      <p className={classes.text}>{text}</p>
      {lines.map((line) => (
        <div key={line.label} className={classes.line}>
          <p className={classes.label}>{line.label}</p>
          <div className={classes.box}>
            <pre role="region" aria-label={line.label} tabIndex={0}>
              {line.text}
            </pre>
            <CopyButton text={line.text} label={line.copy} />
          </div>
        </div>
      ))}
      <div>
        <Button variant="default" size="compact-sm" h={32} onClick={onDone}>
          {done}
        </Button>
      </div>
    </div>
  );
}
