import type { Shown } from '../../../../web/run/shown.ts';
import { PullLink } from './pull-link.tsx';
import { useWork } from './use-work.ts';

/** Under the title of a session: its pull request. */
export default function SessionLead({ moment }: Shown) {
  const { pull } = useWork(moment).session;
  return pull && <PullLink pull={pull} />;
}
