import { useEffect, useEffectEvent, useReducer, type Dispatch } from 'react';
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
  const [state, dispatch] = useReducer(playgroundReducer, undefined, firstState);
  const changed = isChanged(state);
  const keep = useEffectEvent(() => keepDraft(localStorage, state));
  useEffect(() => {
    const timer = window.setTimeout(() => keepDraft(localStorage, state), calmMs);
    return () => window.clearTimeout(timer);
  }, [state]);
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

function firstState(): PlaygroundState {
  const kept = keptDraft(localStorage);
  if (kept) return kept;
  const draft = draftOf(firstProgram);
  if (!draft) throw new Error('The first example can’t be read.');
  return startState(draft, { kind: 'example' });
}
