import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../contract/run.ts';
import { Card } from '../parts/card.tsx';
import { Status } from '../parts/status.tsx';
import classes from './relatives-card.module.css';
import { useRelatives } from './use-run.ts';

/** The runs that this one is tied to; nothing when there are none. */
export function RelativesCard({ run }: { run: RunSummary }) {
  const { t } = useTranslation('run');
  const { data } = useRelatives(run.id);
  const tied = run.parentId !== null || run.origin !== null;
  if (!data || (!tied && data.children.length === 0 && data.again.length === 0)) return null;
  const kind = (of: RunSummary) =>
    of.origin?.kind === 'fork' ? 'relatives.forkedBy' : 'relatives.retriedBy';
  return (
    <Card title={t('relatives.title')} flush>
      <ul className={classes.list}>
        {run.parentId !== null && <Relative name={t('relatives.parent')} run={data.parent} />}
        {run.origin !== null && (
          <Relative
            name={t(run.origin.kind === 'retry' ? 'relatives.retryOf' : 'relatives.forkOf')}
            run={data.origin}
          />
        )}
        {data.again.map((each) => (
          <Relative key={each.id} name={t(kind(each))} run={each} />
        ))}
        {data.children.map((each) => (
          <Relative key={each.id} name={t('relatives.children')} run={each} />
        ))}
      </ul>
      {data.moreChildren && (
        <p className={classes.all}>
          <Link to="/runs" search={{ q: `parent:${run.id}` }}>
            {t('relatives.all')}
          </Link>
        </p>
      )}
    </Card>
  );
}

function Relative({ name, run }: { name: string; run: RunSummary | null }) {
  const { t } = useTranslation(['run', 'runs']);
  return (
    <li className={classes.row}>
      <span className={classes.name}>{name}</span>
      {run === null ? (
        <span className={classes.gone}>{t('run:relatives.gone')}</span>
      ) : (
        <>
          <Link
            to="/runs/$runId"
            params={{ runId: run.id }}
            className={classes.title}
            title={run.title.slice(0, 300)}
          >
            <bdi>{run.title.trim() === '' ? t('runs:untitled') : run.title.slice(0, 200)}</bdi>
          </Link>
          <Status status={run.status} waitsForPerson={run.asks !== null} />
        </>
      )}
    </li>
  );
}
