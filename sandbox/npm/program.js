/** Finds the program: it comes in a package of its own for each platform, so that nobody downloads another one's. */

const { version } = require('./package.json');

const LIBCS = { darwin: [''], linux: ['-gnu', '-musl'], win32: ['-msvc'] };

/** Machines that there are packages for. */
const MACHINES = ['x64', 'arm64'];

/** Its path. Throws an error that says what to do where there is none for this machine. */
exports.program = function program() {
  const { platform, arch } = process;
  const libcs = MACHINES.includes(arch) ? (LIBCS[platform] ?? []) : [];
  const names = libcs.map((libc) => `egito-sandbox-${platform}-${arch}${libc}`);
  const file = platform === 'win32' ? 'egito-sandbox.exe' : 'egito-sandbox';
  for (const name of names) {
    try {
      return require.resolve(`${name}/${file}`);
    } catch {
      // The other one may be there.
    }
  }
  const build = 'cargo build -p egito-sandbox builds it, and `program` is its path';
  const advice =
    names.length === 0
      ? `there is no package for this system; ${build}`
      : `it is in ${names.join(' or ')}; npm install --save-dev egito-sandbox@${version} brings it, or ${build}`;
  throw new Error(`egito-sandbox: the program for ${platform}-${arch} is not there; ${advice}`);
};
