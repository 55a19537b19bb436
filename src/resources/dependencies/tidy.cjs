'use strict';
/*
 * Runs in the sandbox of an install, before it and after it, when nothing else runs: removes what the install left and
 * nobody asked for, and tells which files of the repository it changed. What it goes by is the time at which the kernel
 * last changed an inode, which no program can set.
 */
const fs = require('node:fs');

const root = Buffer.from(process.argv[1] + '/').toString('latin1');
const bytes = (path) => Buffer.from(root + path, 'latin1');
const stat = (path) => {
  try {
    return fs.lstatSync(bytes(path), { bigint: true });
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
};

function now() {
  const path = '/private/now';
  fs.writeFileSync(path, '');
  fs.chmodSync(path, 0o600);
  return String(fs.lstatSync(path, { bigint: true }).ctimeNs);
}

function tidy({ since, tracked, directory, keeps }) {
  const start = BigInt(since);
  const latin = (text) => Buffer.from(text).toString('latin1');
  const files = new Set(tracked.map(latin));
  const parents = new Set();
  for (const file of files) {
    for (let cut = file.lastIndexOf('/'); cut > 0; cut = file.lastIndexOf('/', cut - 1)) {
      if (parents.has(file.slice(0, cut))) break;
      parents.add(file.slice(0, cut));
    }
  }
  const below = directory === '' ? '' : latin(directory) + '/';
  const isKept = (path, name) =>
    keeps.some(({ everywhere, name: kept }) => {
      if (!everywhere && !path.startsWith(below)) return false;
      return kept.startsWith('*') ? name.endsWith(kept.slice(1)) : name === kept;
    });
  const changed = [];
  const kept = new Set();
  const found = [''];
  while (found.length > 0) {
    const parent = found.pop();
    for (const name of fs.readdirSync(bytes(parent), { encoding: 'latin1' })) {
      const path = parent + name;
      const entry = stat(path);
      if (entry === undefined) continue;
      if (isKept(path, name)) kept.add(path);
      else if (entry.isDirectory() && parents.has(path)) {
        if ((entry.mode & 0o700n) !== 0o700n) fs.chmodSync(bytes(path), 0o755);
        found.push(path + '/');
      } else if (!files.has(path) && entry.ctimeNs > start)
        fs.rmSync(bytes(path), { recursive: true, force: true });
    }
  }
  for (const file of files) {
    let isInside = false;
    for (let cut = file.indexOf('/'); cut > 0 && !isInside; cut = file.indexOf('/', cut + 1))
      isInside = kept.has(file.slice(0, cut));
    if (isInside || kept.has(file)) continue;
    const entry = stat(file);
    if (entry === undefined || entry.isDirectory() || entry.ctimeNs > start)
      changed.push(Buffer.from(file, 'latin1').toString());
  }
  return { changed: changed.slice(0, 20), more: Math.max(0, changed.length - 20), kept: kept.size };
}

const job = JSON.parse(fs.readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(job === null ? { now: now() } : tidy(job)));
