// Waits in a parked Node for the program to run.
//
// Node is started as `node --require THIS WORKSPACE` and loads this just before it runs its main module. What names
// that module is put right here, and `runMain` answers once with itself bound to the real entry, so that the program's
// start, its stack traces and the module it finds as `require.main` are those of a plain start.
'use strict';

const { isMainThread } = require('node:worker_threads');

// A worker thread of the program preloads what its parent was told to, this file included.
process.execArgv.splice(process.execArgv.indexOf('--require'), 2);
delete require.cache[__filename];
if (isMainThread) {
  // Whoever writes to stdout needs it, and it takes a millisecond to load.
  require('node:net');
  becomeMain();
}

function becomeMain() {
  const { resolve } = require('node:path');
  process.chdir(process.argv[1]);
  const { entry, args, variables } = receive();
  for (const [name, value] of variables) process.env[name] = value;
  process.argv.splice(1, process.argv.length, resolve(entry), ...args);
  redirectMain(process.argv[1]);
}

function receive() {
  const { readSync, writeSync, closeSync } = require('node:fs');
  const parts = [];
  writeSync(4, '!');
  closeSync(4);
  for (;;) {
    const part = Buffer.allocUnsafe(65_536);
    const size = readSync(3, part);
    if (size === 0) break;
    parts.push(part.subarray(0, size));
  }
  closeSync(3);
  const [entry, count, ...rest] = Buffer.concat(parts).toString().split('\0').slice(0, -1);
  const variables = rest.slice(Number(count)).map((variable) => {
    const at = variable.indexOf('=');
    return [variable.slice(0, at), variable.slice(at + 1)];
  });
  return { entry, args: rest.slice(0, Number(count)), variables };
}

function redirectMain(path) {
  const { Module } = require('node:module');
  const original = Object.getOwnPropertyDescriptor(Module, 'runMain');
  Object.defineProperty(Module, 'runMain', {
    configurable: true,
    get() {
      Object.defineProperty(Module, 'runMain', original);
      return original.value.bind(Module, path);
    },
  });
}
