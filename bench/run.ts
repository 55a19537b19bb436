import { cpus, loadavg, release } from 'node:os';
import { parseArgs } from 'node:util';
import { measureAgents } from './agents.ts';
import { measureConversationPage } from './conversation-page.ts';
import { measureDependencies } from './dependencies.ts';
import { type Figure, formatFigures } from './figure.ts';
import { measureFootprint } from './footprint.ts';
import { measureHttp } from './http.ts';
import { measureKernel } from './kernel.ts';
import { measureRunPage } from './run-page.ts';
import { measureRunsList } from './runs-list.ts';
import { measureSandbox } from './sandbox.ts';
import { measureStartup } from './startup.ts';
import { measureSteps } from './steps.ts';
import { measureStream } from './stream.ts';
import { measureSubmit } from './submit.ts';
import { measureWorkspace } from './workspace.ts';
import { measureTrees } from './trees.ts';

/** `effort` 1 takes enough samples to trust; `--quick` takes a tenth, to see that the bench works. */
const parts: Readonly<Record<string, (effort: number) => Promise<Figure[]>>> = {
  sandbox: measureSandbox,
  trees: measureTrees,
  http: measureHttp,
  submit: measureSubmit,
  steps: measureSteps,
  stream: measureStream,
  footprint: measureFootprint,
  startup: measureStartup,
  kernel: measureKernel,
  runs: measureRunsList,
  page: measureRunPage,
  workspace: measureWorkspace,
  dependencies: measureDependencies,
  agents: measureAgents,
  conversation: measureConversationPage,
};

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !(name in parts));
if (unknown.length > 0)
  throw new Error(`No part is called ${unknown.join()}; there are ${Object.keys(parts).join()}.`);

const figures: Figure[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  process.stderr.write(`measuring ${name} (load ${loadavg()[0]?.toFixed(2)}) ...\n`);
  figures.push(...(await measure(values.quick ? 0.1 : 1)));
}
const machine = `${cpus().length} CPUs (${cpus()[0]?.model.trim()}), Linux ${release()}, Node ${process.version}`;
process.stdout.write(
  values.json
    ? `${JSON.stringify({ machine, figures }, null, 2)}\n`
    : `${machine}\n\n${formatFigures(figures)}\n`,
);
process.exitCode = figures.some(({ reached }) => reached === false) ? 1 : 0;
