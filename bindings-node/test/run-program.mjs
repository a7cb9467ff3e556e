/** Runs a program in another process. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const folder = new URL('..', import.meta.url);

/** Runs a module with these settings, and with the default action of SIGPIPE. @param {string} program @param {object} settings @param {NodeJS.ProcessEnv} variables */
export async function runProgram(program, settings, variables = {}) {
  const node = 'trap - PIPE; exec "$0" "$@"';
  const command = ['-c', node, process.execPath, '--input-type=module', '-e', program, JSON.stringify(settings)];
  const child = spawn('sh', command, { cwd: folder, env: { PATH: process.env.PATH, ...variables }, stdio: 'pipe' });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, err, code };
}
