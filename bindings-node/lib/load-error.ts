/** Says why the native module cannot be loaded, and what to do. */

/** The stable word for why the native module cannot be loaded, as the `code` of the error that `import` or `require` throws. */
export type LoadErrorCode =
  | 'EGITO_NODE_TOO_OLD'
  | 'EGITO_PLATFORM_UNSUPPORTED'
  | 'EGITO_BINARY_MISSING'
  | 'EGITO_BINARY_OF_OTHER_LIBC'
  | 'EGITO_BINARY_CORRUPT'
  | 'EGITO_BINARY_OF_OTHER_VERSION'
  | 'EGITO_ADDONS_DISABLED'
  | 'EGITO_BINARY_UNREADABLE'
  | 'EGITO_BINARY_UNUSABLE';

/** A package, and why its binary was not loaded. */
export interface Failed {
  readonly name: string;
  readonly cause: unknown;
}

/** What is wrong, and what to do. */
type Reason = readonly [code: LoadErrorCode, text: string];

/** Returns the error about packages of which none could be loaded; there are none for a system that is not supported. */
export function loadError(failed: readonly Failed[]): Error {
  const reasons = failed.map(reasonOf);
  const [code, text] = reasons.find(([code]) => code !== 'EGITO_BINARY_MISSING') ?? reasons[0] ?? UNSUPPORTED;
  const { platform, arch, version } = process;
  const causes = failed.map(({ cause }) => cause);
  const cause = new AggregateError(causes, causes.map(String).join('; '));
  const message = `egito: the native module cannot be loaded on ${platform}-${arch} by Node.js ${version}: ${text}`;
  return Object.assign(new Error(message, { cause }), { code });
}

/** Throws where Node.js is older than this package can use. */
export function checkNode(): void {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) < 20) {
    const message = `egito: Node.js 20 or newer is required, this is ${node}; install a newer Node.js`;
    throw Object.assign(new Error(message), { code: 'EGITO_NODE_TOO_OLD' satisfies LoadErrorCode });
  }
}

/** The error of a binary that belongs to another version of this package. */
export class OtherVersion extends Error {}

const UNSUPPORTED: Reason = [
  'EGITO_PLATFORM_UNSUPPORTED',
  'there is no binary for this system; there are binaries for Linux, macOS and Windows on x64 and arm64',
];

function reasonOf({ name, cause }: Failed): Reason {
  const { code, message } = cause as { code?: string; message: string };
  if (cause instanceof OtherVersion) {
    return ['EGITO_BINARY_OF_OTHER_VERSION', `${message}; install both in the same version`];
  }
  switch (code) {
    case 'MODULE_NOT_FOUND':
      return ['EGITO_BINARY_MISSING', missing(name)];
    case 'ERR_DLOPEN_DISABLED':
      return [
        'EGITO_ADDONS_DISABLED',
        'native addons are disabled; start node with --allow-addons, without --no-addons',
      ];
    case 'ERR_ACCESS_DENIED':
    case 'EACCES':
      return [
        'EGITO_BINARY_UNREADABLE',
        `${name} may not be read; allow it by --allow-fs-read or the file's permissions`,
      ];
    default:
      return unloadable(name, message);
  }
}

function missing(name: string): string {
  return (
    `the package ${name} is not installed. If node_modules was made on another machine or with --omit=optional, remove it and ` +
    'install again; if a bundler or a copied folder left the package out, add it (see "With a bundler" in the guide); ' +
    'in a checkout run: npm run build'
  );
}

/** What the system's loader says of a binary, in its words on Linux, macOS and Windows. */
function unloadable(name: string, message: string): Reason {
  if (/GLIBC_|libc\.musl|ld-linux|ld-musl|symbol not found|undefined symbol: __/i.test(message)) {
    const text = `the binary in ${name} is made for another C library than this system's (${libc()}); `;
    return ['EGITO_BINARY_OF_OTHER_LIBC', `${text}remove node_modules and install on this system (${message})`];
  }
  if (
    /invalid ELF header|file too short|wrong ELF class|not a mach-o|not a valid Win32|truncated|Exec format/i.test(
      message,
    )
  ) {
    return [
      'EGITO_BINARY_CORRUPT',
      `the binary in ${name} is damaged; remove node_modules and install again (${message})`,
    ];
  }
  return ['EGITO_BINARY_UNUSABLE', `the binary in ${name} was refused (${message})`];
}

/** Returns the C library of this system. */
function libc(): string {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined
    ? 'not glibc, so probably musl'
    : `glibc ${header.glibcVersionRuntime}`;
}
