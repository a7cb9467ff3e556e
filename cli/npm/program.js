/** Finds the program. Each platform has its own package, so that only one binary is downloaded. */

const { version } = require('./package.json');

const LIBCS = { darwin: [''], linux: ['-gnu', '-musl'], win32: ['-msvc'] };

/** CPU architectures with a package. */
const MACHINES = ['x64', 'arm64'];

/** Returns the path of the program. Throws an error with instructions if it is not installed. */
exports.program = function program() {
  const { platform, arch } = process;
  const libcs = MACHINES.includes(arch) ? (LIBCS[platform] ?? []) : [];
  const names = libcs.map((libc) => `egito-cli-${platform}-${arch}${libc}`);
  const file = platform === 'win32' ? 'egito.exe' : 'egito';
  for (const name of names) {
    try {
      return require.resolve(`${name}/${file}`);
    } catch {
      // Try the next package.
    }
  }
  const build = 'build it with `cargo install --path cli` in a checkout of the SDK';
  const advice =
    names.length === 0
      ? `there is no package for this system; ${build}`
      : `run \`npm install egito-cli@${version}\`, which installs ${names.join(' or ')}, or ${build}`;
  throw new Error(`egito-cli: the program for ${platform}-${arch} is not installed; ${advice}`);
};
