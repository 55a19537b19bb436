import { IconCheck, IconSkull, IconUserQuestion, IconX } from '@tabler/icons-react';
import type { InboxKind } from '../../contract/inbox.ts';
import classes from './item-list.module.css';

const icons = { question: IconUserQuestion, failed: IconX, dead: IconSkull, succeeded: IconCheck } as const;

/** What kind of item it is; the words beside it say so too. */
export function KindIcon({ kind }: { kind: InboxKind }) {
  const Icon = icons[kind];
  return <Icon size={16} stroke={1.75} aria-hidden="true" className={classes.icon} data-kind={kind} />;
}
