'use strict';
/*
 * Runs inside a sandbox: makes the proxy's socket a port that programs know how to use, starts the command that it is
 * given, and ends as that one ends. Written for the Node that it comes with; it reads nothing of the workspace.
 */
const { spawn } = require('node:child_process');
const net = require('node:net');
const os = require('node:os');

const [socketPath, port, command, ...rest] = process.argv.slice(2);
const signals = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];
/* What a terminal sends, and the host in its place, reaches the command as well. */
const heardByBoth = ['SIGINT', 'SIGQUIT', 'SIGWINCH'];

const server = net.createServer({ allowHalfOpen: true }, (client) => {
  const door = net.connect({ path: socketPath, allowHalfOpen: true });
  client.on('error', () => door.destroy()).on('close', () => door.end());
  door.on('error', () => client.destroy()).on('close', () => client.destroySoon());
  client.pipe(door).pipe(client);
});

server.on('error', (error) => {
  process.stderr.write(`The way to the proxy could not be opened: ${error.message}\n`);
  process.exit(125);
});

server.listen(Number(port), '127.0.0.1', () => {
  const child = spawn(command, rest, { stdio: 'inherit' });
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  for (const signal of heardByBoth) process.on(signal, () => undefined);
  child.on('error', (error) => {
    process.stderr.write(`${command}: ${error.code === 'ENOENT' ? 'not found' : error.message}\n`);
    process.exit(error.code === 'ENOENT' ? 127 : 126);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    // As a shell tells it: process 1 of a sandbox can't die of its own signal.
    process.exit(128 + (os.constants.signals[signal] ?? 0));
  });
});
