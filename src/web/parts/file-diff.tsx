import { Button, Checkbox } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { memo, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import { countText } from '../format/amount.ts';
import type { DiffFile } from './diff-file.ts';
import { diffLines } from './diff-lines.ts';
import { DiffTable } from './diff-table.tsx';
import { LineCounts } from './diff-total.tsx';
import classes from './diff-view.module.css';

interface FileDiffProps {
  readonly file: DiffFile;
  readonly open: boolean;
  readonly viewed: boolean;
  /** Both columns side by side, rather than one after the other. */
  readonly split?: boolean;
  /** For who jumps to it. */
  readonly id?: string;
  readonly onOpen: (open: boolean) => void;
  readonly onViewed: (viewed: boolean) => void;
}

/** One file of a diff: its name and counts, and below them, when it is open, its lines. */
export function FileDiff({ file, open, viewed, split = false, id, onOpen, onViewed }: FileDiffProps) {
  const { t } = useTranslation('parts');
  const Chevron = open ? IconChevronDown : IconChevronRight;
  const { name, from, status } = file;
  return (
    <section className={classes.file} id={id} data-open={open || undefined}>
      <div className={classes.head}>
        <button type="button" className={classes.toggle} aria-expanded={open} onClick={() => onOpen(!open)}>
          <Chevron size={14} stroke={1.75} aria-hidden="true" />
          <span className={classes.name}>
            {from !== undefined && (
              <>
                <bdi>{inert(from.slice(0, 300))}</bdi> →{' '}
              </>
            )}
            <bdi>{inert(name.slice(0, 300))}</bdi>
          </span>
          {status !== undefined && status !== 'changed' && (
            <span className={classes.status}>{t(`diff.${status}`)}</span>
          )}
          <LineCounts added={file.added} removed={file.removed} />
        </button>
        <Checkbox
          size="xs"
          label={t('diff.viewed')}
          aria-label={`${t('diff.viewed')}: ${name.slice(0, 100)}`}
          checked={viewed}
          onChange={(event) => onViewed(event.currentTarget.checked)}
        />
      </div>
      {open && <Lines file={file} split={split} />}
    </section>
  );
}

const atOnce = 1000;

/** Its lines, as many as a page can bear; more when they are asked for. */
const Lines = memo(function Lines({ file, split }: { file: DiffFile; split: boolean }) {
  const { t } = useTranslation('parts');
  const [shown, setShown] = useState(atOnce);
  const lines = useMemo(() => diffLines(file.hunks), [file.hunks]);
  const left = lines.length - shown;
  if (lines.length === 0)
    return <p className={classes.nothing}>{t(file.isBinary ? 'diff.binary' : 'diff.noLines')}</p>;
  return (
    <>
      <DiffTable name={file.name} lines={lines.slice(0, shown)} split={split} />
      {left > 0 && (
        <div className={classes.rest}>
          <Button size="compact-sm" variant="default" onClick={() => setShown(shown + 5 * atOnce)}>
            {t('diff.more', { count: Math.min(left, 5 * atOnce) })}
          </Button>
          <span>{t('diff.shown', { shown: countText(shown), all: countText(lines.length) })}</span>
        </div>
      )}
    </>
  );
});
