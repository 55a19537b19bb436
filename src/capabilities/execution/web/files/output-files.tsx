import { Anchor, Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import type { RunFile } from '../../../../contract/file.ts';
import { shownImages } from '../../../../contract/shown-images.ts';
import { formatBytes } from '../../../../base/format-bytes.ts';
import type { ExecutionOutput } from '../../schema.ts';
import { FileText } from './file-text.tsx';
import classes from './files.module.css';

interface OutputFilesProps {
  readonly runId: string;
  readonly output: Pick<ExecutionOutput, 'files' | 'skipped' | 'skippedMore'>;
  /** Of the frame around it, which is not there when nothing was left. */
  readonly className: string | undefined;
}

/** What the program left behind. Images are shown as images, text as text; nothing of it is ever a page. */
export function OutputFiles({ runId, output, className }: OutputFilesProps) {
  const { t } = useTranslation('playground');
  const { files, skipped, skippedMore } = output;
  if (files.length === 0 && skipped.length === 0) return null;
  const base = `/api/v1/runs/${runId}/files`;
  return (
    <section className={`${classes.files} ${className}`} aria-label={t('left.title')}>
      <header className={classes.head}>
        <h2>{t('left.count', { count: files.length })}</h2>
        {files.length > 1 && (
          <Anchor href={`${base}/archive`} download size="sm">
            {t('left.all')}
          </Anchor>
        )}
      </header>
      <ul>
        {files.map((file) => (
          <FileRow key={file.id} file={file} address={`${base}/${file.id}`} />
        ))}
        {skipped.map(({ name, reason }) => (
          <li key={name + reason} className={classes.skipped}>
            <bdi>{name}</bdi> {t(`left.${reason}`)}
          </li>
        ))}
        {skippedMore > 0 && <li className={classes.skipped}>{t('left.more', { count: skippedMore })}</li>}
      </ul>
    </section>
  );
}

function FileRow({ file, address }: { file: RunFile; address: string }) {
  const { t } = useTranslation('playground');
  const image = shownImages.some((type) => type === file.mediaType);
  const [open, setOpen] = useState(image);
  const name = inert(file.name);
  const viewable = image || file.mediaType === 'text/plain';
  return (
    <li>
      <div className={classes.row}>
        <bdi className={classes.name} title={name}>
          {name}
        </bdi>
        <span className={classes.size}>{formatBytes(file.bytes)}</span>
        {viewable && (
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={open}
            aria-label={t(open ? 'left.hide' : 'left.view', { name })}
            onClick={() => setOpen(!open)}
          >
            {t(open ? 'left.hideShort' : 'left.viewShort')}
          </Button>
        )}
        <Anchor href={address} download size="sm" aria-label={t('left.download', { name })}>
          {t('left.downloadShort')}
        </Anchor>
      </div>
      {open && image && (
        <img className={classes.image} src={`${address}?view=inline`} alt={name} loading="lazy" />
      )}
      {open && !image && <FileText address={address} name={name} />}
    </li>
  );
}
