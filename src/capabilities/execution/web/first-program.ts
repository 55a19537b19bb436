/** What the editor holds before anybody has written anything: it reads its input and says something as it goes. */
export const firstProgram = {
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
  stdin: 'the load hangs on the beam\nthe beam stands on two legs\n',
};
