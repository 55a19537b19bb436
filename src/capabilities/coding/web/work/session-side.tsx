import { isTerminal } from '../../../../contract/run-status.ts';
import type { Shown } from '../../../../web/run/shown.ts';
import { BranchCard } from './branch-card.tsx';
import { ChecksCard } from './checks-card.tsx';
import { useWork } from './use-work.ts';

/** Beside the tabs of a session: what the latest checks said, and where its work goes. */
export default function SessionSide({ moment }: Shown) {
  const work = useWork(moment);
  return (
    <>
      <ChecksCard work={work} />
      <BranchCard session={work.session} isOver={isTerminal(moment.view.status)} />
    </>
  );
}
