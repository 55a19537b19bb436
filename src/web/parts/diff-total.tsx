import { useTranslation } from 'react-i18next';
import { countText } from '../format/amount.ts';
import type { DiffFile } from './diff-file.ts';
import classes from './diff-view.module.css';

/** How many files, and lines of them. */
export function DiffTotal({ files }: { files: readonly DiffFile[] }) {
  const { t } = useTranslation('parts');
  const total = (of: 'added' | 'removed') => files.reduce((sum, file) => sum + file[of], 0);
  return (
    <>
      <strong>{t('diff.files', { count: files.length })}</strong>
      <LineCounts added={total('added')} removed={total('removed')} />
    </>
  );
}

/** `+12 −3` */
export function LineCounts({ added, removed }: { added: number; removed: number }) {
  return (
    <>
      {(added > 0 || removed === 0) && <span className={classes.added}>+{countText(added)}</span>}
      {removed > 0 && <span className={classes.removed}>−{countText(removed)}</span>}
    </>
  );
}
