#!/bin/sh
# Runs an installed program `egito`, given by its path: its version, and a list of its own sandbox.
set -eu
egito=$1
"$egito" --version
work=$(mktemp -d)
mkfifo "$work/variables"
"$egito" sandbox >"$work/variables" 2>/dev/null &
sandbox=$!
trap 'kill $sandbox; rm -rf "$work"' EXIT

# The sandbox prints its variables once it listens, then keeps the pipe open, so read exactly those lines.
exec 3<"$work/variables"
for _ in 1 2 3 4 5; do
    IFS= read -r line <&3
    eval "$line"
done
"$egito" list Account --fields id,name --max 1 | grep 'Żubr Próbny'
