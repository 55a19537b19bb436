import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';
import { inputProblems } from '../../contract/problem.ts';
import type { User } from '../../contract/user.ts';
import type { Database } from '../../store/database.ts';
import { explainAuthError } from './auth-errors.ts';
import { clientAddressHeader, type Auth } from './auth.ts';
import type { Changes } from './changes.ts';
import type { Identity, LinkDetails } from './identity.ts';
import { signUp } from './invitations.ts';
import { countTry, forgive } from './lockout.ts';
import { checkPassword } from './rules.ts';
import { assertSameOrigin } from './same-origin.ts';

interface Parts {
  readonly database: Database;
  readonly auth: Auth;
  readonly changes: Changes;
  readonly users: Identity['users'];
  readonly authenticate: Identity['authenticate'];
  readonly redeem: (
    token: string,
    details: LinkDetails,
    headers: Headers,
  ) => Promise<{ userId: string; setCookie: readonly string[] }>;
  readonly baseUrl: string;
  readonly openRegistration: () => boolean;
}

interface Call {
  readonly parts: Parts;
  /** Cookie, browser and address of the caller; nothing else reaches better-auth. */
  readonly headers: Headers;
  body(): Promise<unknown>;
}

interface Answer {
  readonly headers?: Headers | null;
  readonly body: unknown;
}

const password = z.string().max(1000);
const signInSchema = z.strictObject({
  email: z.string().max(320),
  password,
  rememberMe: z.boolean().optional(),
});
const signUpSchema = z.strictObject({
  name: z.string().max(1000),
  email: z.string().max(320).optional(),
  password,
  invitation: z.string().max(200).optional(),
});
const linkSchema = z.strictObject({
  token: z.string().max(200),
  name: z.string().max(1000).optional(),
  email: z.string().max(320).optional(),
  password: password.optional(),
});
const changeSchema = z.strictObject({ currentPassword: password.optional(), newPassword: password });

const operations: Readonly<Record<string, { method: string; run: (call: Call) => Promise<Answer> }>> = {
  '/sign-in/email': { method: 'POST', run: signIn },
  '/sign-in/link': { method: 'POST', run: signInByLink },
  '/sign-up/email': { method: 'POST', run: register },
  '/sign-out': { method: 'POST', run: signOut },
  '/change-password': { method: 'POST', run: changePassword },
  '/get-session': { method: 'GET', run: getSignIn },
};

/**
 * Serves `/api/auth/*`. Answers `{ user }` (null in `get-session` without a sign-in) and sets cookies; whatever goes wrong
 * is thrown as GantryError, so that the API shows it like every other problem.
 */
export async function handleAuth(parts: Parts, request: Request, clientAddress: string): Promise<Response> {
  const path = new URL(request.url).pathname.replace(/^\/api\/auth/, '');
  const operation = Object.hasOwn(operations, path) ? operations[path] : undefined;
  if (!operation) throw new GantryError('NOT_FOUND', 'There is no such address below /api/auth.');
  if (request.method !== operation.method) {
    throw new GantryError('METHOD_NOT_ALLOWED', `This address takes ${operation.method} only.`);
  }
  assertSameOrigin({ method: request.method, headers: Object.fromEntries(request.headers) }, parts.baseUrl);
  const headers = innerHeaders(request, clientAddress);
  try {
    const answer = await operation.run({ parts, headers, body: () => readJson(request) });
    return respond(answer);
  } catch (error) {
    throw explainAuthError(error);
  }
}

async function signIn({ parts, headers, body }: Call): Promise<Answer> {
  const { email, password: typed, rememberMe } = parse(signInSchema, await body());
  const address = email.trim().toLowerCase();
  await countTry(parts.database, address);
  const done = await parts.auth.api.signInEmail({
    body: { email: address, password: typed, ...(rememberMe === undefined ? {} : { rememberMe }) },
    headers,
    returnHeaders: true,
  });
  await forgive(parts.database, address);
  return { headers: done.headers, body: { user: await parts.users.get(done.response.user.id) } };
}

async function signInByLink({ parts, headers, body }: Call): Promise<Answer> {
  const { token, ...details } = parse(linkSchema, await body());
  const { userId, setCookie } = await parts.redeem(token, details, headers);
  const out = new Headers();
  for (const cookie of setCookie) out.append('set-cookie', cookie);
  return { headers: out, body: { user: await parts.users.get(userId) } };
}

async function register({ parts, headers, body }: Call): Promise<Answer> {
  const user = await signUp(parts.changes, parse(signUpSchema, await body()), parts.openRegistration());
  const done = await parts.auth.api.grantSignIn({ body: { userId: user.id }, headers, returnHeaders: true });
  return { headers: done.headers, body: { user } };
}

async function signOut({ parts, headers }: Call): Promise<Answer> {
  const { token } = await parts.auth.api.readSignInToken({ headers });
  // Here and not in better-auth, which would say that all is well when the database did not answer.
  await parts.changes.commit((tx) => tx.query('DELETE FROM sign_ins WHERE token = $1', [token]));
  const done = await parts.auth.api.signOut({ headers, returnHeaders: true });
  return { headers: done.headers, body: { user: null } };
}

async function changePassword(call: Call): Promise<Answer> {
  const { parts, headers } = call;
  const { currentPassword, newPassword } = parse(changeSchema, await call.body());
  checkPassword(newPassword, 'newPassword');
  const user = await currentUser(parts, headers);
  if (!user) throw new GantryError('UNAUTHENTICATED', 'Sign in first, then change the password.');
  if (!user.hasPassword) return choosePassword(parts, headers, user, newPassword);
  await countTry(parts.database, user.email);
  const done = await parts.auth.api
    .changePassword({
      body: { currentPassword: currentPassword ?? '', newPassword, revokeOtherSessions: true },
      headers,
      returnHeaders: true,
    })
    .catch((error: unknown) => Promise.reject(explainWrongCurrent(error)));
  await parts.changes.announce();
  await forgive(parts.database, user.email);
  return { headers: done.headers, body: { user: await parts.users.get(user.id) } };
}

/** For who came by a link: there is no password to ask for. */
async function choosePassword(
  { users, authenticate }: Parts,
  headers: Headers,
  { id }: User,
  newPassword: string,
): Promise<Answer> {
  const actor = await authenticate({ cookie: headers.get('cookie') ?? undefined, authorization: undefined });
  await users.setPassword(id, newPassword, actor?.signInId);
  return { body: { user: await users.get(id) } };
}

/** Whoever mistypes it is still signed in: 401 would say otherwise. */
function explainWrongCurrent(error: unknown): GantryError {
  const explained = explainAuthError(error);
  if (explained.code !== 'UNAUTHENTICATED') return explained;
  const message = 'The current password is wrong.';
  return new GantryError('INPUT_INVALID', message, {
    cause: error,
    problems: [{ path: 'currentPassword', message }],
  });
}

async function getSignIn({ parts, headers }: Call): Promise<Answer> {
  const user = await currentUser(parts, headers);
  // Lengthens a sign-in that is in use, and takes back the cookie of one that has ended.
  const done = await parts.auth.api.getSession({ headers, returnHeaders: true });
  return { headers: done.headers, body: { user } };
}

async function currentUser({ authenticate, users }: Parts, headers: Headers): Promise<User | null> {
  const cookie = headers.get('cookie') ?? undefined;
  const actor = await authenticate({ cookie, authorization: undefined }).catch((error: unknown) => {
    if (error instanceof GantryError && error.code === 'UNAUTHENTICATED') return null;
    throw error;
  });
  return actor && users.get(actor.userId);
}

function innerHeaders(request: Request, clientAddress: string): Headers {
  const headers = new Headers({
    cookie: request.headers.get('cookie') ?? '',
    'user-agent': (request.headers.get('user-agent') ?? '').slice(0, 300),
  });
  if (clientAddress) headers.set(clientAddressHeader, clientAddress);
  return headers;
}

async function readJson(request: Request): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) {
    throw new GantryError('MEDIA_TYPE_UNSUPPORTED', 'Send the body as application/json.');
  }
  try {
    return await request.json();
  } catch (cause) {
    throw new GantryError('INPUT_INVALID', 'The body is not valid JSON.', { cause });
  }
}

function parse<Out>(schema: z.ZodType<Out>, value: unknown): Out {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = inputProblems(parsed.error);
  const places = problems.map((problem) => `${problem.path}: ${problem.message}`).join('; ');
  throw new GantryError('INPUT_INVALID', `The request is not valid: ${places}.`, { problems });
}

function respond({ headers, body }: Answer): Response {
  const out = new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  for (const cookie of headers?.getSetCookie() ?? []) out.append('set-cookie', cookie);
  return new Response(JSON.stringify(body), { headers: out });
}
