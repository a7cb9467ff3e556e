#!/bin/sh
# Reports which of the given programs are missing or too old, and the command that installs each. Exits with 1 if one is.
set -u

install_command() {
    case $1 in
        cargo) echo "curl --proto '=https' -sSf https://sh.rustup.rs | sh   (Rust 1.95 or newer)" ;;
        python3) echo "sudo apt-get install python3 python3-venv   (Python 3.10 or newer)" ;;
        node | npm) echo "sudo apt-get install nodejs npm   (Node.js 20 or newer; if Debian's is older: nodejs.org)" ;;
        cc) echo "sudo apt-get install gcc" ;;
        c++) echo "sudo apt-get install g++" ;;
        java | javac) echo "sudo apt-get install openjdk-17-jdk-headless" ;;
        mvn) echo "sudo apt-get install maven" ;;
        php) echo "sudo apt-get install php-cli" ;;
        phpcs) echo "sudo apt-get install php-codesniffer" ;;
        *) echo "sudo apt-get install $1" ;;
    esac
}

new_enough() {
    case $1 in
        cargo) rustc --version | awk '{ split($2, v, "."); exit !(v[1] > 1 || v[2] >= 95) }' ;;
        python3) python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' ;;
        javac) javac -version 2>&1 | awk -F '[ .]' '{ exit !($2 >= 17) }' ;;
        node) node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' ;;
    esac
}

missing=0
for program; do
    if ! command -v "$program" >/dev/null 2>&1; then
        echo "missing: $program; install it with: $(install_command "$program")" >&2
        missing=1
    elif ! new_enough "$program"; then
        echo "too old: $program; install a newer one with: $(install_command "$program")" >&2
        missing=1
    fi
done
if [ "${1:-}" = cargo ] && ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    echo "missing: venv; install it with: sudo apt-get install python3-venv" >&2
    missing=1
fi
exit $missing
