import type { Example } from './examples.ts';
import { poem } from './shared-input.ts';

const words = { title: 'words', stdin: poem } as const;

export const interpretedExamples: readonly Example[] = [
  {
    ...words,
    language: 'python',
    files: [
      {
        name: 'main.py',
        content: `import json, sys
from collections import Counter


def words(stream):
    for line in stream:
        yield from line.lower().split()


counts = Counter()
for word in words(sys.stdin):
    counts[word] += 1
    print(f"{sum(counts.values()):>4} words, most common {counts.most_common(1)[0]}")

# the last line is the result that a caller reads
print(json.dumps(dict(counts.most_common(3))))
`,
      },
    ],
  },
  {
    language: 'python',
    title: 'colours',
    files: [
      {
        name: 'main.py',
        content: `import sys, time

for step in range(1, 6):
    print(f"\\033[{30 + step}mstep {step} of 5\\033[0m")
    time.sleep(0.3)
print("\\033[1mdone\\033[0m", file=sys.stderr)
`,
      },
    ],
  },
  {
    language: 'python',
    title: 'ask',
    interactive: true,
    files: [
      {
        name: 'main.py',
        content: `name = input("What is your name? ")
print(f"Hello, {name}.")
`,
      },
    ],
  },
  {
    ...words,
    language: 'javascript',
    files: [
      {
        name: 'main.js',
        content: `const { readFileSync } = require('node:fs');

const counts = new Map();
for (const word of readFileSync(0, 'utf8').split(/\\s+/).filter(Boolean)) {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}
const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, 3);
console.log(JSON.stringify(Object.fromEntries(most)));
`,
      },
    ],
  },
  {
    ...words,
    language: 'typescript',
    files: [
      {
        name: 'main.ts',
        content: `import { readFileSync } from 'node:fs';

const counts = new Map<string, number>();
for (const word of readFileSync(0, 'utf8').split(/\\s+/).filter(Boolean)) {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}
const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, 3);
console.log(JSON.stringify(Object.fromEntries(most)));
`,
      },
    ],
  },
  {
    ...words,
    language: 'bash',
    files: [
      {
        name: 'main.sh',
        content: `# counts the words of its input, the most common first
tr -s '[:space:]' '\\n' | sort | uniq -c | sort -rn | head -n 3
`,
      },
    ],
  },
  {
    ...words,
    language: 'ruby',
    files: [
      {
        name: 'main.rb',
        content: `require 'json'

counts = $stdin.read.split.tally
puts counts.max_by(3) { |_, count| count }.to_h.to_json
`,
      },
    ],
  },
  {
    ...words,
    language: 'perl',
    files: [
      {
        name: 'main.pl',
        content: `use strict;
use warnings;

my %counts;
while (my $line = <STDIN>) {
    $counts{$_}++ for split ' ', $line;
}
for my $word ((sort { $counts{$b} <=> $counts{$a} || $a cmp $b } keys %counts)[0 .. 2]) {
    print "$word: $counts{$word}\\n";
}
`,
      },
    ],
  },
  {
    ...words,
    language: 'php',
    files: [
      {
        name: 'main.php',
        content: `<?php
$counts = array_count_values(preg_split('/\\s+/', trim(stream_get_contents(STDIN))));
arsort($counts);
echo json_encode(array_slice($counts, 0, 3)), "\\n";
`,
      },
    ],
  },
  {
    ...words,
    language: 'lua',
    files: [
      {
        name: 'main.lua',
        content: `local counts = {}
for line in io.lines() do
  for word in line:gmatch("%S+") do
    counts[word] = (counts[word] or 0) + 1
  end
end
for word, count in pairs(counts) do
  if count > 1 then print(word, count) end
end
`,
      },
    ],
  },
];
