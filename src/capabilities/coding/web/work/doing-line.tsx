import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import { LiveSquare } from '../../../../web/parts/status.tsx';
import { Took } from '../../../../web/parts/took.tsx';
import { wordOfStep, type Doing } from './doings.ts';
import { useRoleName } from './use-role-name.ts';
import classes from './work.module.css';

/** One thing that is under way: who, what, and since when. */
export function DoingLine({ doing, place }: { doing: Doing; place?: string | undefined }) {
  const { t } = useTranslation('codingWork');
  const roleName = useRoleName();
  const { agent, does, what, since } = doing;
  const word = wordOfStep(what);
  return (
    <li className={classes.doing}>
      <LiveSquare />
      <span className={classes.does}>
        {agent && (
          <>
            <strong>{roleName(agent.role)}</strong>
            {place !== undefined && `, ${place}`}
            {does === 'calls' ? ': ' : ' '}
          </>
        )}
        {does === 'steps' ? (
          <>
            {word ? t(`doing.${word}`) : <bdi>{inert(what.slice(0, 200))}</bdi>}
            {place !== undefined && `, ${place}`}
          </>
        ) : does === 'calls' ? (
          <code title={inert(what.slice(0, 500))}>{inert(what.slice(0, 300))}</code>
        ) : (
          t(`now.${does}`)
        )}
      </span>
      <span className={classes.figure}>
        <Took from={since} to={null} />
      </span>
    </li>
  );
}
