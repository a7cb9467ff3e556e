#!/bin/sh
# Builds the release profile and runs the benchmarks. See benches/README.md.
set -eu
cd "$(dirname "$0")/.."
cargo build --locked --quiet --release -p egito-sandbox -p egito-bench -p egito-c
target/release/egito-bench target/release/egito-sandbox

# The wheel that users install and the libraries that it is compared with, in a separate environment.
python3 -m venv target/bench/venv
target/bench/venv/bin/pip install --quiet --disable-pip-version-check -r benches/python/requirements.txt maturin
rm -rf target/bench/wheels
target/bench/venv/bin/maturin build --release --locked --quiet -m bindings-python/Cargo.toml --out target/bench/wheels
target/bench/venv/bin/pip install --quiet --disable-pip-version-check --force-reinstall --no-deps target/bench/wheels/*.whl
target/bench/venv/bin/python benches/python/bench.py target/release/egito-sandbox

# Node.js loads the module next to its package: here a release build.
cargo build --locked --quiet --release -p egito-node
mkdir -p target/bench/egito
cp -r bindings-node/dist bindings-node/package.json target/bench/egito
cp "$(ls target/release/libegito_node.so target/release/libegito_node.dylib 2>/dev/null)" target/bench/egito/egito.node
npm --prefix benches/node ci --silent --no-fund --no-audit
node benches/node/main.mjs target/release/egito-sandbox

if pkg-config --exists libcurl libcjson 2>/dev/null; then
    make -C benches/c --no-print-directory run
else
    printf '\nC: NOT RUN, it needs: sudo apt-get install pkg-config libcurl4-openssl-dev libcjson-dev\n'
fi

if php -r 'exit((int) !extension_loaded("curl"));' 2>/dev/null; then
    php -d ffi.enable=1 benches/php/bench.php
else
    printf '\nPHP: NOT RUN, it needs: sudo apt-get install php-cli php-curl\n'
fi
