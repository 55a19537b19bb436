import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { SessionReading } from './session-reading.ts';

const registry = new Registry();
const registers = [registry];
const fine = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const coarse = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200];

const runs = new Counter({
  name: 'gantry_runs_total',
  help: 'Runs that ended, by capability and status.',
  labelNames: ['capability', 'status'],
  registers,
});
const runDuration = new Histogram({
  name: 'gantry_run_duration_seconds',
  help: 'Time from the start of a run to its end.',
  labelNames: ['capability', 'status'],
  buckets: coarse,
  registers,
});
const queueWait = new Histogram({
  name: 'gantry_queue_wait_seconds',
  help: 'Time that a run waited for a slot.',
  buckets: [0.001, 0.0025, 0.005, ...coarse],
  registers,
});
const queueDepth = new Gauge({
  name: 'gantry_queue_depth',
  help: 'Runs that wait for a slot.',
  registers,
});
const slots = new Gauge({
  name: 'gantry_worker_slots',
  help: 'Slots of all workers, by state (busy, free).',
  labelNames: ['state'],
  registers,
});
const workerRuns = new Gauge({
  name: 'gantry_worker_runs',
  help: 'Runs that a worker works on.',
  labelNames: ['worker'],
  registers,
});
const workerMemory = new Gauge({
  name: 'gantry_worker_memory_bytes',
  help: 'Memory of a worker process, as of its last beat.',
  labelNames: ['worker'],
  registers,
});
const workerLoad = new Gauge({
  name: 'gantry_worker_load',
  help: "Load of a worker's machine over the last minute, as of its last beat.",
  labelNames: ['worker'],
  registers,
});
const deadLetters = new Gauge({
  name: 'gantry_dead_letters',
  help: 'Runs that were given up: dead.',
  registers,
});
const sandboxStarts = new Counter({
  name: 'gantry_sandbox_starts_total',
  help: 'Sandboxes started.',
  registers,
});
const poolHits = new Counter({
  name: 'gantry_sandbox_pool_hits_total',
  help: 'Requests to the warm pool, by result (hit, miss).',
  labelNames: ['result'],
  registers,
});
const databasePool = new Gauge({
  name: 'gantry_database_pool',
  help: 'Connections of this process to the database (busy, idle), and requests that wait for one (waiting).',
  labelNames: ['state'],
  registers,
});
const requests = new Counter({
  name: 'gantry_http_requests_total',
  help: 'HTTP requests answered.',
  labelNames: ['method', 'route', 'status'],
  registers,
});
const requestDuration = new Histogram({
  name: 'gantry_http_request_duration_seconds',
  help: 'Time to answer an HTTP request; streams are not counted.',
  labelNames: ['method', 'route'],
  buckets: fine,
  registers,
});
const fetches = new Histogram({
  name: 'gantry_repository_fetch_seconds',
  help: 'Time to bring commits of a repository to this machine, by kind (clone, fetch).',
  labelNames: ['kind'],
  buckets: coarse,
  registers,
});
const mirrorDisk = new Gauge({
  name: 'gantry_mirror_bytes',
  help: 'Disk that mirrors of repositories take on this machine.',
  registers,
});
const workspaceReady = new Histogram({
  name: 'gantry_workspace_ready_seconds',
  help: 'Time until a workspace could be used, by what it was made from (clone, mirror, snapshot).',
  labelNames: ['from'],
  buckets: [...fine, 30, 60, 300],
  registers,
});
const workspaceDisk = new Gauge({
  name: 'gantry_workspace_bytes',
  help: 'Disk that workspaces and their snapshots take on this machine.',
  registers,
});
const openWorkspaces = new Gauge({
  name: 'gantry_workspaces_open',
  help: 'Workspaces that are open in this process.',
  registers,
});
const checkpointTime = new Histogram({
  name: 'gantry_checkpoint_seconds',
  help: 'Time to keep what was changed in a workspace.',
  buckets: fine,
  registers,
});
const modelRequests = new Counter({
  name: 'gantry_model_requests_total',
  help: 'Calls of models that ended, by status (answered, failed).',
  labelNames: ['provider', 'model', 'status'],
  registers,
});
const modelDuration = new Histogram({
  name: 'gantry_model_request_duration_seconds',
  help: 'Time from a call of a model to its whole answer, tries and pauses included.',
  labelNames: ['provider', 'model'],
  buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640],
  registers,
});
const modelTokens = new Counter({
  name: 'gantry_model_tokens_total',
  help: 'Tokens that models read and wrote, by kind (input, cached, output); cached ones are part of the input.',
  labelNames: ['provider', 'model', 'kind'],
  registers,
});
const modelCost = new Counter({
  name: 'gantry_model_cost_usd_total',
  help: 'What calls of models cost, in US dollars, as far as prices are known.',
  labelNames: ['provider', 'model'],
  registers,
});
const modelCache = new Counter({
  name: 'gantry_model_cache_total',
  help: 'Questions to the cache of answers, by result (hit, miss).',
  labelNames: ['result'],
  registers,
});
const budgetRefusals = new Counter({
  name: 'gantry_budget_refusals_total',
  help: 'Calls of models that a budget stopped, by whose budget.',
  labelNames: ['scope'],
  registers,
});

/** A call of a model that ended. */
export interface ModelCallReading {
  readonly provider: string;
  readonly model: string;
  readonly status: string;
  readonly seconds: number;
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  /** Null when nobody has said what the model costs. */
  readonly usd: number | null;
}

/* Anybody may name a model: beyond so many the others are counted together. */
const namedModels = new Set<string>();
const mostNamedModels = 50;

function labelOf(model: string): string {
  if (namedModels.has(model)) return model;
  if (namedModels.size >= mostNamedModels) return 'other';
  namedModels.add(model);
  return model;
}

const dependencyInstalls = new Histogram({
  name: 'gantry_dependency_install_duration_seconds',
  help: 'Time until the packages of a project were there, by manager and result (snapshot, install, none, failed).',
  labelNames: ['manager', 'result'],
  buckets: coarse,
  registers,
});

const created = new Counter({
  name: 'gantry_runs_created_total',
  help: 'Runs that were put into the queue, by capability.',
  labelNames: ['capability'],
  registers,
});
const agentModels = new Histogram({
  name: 'gantry_agent_model_seconds',
  help: 'Time from a question of an agent to the whole answer of its model, by capability and what the agent does.',
  labelNames: ['capability', 'agent'],
  buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640],
  registers,
});
const sessions = new Histogram({
  name: 'gantry_session_duration_seconds',
  help: 'Time from the start of a coding session to its end, by what came of it.',
  labelNames: ['outcome'],
  buckets: [10, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 259_200],
  registers,
});
const sessionTokens = new Histogram({
  name: 'gantry_session_tokens',
  help: 'Tokens that the models of a session read and wrote.',
  buckets: [1000, 10_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000],
  registers,
});
const sessionCommits = new Histogram({
  name: 'gantry_session_commits',
  help: 'Commits on the branch of a session.',
  buckets: [0, 1, 2, 3, 5, 8, 13, 20, 50],
  registers,
});
const verifications = new Counter({
  name: 'gantry_session_verifications_total',
  help: 'Tries of steps that were verified, by result (passed, failed).',
  labelNames: ['result'],
  registers,
});
const retries = new Counter({
  name: 'gantry_session_retries_total',
  help: 'Tries of steps beyond the first.',
  registers,
});
const pulls = new Counter({
  name: 'gantry_session_pulls_total',
  help: 'Pull requests of sessions, by what was done to them (opened, merged).',
  labelNames: ['act'],
  registers,
});

/** What happened, told by those to whom it happens. Plain calls without a wait; times in seconds. */
export const metrics = {
  runFinished(capability: string, status: string, seconds: number): void {
    runs.inc({ capability, status });
    runDuration.observe({ capability, status }, seconds);
  },
  runCreated(capability: string): void {
    created.inc({ capability });
  },
  runClaimed(waitedSeconds: number): void {
    queueWait.observe(waitedSeconds);
  },
  requestAnswered(method: string, route: string, status: number, seconds: number | undefined): void {
    requests.inc({ method, route, status });
    if (seconds !== undefined) requestDuration.observe({ method, route }, seconds);
  },
  dependenciesInstalled(manager: string, result: string, seconds: number): void {
    dependencyInstalls.observe({ manager, result }, seconds);
  },
  modelCalled({ provider, model, status, seconds, input, cached, output, usd }: ModelCallReading): void {
    const labels = { provider, model: labelOf(model) };
    modelRequests.inc({ ...labels, status });
    modelDuration.observe(labels, seconds);
    modelTokens.inc({ ...labels, kind: 'input' }, input);
    modelTokens.inc({ ...labels, kind: 'cached' }, cached);
    modelTokens.inc({ ...labels, kind: 'output' }, output);
    modelCost.inc(labels, usd ?? 0);
  },
  agentAnswered(capability: string, agent: string, seconds: number): void {
    agentModels.observe({ capability, agent }, seconds);
  },
  sessionEnded({ outcome, seconds, tokens, commits, ...tries }: SessionReading): void {
    sessions.observe({ outcome }, seconds);
    sessionTokens.observe(tokens);
    sessionCommits.observe(commits);
    verifications.inc({ result: 'passed' }, tries.passed);
    verifications.inc({ result: 'failed' }, tries.failed);
    retries.inc(tries.retries);
    for (const act of tries.pulls) pulls.inc({ act });
  },
  modelCacheAsked(result: 'hit' | 'miss'): void {
    modelCache.inc({ result });
  },
  budgetRefused(scope: string): void {
    budgetRefusals.inc({ scope });
  },
  repositoryFetched(kind: 'clone' | 'fetch', seconds: number): void {
    fetches.observe({ kind }, seconds);
  },
  mirrorBytes(bytes: number): void {
    mirrorDisk.set(bytes);
  },
  workspaceReady(from: 'clone' | 'mirror' | 'snapshot', seconds: number): void {
    workspaceReady.observe({ from }, seconds);
  },
  workspaceBytes(bytes: number): void {
    workspaceDisk.set(bytes);
  },
  workspacesOpen(count: number): void {
    openWorkspaces.set(count);
  },
  checkpointed(seconds: number): void {
    checkpointTime.observe(seconds);
  },
};

export interface QueueReading {
  readonly queued: number;
  readonly dead: number;
  readonly slots: number;
  readonly busy: number;
  /** Each worker that is there, by its name; figures are null for one of an older version. */
  readonly workers?: readonly WorkerReading[];
}

export interface WorkerReading {
  readonly name: string;
  readonly busy: number;
  readonly rssBytes: number | null;
  readonly load: number | null;
}

export interface PoolReading {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** Counts since the process began. */
export interface SandboxReading {
  readonly started: number;
  readonly warmHits: number;
  readonly warmMisses: number;
}

/** Where the figures that are read, not told, come from; `platform.ts` knows. */
export interface MetricSources {
  queue(): Promise<QueueReading>;
  pool(): PoolReading;
  sandboxes(): SandboxReading;
}

let collecting = false;

/** The page for Prometheus. A source that fails leaves its gauges out, so that an outage of the database stays visible. */
export async function renderMetrics(sources: MetricSources): Promise<{ contentType: string; body: string }> {
  if (!collecting) collectDefaultMetrics({ register: registry });
  collecting = true;
  await readQueue(sources);
  const pool = sources.pool();
  databasePool.set({ state: 'busy' }, pool.total - pool.idle);
  databasePool.set({ state: 'idle' }, pool.idle);
  databasePool.set({ state: 'waiting' }, pool.waiting);
  readSandboxes(sources.sandboxes());
  return { contentType: registry.contentType, body: await registry.metrics() };
}

function readSandboxes({ started, warmHits, warmMisses }: SandboxReading): void {
  sandboxStarts.reset();
  sandboxStarts.inc(started);
  poolHits.reset();
  poolHits.inc({ result: 'hit' }, warmHits);
  poolHits.inc({ result: 'miss' }, warmMisses);
}

async function readQueue(sources: MetricSources): Promise<void> {
  try {
    const queue = await sources.queue();
    queueDepth.set(queue.queued);
    deadLetters.set(queue.dead);
    slots.set({ state: 'busy' }, queue.busy);
    slots.set({ state: 'free' }, queue.slots - queue.busy);
    for (const gauge of [workerRuns, workerMemory, workerLoad]) gauge.reset();
    for (const worker of queue.workers ?? []) {
      workerRuns.set({ worker: worker.name }, worker.busy);
      if (worker.rssBytes !== null) workerMemory.set({ worker: worker.name }, worker.rssBytes);
      if (worker.load !== null) workerLoad.set({ worker: worker.name }, worker.load);
    }
  } catch {
    for (const gauge of [queueDepth, deadLetters, slots]) gauge.remove();
    for (const gauge of [slots, workerRuns, workerMemory, workerLoad]) gauge.reset();
  }
}
