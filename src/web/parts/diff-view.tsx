import { Checkbox } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import { countText } from '../format/amount.ts';
import { diffLines, type DiffLine } from './diff-lines.ts';
import classes from './diff-view.module.css';

export interface DiffFile {
  readonly name: string;
  /** Unified hunks, each with its `@@` line. */
  readonly hunks: readonly string[];
  readonly added: number;
  readonly removed: number;
}

const mostLines = 3000;
const signs = { same: ' ', gone: '−', new: '+', place: '' } as const;

/** Unified diffs, file by file. Sign and colour tell lines apart; all text is inert. */
export function DiffView({ files }: { files: readonly DiffFile[] }) {
  const { t } = useTranslation('parts');
  const total = (of: 'added' | 'removed') => countText(files.reduce((sum, file) => sum + file[of], 0));
  return (
    <>
      <div className={classes.bar}>
        <strong>{t('diff.files', { count: files.length })}</strong>
        <span className={classes.added}>+{total('added')}</span>
        <span className={classes.removed}>−{total('removed')}</span>
      </div>
      {files.map((file) => (
        <FileDiff key={file.name} file={file} />
      ))}
    </>
  );
}

function FileDiff({ file }: { file: DiffFile }) {
  const { t } = useTranslation('parts');
  const [open, setOpen] = useState(true);
  const [viewed, setViewed] = useState(false);
  const lines = useMemo(() => diffLines(file.hunks).slice(0, mostLines), [file.hunks]);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <section className={classes.file}>
      <div className={classes.head}>
        <button type="button" className={classes.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Chevron size={14} stroke={1.75} aria-hidden="true" />
          <bdi>{inert(file.name.slice(0, 300))}</bdi>
          <span className={classes.added}>+{file.added}</span>
          <span className={classes.removed}>−{file.removed}</span>
        </button>
        <Checkbox
          size="xs"
          label={t('diff.viewed')}
          aria-label={`${t('diff.viewed')}: ${file.name.slice(0, 100)}`}
          checked={viewed}
          onChange={(event) => {
            setViewed(event.currentTarget.checked);
            setOpen(!event.currentTarget.checked);
          }}
        />
      </div>
      {open && (
        <div className={classes.scroll} role="region" tabIndex={0} aria-label={file.name.slice(0, 200)}>
          <table className={classes.table}>
            <tbody>
              {lines.map((line, index) => (
                <LineRow key={index} line={line} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function LineRow({ line }: { line: DiffLine }) {
  const { kind, text, mark } = line;
  return (
    <tr data-kind={kind}>
      <td className={classes.number}>{line.oldNumber}</td>
      <td className={classes.number}>{line.newNumber}</td>
      <td className={classes.sign}>{signs[kind]}</td>
      <td className={classes.text}>
        {mark ? (
          <>
            {inert(text.slice(0, mark[0]))}
            <span className={classes.mark}>{inert(text.slice(mark[0], mark[1]))}</span>
            {inert(text.slice(mark[1]))}
          </>
        ) : (
          inert(text.slice(0, 5000))
        )}
      </td>
    </tr>
  );
}
