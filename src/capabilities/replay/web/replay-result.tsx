import type { Run } from '../../../contract/run.ts';
import { ReplayPanel } from './replay-panel.tsx';

/** A replay's own part of the run page. */
export default function ReplayResult({ run }: { run: Run }) {
  return <ReplayPanel runId={run.id} isOwnPage />;
}
