/** The packed tarballs, installed into an empty folder, as by npm users. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { installPackage } from './install-package.mjs';

const folder = installPackage();

/** Runs a script in that folder. @param {string} script @param {string} [type] */
const run = (script, type = 'commonjs') =>
  spawnSync(process.execPath, [`--input-type=${type}`, '-e', script], { cwd: folder, encoding: 'utf8' });

test('only the needed packages are installed', () => {
  const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  const platform = installed.find((name) => /^egito-(?!sandbox)/.test(name))?.replace('egito-', '');
  assert.deepEqual(installed, ['egito', `egito-${platform}`, 'egito-sandbox', `egito-sandbox-${platform}`]);
});

test('the packed READMEs have no links out of the package', () => {
  for (const name of ['egito', 'egito-sandbox']) {
    assert.doesNotMatch(readFileSync(join(folder, 'node_modules', name, 'README.md'), 'utf8'), /\]\(\.\.\//);
  }
});

test('import and require work with a sandbox from egito/testing, and the program ends', () => {
  const work = `const sandbox = await startSandbox();
    const { accounts } = new Client(sandbox.settings);
    await accounts.get(await accounts.create({ name: 'Żubr' })).then(({ name }) => console.log(name));`;
  const imports = `import { Client } from 'egito'; import { startSandbox } from 'egito/testing'; ${work}`;
  const requires = `const { Client } = require('egito'); const { startSandbox } = require('egito/testing');
    (async () => { ${work} })();`;
  for (const { status, stdout, stderr } of [run(imports, 'module'), run(requires)]) {
    assert.deepEqual([status, stdout, stderr], [0, 'Żubr\n', '']);
  }
});

test('npx egito-sandbox runs the program', () => {
  const bin = join(folder, 'node_modules/.bin/egito-sandbox');
  const { status, stdout } = spawnSync(bin, ['--help'], { encoding: 'utf8' });
  assert.equal(status, 0);
  assert.match(stdout, /--records/);
});

const modules = join(folder, 'node_modules');
const platform = readdirSync(modules).find((name) => /^egito-(?!sandbox)/.test(name)) ?? '';

/** Returns code and message of the error if the package cannot be loaded. @param {string} before @param {...string} flags */
function loadError(before, ...flags) {
  const script = `${before}; try { require('egito') } catch ({ code, message }) { console.log(code, message) }`;
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, '-e', script], { cwd: folder, encoding: 'utf8' });
  return stdout || stderr;
}

test('the error of a binary that cannot be loaded has the reason and a code', () => {
  const binary = join(modules, platform, 'egito.node');
  const kept = `${binary}.kept`;
  renameSync(binary, kept);
  try {
    for (const [content, reason] of /** @type {const} */ ([
      ['', /^EGITO_BINARY_CORRUPT .* is damaged; .*file too short/],
      ['not a program', /^EGITO_BINARY_CORRUPT .* is damaged/],
    ])) {
      writeFileSync(binary, content);
      assert.match(loadError(''), reason);
    }
    // Like a binary that needs the C library of another system.
    const bytes = readFileSync(kept);
    writeFileSync(binary, Buffer.from(bytes.toString('latin1').replaceAll('libc.so.6\0', 'libx.so.6\0'), 'latin1'));
    assert.match(loadError(''), /^EGITO_BINARY_(UNUSABLE|OF_OTHER_LIBC) .*libx\.so\.6/);
    for (const message of [`version 'GLIBC_2.99' not found`, 'libc.musl-x86_64.so.1: cannot open shared object file']) {
      const dlopen = `process.dlopen = () => { throw Object.assign(new Error(${JSON.stringify(message)}), { code: 'ERR_DLOPEN_FAILED' }) }`;
      assert.match(
        loadError(dlopen),
        /^EGITO_BINARY_OF_OTHER_LIBC .*another C library than this system has \((glibc \d|not glibc)/,
      );
    }
  } finally {
    renameSync(kept, binary);
  }
  assert.match(loadError('', '--no-addons'), /^EGITO_ADDONS_DISABLED .*--allow-addons/);
  const permission = ['--experimental-permission', '--no-warnings'];
  assert.match(loadError('', ...permission, `--allow-fs-read=${folder}/*`), /^EGITO_ADDONS_DISABLED .*--allow-addons/);
});

test('an older Node.js and another version of the binary are errors', () => {
  const older = `Object.defineProperty(process.versions, 'node', { value: '18.20.8' })`;
  assert.match(loadError(older), /^EGITO_NODE_TOO_OLD egito: Node\.js 20 or newer is required, but this is 18\.20\.8/);
  const manifest = join(modules, 'egito/package.json');
  const own = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, JSON.stringify({ ...JSON.parse(own), version: '9.9.9' }));
  try {
    assert.match(
      loadError(''),
      /^EGITO_BINARY_OF_OTHER_VERSION .* has version 0\.1\.0, this package has version 9\.9\.9/,
    );
  } finally {
    writeFileSync(manifest, own);
  }
});

test('the error of a missing binary has instructions', () => {
  renameSync(join(modules, platform), join(modules, 'away'));
  const { stderr } = run(`require('egito')`);
  renameSync(join(modules, 'away'), join(modules, platform));
  assert.match(stderr, new RegExp(`Error: egito: the native module cannot be loaded .*${platform}.*--omit=optional`));
  assert.match(stderr, /code: 'EGITO_BINARY_MISSING'/);
  assert.match(stderr, /cause.*AggregateError/s);

  renameSync(join(modules, 'egito-sandbox'), join(modules, 'away'));
  const testing = run(`require('egito/testing').startSandbox().catch(({ message }) => console.log(message))`);
  renameSync(join(modules, 'away'), join(modules, 'egito-sandbox'));
  assert.match(testing.stdout, /npm install --save-dev egito-sandbox/);

  const elsewhere = `Object.defineProperty(process, 'arch', { value: 'arm' });`;
  const unknown = run(`${elsewhere} require('egito')`);
  assert.match(unknown.stderr, /cannot be loaded on \w+-arm by .*: there is no binary for this system/);
  const sandbox = run(
    `${elsewhere} require('egito-sandbox').startSandbox().catch((error) => console.log(error.message))`,
  );
  assert.match(sandbox.stdout, /there is no package for this system/);
});
