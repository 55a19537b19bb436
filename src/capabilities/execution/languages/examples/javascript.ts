import { examplesOf } from './example.ts';

const png = (types: boolean) => `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

// A PNG of 256 x 256 pixels, with nothing but the standard library.
const size = 256;
const rows = Buffer.alloc(size * (size * 3 + 1));
for (let y = 0; y < size; y++)
  for (let x = 0; x < size; x++) rows.set([x, y, x ^ y], y * (size * 3 + 1) + 1 + x * 3);

function chunk(kind${types ? ': string' : ''}, data${types ? ': Buffer' : ''}) {
  const body = Buffer.concat([Buffer.from(kind), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

const head = Buffer.from([0, 0, 1, 0, 0, 0, 1, 0, 8, 2, 0, 0, 0]);
const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
const path = join(process.env.GANTRY_OUTPUT ?? '.', 'colours.png');
writeFileSync(path, Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]));
console.log('wrote', path);
`;

const talk = `
import { createInterface } from 'node:readline/promises';

const lines = createInterface({ input: process.stdin, output: process.stdout });
const name = await lines.question('What is your name? ');
console.log(\`Nice to meet you, \${name}\`);
lines.close();
`;

export const javascriptExamples = examplesOf('main.mjs', {
  hello: `
console.log('Hello from JavaScript');
`,
  stdin: `
import { text } from 'node:stream/consumers';

const counts = new Map();
for (const word of (await text(process.stdin)).split(/\\s+/).filter(Boolean))
  counts.set(word, (counts.get(word) ?? 0) + 1);
for (const [word, count] of [...counts].sort((a, b) => b[1] - a[1]).slice(0, 3)) console.log(count, word);
`,
  args: `
for (const name of process.argv.slice(2)) console.log(\`Hello, \${name}\`);
`,
  output: png(false),
  limit: `
const limit = 200_000;
const composite = new Uint8Array(limit + 1);
let primes = 0;
for (let n = 2; n <= limit; n++) {
  if (composite[n]) continue;
  primes++;
  for (let m = n * n; m <= limit; m += n) composite[m] = 1;
}
console.log(primes, 'primes below', limit);
`,
  talk,
});

export const typescriptExamples = examplesOf('main.mts', {
  hello: `
const language: string = 'TypeScript';
console.log(\`Hello from \${language}\`);
`,
  stdin: `
import { text } from 'node:stream/consumers';

const counts = new Map<string, number>();
for (const word of (await text(process.stdin)).split(/\\s+/).filter(Boolean))
  counts.set(word, (counts.get(word) ?? 0) + 1);
for (const [word, count] of [...counts].sort((a, b) => b[1] - a[1]).slice(0, 3)) console.log(count, word);
`,
  args: `
const names: readonly string[] = process.argv.slice(2);
for (const name of names) console.log(\`Hello, \${name}\`);
`,
  output: png(true),
  limit: `
const limit = 200_000;
const composite: Uint8Array = new Uint8Array(limit + 1);
let primes = 0;
for (let n = 2; n <= limit; n++) {
  if (composite[n]) continue;
  primes++;
  for (let m = n * n; m <= limit; m += n) composite[m] = 1;
}
console.log(primes, 'primes below', limit);
`,
  talk,
});
