import { cargo, goLang, java, ruby, semgrep } from './others.ts';
import type { Detector } from './folder.ts';
import { node } from './node.ts';
import { python } from './python.ts';

/** In the order in which their checks are listed. */
export const detectors: readonly Detector[] = [python, node, goLang, cargo, ruby, java, semgrep];
