import { useEffect, useEffectEvent, useReducer, useState, type Dispatch } from 'react';
import { useMe } from '../../../../web/api/me.ts';
import { draftOf } from '../draft.ts';
import { firstProgram } from '../first-program.ts';
import {
  isChanged,
  playgroundReducer,
  startState,
  type PlaygroundAction,
  type PlaygroundState,
} from './playground-state.ts';
import { keepDraft, keptDraft } from './stored-draft.ts';

export interface Playground {
  readonly state: PlaygroundState;
  readonly changed: boolean;
  readonly dispatch: Dispatch<PlaygroundAction>;
}

const calmMs = 400;

/** The program in the editor. It survives a reload; leaving warns only where the browser could not keep it. */
export function usePlayground(): Playground {
  const me = useMe()?.userId ?? '';
  // Whose it was at first: should somebody else sign in meanwhile, it isn't theirs.
  const [owner] = useState(me);
  const [state, dispatch] = useReducer(playgroundReducer, owner, firstState);
  const changed = isChanged(state);
  const keep = useEffectEvent(() => keepDraft(localStorage, owner, state));
  useEffect(() => {
    const timer = window.setTimeout(() => keepDraft(localStorage, owner, state), calmMs);
    return () => window.clearTimeout(timer);
  }, [owner, state]);
  const leave = useEffectEvent((event: BeforeUnloadEvent) => {
    if (!keep() && isChanged(state)) event.preventDefault();
  });
  useEffect(() => {
    const onLeave = (event: BeforeUnloadEvent) => leave(event);
    window.addEventListener('beforeunload', onLeave);
    return () => {
      window.removeEventListener('beforeunload', onLeave);
      keep();
    };
  }, []);
  return { state, changed, dispatch };
}

function firstState(owner: string): PlaygroundState {
  const kept = keptDraft(localStorage, owner);
  if (kept) return kept;
  const draft = draftOf(firstProgram);
  if (!draft) throw new Error('The first example can’t be read.');
  return startState(draft, { kind: 'example' });
}
