/** Bundles of the installed package: traced, copied and bundled programs run in another folder. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { nodeFileTrace } from '@vercel/nft';
import { build } from 'esbuild';
import { installPackage } from './install-package.mjs';
import { startSandbox } from './sandbox.mjs';

const require = createRequire(import.meta.url);
const webpack = /** @type {typeof import('webpack')} */ (require('webpack'));
const sandbox = await startSandbox();
const folder = installPackage();

const PROGRAM = `Client.fromEnv().accounts.get(1).then(({ id }) => console.log('account', id));`;
const ESM = `import { Client } from 'egito';\n${PROGRAM}\n`;

/** Writes a program into the folder of the package. @param {string} name @param {string} text */
function writeProgram(name, text) {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** Creates an empty folder. */
const emptyFolder = () => mkdtempSync(join(dirname(folder), 'egito-elsewhere-'));

/** Runs a program. @param {string} file */
function run(file) {
  const { baseUrl, clientId, clientSecret, username, password } = sandbox.settings;
  const env = {
    EGITO_BASE_URL: baseUrl,
    EGITO_API_ID: clientId,
    EGITO_API_SECRET: clientSecret,
    EGITO_USERNAME: username,
    EGITO_PASSWORD: password,
  };
  assert.equal(execFileSync(process.execPath, [file], { encoding: 'utf8', env }), 'account 1\n');
}

for (const [name, text] of [
  ['traced.mjs', ESM],
  ['traced.cjs', `const { Client } = require('egito');\n${PROGRAM}\n`],
]) {
  test(`the files that @vercel/nft finds for ${name} are complete, as for a standalone Next.js`, async () => {
    const { fileList } = await nodeFileTrace(
      [writeProgram(/** @type {string} */ (name), /** @type {string} */ (text))],
      {
        base: folder,
      },
    );
    const target = emptyFolder();
    for (const file of fileList) {
      mkdirSync(dirname(join(target, file)), { recursive: true });
      cpSync(realpathSync(join(folder, file)), join(target, file));
    }
    run(join(target, /** @type {string} */ (name)));
  });
}

test('esbuild bundles the package with its binary', async () => {
  const outdir = emptyFolder();
  const entryPoints = [writeProgram('bundled.mjs', ESM)];
  const loader = /** @type {const} */ ({ '.node': 'copy' });
  const { errors } = await build({ entryPoints, outdir, bundle: true, platform: 'node', loader, logLevel: 'silent' });
  assert.deepEqual(errors, []);
  run(join(outdir, 'bundled.js'));
});

for (const type of ['commonjs', 'module']) {
  test(`esbuild and webpack can exclude the package from a bundle (${type})`, async () => {
    const format = type === 'module' ? 'esm' : 'cjs';
    const outfile = join(folder, `esbuild-${format}.${type === 'module' ? 'mjs' : 'cjs'}`);
    const entry = writeProgram('external.mjs', ESM);
    await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format, external: ['egito'] });
    run(outfile);

    const filename = `webpack-${format}.${type === 'module' ? 'mjs' : 'cjs'}`;
    const output = { path: folder, filename, ...(type === 'module' && { module: true, library: { type: 'module' } }) };
    const externals = { egito: type === 'module' ? 'module egito' : 'commonjs egito' };
    await runWebpack({ entry, output, externals, ...(type === 'module' && { experiments: { outputModule: true } }) });
    run(join(folder, filename));
  });
}

/** Runs webpack as in the guide. @param {import('webpack').Configuration} configuration */
function runWebpack(configuration) {
  const rest = /** @type {const} */ ({ mode: 'production', target: 'node', context: folder });
  return new Promise((resolve, reject) => {
    webpack({ ...rest, ...configuration }, (error, stats) => {
      const failure = error ?? (stats?.hasErrors() ? new Error(stats.toString()) : undefined);
      return failure ? reject(failure) : resolve(undefined);
    });
  });
}
