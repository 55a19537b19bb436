import { useTranslation } from 'react-i18next';
import { shownImages, type RunFile } from '../../../../contract/file.ts';
import { bytesText } from '../../../../web/format/amount.ts';
import type { ExecutionRun } from '../queries.ts';
import classes from './run-result.module.css';

/** The files that the program left: images in place, text to view, everything to download. */
export function LeftFiles({ run }: { run: ExecutionRun }) {
  const { t } = useTranslation('executionResult');
  const { files = [], skipped = [] } = run.output ?? {};
  if (files.length === 0 && skipped.length === 0) return null;
  return (
    <section className={classes.stream}>
      <div className={classes.bar}>
        <h2>{t('files')}</h2>
        {files.length > 1 && (
          <a href={`/api/v1/runs/${run.id}/files/archive`} download>
            {t('archive')}
          </a>
        )}
      </div>
      <ul className={classes.files}>
        {files.map((file) => (
          <LeftFile key={file.id} runId={run.id} file={file} />
        ))}
        {skipped.length > 0 && (
          <li className={classes.note}>
            {t('skipped', { names: skipped.map(({ name }) => name).join(', ') })}
          </li>
        )}
      </ul>
    </section>
  );
}

function LeftFile({ runId, file }: { runId: string; file: RunFile }) {
  const { t } = useTranslation('executionResult');
  const { name, mediaType, bytes, id } = file;
  const address = `/api/v1/runs/${runId}/files/${id}`;
  const image = shownImages.some((type) => type === mediaType);
  return (
    <li>
      {image && <img src={`${address}?view=inline`} alt={name.slice(0, 200)} loading="lazy" />}
      <a href={address} download aria-label={t('download', { name: name.slice(0, 200) })}>
        <bdi>{name.slice(0, 300)}</bdi>
      </a>
      {mediaType === 'text/plain' && (
        <a href={`${address}?view=inline`} target="_blank" rel="noreferrer">
          {t('view')}
        </a>
      )}
      <span className={classes.size}>{bytesText(bytes)}</span>
    </li>
  );
}
