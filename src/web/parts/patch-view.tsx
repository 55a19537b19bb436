import { Button, SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconFiles } from '@tabler/icons-react';
import { useId, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiffFile } from './diff-file.ts';
import { DiffTotal } from './diff-total.tsx';
import { FileDiff } from './file-diff.tsx';
import { inTreeOrder } from './file-tree.ts';
import { FileTree } from './file-tree.tsx';
import classes from './patch-view.module.css';
import { useFileKeys } from './use-file-keys.ts';
import { useOpenFiles } from './use-open-files.ts';
import { useViewed } from './use-viewed.ts';

interface PatchViewProps {
  readonly files: readonly DiffFile[];
  /** What marks on files are kept under, in this browser; without it they last as long as the page. */
  readonly keptAs?: string;
  /** At the right of the header, before what is common to all. */
  readonly actions?: ReactNode;
}

/** A change of many files: which they are, what is read already, unified or side by side; [ and ] go from file to file. */
export default function PatchView({ files, keptAs, actions }: PatchViewProps) {
  const { t } = useTranslation('parts');
  const id = useId();
  const narrow = useMediaQuery('(max-width: 760px)') ?? false;
  const [view, setView] = useState<'unified' | 'split'>('unified');
  const [listed, setListed] = useState(false);
  const ordered = useMemo(() => inTreeOrder(files), [files]);
  const viewed = useViewed(keptAs);
  const opened = useOpenFiles(ordered, viewed);
  const idOf = (name: string) => `${id}${ordered.findIndex((file) => file.name === name)}`;
  const goTo = (name: string) => {
    opened.set(name, true);
    document.getElementById(idOf(name))?.scrollIntoView({ block: 'start' });
    document.getElementById(idOf(name))?.querySelector('button')?.focus({ preventScroll: true });
  };
  useFileKeys(
    ordered.map((file) => idOf(file.name)),
    (at) => goTo(ordered[at]?.name ?? ''),
  );
  const read = ordered.filter((file) => viewed.has(file)).length;
  return (
    <div className={classes.view}>
      <div className={classes.bar}>
        <DiffTotal files={files} />
        {read > 0 && <span className={classes.read}>{t('diff.read', { read, count: files.length })}</span>}
        <div className={classes.tools}>
          {actions}
          {!narrow && (
            <SegmentedControl
              size="xs"
              aria-label={t('diff.view')}
              data={[
                { value: 'unified', label: t('diff.unified') },
                { value: 'split', label: t('diff.split') },
              ]}
              value={view}
              onChange={(to) => setView(to === 'split' ? 'split' : 'unified')}
            />
          )}
          <Button
            className={classes.list ?? ''}
            size="compact-sm"
            variant="default"
            leftSection={<IconFiles size={14} stroke={1.75} aria-hidden="true" />}
            aria-expanded={listed}
            onClick={() => setListed(!listed)}
          >
            {t('diff.list')}
          </Button>
        </div>
      </div>
      <div className={classes.columns}>
        <div className={classes.tree} data-listed={listed || undefined}>
          <FileTree files={files} isViewed={viewed.has} onChoose={goTo} />
        </div>
        <div className={classes.files}>
          {ordered.map((file) => (
            <FileDiff
              key={file.name}
              id={idOf(file.name)}
              file={file}
              split={view === 'split' && !narrow}
              open={opened.has(file.name)}
              viewed={viewed.has(file)}
              onOpen={(open) => opened.set(file.name, open)}
              onViewed={(to) => {
                viewed.set(file, to);
                opened.set(file.name, !to);
              }}
            />
          ))}
        </div>
      </div>
    </div>
  );
}
