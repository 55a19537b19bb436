'use strict';
/*
 * Runs in the sandbox of an install when nothing else runs. Before it, it writes down what is there, where the install
 * can't see it; after it, it removes what came and nobody asked for, and tells what of the repository was changed. What it
 * goes by is the time at which the kernel last changed an inode, which no program can set.
 */
const fs = require('node:fs');

const root = Buffer.from(process.argv[1] + '/').toString('latin1');
const note = '/private/before';
const bytes = (path) => Buffer.from(root + path, 'latin1');
const stat = (path) => {
  try {
    return fs.lstatSync(bytes(path), { bigint: true });
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
};

/** Every entry, a directory before what is in it; names are bytes, so that odd ones are told apart. */
function* walk(enters) {
  const found = [''];
  while (found.length > 0) {
    const parent = found.pop();
    for (const name of fs.readdirSync(bytes(parent), { encoding: 'latin1' })) {
      const path = parent + name;
      const entry = stat(path);
      if (entry === undefined) continue;
      yield { path, name, entry };
      if (entry.isDirectory() && enters(path, name)) found.push(path + '/');
    }
  }
}

function lookBefore() {
  const directories = [];
  const files = [];
  for (const { path, entry } of walk(() => true)) (entry.isDirectory() ? directories : files).push(path);
  fs.writeFileSync(note, JSON.stringify({ directories, files }));
  return { ctime: String(fs.lstatSync(note, { bigint: true }).ctimeNs) };
}

function lookAfter({ directory, keeps }) {
  const start = fs.lstatSync(note, { bigint: true }).ctimeNs;
  const before = JSON.parse(fs.readFileSync(note, 'utf8'));
  const [directories, files] = [new Set(before.directories), new Set(before.files)];
  const below = directory === '' ? '' : Buffer.from(directory).toString('latin1') + '/';
  const isKept = (path, name) =>
    keeps.some(({ everywhere, name: kept }) => {
      if (!everywhere && !path.startsWith(below)) return false;
      return kept.startsWith('*') ? name.endsWith(kept.slice(1)) : name === kept;
    });
  const kept = new Set();
  for (const { path, name, entry } of walk((path, name) => directories.has(path) && !isKept(path, name))) {
    if (isKept(path, name)) kept.add(path);
    else if (entry.isDirectory() && directories.has(path)) {
      if ((entry.mode & 0o700n) !== 0o700n) fs.chmodSync(bytes(path), 0o755);
    } else if (!files.has(path)) fs.rmSync(bytes(path), { recursive: true, force: true });
  }
  const changed = before.files.filter((path) => {
    for (let cut = path.indexOf('/'); cut > 0; cut = path.indexOf('/', cut + 1)) {
      if (kept.has(path.slice(0, cut))) return false;
    }
    if (kept.has(path)) return false;
    const entry = stat(path);
    return entry === undefined || entry.isDirectory() || entry.ctimeNs > start;
  });
  const shown = changed.slice(0, 20).map((path) => Buffer.from(path, 'latin1').toString());
  return { changed: shown, more: changed.length - shown.length, kept: kept.size };
}

const job = JSON.parse(fs.readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(job === null ? lookBefore() : lookAfter(job)));
