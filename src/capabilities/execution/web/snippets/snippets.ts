import { literalOf, quoted, type Literals } from './literal.ts';

export const snippetKinds = ['curl', 'python', 'typescript'] as const;
export type SnippetKind = (typeof snippetKinds)[number];

/** The same call as a program: runs `input` on the Gantry at `origin`; the key comes from GANTRY_API_KEY. */
export function snippetOf(kind: SnippetKind, origin: string, input: unknown): string {
  return makers[kind](`${origin}/api/v1/executions?wait=true`, input);
}

const makers: Readonly<Record<SnippetKind, (url: string, input: unknown) => string>> = {
  curl,
  python,
  typescript,
};

/* No line of JSON can be the one that ends the here-document, and inside of it a shell expands nothing. */
function curl(url: string, input: unknown): string {
  return `curl -sS '${url.replaceAll("'", `'\\''`)}' \\
  -H "Authorization: Bearer $GANTRY_API_KEY" \\
  -H 'Content-Type: application/json' \\
  --data-binary @- <<'JSON'
${literalOf(input, json)}
JSON
`;
}

function python(url: string, input: unknown): string {
  return `import json
import os
import sys
import urllib.request

program = ${literalOf(input, pythonLiterals)}

request = urllib.request.Request(
    ${quoted(url)},
    data=json.dumps(program).encode(),
    headers={
        "Authorization": "Bearer " + os.environ["GANTRY_API_KEY"],
        "Content-Type": "application/json",
    },
)
with urllib.request.urlopen(request) as answer:
    run = json.load(answer)
if run["output"] is None:
    sys.exit("The run " + run["status"] + ".")
sys.stdout.buffer.write(run["output"]["stdout"].encode())
`;
}

function typescript(url: string, input: unknown): string {
  return `const program = ${literalOf(input, typescriptLiterals)};

const answer = await fetch(${quoted(url)}, {
  method: "POST",
  headers: {
    Authorization: \`Bearer \${process.env.GANTRY_API_KEY}\`,
    "Content-Type": "application/json",
  },
  body: JSON.stringify(program),
});
const run: any = await answer.json();
if (!answer.ok) throw new Error(run.detail);
if (run.output === null) throw new Error(\`The run \${run.status}.\`);
process.stdout.write(run.output.stdout);
`;
}

const jsonWords = { true: 'true', false: 'false', null: 'null' };

const json: Literals = {
  indent: '  ',
  last: '',
  words: jsonWords,
  key: quoted,
  lines: (literals) => `"${literals.map((literal) => literal.slice(1, -1)).join('')}"`,
};

const pythonLiterals: Literals = {
  indent: '    ',
  last: ',',
  words: { true: 'True', false: 'False', null: 'None' },
  key: quoted,
  lines: (literals, inner, outer) =>
    `(\n${literals.map((literal) => `${inner}${literal}\n`).join('')}${outer})`,
};

const typescriptLiterals: Literals = {
  indent: '  ',
  last: ',',
  words: jsonWords,
  // As a plain key it would be the object's prototype.
  key: (name) => (name === '__proto__' ? '["__proto__"]' : /^[A-Za-z_]\w*$/.test(name) ? name : quoted(name)),
  lines: (literals, inner) => literals.join(` +\n${inner}`),
};
