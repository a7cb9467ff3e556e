#!/bin/sh
# Starts a sandbox with a few thousand accounts and runs the demo program of every language against it.
# With SERVER=grails, a real Grails application is started instead of the sandbox.
set -eu
cd "$(dirname "$0")/.."

target=target
work=$(mktemp -d)
mkfifo "$work/address"
server="$target/debug/egito-sandbox"
[ "${SERVER:-sandbox}" = sandbox ] || server=tests/grails/start
"$server" --port 0 --records 2500 --print-env "--exit-with-parent=$$" >"$work/address" &
sandbox=$!
trap 'kill $sandbox 2>/dev/null; rm -rf "$work"' EXIT

# The sandbox prints its variables once it listens, then keeps the pipe open, so read exactly those lines.
exec 3<"$work/address"
for _ in 1 2 3 4 5; do
    IFS= read -r line <&3
    eval "$line"
done

except=''
not_run() { # LANGUAGE PROGRAM...
    language=$1
    shift
    printf '\n== %s ==\nNOT RUN: %s\n' "$language" "$(scripts/need.sh "$@" 2>&1)"
    except="${except:+$except and} $language"
}
section() {
    printf '\n== %s ==\n' "$1"
    shift
    "$@"
}

section Python .venv/bin/python bindings-python/examples/demo.py
section Node.js node bindings-node/examples/demo.mjs
if scripts/need.sh javac mvn 2>/dev/null; then
    java="java -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -Djna.library.path=$target/debug"
    path="$target/jvm/test-classes:$target/jvm/classes:$(cat $target/jvm/classpath)"
    section Kotlin $java -cp "$path" pl.egito.examples.DemoKt
    section Java $java -cp "$path" bindings-jvm/examples/Demo.java
else
    not_run "Kotlin and Java" javac mvn
fi
section C "$target/debug/c/demo-c"
section C++ "$target/debug/c/demo-cpp"
if command -v php >/dev/null 2>&1; then
    section PHP php -d ffi.enable=1 bindings-c/php/examples/demo.php
else
    not_run PHP php
fi
section Rust "$target/debug/examples/demo"
printf '\nEvery language%s logged in, created, read, changed, listed, deleted, and got a clear error.\n' \
    "${except:+ except$except, which was not run,}"
