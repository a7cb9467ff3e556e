/** Installs the packed tarballs into an empty folder, as npm users do. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program } from './sandbox.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));

/** Installs the packages into a folder and returns it. The folder is removed after the file's tests. */
export function installPackage() {
  const root = mkdtempSync(join(tmpdir(), 'egito-package-'));
  after(() => rmSync(root, { recursive: true }));
  const pack = [join(here, 'scripts/pack.mjs'), '--sandbox', program, '--out', join(root, 'tarballs')];
  const tarballs = execFileSync(process.execPath, pack, { encoding: 'utf8' }).trim().split('\n');
  const folder = join(root, 'app');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{}');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', ...tarballs], { cwd: folder, stdio: 'pipe' });
  return folder;
}
