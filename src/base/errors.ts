/**
 * Every error that Gantry can show, closed: the code decides the HTTP status (RFC 9457 problem details),
 * the exit code of the command line, and whether the engine may try again. `docs/errors.md` lists the same
 * codes; a test compares the two.
 */
export const errorTable = {
  INPUT_INVALID: row(400, 2, 'fatal', 'The request is not valid'),
  UNAUTHENTICATED: row(401, 77, 'fatal', 'Sign in first'),
  FORBIDDEN: row(403, 77, 'fatal', 'Your role does not allow this'),
  ACCOUNT_LOCKED: row(403, 77, 'fatal', 'The account is locked for a while'),
  ORIGIN_REFUSED: row(403, 77, 'fatal', 'The request came from another site'),
  NOT_FOUND: row(404, 66, 'fatal', 'There is no such thing here'),
  METHOD_NOT_ALLOWED: row(405, 2, 'fatal', 'The address does not take this method'),
  CONFLICT: row(409, 65, 'fatal', 'The request does not fit the present state'),
  RUN_FINISHED: row(409, 65, 'fatal', 'The run has already finished'),
  IDEMPOTENCY_MISMATCH: row(409, 65, 'fatal', 'The idempotency key belongs to another request'),
  LIMIT_REACHED: row(409, 65, 'fatal', 'No more of this can be kept'),
  BODY_TOO_LARGE: row(413, 2, 'fatal', 'The request body is too large'),
  MEDIA_TYPE_UNSUPPORTED: row(415, 2, 'fatal', 'The request body must be JSON'),
  OUTGOING_REFUSED: row(422, 65, 'fatal', 'The address may not be reached from here'),
  OUTGOING_FAILED: row(502, 69, 'retry', 'The other server did not answer as it should'),
  LANGUAGE_UNKNOWN: row(422, 2, 'fatal', 'The language or version is not installed here'),
  FORGE_KEY_REFUSED: row(422, 77, 'fatal', 'The forge does not accept the credential'),
  FORGE_FORBIDDEN: row(422, 77, 'fatal', 'The forge does not allow this'),
  FORGE_RATE_LIMITED: row(503, 75, 'retry', 'The forge asks to wait'),
  FORGE_UNAVAILABLE: row(502, 69, 'retry', 'The forge does not answer'),
  FORGE_REPLY_INVALID: row(502, 76, 'fatal', 'The forge answered what it should not'),
  FORGE_UNABLE: row(422, 65, 'fatal', 'The forge has no such thing'),
  REPOSITORY_EMPTY: row(422, 65, 'fatal', 'The repository has no commits'),
  BRANCH_MOVED: row(409, 65, 'fatal', 'The branch has other commits than Gantry put there'),
  BRANCH_PROTECTED: row(403, 77, 'fatal', 'The branch is protected'),
  PUSH_REFUSED: row(422, 65, 'fatal', 'The remote does not take the commits'),
  WORKSPACE_FULL: row(507, 74, 'fatal', 'The files do not fit into the workspace'),
  WORKSPACE_FAILED: row(500, 125, 'retry', 'The workspace could not be made'),
  EGRESS_REFUSED: row(422, 65, 'fatal', 'The network rules do not allow this'),
  MODEL_UNKNOWN: row(422, 2, 'fatal', 'There is no such model here'),
  MODEL_KEY_REFUSED: row(422, 77, 'fatal', 'The model provider does not accept the key'),
  MODEL_RATE_LIMITED: row(503, 75, 'retry', 'The model provider asks to wait'),
  MODEL_UNAVAILABLE: row(502, 69, 'retry', 'The model does not answer'),
  MODEL_TOO_LONG: row(422, 65, 'fatal', 'The conversation does not fit the model'),
  MODEL_REPLY_INVALID: row(502, 76, 'retry', 'The model answered what it should not'),
  MODEL_REFUSED: row(422, 65, 'fatal', 'The model declined'),
  BUDGET_REACHED: row(409, 65, 'fatal', 'The budget is used up'),
  AGENT_STOPPED: row(409, 65, 'fatal', 'The agent was stopped at a limit'),
  RATE_LIMITED: row(429, 75, 'retry', 'Too many requests'),
  INTERNAL: row(500, 125, 'retry', 'Gantry failed'),
  OUTPUT_INVALID: row(500, 125, 'fatal', 'The result of a step or run cannot be stored'),
  HISTORY_MISMATCH: row(500, 125, 'fatal', 'The recorded steps do not fit the code'),
  QUEUE_FULL: row(503, 75, 'retry', 'The queue is full'),
  DATABASE_UNREACHABLE: row(503, 69, 'retry', 'The database does not answer'),
  DATABASE_POOLED: row(503, 78, 'fatal', 'A transaction pooler stands before the database'),
  DATABASE_LOCKED: row(503, 75, 'retry', 'Another Gantry uses this database directory'),
  DATABASE_FAILED: row(503, 69, 'fatal', 'The embedded database does not start'),
  DISK_FULL: row(507, 74, 'retry', 'The disk is full'),
  DATA_DIR_UNUSABLE: row(500, 73, 'fatal', 'The data directory cannot be used'),
  PORT_TAKEN: row(500, 71, 'fatal', 'The port is taken'),
  CONFIG_INVALID: row(500, 78, 'fatal', 'The configuration is not valid'),
  BACKUP_UNREADABLE: row(422, 65, 'fatal', 'The backup cannot be restored'),
  SECRET_UNREADABLE: row(500, 78, 'fatal', 'The secret cannot be opened'),
  SANDBOX_UNAVAILABLE: row(503, 69, 'fatal', 'This machine cannot isolate programs as configured'),
  SANDBOX_FAILED: row(500, 125, 'retry', 'The sandbox failed'),
  SERVER_UNREACHABLE: row(503, 69, 'retry', 'No Gantry server answers'),
  WORKER_LOST: row(500, 125, 'retry', 'The worker lost the run'),
  SHUTTING_DOWN: row(503, 75, 'retry', 'Gantry is shutting down'),
} as const;

export type ErrorCode = keyof typeof errorTable;

interface ErrorRow {
  readonly status: number;
  readonly exit: number;
  readonly outlook: 'retry' | 'fatal';
  readonly title: string;
}

/** A field of the input that is wrong: where (`files[0].name`) and why. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

interface ErrorOptions {
  readonly cause?: unknown;
  readonly problems?: readonly Problem[];
  readonly retryAfterSeconds?: number;
}

/** The one error class. `message` says what happened, why, and what to do next. */
export class GantryError extends Error {
  override readonly name = 'GantryError';
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Wraps whatever was thrown; a GantryError stays as it is. */
export function toGantryError(thrown: unknown, code: ErrorCode = 'INTERNAL'): GantryError {
  if (thrown instanceof GantryError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new GantryError(code, message, { cause: thrown });
}

function row(status: number, exit: number, outlook: ErrorRow['outlook'], title: string): ErrorRow {
  return { status, exit, outlook, title };
}
