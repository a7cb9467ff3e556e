/**
 * Packs the npm packages into target/npm (`--out FOLDER`): egito, egito-sandbox, egito-cli, and their binaries for every platform that was built.
 * With `--all`, for a release, a missing platform is an error.
 *
 * Binaries are egito.node and the programs of this machine (`--sandbox FILE`, `--cli FILE`), or all of them in `binaries/<target>/`,
 * where a release collects them (`--binaries FOLDER`). Licenses of the crates in a binary are in `<product>.notices` beside it.
 */

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = fileURLToPath(new URL('..', import.meta.url));
const { values: given } = parseArgs({
  options: {
    all: { type: 'boolean' },
    binaries: { type: 'string' },
    sandbox: { type: 'string' },
    cli: { type: 'string' },
    out: { type: 'string' },
  },
});
const out = given.out ?? join(here, '../target/npm');
const { napi, version, license, engines } = read(here);

/** Converts a target such as `x86_64-unknown-linux-gnu` to npm's names. */
function platformOf(target) {
  const [machine, , system, abi] = target.split('-');
  const os = { linux: 'linux', darwin: 'darwin', windows: 'win32' }[system];
  const cpu = { x86_64: 'x64', aarch64: 'arm64' }[machine];
  const libc = { gnu: 'glibc', musl: 'musl' }[abi];
  return { target, os, cpu, libc, name: [os, cpu, abi].filter(Boolean).join('-') };
}

function binariesOf({ target, os, cpu, libc }) {
  const collected = join(given.binaries ?? join(here, 'binaries'), target);
  const ending = os === 'win32' ? '.exe' : '';
  const files = { egito: 'egito.node', 'egito-sandbox': `egito-sandbox${ending}`, 'egito-cli': `egito${ending}` };
  const isHere = os === process.platform && cpu === process.arch && libc !== 'musl';
  const release = (file) => join(here, '../target/release', file);
  const local = {
    egito: join(here, files.egito),
    'egito-sandbox': given.sandbox ?? release(files['egito-sandbox']),
    'egito-cli': given.cli ?? release(files['egito-cli']),
  };
  const isCollected = existsSync(collected) || !isHere;
  return Object.entries(files).map(([product, file]) => [
    product,
    isCollected ? join(collected, file) : local[product],
    file,
  ]);
}

function packBinary(product, { name, os, cpu, libc }, file, fileName) {
  if (!existsSync(file)) {
    if (given.all) {
      throw new Error(`${file} is missing: a release needs every platform`);
    }
    return undefined;
  }
  const folder = join(out, `${product}-${name}`);
  mkdirSync(folder, { recursive: true });
  cpSync(file, join(folder, fileName));
  cpSync(join(here, '../LICENSE'), join(folder, 'LICENSE'));
  const files = [fileName];
  const notices = join(dirname(file), `${product}.notices`);
  if (existsSync(notices)) {
    cpSync(notices, join(folder, 'THIRD-PARTY-NOTICES'));
    files.push('THIRD-PARTY-NOTICES');
  }
  const description = `The binary of ${product} for ${name}`;
  const parts = { name: `${product}-${name}`, version, description, license, engines, os: [os], cpu: [cpu] };
  write(folder, { ...parts, ...(libc && { libc: [libc] }), main: `./${fileName}`, files });
  return pack(folder);
}

/** Packs the package itself, with the packages of its binaries as optional dependencies. */
function packMain(source, product, binaries) {
  const folder = join(out, product);
  const { private: _, scripts: __, devDependencies: ___, napi: ____, ...manifest } = read(source);
  cpSync(join(source, 'README.md'), join(folder, 'README.md'), { recursive: true });
  cpSync(join(here, '../LICENSE'), join(folder, 'LICENSE'));
  for (const file of manifest.files) {
    cpSync(join(source, file), join(folder, file), { recursive: true });
  }
  write(folder, { ...manifest, optionalDependencies: Object.fromEntries(binaries.map((name) => [name, version])) });
  return pack(folder);
}

function pack(folder) {
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', out, folder], { encoding: 'utf8' });
  const packed = JSON.parse(output);
  const [{ filename }] = Array.isArray(packed) ? packed : Object.values(packed);
  return join(out, filename);
}

function read(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function write(folder, manifest) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

rmSync(out, { recursive: true, force: true });
const packed = [];
const products = {
  egito: { source: here, names: [] },
  'egito-sandbox': { source: join(here, '../sandbox/npm'), names: [] },
  'egito-cli': { source: join(here, '../cli/npm'), names: [] },
};
for (const platform of napi.targets.map(platformOf)) {
  for (const [product, file, fileName] of binariesOf(platform)) {
    const tarball = packBinary(product, platform, file, fileName);
    if (tarball) {
      packed.push(tarball);
      products[product].names.push(`${product}-${platform.name}`);
    }
  }
}
for (const [product, { source, names }] of Object.entries(products)) {
  if (names.length > 0) {
    packed.push(packMain(source, product, names));
  }
}
console.log(packed.join('\n'));
