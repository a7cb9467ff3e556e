"""`python -m egito sandbox`: a local Egito to develop and test against; `python -m egito --version`."""

from __future__ import annotations

import os
import sys

from egito._egito import __version__
from egito._errors import ConfigError
from egito.testing import sandbox_program

USAGE = """usage: python -m egito sandbox [OPTIONS OF THE SANDBOX]
       python -m egito --version

Starts a local Egito on 127.0.0.1 and prints its address and credentials; Ctrl-C stops it.
`python -m egito sandbox --help` lists its options."""


def main() -> int:
    """Runs the sandbox in this process, or prints the version."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"egito {__version__}")
        return 0
    if sys.argv[1:2] != ["sandbox"]:
        print(USAGE, file=sys.stdout if sys.argv[1:] in (["--help"], ["-h"]) else sys.stderr)
        return 0 if sys.argv[1:] in (["--help"], ["-h"]) else 2
    try:
        program = sandbox_program()
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 1
    command = [program, *sys.argv[2:]]
    if os.name == "posix":
        os.execv(program, command)  # so that it receives signals
    import subprocess

    return subprocess.call(command)


if __name__ == "__main__":
    sys.exit(main())
