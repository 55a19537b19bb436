import { useMemo } from 'react';
import { inert } from '../../base/inert.ts';
import type { DiffLine } from './diff-lines.ts';
import classes from './diff-view.module.css';
import { splitRows, type SplitRow } from './split-rows.ts';

const signs = { same: ' ', gone: '−', new: '+', place: '' } as const;
const longest = 5000;

interface DiffTableProps {
  readonly name: string;
  readonly lines: readonly DiffLine[];
  readonly split: boolean;
}

/** Lines with their numbers, in one column or two. */
export function DiffTable({ name, lines, split }: DiffTableProps) {
  return (
    <div className={classes.scroll} role="region" tabIndex={0} aria-label={name.slice(0, 200)}>
      {split ? (
        <Split lines={lines} />
      ) : (
        <table className={classes.table}>
          <tbody>
            {lines.map((line, index) => (
              <tr key={index} data-kind={line.kind}>
                <td className={classes.number}>{line.oldNumber}</td>
                <td className={classes.number}>{line.newNumber}</td>
                <td className={classes.sign}>{signs[line.kind]}</td>
                <Text line={line} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function Split({ lines }: { lines: readonly DiffLine[] }) {
  const rows = useMemo(() => splitRows(lines), [lines]);
  return (
    <table className={classes.table} data-split="">
      <colgroup>
        <col className={classes.number} />
        <col className={classes.sign} />
        <col />
        <col className={classes.number} />
        <col className={classes.sign} />
        <col />
      </colgroup>
      <tbody>
        {rows.map((row, index) => (
          <Row key={index} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row: { old, now } }: { row: SplitRow }) {
  if (old?.kind === 'place')
    return (
      <tr data-kind="place">
        <td className={classes.text} colSpan={6}>
          {inert(old.text.slice(0, longest))}
        </td>
      </tr>
    );
  return (
    <tr>
      <Side line={old} number={old?.oldNumber} />
      <Side line={now} number={now?.newNumber} />
    </tr>
  );
}

function Side({ line, number }: { line: DiffLine | undefined; number: number | undefined }) {
  const kind = line?.kind ?? 'none';
  return (
    <>
      <td className={classes.number} data-kind={kind}>
        {number}
      </td>
      <td className={classes.sign} data-kind={kind}>
        {line && signs[line.kind]}
      </td>
      {line ? (
        <Text line={line} kind={kind} />
      ) : (
        <td className={classes.text} data-kind={kind} aria-hidden="true" />
      )}
    </>
  );
}

function Text({ line: { text, mark }, kind }: { line: DiffLine; kind?: string }) {
  return (
    <td className={classes.text} data-kind={kind}>
      {mark ? (
        <>
          {inert(text.slice(0, Math.min(mark[0], longest)))}
          <span className={classes.mark}>
            {inert(text.slice(mark[0], Math.min(mark[1], mark[0] + longest)))}
          </span>
          {inert(text.slice(mark[1], mark[1] + longest))}
        </>
      ) : (
        inert(text.slice(0, longest))
      )}
    </td>
  );
}
