import { agreeing, hands, plans, stepOf } from './debate-script.ts';

/** A small shop with a test that passes; `npm test` runs it. */
export const shopFiles = {
  'package.json': '{ "type": "module", "scripts": { "test": "node --test" } }\n',
  'src/price.js': 'export const price = () => 100;\n',
  'test/price.test.js': testOf('price', 100),
  '.gitignore': 'dist/\n.env\n',
};

/** A test that says that a function of `src/<name>.js` gives this. */
export function testOf(name: string, value: unknown): string {
  return [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    `import { ${name} } from '../src/${name}.js';`,
    `test('${name}', () => assert.equal(${name}(), ${JSON.stringify(value)}));`,
    '',
  ].join('\n');
}

/** A writer that writes these files and says that it is done. */
export const writes = (files: Readonly<Record<string, string>>, summary = 'Wrote it.') => ({
  turns: [
    { calls: Object.entries(files).map(([path, content]) => ({ tool: 'write', input: { path, content } })) },
    { calls: [{ tool: 'done', input: { summary } }] },
  ],
});

/** A writer that adds a function and its test; with `wrong` the function gives something else, so that the test fails. */
export const adds = (name: string, wrong = false) =>
  writes(
    {
      [`src/${name}.js`]: `export const ${name} = () => '${wrong ? 'wrong' : name}';\n`,
      [`test/${name}.test.js`]: testOf(name, name),
    },
    `Adds ${name}.`,
  );

const passes = hands('review', { summary: 'Good.', verdict: 'passed', findings: [] });

export const describes = hands('describe', { title: 'Sell more', summary: 'The shop sells more.' });

/** A whole session: agreed at once, a step for each name, reviewed and described. */
export function sessionOf(names: readonly string[], writers: Readonly<Record<string, object>> = {}) {
  return {
    agents: {
      ...agreeing,
      planner: plans(
        names.map((name, index) => stepOf(name, { dependsOn: names.slice(Math.max(0, index - 1), index) })),
      ),
      ...Object.fromEntries(names.map((name) => [`writer ${name}.1`, adds(name)])),
      reviewer: passes,
      describer: describes,
      ...writers,
    },
  };
}
