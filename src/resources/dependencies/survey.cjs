'use strict';
/* Prints the paths of all plain files with these names, and of those that look like requirements of pip. */
const fs = require('node:fs');

const [root, names, most] = process.argv.slice(1);
const wanted = new Set(JSON.parse(names));
const paths = [];
const found = [''];
while (found.length > 0 && paths.length < Number(most)) {
  const parent = found.pop();
  for (const entry of fs.readdirSync(`${root}/${parent}`, { withFileTypes: true })) {
    if (
      entry.isDirectory() &&
      entry.name !== '.git' &&
      entry.name !== 'node_modules' &&
      parent.split('/').length < 16
    )
      found.push(`${parent}${entry.name}/`);
    else if (entry.isFile() && (wanted.has(entry.name) || /^requirements[\w.-]*\.txt$/.test(entry.name)))
      paths.push(parent + entry.name);
  }
}
process.stdout.write(JSON.stringify(paths));
