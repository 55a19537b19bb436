import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Step } from '../../contract/step.ts';
import { get } from '../api/client.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { JsonView } from './json-view.tsx';
import classes from './timeline.module.css';

/** What a step returned, as it was recorded. */
export function StepOutput({ runId, position }: { runId: string; position: number }) {
  const { t } = useTranslation('run');
  const { data, error } = useQuery({
    queryKey: ['run', runId, 'step', position],
    queryFn: ({ signal }) => get<Step>(`/runs/${runId}/steps/${position}`, undefined, signal),
    staleTime: Infinity,
  });
  if (error) return <ErrorPanel error={error} />;
  if (!data) return null;
  return (
    <div className={classes.output}>
      {data.output === null ? (
        <p className={classes.sub}>{t('timeline.nothing')}</p>
      ) : (
        <JsonView value={data.output} name={t('timeline.showOutput')} />
      )}
    </div>
  );
}
