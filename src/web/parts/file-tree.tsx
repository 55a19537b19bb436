import { IconCheck, IconFolder } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../base/inert.ts';
import type { DiffFile } from './diff-file.ts';
import { LineCounts } from './diff-total.tsx';
import { fileTree } from './file-tree.ts';
import classes from './file-tree.module.css';

interface FileTreeProps {
  readonly files: readonly DiffFile[];
  readonly isViewed: (file: DiffFile) => boolean;
  readonly onChoose: (name: string) => void;
}

const deepest = 8;

/** The files of a change under their folders, with how much of each; one that is chosen is gone to. */
export function FileTree({ files, isViewed, onChoose }: FileTreeProps) {
  const { t } = useTranslation('parts');
  const lines = useMemo(() => fileTree(files), [files]);
  return (
    <nav aria-label={t('diff.tree')}>
      <ul className={classes.tree}>
        {lines.map(({ kind, name, path, depth, file }) => (
          <li key={`${kind} ${path}`} className={classes.line} data-depth={Math.min(depth, deepest)}>
            {file === undefined ? (
              <span className={classes.folder} title={path.slice(0, 300)}>
                <IconFolder size={14} stroke={1.75} aria-hidden="true" />
                <bdi>{inert(name.slice(0, 200))}</bdi>
              </span>
            ) : (
              <button type="button" className={classes.file} onClick={() => onChoose(path)}>
                <bdi className={classes.name} title={path.slice(0, 300)}>
                  {inert(name.slice(0, 200))}
                </bdi>
                {isViewed(file) && (
                  <IconCheck size={14} stroke={2.1} role="img" aria-label={t('diff.viewed')} />
                )}
                <span className={classes.counts}>
                  <LineCounts added={file.added} removed={file.removed} />
                </span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}
