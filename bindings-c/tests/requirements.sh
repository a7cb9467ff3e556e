# Sourced by the tests: `needs PROGRAM...` skips a test with a message if a program is missing. If everything must run, it fails.

needs() {
    local message
    message=$(../scripts/need.sh "$@" 2>&1) && return
    echo "NOT RUN: $message"
    [ -z "${EGITO_REQUIRE_ALL_ADAPTERS:-}" ] && exit 0
    exit 1
}
