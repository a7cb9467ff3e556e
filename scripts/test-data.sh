#!/usr/bin/env bash
# Runs the tests that need dlt or Spark, in the environment that `make test-data` installs. With --wheel, builds the wheel, installs it
# with its extras into an empty environment, and runs the tests there.
set -euo pipefail
cd "$(dirname "$0")/.."
tests=bindings-python/tests-data
case ${1-} in
    '')
        PYTHONPATH=$PWD/bindings-python/python target/venv-data/bin/pytest -q $tests
        exit
        ;;
    --wheel) ;;
    *) echo "usage: $0 [--wheel]" >&2 && exit 2 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# With the features of the other tests, so that the crates are not compiled once more.
.venv/bin/maturin build --features test-panic --locked --quiet -m bindings-python/Cargo.toml --out "$work/wheels"
wheel=$(echo "$work"/wheels/egito-*.whl)
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --prefer-binary \
    -r $tests/requirements.txt "egito[dlt,spark] @ file://$wheel"
(cd "$work" && venv/bin/python -c 'import egito, sys; assert egito.__file__.startswith(sys.prefix), egito.__file__')
"$work/venv/bin/pytest" -q $tests
