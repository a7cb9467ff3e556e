#!/usr/bin/env bash
# Runs all tests of all parts. The shared suite comes last, so its table and summary are the end of the output. If parts failed, the
# end of what each of them printed follows.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
export RUST_BACKTRACE=0 # a panic that a test causes prints one line, not a backtrace
logs=target/test-logs
rm -rf "$logs" && mkdir -p "$logs"
failed=()
parts=$(grep -c '^part "' "$0")
begun=0

part() {
    local name=$1
    shift
    begun=$((begun + 1))
    printf '\n== %d of %d, after %d s: %s ==\n' "$begun" "$parts" "$SECONDS" "$name"
    "$@" 2>&1 | tee "$logs/$begun.log"
    [ "${PIPESTATUS[0]}" -eq 0 ] || failed+=("$begun: $name")
}

# Prints the end of what each failed part printed, since the whole output is long.
report_failures() {
    local entry
    for entry in "${failed[@]}"; do
        printf '\n== FAILED: part %s; the end of its output, which is in %s/%s.log ==\n' "$entry" "$logs" "${entry%%:*}"
        tail -n 60 "$logs/${entry%%:*}.log"
    done
    [ ${#failed[@]} -eq 0 ]
}

# Reports which of the programs are missing. That is a failure if every language must be tested.
not_run() {
    echo "NOT RUN: $(scripts/need.sh "$@" 2>&1)"
    [ -z "${EGITO_REQUIRE_ALL_ADAPTERS:-}" ]
}

# The packages of these tests are too large to be installed for every run of all tests.
data_tests() {
    [ -e target/stamps/data ] || { echo "NOT RUN: missing: dlt, Spark; install them and run these tests with: make test-data"; return; }
    scripts/test-data.sh
}

php_tests() {
    scripts/need.sh php phpunit 2>/dev/null || { not_run php phpunit; return; }
    # Skipped tests print what they need; if every language must be tested, they are failures.
    php -d ffi.enable=1 "$(command -v phpunit)" -c bindings-c/php ${EGITO_REQUIRE_ALL_ADAPTERS:+--fail-on-skipped}
}

# `make page` has installed what drives Chromium.
page_tests() {
    scripts/need.sh chromium 2>/dev/null || { not_run chromium; return; }
    pytest -q sandbox/tests/page
}

# The build has compiled the package and its tests.
jvm_tests() {
    scripts/need.sh javac mvn 2>/dev/null || { not_run javac mvn; return; }
    mvn -B -q -f bindings-jvm/pom.xml surefire:test && new_jdk_tests && bindings-jvm/check-jar.sh && bindings-jvm/spring/check.sh
}

# Debian 12 has no JDK 25, which has other rules for native code and virtual threads.
new_jdk_tests() {
    local java
    for java in /usr/lib/jvm/*/bin/java; do
        if "$java" -version 2>&1 | grep -q 'version "25'; then
            echo "on $java:"
            mvn -B -q -f bindings-jvm/pom.xml surefire:test -Djvm="$java"
            return
        fi
    done
    echo "NOT RUN on JDK 25: install it in /usr/lib/jvm, from adoptium.net"
}

echo "$parts parts of tests; all of them take about 25 minutes on two cores."
part "Rust: core, sandbox, libegito, adapters" cargo test --locked --quiet --workspace --exclude egito-python --exclude egito-node --exclude egito-jvm --exclude egito-jvm-bindgen --exclude egito-bench --features egito-c/test-panic
part "The sandbox's page, in Chromium" page_tests
part "Python package" pytest -q bindings-python/tests
part "Python package: dlt and Spark" data_tests
part "Python wheels, in an empty environment" bindings-python/check-wheel.sh
part "Node.js package" npm --prefix bindings-node --silent test
part "Node.js package, packed: the suite" bindings-node/scripts/test-packed.sh
part "C and C++" make -C bindings-c --no-print-directory --keep-going BUILT=1 test test-docs test-install test-memory
part "PHP package" php_tests
part "Kotlin and Java package" jvm_tests
part "The shared suite on a real Grails server" pytest tests/test_cases.py -k test_holds --server grails
part "The shared suite" pytest tests
report_failures
