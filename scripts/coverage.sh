#!/usr/bin/env bash
# Measures which lines the tests of the core, of the Python package and of the Node.js package run. Below its floor a part fails.
# The reports are in target/coverage. usage: scripts/coverage.sh [core] [python] [node]
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
reports=$PWD/target/coverage
failed=()

# Percent of lines; a change that lowers the coverage needs tests, or its reason here.
core_floor=80
python_floor=96
node_floor=96

.venv/bin/pip install --quiet --disable-pip-version-check --only-binary :all: -r scripts/requirements-coverage.txt || exit 1

# The tests of the core itself. What only the suite of all languages runs is not counted.
core() {
    if ! ls "$(rustc --print sysroot)"/lib/rustlib/*/bin/llvm-profdata >/dev/null 2>&1; then
        echo "missing: llvm-tools; install it with: rustup component add llvm-tools"
        return 1
    fi
    cargo-llvm-cov llvm-cov --locked --quiet -p egito --lib --test it --no-report &&
        cargo-llvm-cov llvm-cov report -p egito --ignore-filename-regex '/(sandbox|core/tests)/' --html --output-dir "$reports/core" &&
        cargo-llvm-cov llvm-cov report -p egito --ignore-filename-regex '/(sandbox|core/tests)/' --fail-under-lines "$core_floor"
}

# The parts for dlt and Spark need packages that only `make test-data` installs.
python() {
    export COVERAGE_FILE=$reports/python.data
    coverage run --branch --source=egito --omit='*/egito/dlt/*,*/egito/spark/*' -m pytest -q bindings-python/tests &&
        coverage html --quiet --directory "$reports/python" &&
        coverage report --skip-covered --fail-under "$python_floor"
}

# Maps the JavaScript back to the TypeScript of lib/.
node() {
    (cd bindings-node && npx c8 --reporter html --reporter text --reports-dir "$reports/node" --temp-directory "$reports/node.data" \
        --include 'lib/**' --include 'dist/**' --exclude 'test/**' --exclude-after-remap \
        --check-coverage --lines "$node_floor" --branches 0 --functions 0 --statements 0 \
        node --test --test-reporter dot --test-timeout=180000 test/*.test.mjs)
}

mkdir -p "$reports"
[ $# -gt 0 ] || set -- core python node
for part; do
    printf '\n== %s ==\n' "$part"
    "$part" || failed+=("$part")
done
[ ${#failed[@]} = 0 ] || { printf 'FAILED: %s\n' "${failed[@]}"; exit 1; }
