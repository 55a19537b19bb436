import { useState } from 'react';
import type { DiffFile } from './diff-file.ts';
import { DiffTotal } from './diff-total.tsx';
import classes from './diff-view.module.css';
import { FileDiff } from './file-diff.tsx';

/** Unified diffs, file by file. Sign and colour tell lines apart; all text is inert. */
export function DiffView({ files }: { files: readonly DiffFile[] }) {
  return (
    <>
      <div className={classes.bar}>
        <DiffTotal files={files} />
      </div>
      {files.map((file) => (
        <OneFile key={file.name} file={file} />
      ))}
    </>
  );
}

function OneFile({ file }: { file: DiffFile }) {
  const [open, setOpen] = useState(true);
  const [viewed, setViewed] = useState(false);
  const mark = (to: boolean) => {
    setViewed(to);
    setOpen(!to);
  };
  return <FileDiff {...{ file, open, viewed }} onOpen={setOpen} onViewed={mark} />;
}
