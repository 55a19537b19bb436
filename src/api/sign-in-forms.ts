import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorTable, toGantryError } from '../base/errors.ts';
import type { Identity } from '../resources/identity/identity.ts';
import type { RateLimit } from '../resources/rate-limit.ts';
import { networkOf, takeRequest } from './limits.ts';
import { escapeHtml, sendPage } from './page.ts';
import type { ApiSettings } from './settings.ts';

export interface SignInParts {
  readonly identity: Identity;
  readonly rateLimit: RateLimit;
  readonly settings: ApiSettings;
}

interface Field {
  readonly label: string;
  /** Attributes of the input, as HTML. */
  readonly input: string;
}

interface Form {
  readonly title: string;
  /** Below `/api/auth`. */
  readonly action: string;
  /** What the address's token is called there. */
  readonly token?: string;
  fields(typed: URLSearchParams): readonly string[];
}

const fields: Readonly<Record<string, Field>> = {
  name: { label: 'Name', input: 'autocomplete="name" required maxlength="100"' },
  email: { label: 'E-mail address', input: 'type="email" autocomplete="username" required' },
  password: { label: 'Password', input: 'type="password" autocomplete="current-password" required' },
  newPassword: {
    label: 'Password, at least 10 characters',
    input: 'type="password" autocomplete="new-password" required minlength="10"',
  },
};

const forms: Readonly<Record<string, Form>> = {
  '/sign-in': { title: 'Sign in to Gantry', action: '/sign-in/email', fields: () => ['email', 'password'] },
  '/join': {
    title: 'Join Gantry',
    action: '/sign-up/email',
    token: 'invitation',
    // An invitation knows its address.
    fields: (typed) => (typed.get('token') ? ['name', 'newPassword'] : ['name', 'email', 'newPassword']),
  },
  // A button, because programs that preview addresses open them too, and the link works once.
  '/welcome': { title: 'Sign in to Gantry', action: '/sign-in/link', token: 'token', fields: () => [] },
};

/** Pages that work without scripts: `/sign-in`, and `/join?token=...`, where invitations lead. */
export function registerSignInForms(app: FastifyInstance, parts: SignInParts): void {
  const { rateLimit, settings } = parts;
  for (const [path, form] of Object.entries(forms)) {
    app.get(path, { schema: { hide: true } }, async (request, reply) => {
      await takeRequest(
        rateLimit,
        `address:${networkOf(request.ip)}`,
        settings.limits().rateLimitPerMinute,
        reply,
      );
      return show(reply, path, form, new URL(request.url, 'http://localhost').searchParams);
    });
    app.post(path, { schema: { hide: true } }, async (request, reply) => {
      await takeRequest(
        rateLimit,
        `sign-in:${networkOf(request.ip)}`,
        settings.limits().signInLimitPerMinute,
        reply,
      );
      return submit(parts, request, reply, path, form);
    });
  }
}

async function submit(
  { identity }: SignInParts,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  form: Form,
): Promise<FastifyReply> {
  const typed = new URLSearchParams(request.body instanceof Buffer ? request.body.toString() : '');
  try {
    const response = await identity.handle(asAuthRequest(request, form, typed), request.ip);
    return reply.header('set-cookie', response.headers.getSetCookie()).redirect('/', 303);
  } catch (thrown) {
    const { code, message } = toGantryError(thrown);
    const { status } = errorTable[code];
    if (status >= 500) throw thrown;
    return show(reply, path, form, typed, { status, message });
  }
}

function asAuthRequest(request: FastifyRequest, form: Form, typed: URLSearchParams): Request {
  const headers = new Headers({ 'content-type': 'application/json' });
  for (const name of ['cookie', 'host', 'origin', 'referer', 'sec-fetch-site', 'user-agent']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const sent = form
    .fields(typed)
    .map((field) => [field === 'newPassword' ? 'password' : field, typed.get(field) ?? '']);
  const token = typed.get('token');
  const body = { ...Object.fromEntries(sent), ...(token && form.token && { [form.token]: token }) };
  const url = `http://localhost/api/auth${form.action}`;
  return new Request(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

function show(
  reply: FastifyReply,
  path: string,
  form: Form,
  typed: URLSearchParams,
  refusal?: { status: number; message: string },
): FastifyReply {
  const inputs = form.fields(typed).map((name) => {
    const { label, input } = fields[name] ?? { label: name, input: '' };
    const value = name === 'name' || name === 'email' ? ` value="${escapeHtml(typed.get(name) ?? '')}"` : '';
    return `<label>${label}<input name="${name}" ${input}${value}></label>`;
  });
  const token = typed.get('token');
  const hidden = token ? `<input type="hidden" name="token" value="${escapeHtml(token)}">` : '';
  const notice = refusal ? `<p role="alert"><strong>${escapeHtml(refusal.message)}</strong></p>` : '';
  const body = `${notice}<form method="post" action="${path}">${hidden}${inputs.join('')}<button>${form.title}</button></form>`;
  return sendPage(reply, refusal?.status ?? 200, form.title, body, 'form');
}
