/** Errors of loading the native module, with instructions. */

/** The `code` of the error that `import` or `require` throws if the native module cannot be loaded. */
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

/** A package whose binary could not be loaded. */
export interface FailedLoad {
  readonly name: string;
  readonly cause: unknown;
}

/** A code, and a message with instructions. */
type Reason = readonly [code: LoadErrorCode, text: string];

/** Returns the error for packages that could not be loaded; there are none for an unsupported system. */
export function loadError(failed: readonly FailedLoad[]): Error {
  const reasons = failed.map(reasonOf);
  const [code, text] = reasons.find(([code]) => code !== 'EGITO_BINARY_MISSING') ?? reasons[0] ?? UNSUPPORTED;
  const { platform, arch, version } = process;
  const causes = failed.map(({ cause }) => cause);
  const cause = new AggregateError(causes, causes.map(String).join('; '));
  const message = `egito: the native module cannot be loaded on ${platform}-${arch} by Node.js ${version}: ${text}`;
  return Object.assign(new Error(message, { cause }), { code });
}

/** Throws if this version of Node.js is not supported. */
export function checkNode(): void {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) < 20) {
    const message = `egito: Node.js 20 or newer is required, but this is ${node}; install a newer Node.js`;
    throw Object.assign(new Error(message), { code: 'EGITO_NODE_TOO_OLD' satisfies LoadErrorCode });
  }
}

/** The error of a binary of another version of this package. */
export class VersionMismatch extends Error {}

const UNSUPPORTED: Reason = [
  'EGITO_PLATFORM_UNSUPPORTED',
  'there is no binary for this system; there are binaries for Linux, macOS and Windows on x64 and arm64',
];

function reasonOf({ name, cause }: FailedLoad): Reason {
  const { code, message } = cause as { code?: string; message: string };
  if (cause instanceof VersionMismatch) {
    return ['EGITO_BINARY_OF_OTHER_VERSION', `${message}; install the same version of both`];
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
        `${name} is not readable; allow it with --allow-fs-read or the file's permissions`,
      ];
    default:
      return loaderReason(name, message);
  }
}

function missing(name: string): string {
  return (
    `the package ${name} is not installed. If node_modules was created on another machine or with --omit=optional, remove it and ` +
    'install again; if a bundler or a copied folder omits the package, add it (see "Use a bundler" in the guide); ' +
    'in a checkout run: npm run build'
  );
}

/** Finds the reason in the message of the system's loader, on Linux, macOS and Windows. */
function loaderReason(name: string, message: string): Reason {
  if (/GLIBC_|libc\.musl|ld-linux|ld-musl|symbol not found|undefined symbol: __/i.test(message)) {
    const text = `the binary in ${name} needs another C library than this system has (${libc()}); `;
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
  return ['EGITO_BINARY_UNUSABLE', `the binary in ${name} could not be loaded (${message})`];
}

/** Returns the C library of this system. */
function libc(): string {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined
    ? 'not glibc, so probably musl'
    : `glibc ${header.glibcVersionRuntime}`;
}
