import type { ChangedFile } from './unified-diff.ts';

/** A credential in a line, without its value. */
export interface CredentialPlace {
  readonly line: number;
  readonly rule: string;
  readonly message: string;
  readonly isSure: boolean;
}

interface Shape {
  readonly rule: string;
  readonly what: string;
  readonly pattern: RegExp;
}

/** Tokens that can be told by their form, as those who give them out document it. */
const shapes: readonly Shape[] = [
  shape('aws-key', 'an access key of AWS', /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g),
  shape(
    'github-token',
    'a token of GitHub',
    /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/g,
  ),
  shape('gitlab-token', 'a token of GitLab', /\bgl(?:pat|dt|rt|cbt|ptt|ft|soat)-[\w-]{20,64}/g),
  shape(
    'slack-token',
    'a token of Slack',
    /\bxox[abeoprs]-(?:\d+-){1,3}[A-Za-z0-9]{10,64}|\bxapp-\d-[A-Z0-9]+-\d+-[a-f0-9]{32,}/g,
  ),
  shape(
    'slack-webhook',
    'the address of a Slack webhook',
    /hooks\.slack\.com\/(?:services|workflows)\/T[A-Z0-9]{6,}\/[A-Z0-9]{6,}\/[A-Za-z0-9]{16,}/g,
  ),
  shape('google-key', 'a key of Google', /\bAIza[\w-]{35}(?![\w-])/g),
  shape('google-oauth', 'a client secret of Google', /\bGOCSPX-[\w-]{28}/g),
  shape('stripe-key', 'a live key of Stripe', /\b[rs]k_live_[A-Za-z0-9]{20,}/g),
  shape('anthropic-key', 'a key of Anthropic', /\bsk-ant-[\w-]{30,}/g),
  shape(
    'openai-key',
    'a key of OpenAI',
    /\bsk-(?:(?:proj|svcacct|admin)-[\w-]{40,}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})/g,
  ),
  shape('npm-token', 'a token of npm', /\bnpm_[A-Za-z0-9]{36}\b/g),
  shape('npm-token', 'a token of a package registry', /_authToken\s*=\s*(?!\$)["']?[\w.+/=-]{16,}/g),
  shape('pypi-token', 'a token of PyPI', /\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}/g),
  shape('sendgrid-key', 'a key of SendGrid', /\bSG\.[\w-]{22}\.[\w-]{43}/g),
  shape('huggingface-token', 'a token of Hugging Face', /\bhf_[A-Za-z]{34}\b/g),
  shape('digitalocean-token', 'a token of DigitalOcean', /\bdo[opr]_v1_[a-f0-9]{64}\b/g),
  shape('telegram-token', 'a token of a Telegram bot', /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g),
  shape('azure-key', 'a key of Azure storage', /AccountKey=[A-Za-z0-9+/]{86}==/g),
];

function shape(rule: string, what: string, pattern: RegExp): Shape {
  return { rule, what, pattern };
}

const address = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"'`<>]{1,100}:([^\s@/"'`<>]{8,200})@([\w.-]+)/gi;
const secretName =
  /(?:api[_-]?key|apikey|secret|token|passw(?:or)?d|passphrase|pwd|credential|private[_-]?key|access[_-]?key|auth[_-]?key)s?/i;
const assignment =
  /(?<![\w.-])([\w.-]{0,100})["']?\]?\s{0,4}(?::\s?\w{1,20}\s?=|[:=]=?>?)\s{0,4}(?:["'`]([A-Za-z0-9+/_=.~!@#%^&*-]{16,200})["'`]|([A-Za-z0-9+/_=~-]{20,200})(?=\s*$))/g;
const standIn =
  /example|sample|dummy|fake|mock|test|changeme|change[_-]?me|placeholder|your|redacted|replace|secret|password|hunter2|lorem|foobar|insert|todo|xxx|\*{3}|\.{3}|0{6}|1{6}|a{6}|abcdef|123456|987654|deadbeef|<|\$\{|\{\{|%\(|process\.env|os\.environ/i;
const privateKey = /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/;
const keyBody = /[A-Za-z0-9+/=]{40,}/;
const longestLine = 5000;
const mostPlaces = 50;
/** What programs write, full of digests. */
const generated =
  /(^|\/)([\w.-]*lock[\w.-]*|go\.sum|npm-shrinkwrap\.json|[\w.-]*\.(lock|snap|sum|min\.js|map|svg|ipynb))$/i;
const madeUpHost =
  /^(localhost|127\.|0\.0\.0\.0|::1|host|db|database|postgres|redis|mysql|mongo|rabbitmq)|\.(example|test|invalid|localhost|local)$|example\.(com|org|net)$/;
const publicName = /(public|hash|digest|checksum|integrity|fingerprint|sha\d*)/i;
const dotted = /^[\w-]*(\.[\w-]+){2,}$/;

interface Candidate extends Omit<Shape, 'pattern'> {
  readonly value: string;
  readonly isSure: boolean;
}

/**
 * Credentials in what a change adds. What it only moves is left alone, and so are stand-ins such as `ghp_EXAMPLE...`. A
 * value that only looks like one, by the name that it is given and by how random it is, is not sure. At most 50.
 */
export function findCredentials({ added, removed, path }: ChangedFile): CredentialPlace[] {
  const isLockfile = generated.test(path);
  const find = (line: string, next: string | undefined): Candidate[] => candidatesIn(line, next, isLockfile);
  const moved = new Set(
    removed.flatMap((line, index) => find(line, removed[index + 1])).map(({ value }) => value),
  );
  const found: CredentialPlace[] = [];
  for (const [index, { line, text }] of added.entries()) {
    if (found.length >= mostPlaces) break;
    const fresh = find(text, added[index + 1]?.text).filter(({ value }) => !moved.has(value));
    const byRule = new Map(fresh.map((each) => [each.rule, each]));
    found.push(...[...byRule.values()].map((each) => placeOf(line, each)));
  }
  return found;
}

/** What the weaker signs say counts only where no stronger one does. */
function candidatesIn(whole: string, next: string | undefined, isLockfile: boolean): Candidate[] {
  const text = whole.slice(0, longestLine);
  const sure = shapes.flatMap(({ rule, what, pattern }) =>
    [...text.matchAll(pattern)].flatMap(([value]) =>
      isReal(value) ? [{ rule, what, value, isSure: true }] : [],
    ),
  );
  if (privateKey.test(text) && hasKeyBody(text, next))
    sure.push({ rule: 'private-key', what: 'a private key', value: `${text}\n${next ?? ''}`, isSure: true });
  if (sure.length > 0 || isLockfile) return sure;
  const passwords = passwordsIn(text);
  return passwords.length > 0 ? passwords : randomValuesIn(text);
}

function placeOf(line: number, { rule, what, isSure }: Candidate): CredentialPlace {
  const message = `The change writes ${what} into the repository. Take it out and read it from the environment or a secret store; a real one has to be revoked, because it has been written down.`;
  return { line, rule, message, isSure };
}

function isReal(value: string): boolean {
  return !standIn.test(value.replace(/^(sk-|AIza)/, '')) && entropy(value) >= 3;
}

/** The head alone stands in programs that look for keys. */
function hasKeyBody(text: string, next: string | undefined): boolean {
  const behind = text.slice(text.search(privateKey)).replace(privateKey, '');
  return keyBody.test(behind) || (next !== undefined && keyBody.test(next.slice(0, longestLine)));
}

function passwordsIn(text: string): Candidate[] {
  const real = [...text.matchAll(address)].filter(
    ([, password = '', host = '']) =>
      !madeUpHost.test(host) &&
      !/^[$%{<:]/.test(password) &&
      !standIn.test(password) &&
      entropy(password) >= 2.5,
  );
  return real.map(([value]) => ({
    rule: 'password-in-address',
    what: 'a password in an address',
    value,
    isSure: true,
  }));
}

function randomValuesIn(text: string): Candidate[] {
  if (!secretName.test(text)) return [];
  return [...text.matchAll(assignment)].flatMap(([, name = '', quoted, plain]) => {
    const value = quoted ?? plain ?? '';
    const digits = value.replaceAll(/\D/g, '').length;
    const isRandom = digits >= 3 && /[a-z]/i.test(value) && entropy(value) >= 3.5 && !dotted.test(value);
    const isOther = standIn.test(value) || isWords(value) || publicName.test(name);
    if (!secretName.test(name) || !isRandom || isOther) return [];
    return [{ rule: 'secret-value', what: 'what looks like a secret', value, isSure: false }];
  });
}

/** `token_count_per_minute_2024` is a name: most of it are words. */
function isWords(value: string): boolean {
  const words = value
    .split(/[_\-./]+|(?<=[a-z])(?=[A-Z])/)
    .filter((word) => /^[A-Za-z]?[a-z]{2,}$/.test(word));
  return words.join('').length > value.length * 0.6;
}

/** Shannon's, in bits for each character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce(
    (sum, count) => sum - (count / text.length) * Math.log2(count / text.length),
    0,
  );
}
