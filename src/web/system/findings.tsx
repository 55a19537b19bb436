import type { Finding } from '../../contract/system.ts';
import classes from './overview.module.css';

/** What else is not as it should be; the gravest stands in the title's line already. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  const serious = findings.filter(({ severity }) => severity !== 'note');
  const others = serious.slice(1);
  if (others.length === 0) return null;
  return (
    <ul className={classes.findings}>
      {others.map(({ code, text }) => (
        <li key={code + text}>{text}</li>
      ))}
    </ul>
  );
}
