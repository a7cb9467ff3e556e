# Sourced by the tests: `needs PROGRAM...` ends a test whose programs are missing, clearly; where everything must run, as a failure.

needs() {
    local said
    said=$(../scripts/need.sh "$@" 2>&1) && return
    echo "NOT RUN: $said"
    [ -z "${EGITO_REQUIRE_ALL_ADAPTERS:-}" ] && exit 0
    exit 1
}
