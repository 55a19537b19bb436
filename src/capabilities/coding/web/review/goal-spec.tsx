import { Badge } from '@mantine/core';
import { IconSquareCheck, IconSquareMinus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { inert, inertLines } from '../../../../base/inert.ts';
import type { GoalSpec } from '../../schema.ts';
import { listChanges, specLists, type ListedText, type SpecList } from './goal-changes.ts';
import classes from './review.module.css';

interface GoalSpecProps {
  readonly spec: GoalSpec;
  /** The version before, to say what is new and what is gone. */
  readonly before: GoalSpec | null;
}

/** What will be different, how one can tell that it is done, and what it leaves out, assumes and risks. */
export function GoalSpecView({ spec, before }: GoalSpecProps) {
  const others = specLists.filter((list) => list !== 'acceptance');
  return (
    <>
      <p className={classes.summary} dir="auto">
        {inertLines(spec.summary)}
      </p>
      <Lines list="acceptance" lines={listChanges(before, spec, 'acceptance')} />
      <div className={classes.columns}>
        {others.map((list) => {
          const lines = listChanges(before, spec, list);
          return lines.length > 0 && <Lines key={list} list={list} lines={lines} />;
        })}
      </div>
    </>
  );
}

function Lines({ list, lines }: { list: SpecList; lines: readonly ListedText[] }) {
  const { t } = useTranslation('codingReview');
  const checked = list === 'acceptance';
  return (
    <section className={classes.lines} data-checked={checked || undefined}>
      <h3>{t(`goal.${list}`)}</h3>
      {lines.length === 0 && <p className={classes.dim}>{t('goal.nothing')}</p>}
      <ul>
        {lines.map(({ text, change }, index) => (
          <li key={index} data-change={change}>
            {checked && <CheckIcon gone={change === 'gone'} />}
            <span>
              {change === 'gone' ? <del dir="auto">{inert(text)}</del> : <bdi>{inert(text)}</bdi>}
              {change !== 'same' && (
                <Badge className={classes.badge ?? ''} color={change === 'new' ? 'ok' : 'bad'}>
                  {t(`goal.${change}`)}
                </Badge>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function CheckIcon({ gone }: { gone: boolean }) {
  const Icon = gone ? IconSquareMinus : IconSquareCheck;
  return <Icon size={16} stroke={1.75} aria-hidden="true" />;
}
