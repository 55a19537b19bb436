import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { inertLines } from '../../../../base/inert.ts';
import { problemOf, send } from '../../../../web/api/client.ts';
import { ErrorPanel } from '../../../../web/parts/error-panel.tsx';
import classes from './files.module.css';

const mostShown = 200_000;

/** The text of a file, inert, as far as a page can bear it. */
export function FileText({ address, name }: { address: string; name: string }) {
  const { t } = useTranslation('playground');
  const { data, error } = useQuery({
    queryKey: ['file', address],
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const answer = await send(address, { signal });
      if (!answer.ok) throw await problemOf(answer);
      return answer.text();
    },
  });
  if (error) return <ErrorPanel error={error} />;
  if (data === undefined) return null;
  return (
    <pre className={classes.text} tabIndex={0} role="region" aria-label={name}>
      {inertLines(data.slice(0, mostShown))}
      {data.length > mostShown && `\n${t('left.cut')}`}
    </pre>
  );
}
