import { Select } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import { isTerminal } from '../../../../contract/run-status.ts';
import { NothingFound } from '../../../../web/parts/empty-state.tsx';
import { ErrorPanel } from '../../../../web/parts/error-panel.tsx';
import { SkeletonRows } from '../../../../web/parts/skeleton-rows.tsx';
import type { Shown } from '../../../../web/run/shown.ts';
import { usePatch, useWholePatch } from './patch-query.ts';
import { useWork } from './use-work.ts';
import type { WorkStep } from './work-view.ts';
import classes from './work.module.css';

/** No step has this id. */
const everything = '';

const PatchView = lazy(() => import('../../../../web/parts/patch-view.tsx'));

/** What the session changes: all of it once the branch is finished, and each step by itself as soon as it is written. */
export default function SessionDiff({ run, moment }: Shown) {
  const { t } = useTranslation('codingWork');
  const { steps, session } = useWork(moment);
  const isOver = isTerminal(moment.view.status);
  const whole = useWholePatch(run.id, session.branch?.commits.length ?? 0, isOver);
  const changed = steps.filter(({ diffFile }) => diffFile !== null);
  const all = whole.data ?? null;
  const isThere = moment.loaded && !whole.isLoading;
  const [chosen, choose] = useChosen(isThere ? (all === null ? changed.at(-1)?.id : everything) : undefined);
  if (!isThere) return <SkeletonRows />;
  if (changed.length === 0 && all === null)
    return <NothingFound title={t(isOver ? 'diff.noneOver' : 'diff.none')} />;
  const isAll = all !== null && (chosen === everything || changed.length === 0);
  const step = isAll ? undefined : (changed.find(({ id }) => id === chosen) ?? changed.at(-1));
  const fileId = step ? (step.diffFile ?? undefined) : (all ?? undefined);
  return (
    <Changes
      key={fileId}
      runId={run.id}
      fileId={fileId}
      picker={<Picker steps={changed} hasAll={all !== null} chosen={step} onChoose={choose} />}
    />
  );
}

interface ChangesProps {
  readonly runId: string;
  readonly fileId: string | undefined;
  readonly picker: ReactNode;
}

function Changes({ runId, fileId, picker }: ChangesProps) {
  const { t } = useTranslation('codingWork');
  const { data: files, error, refetch } = usePatch(runId, fileId);
  if (files && files.length > 0)
    return (
      <Suspense fallback={<SkeletonRows />}>
        <PatchView files={files} keptAs={runId} actions={picker} />
      </Suspense>
    );
  return (
    <>
      <div className={classes.picker}>{picker}</div>
      {error ? (
        <ErrorPanel error={error} title={t('step.diffGone')} onRetry={() => void refetch()} />
      ) : files ? (
        <NothingFound title={t('diff.same')} />
      ) : (
        <SkeletonRows />
      )}
    </>
  );
}

interface PickerProps {
  readonly steps: readonly WorkStep[];
  readonly hasAll: boolean;
  readonly chosen: WorkStep | undefined;
  readonly onChoose: (id: string) => void;
}

/** All changes together, once there are such, or those of a step. */
function Picker({ steps, hasAll, chosen, onChoose }: PickerProps) {
  const { t } = useTranslation('codingWork');
  const data = [
    ...(hasAll ? [{ value: everything, label: t('diff.all') }] : []),
    ...steps.map(({ id, position, title }) => ({
      value: id,
      label: t('diff.step', { number: position, title: inert(title.slice(0, 100)) }),
    })),
  ];
  return (
    <Select
      className={classes.choice ?? ''}
      size="xs"
      aria-label={t('diff.choose')}
      title={hasAll ? undefined : t('diff.soon')}
      data={data}
      value={chosen?.id ?? everything}
      allowDeselect={false}
      onChange={(value) => value !== null && onChoose(value)}
    />
  );
}

/** The address keeps of which step. Without one it stays what it was first, whatever is written while somebody reads. */
function useChosen(first: string | undefined): [string | undefined, (id: string) => void] {
  const { of }: { of?: unknown } = useSearch({ strict: false });
  const navigate = useNavigate();
  const [kept, keep] = useState<string>();
  if (kept === undefined && first !== undefined) keep(first);
  const choose = (id: string) =>
    void navigate({
      to: '.',
      search: (now: object) => ({ ...now, of: id }),
      replace: true,
      resetScroll: false,
    });
  return [typeof of === 'string' ? of : (kept ?? first), choose];
}
