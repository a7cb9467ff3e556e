/** Builds the native module, and copies it to egito.node. Arguments are passed to cargo, for instance `--release`. */

import { spawnSync } from 'node:child_process';
import { copyFileSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const names = { darwin: 'libegito_node.dylib', win32: 'egito_node.dll' };
const name = names[process.platform] ?? 'libegito_node.so';
const features = process.argv.includes('--release') ? [] : ['--features', 'test-panic']; // for tests
const cargo = [
  'build',
  '-p',
  'egito-node',
  '--message-format=json-render-diagnostics',
  ...features,
  ...process.argv.slice(2),
];
const build = spawnSync('cargo', cargo, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: 1 << 28 });
if (build.status !== 0) {
  process.exit(build.status ?? 1);
}
const artifacts = build.stdout
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const built = artifacts.flatMap((artifact) => artifact.filenames ?? []).find((file) => file.endsWith(name));
const target = fileURLToPath(new URL('../egito.node', import.meta.url));
// Renaming keeps the old file intact for programs that have loaded it.
const temporary = target.replace('egito.node', 'egito.new.node');
copyFileSync(built, temporary);
renameSync(temporary, target);
