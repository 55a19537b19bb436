import type { Run } from '../../contract/run.ts';

export default function DiffTab(_: { run: Run }) {
  return null;
}
