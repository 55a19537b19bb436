import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { draftOf } from '../draft.ts';
import { programOfFragment, type LinkProblem } from '../program-link.ts';
import { runQuery, scriptQuery } from '../queries.ts';
import { loadRun } from './load-run.ts';
import { addressKey, addressOf, type PlaygroundAddress } from './address.ts';
import type { Playground } from './use-playground.ts';

export interface Loaded {
  /** Why the link's program could not be read. */
  readonly linkProblem: LinkProblem | undefined;
  /** Why the script of the address could not be loaded; the output says it of a run. */
  readonly error: unknown;
}

export function useAddress(): PlaygroundAddress {
  return addressOf(useSearch({ strict: false }));
}

/** Loads what the address names into the editor, once. Nothing of it is run. */
export function useLoading(
  { run, script, version }: PlaygroundAddress,
  { state, dispatch }: Playground,
  linkName: string,
): Loaded {
  const linkProblem = useLinkedProgram(dispatch, linkName);
  const ofRun = useQuery(runQuery(run));
  const wantsRun = run !== undefined && addressKey({ run }) !== state.shown;
  const scriptKey = addressKey({ script, version });
  const wantsScript = run === undefined && script !== undefined && scriptKey !== state.shown;
  const ofScript = useQuery({ ...scriptQuery(script, version), enabled: wantsScript });
  const loadedRun = wantsRun && ofRun.data?.id === run ? ofRun.data : undefined;
  useEffect(() => {
    const load = loadedRun && loadRun(loadedRun);
    if (load) dispatch(load);
  }, [dispatch, loadedRun]);
  const opened = wantsScript && ofScript.data?.id === script ? ofScript.data : undefined;
  useEffect(() => {
    const draft = opened && draftOf(opened.content);
    if (!draft) return;
    const { id, name, shown, version: latest, mayChange } = opened;
    const base = { kind: 'script', script: { id, name, version: shown, latest, mayChange } } as const;
    dispatch({ type: 'load', draft, base, name, shown: scriptKey });
  }, [dispatch, opened, scriptKey]);
  return { linkProblem, error: wantsScript ? ofScript.error : null };
}

/** The program in the address's fragment, which then goes, so that a reload keeps what was made of it. */
function useLinkedProgram(dispatch: Playground['dispatch'], linkName: string): LinkProblem | undefined {
  const { hash } = useLocation();
  const navigate = useNavigate();
  const [problem, setProblem] = useState<LinkProblem>();
  useEffect(() => {
    let current = true;
    void programOfFragment(hash).then((linked) => {
      if (!current || linked === undefined) return;
      const draft = linked.problem === undefined ? draftOf(linked.program) : undefined;
      setProblem(draft ? undefined : (linked.problem ?? 'malformed'));
      // Nobody's link makes others pay for models without their saying so.
      if (draft)
        dispatch({ type: 'load', draft: { ...draft, models: [] }, base: { kind: 'link' }, name: linkName });
      void navigate({ to: '/playground', hash: '', replace: true });
    });
    return () => {
      current = false;
    };
  }, [dispatch, hash, linkName, navigate]);
  return problem;
}
