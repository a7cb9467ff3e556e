#!/bin/sh
# Says which of the given programs are missing, and the command that installs each. Ends with 1 where any is.
set -u

how() {
    case $1 in
        cargo) echo "curl --proto '=https' -sSf https://sh.rustup.rs | sh   (Rust 1.95 or newer)" ;;
        python3) echo "sudo apt-get install python3 python3-venv   (Python 3.10 or newer)" ;;
        node | npm) echo "sudo apt-get install nodejs npm   (Node.js 20 or newer)" ;;
        cc) echo "sudo apt-get install gcc" ;;
        c++) echo "sudo apt-get install g++" ;;
        php) echo "sudo apt-get install php-cli" ;;
        *) echo "sudo apt-get install $1" ;;
    esac
}

missing=0
for program; do
    command -v "$program" >/dev/null 2>&1 && continue
    echo "missing: $program; install it with: $(how "$program")" >&2
    missing=1
done
exit $missing
