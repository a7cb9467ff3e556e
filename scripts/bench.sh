#!/bin/sh
# Builds for release and measures. See benches/README.md.
set -eu
cd "$(dirname "$0")/.."
cargo build --locked --quiet --release -p egito-sandbox -p egito-bench -p egito-c
target/release/egito-bench target/release/egito-sandbox
if php -r 'exit((int) !extension_loaded("curl"));' 2>/dev/null; then
    php -d ffi.enable=1 benches/php/bench.php
else
    printf '\nPHP: NOT RUN, it needs: sudo apt-get install php-cli php-curl\n'
fi
