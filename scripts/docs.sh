#!/usr/bin/env bash
# Builds the site of the documentation in target/site/html: all pages, and the API reference of each language. A warning is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
pages=$PWD/target/site/pages
rm -rf target/site
mkdir -p "$pages/api"

# Reports which of the programs are missing. That is a failure if every language must be tested.
not_run() {
    echo "NOT RUN: $(scripts/need.sh "$@" 2>&1)"
    [ -z "${EGITO_REQUIRE_ALL_ADAPTERS:-}" ]
}

RUSTDOCFLAGS='-D warnings' cargo doc --locked --quiet --no-deps -p egito -p egito-sandbox
cp -r target/doc "$pages/api/rust"

npm --prefix bindings-node run --silent docs
cp -r target/doc-node "$pages/api/node"

if scripts/need.sh doxygen 2>/dev/null; then
    make -C bindings-c --no-print-directory --silent doc
    cp -r target/doc-c/html "$pages/api/c"
else
    not_run doxygen
fi

if scripts/need.sh javac mvn 2>/dev/null; then
    bindings-jvm/check-docs.sh
    unzip -q -d "$pages/api/jvm" target/jvm/egito-javadoc.jar
else
    not_run javac mvn
fi

python docs/site/stage_pages.py "$pages"
cp docs/site/zensical.toml target/site/
zensical build --strict --clean --config-file target/site/zensical.toml
echo "The site is in target/site/html: open target/site/html/index.html."
