import type { Icon } from '@tabler/icons-react';
import type { Texts } from './locales/texts.ts';
import type { ComponentType, LazyExoticComponent } from 'react';
import type { Run, RunSummary } from '../contract/run.ts';
import type { PageEntry } from './page-entry.ts';
import type { AskedQuestion } from './parts/question-panel.tsx';
import type { FollowedRun, Shown } from './run/shown.ts';
import type { RunTab } from './run/tabs-of.ts';

/** A tab that a capability adds to the pages of its runs. */
export interface CapabilityTab {
  /** As the address names it. A tab of the house that is called the same gives way to it. */
  readonly name: string;
  readonly label: (t: Texts) => string;
  /** The house's tab that it comes after; the first of all without one. */
  readonly after?: RunTab;
  readonly Panel: LazyExoticComponent<ComponentType<FollowedRun>>;
  /** Always unless given. */
  readonly isShown?: (shown: Pick<Shown, 'run' | 'moment'>) => boolean;
  /** Stands beside its label when there are any. */
  readonly count?: (shown: Pick<Shown, 'run' | 'moment'>) => number;
}

/** What a question is shown with in place of its plain form: what it is about, and the ways to answer. */
export interface QuestionParts {
  readonly asked: AskedQuestion;
  /** It is open, and this person may answer it; otherwise it is only to be read. */
  readonly canAnswer: boolean;
  /** A, C and Shift+R answer. */
  readonly hasKeys: boolean;
  /** After an answer was taken, or somebody else's was there first: read again. */
  readonly onChanged: () => void;
}

/** What a capability brings to the pages: it lies in its folder's `web/`, and `capabilities.ts` lists it. */
export interface WebCapability {
  /** As runs name it. */
  readonly name: string;
  readonly icon: Icon;
  /** A run of it, in a list: "Execution". */
  readonly kind: (t: Texts) => string;
  /** Agents speak in its runs: the run page shows their conversation first. */
  readonly converses?: boolean;
  readonly pages: readonly PageEntry[];
  /** Its place in the sidebar's Work group and in the palette. */
  readonly nav?: {
    readonly path: string;
    readonly label: (t: Texts) => string;
    /** After G, the key that goes there. */
    readonly key: string;
    /** What starting one is called: "Run code". */
    readonly start: (t: Texts) => string;
    /** After N, the key that starts one. */
    readonly newKey: string;
    /** One sentence: what it is good for. */
    readonly about?: (t: Texts) => string;
    /** Its page lists its runs: the way back from one of them. */
    readonly lists?: boolean;
  };
  /** Its part of the start page: the short way to a run. */
  readonly StartBox?: LazyExoticComponent<ComponentType>;
  /** The texts in which two of its runs are compared, by name; input and output as JSON unless given. */
  readonly comparable?: (run: Run) => Readonly<Record<string, string>>;
  /** A dialog that acts on all the runs that a filter means; what events are looked through by can be acted on by it. */
  readonly ActOnRuns?: LazyExoticComponent<
    ComponentType<{ filter: Readonly<Record<string, unknown>>; onClose: () => void }>
  >;
  /** Its tabs of the run page, beside those that every run has. */
  readonly tabs?: readonly CapabilityTab[];
  /** Its cards beside the tabs. */
  readonly Side?: LazyExoticComponent<ComponentType<Shown>>;
  /** What it has to say in the line under the title. */
  readonly Lead?: LazyExoticComponent<ComponentType<Shown>>;
  /** The tab that a run of it opens with; the house's choice without one. */
  readonly firstTab?: (run: Pick<RunSummary, 'status' | 'asks'>) => string | undefined;
  /** How its questions are shown, by the kind of their subject; the inbox and the run page share it. */
  readonly questions?: Readonly<Record<string, LazyExoticComponent<ComponentType<QuestionParts>>>>;
  /** Its part of the run page: what came of the run. */
  readonly RunResult?: LazyExoticComponent<ComponentType<{ run: Run }>>;
}
