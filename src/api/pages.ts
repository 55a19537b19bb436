import type { FastifyInstance } from 'fastify';
import { errorTable } from '../base/errors.ts';
import { sendPage } from './page.ts';
import type { WebApp } from './web-app.ts';

const start = `
<p>Gantry is running, without its pages: they could not be built. The log says why (gantry logs).</p>
<h2>From the command line</h2>
<pre>gantry exec main.py
gantry exec -l python - &lt; file
gantry runs
gantry --help</pre>
<h2>Over HTTP</h2>
<pre>gantry keys create --name mine --role member

curl -H "Authorization: Bearer &lt;key&gt;" -H "Content-Type: application/json" \\
  -d '{"language":"python","files":[{"name":"main.py","content":"print(1)"}]}' \\
  "<i>this address</i>/api/v1/executions?wait=true"</pre>
<p>All operations: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1). All errors:
<a href="/docs/errors">/docs/errors</a>. Health: <a href="/health">/health</a>.</p>`;

/** The few pages that the server itself shows to people. */
export function registerPages(app: FastifyInstance, webApp: WebApp | undefined): void {
  app.get('/', { schema: { hide: true } }, (_request, reply) =>
    webApp ? webApp.sendDocument(reply) : sendPage(reply, 200, 'Gantry', start),
  );
  app.get('/docs/errors', { schema: { hide: true } }, (_request, reply) =>
    sendPage(reply, 200, 'Errors of Gantry', errorsPage()),
  );
}

/** The explanations that `type` of every problem points to. */
function errorsPage(): string {
  const rows = Object.entries(errorTable).map(
    ([code, { status, exit, outlook, title }]) =>
      `<tr id="${code}"><td><code>${code}</code><td>${title}.<td>${status}<td>${exit}<td>${outlook === 'retry' ? 'yes' : 'no'}`,
  );
  return (
    `<p>The <code>code</code> of a problem is one of these, and its <code>detail</code> says what to do.</p>` +
    `<div class="wide"><table><tr><th>Code<th>Meaning<th>HTTP<th>Exit<th>Trying again may help${rows.join('')}</table></div>`
  );
}
