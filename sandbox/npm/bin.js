#!/usr/bin/env node
/** `npx egito-sandbox`: runs the program with the same arguments and the same exit status. */

const { spawn } = require('node:child_process');
const { program } = require('./program.js');

const child = spawn(program(), ['--exit-with-parent', ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => child.kill(signal));
}
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 0);
});
