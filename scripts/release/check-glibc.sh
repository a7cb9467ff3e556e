#!/bin/sh
# Fails if a program or library needs a newer glibc than the given one, or a library that old systems lack: check-glibc.sh 2.17 FILE...
set -eu
newest=$1
shift
failed=0
for file; do
    needed=$(objdump -T "$file" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -Vu | tail -1)
    if [ "$(printf '%s\n' "$needed" "$newest" | sort -V | tail -1)" != "$newest" ]; then
        echo "invalid $file: expected symbols of glibc $newest or older, got those of $needed:" >&2
        objdump -T "$file" | grep "GLIBC_$needed" >&2
        failed=1
    fi
    libraries=$(objdump -p "$file" | sed -n 's/^ *NEEDED *//p' | grep -v -E '^(lib(c|m|dl|rt|pthread)\.so\.[0-9]+|ld-linux[-_a-z0-9]*\.so\.[0-9]+)$' || true)
    if [ -n "$libraries" ]; then
        echo "invalid $file: expected only libraries of glibc, got" $libraries >&2
        failed=1
    fi
    echo "${file##*/}: glibc $needed"
done
exit $failed
