#!/bin/sh
# Builds the release profile and runs the benchmarks. See benches/README.md. ONLY and ROUNDS choose what runs, and how often.
set -eu
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
built=$target/release
bench=$target/bench
only=$(printf '%s' "${ONLY:-}" | tr '[:upper:]' '[:lower:]')

# Returns whether one of the chosen rows may be of this language: python, node, php, c, jvm or rust.
wanted() {
    case " $(printf '%s' "$only" | tr ',' ' ') " in
        *" $1 "*) ;;
        *" python "* | *" node "* | *" php "* | *" c "* | *" jvm "* | *" rust "*) return 1 ;;
    esac
}

cargo build --locked --quiet --release -p egito-bench --bin egito-bench-server
if wanted rust; then cargo build --locked --quiet --release -p egito-bench; fi
if wanted c || wanted php; then cargo build --locked --quiet --release -p egito-c; fi

# The wheel that users install and the libraries that it is compared with, in a separate environment.
if wanted python; then
    python3 -m venv "$bench/venv"
    pip() { "$bench/venv/bin/pip" --disable-pip-version-check install --quiet "$@"; }
    pip -r benches/python/requirements.txt || echo "NOT RUN: cannot install benches/python/requirements.txt"
    if pip maturin; then
        rm -rf "$bench/wheels"
        "$bench/venv/bin/maturin" build --release --locked --quiet -m bindings-python/Cargo.toml --out "$bench/wheels"
        pip --force-reinstall --no-deps "$bench"/wheels/*.whl
    fi
fi

# Node.js loads the module next to its package: here a release build.
if wanted node; then
    cargo build --locked --quiet --release -p egito-node
    [ -d bindings-node/node_modules ] || npm --prefix bindings-node ci --silent --no-fund --no-audit
    npm --prefix bindings-node run --silent build:lib
    rm -rf "$bench/egito"
    mkdir -p "$bench/egito"
    cp -r bindings-node/dist bindings-node/package.json "$bench/egito"
    cp "$(ls "$built/libegito_node.so" "$built/libegito_node.dylib" 2>/dev/null)" "$bench/egito/egito.node"
    npm --prefix benches/node ci --silent --no-fund --no-audit || echo "NOT RUN: cannot install the npm packages of benches/node"
fi

# The jar that users install, built in a folder of its own with the release library.
if wanted jvm && scripts/need.sh javac mvn; then
    cargo build --locked --quiet --release -p egito-jvm
    bindings-jvm/package.sh release "$bench/jvm/sdk" --strip-all -Dmaven.test.skip
    mvn -B -q -f benches/jvm/pom.xml -Dbuild="$bench/jvm" process-classes
fi

if wanted c && pkg-config --exists libcurl libcjson 2>/dev/null; then
    make -C benches/c --no-print-directory TARGET="$target"
fi

exec python3 benches/runner --target "$target" --rounds "${ROUNDS:-5}" --only "$only" --scale "${SCALE:-1}"
