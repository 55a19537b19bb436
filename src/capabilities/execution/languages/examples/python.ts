import { examplesOf } from './example.ts';

export const pythonExamples = examplesOf('main.py', {
  hello: `
print("Hello from Python")
`,
  stdin: `
import sys
from collections import Counter

words = Counter(sys.stdin.read().split())
for word, count in words.most_common(3):
    print(f"{count} {word}")
`,
  args: `
import sys

for name in sys.argv[1:]:
    print(f"Hello, {name}")
`,
  output: `
import os, struct, zlib

# A PNG of 256 x 256 pixels, with nothing but the standard library.
size = 256
rows = b"".join(b"\\0" + bytes(v for x in range(size) for v in (x, y, x ^ y)) for y in range(size))


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


png = b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0))
png += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
path = os.path.join(os.environ["GANTRY_OUTPUT"], "colours.png")
with open(path, "wb") as file:
    file.write(png)
print("wrote", path)
`,
  limit: `
limit = 200_000
sieve = bytearray([1]) * (limit + 1)
for n in range(2, int(limit**0.5) + 1):
    if sieve[n]:
        sieve[n * n :: n] = bytes(len(range(n * n, limit + 1, n)))
print(sum(sieve[2:]), "primes below", limit)
`,
  talk: `
name = input("What is your name? ")
print(f"Nice to meet you, {name}")
`,
});
