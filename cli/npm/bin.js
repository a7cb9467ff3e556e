#!/usr/bin/env node
/** `npx egito`: runs the program with the same arguments and the same exit status. */

const { spawn } = require('node:child_process');
const { constants } = require('node:os');
const { program } = require('./program.js');

const child = spawn(program(), process.argv.slice(2), { stdio: 'inherit' });
const onTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
process.on('SIGTERM', () => child.kill('SIGTERM'));
process.on('SIGINT', () => {
  // Ctrl-C on a terminal reaches both processes, and a second signal would end the program at once.
  if (!onTerminal) {
    child.kill('SIGINT');
  }
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
