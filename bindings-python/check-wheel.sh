#!/bin/sh
# Builds the wheels of the client, of the sandbox and of the command line, checks their contents, installs them into an empty environment without Rust, and
# runs the suite with the installed packages. `sdist` also builds the client from its source archive. `--release` builds everything as
# for publishing.
set -eu
cd "$(dirname "$0")/.."
profile='' from_source=''
features='--features test-panic' panics=True # for tests; released wheels lack that function
for argument; do
    case $argument in
        --release) profile=--release features='' panics=False ;;
        sdist) from_source=yes ;;
        *) echo "usage: $0 [--release] [sdist]" >&2 && exit 2 ;;
    esac
done
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"
python=$PWD/.venv/bin/python
maturin=$PWD/.venv/bin/maturin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2086 # an empty profile must not become an argument
"$maturin" build $profile $features --locked --quiet -m bindings-python/Cargo.toml --out "$work/wheels"
# shellcheck disable=SC2086
(cd bindings-python/sandbox && "$maturin" build $profile --locked --quiet --out "$work/wheels")
# With the features of the tests of Rust, so that these crates are not compiled once more.
# shellcheck disable=SC2086
(cd bindings-python/cli && "$maturin" build $profile ${features:+--features egito/test-panic} --locked --quiet --out "$work/wheels")
if [ -n "$from_source" ]; then
    "$maturin" sdist -m bindings-python/Cargo.toml --out "$work/source"
    tar tzf "$work"/source/*.tar.gz | grep -q '^egito-[^/]*/LICENSE$'
    "$python" -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$work/from-source" "$work"/source/*.tar.gz
fi

"$python" - "$work"/wheels/egito-*.whl "$work"/wheels/egito_sandbox-*.whl "$work"/wheels/egito_cli-*.whl <<'CHECK'
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
names = {name.split("/", 1)[1] for name in wheel.namelist() if name.startswith("egito/")}
needed = {"py.typed", "_egito.pyi", "_egito.abi3.so", "__init__.py", "__main__.py", "testing.py"}
assert needed <= names, needed - names
unexpected = {name for name in names if not name.endswith((".py", ".pyi", ".so", "py.typed"))}
assert not unexpected, unexpected
assert not {name for name in wheel.namelist() if not name.startswith("egito")}, wheel.namelist()
for each in sys.argv[1:]:
    names = zipfile.ZipFile(each).namelist()
    assert any(name.endswith("/licenses/LICENSE") for name in names), names
metadata = wheel.read(next(name for name in wheel.namelist() if name.endswith("/METADATA"))).decode()
assert all(f"Provides-Extra: {extra}\n" in metadata for extra in ("cli", "dlt", "fast", "sandbox", "spark")), metadata
assert "Requires-Python: >=3.10" in metadata, metadata
CHECK

"$python" -m venv "$work/venv"
empty="$work/venv/bin/python"
env -i PATH="$work/venv/bin:/usr/bin:/bin" HOME="$work" "$empty" -m pip install --quiet --disable-pip-version-check \
    --no-index --only-binary :all: --find-links "$work/wheels" 'egito[cli,sandbox]'
cd "$work" # so that nothing is imported from the checkout
env -i PATH=/usr/bin:/bin "$empty" -c '
import egito, egito.testing
assert egito.__file__.startswith("'"$work"'"), egito.__file__
assert hasattr(egito._egito.Client, "panic_for_tests") == '"$panics"'
with egito.testing.Sandbox() as sandbox, sandbox.client() as client:
    assert client.accounts.get(client.accounts.create({"name": "Żubr"}))["name"] == "Żubr"
'
env -i PATH=/usr/bin:/bin "$empty" -m egito sandbox --help >/dev/null
cd "$OLDPWD"
scripts/check-cli.sh "$work/venv/bin/egito"

cat >"$work/adapters.yaml" <<TABLE
python: {command: [$empty, tests/adapters/python/adapter.py], needs: [tests/adapters/python/adapter.py], make: "$0"}
python-async: {command: [$empty, tests/adapters/python/adapter.py, async], needs: [tests/adapters/python/adapter.py], make: "$0"}
TABLE
"$python" -m pytest -q tests/test_cases.py --adapters "$work/adapters.yaml" ${profile:+-k "not a-panic-reaches"}
echo "The wheels install in an empty environment and pass the suite."
