import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Gateway, ModelAnswer, Payer } from './gateway.ts';
import { errorBody, invalid, programErrorOf, row, type ProgramError } from './program-error.ts';
import { completionOf, deltaOf, endOf, headOf } from './program-reply.ts';
import { readProgramRequest, type ProgramRequest } from './program-request.ts';

export interface ProgramLimits {
  /** Bytes of one request. */
  readonly bodyBytes: number;
  /** Requests at the same time. */
  readonly concurrent: number;
  /** Requests in all. */
  readonly calls: number;
  /** Of one answer, also where a program asks for more. */
  readonly maxOutputTokens: number;
}

export interface ProgramEndpointOptions {
  readonly gateway: Pick<Gateway, 'complete' | 'info'>;
  /** The run pays, within its budgets. */
  readonly payer: Payer;
  /** What a program shows as its OpenAI key. It is good for this endpoint only, for as long as the run works. */
  readonly token: string;
  /** The models that programs may use; the first one is also called `default`. */
  readonly models: readonly string[];
  /** For the scripted model. */
  readonly script?: unknown;
  readonly limits?: Partial<ProgramLimits>;
  /** Ends the endpoint and what it has under way. */
  readonly signal: AbortSignal;
}

const usualLimits: ProgramLimits = {
  bodyBytes: 4 * 1024 ** 2,
  concurrent: 4,
  calls: 10_000,
  maxOutputTokens: 16_384,
};
const lifeSignMs = 15_000;

/**
 * An endpoint in OpenAI's form for programs in a sandbox: `POST /v1/chat/completions` and `GET /v1/models`. Behind it is the
 * gateway, so that a program uses models within the run's budgets and never sees a provider's key.
 */
export function createProgramEndpoint(
  options: ProgramEndpointOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const limits = { ...usualLimits, ...options.limits };
  const expected = digest(`Bearer ${options.token}`);
  let open = 0;
  let calls = 0;
  return (request, response) => {
    request.on('error', () => response.destroy());
    response.on('error', () => response.destroy());
    const full = calls >= limits.calls ? tooManyInAll : open >= limits.concurrent ? tooMany : undefined;
    const refusal = refuse(request, options, expected) ?? full;
    if (refusal) {
      request.resume();
      sendError(response, refusal);
      return;
    }
    open += 1;
    calls += 1;
    response.once('close', () => (open -= 1));
    answer(request, response, options, limits).catch((error: unknown) => {
      sendError(response, options.signal.aborted ? runEnded : programErrorOf(error));
    });
  };
}

const tooMany: ProgramError = {
  ...row(429, 'requests', 'rate_limit_exceeded', 'This run asks the model too often at once.'),
  retryAfterSeconds: 1,
};
const tooManyInAll = row(
  429,
  'requests',
  'rate_limit_exceeded',
  'This run has asked the model as often as one run may.',
);
const runEnded = row(401, 'invalid_request_error', 'invalid_api_key', 'The run of this token has ended.');

/** What is wrong with a request before its body is looked at. */
function refuse(
  { method, url = '', headers }: IncomingMessage,
  { signal }: ProgramEndpointOptions,
  expected: Buffer,
): ProgramError | undefined {
  if (signal.aborted) return runEnded;
  if (!timingSafeEqual(digest(headers.authorization ?? ''), expected)) {
    const message = 'The token is wrong. Use the OPENAI_API_KEY that this program was started with.';
    return row(401, 'invalid_request_error', 'invalid_api_key', message);
  }
  const path = url.split('?')[0];
  if (path === '/v1/models' && method === 'GET') return undefined;
  if (path === '/v1/chat/completions' && method === 'POST') return undefined;
  return invalid(
    `${method} ${path} is not served: only POST /v1/chat/completions and GET /v1/models are.`,
    null,
    404,
  );
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ProgramEndpointOptions,
  limits: ProgramLimits,
): Promise<void> {
  const { models } = options;
  if (request.method === 'GET') {
    const data = models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'gantry' }));
    request.resume();
    sendJson(response, 200, { object: 'list', data });
    return;
  }
  const body = await readBody(request, limits.bodyBytes);
  if ('error' in body) return sendError(response, body.error);
  const read = readProgramRequest(body.value);
  if (!read.success) {
    const [issue] = read.error.issues;
    const param = issue?.path.join('.') || null;
    const message = issue?.message ?? 'is not valid';
    return sendError(
      response,
      invalid(param === null ? `The body: ${message}` : `${param}: ${message}`, param),
    );
  }
  const model = read.data.model === 'default' ? models[0] : read.data.model;
  if (model === undefined || !models.includes(model)) {
    const message = `The model ${read.data.model.slice(0, 100)} may not be used here. Choose one of: ${models.join(', ')}.`;
    return sendError(response, row(404, 'invalid_request_error', 'model_not_found', message));
  }
  await complete(response, { ...read.data, model }, options, limits);
}

/** Asks the gateway, for as long as run and program are there to hear the answer. */
async function complete(
  response: ServerResponse,
  asked: ProgramRequest,
  { gateway, payer, script, signal }: ProgramEndpointOptions,
  limits: ProgramLimits,
): Promise<void> {
  const { model, messages, turn, tools, toolChoice, outputSchema, temperature, effort, stream, withUsage } =
    asked;
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const { maxOutputTokens: most } = await gateway.info(model);
  const streaming = stream ? startStream(response, model, gone) : undefined;
  const answer = await gateway.complete({
    ...{ model, messages, turn, payer, owner: null, purpose: 'program' },
    maxOutputTokens: Math.min(asked.maxOutputTokens ?? most, most, limits.maxOutputTokens),
    signal: AbortSignal.any([signal, gone.signal]),
    ...(tools && { tools }),
    ...(toolChoice && { toolChoice }),
    ...(outputSchema && { outputSchema }),
    ...(temperature !== undefined && { temperature }),
    ...(effort && { effort }),
    ...(script !== undefined && { script }),
    ...(streaming && { onDelta: streaming.onDelta, onRestart: streaming.onRestart }),
  });
  if (answer.kind === 'over-budget') {
    const message = `The budget (${answer.over.scope}) does not allow this call. Who started the run can raise it.`;
    return sendError(response, row(402, 'insufficient_quota', 'insufficient_quota', message));
  }
  if (streaming) streaming.end(answer, withUsage);
  else sendJson(response, 200, completionOf(headOf(model), answer));
}

interface Streaming {
  onDelta(delta: { readonly kind: 'text' | 'reasoning'; readonly text: string }): void;
  onRestart(): void;
  end(answer: ModelAnswer, withUsage: boolean): void;
}

/** Begins the stream with its first piece, so that what fails before is told by a status. */
function startStream(response: ServerResponse, model: string, gone: AbortController): Streaming {
  const head = headOf(model);
  const begin = () => {
    if (response.headersSent) return;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    const alive = setInterval(() => response.write(': still here\n\n'), lifeSignMs);
    response.once('close', () => clearInterval(alive));
  };
  const send = (data: unknown) => {
    begin();
    response.write(`data: ${JSON.stringify(data)}\n\n`);
  };
  return {
    onDelta: (delta) => send(deltaOf(head, delta)),
    onRestart: () => {
      // What was said can't be taken back, and would stand there twice.
      const message = 'The model broke off in the middle of its answer. Ask again.';
      sendError(response, row(503, 'server_error', 'model_unavailable', message));
      gone.abort();
    },
    end: (answer, withUsage) => {
      for (const data of endOf(head, answer, withUsage)) send(data);
      response.end('data: [DONE]\n\n');
    },
  };
}

async function readBody(
  request: IncomingMessage,
  most: number,
): Promise<{ readonly value: unknown } | { readonly error: ProgramError }> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    // The rest is read all the same: a client that still sends would not see the answer.
    if (size <= most) pieces.push(piece);
    else if (size > 4 * most) break;
  }
  if (size > most) return { error: invalid(`The request is larger than ${most} bytes.`, null, 413) };
  try {
    return { value: JSON.parse(Buffer.concat(pieces).toString()) };
  } catch {
    return { error: invalid('The body is no JSON.') };
  }
}

/** As a reply of its own, or as the last frame of a stream that has begun. */
function sendError(response: ServerResponse, error: ProgramError): void {
  if (response.writableEnded || response.destroyed) return;
  if (response.headersSent) {
    response.end(`data: ${JSON.stringify(errorBody(error))}\n\n`);
    return;
  }
  const { retryAfterSeconds } = error;
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  sendJson(response, error.status, errorBody(error), headers);
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      ...headers,
    })
    .end(text);
}
