/** Finds the program: it comes in a package of its own for each platform, so that nobody downloads another one's. */

const { version } = require('./package.json');

const LIBCS = { darwin: [''], linux: ['-gnu', '-musl'], win32: ['-msvc'] };

/** Its path. Throws an error that says what to do where there is none for this machine. */
exports.program = function program() {
  const { platform, arch } = process;
  const names = (LIBCS[platform] ?? []).map((libc) => `egito-sandbox-${platform}-${arch}${libc}`);
  const file = platform === 'win32' ? 'egito-sandbox.exe' : 'egito-sandbox';
  for (const name of names) {
    try {
      return require.resolve(`${name}/${file}`);
    } catch {
      // The other one may be there.
    }
  }
  const advice = `npm install --save-dev egito-sandbox@${version} brings it, or cargo build -p egito-sandbox builds it`;
  throw new Error(`egito-sandbox: the program for ${platform}-${arch} (${names.join(' or ')}) is not there; ${advice}`);
};
