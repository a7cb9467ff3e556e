#!/usr/bin/env bash
# Installs each package of dist/ in an empty environment, and runs the demo of its language on a sandbox. Prints a table of the results.
set -uo pipefail
cd "$(dirname "$0")/../.."
. scripts/release/settings.sh
root=$PWD
check=$(mktemp -d)
trap 'kill "${sandbox:-}" 2>/dev/null; remove_debian_packages; rm -rf "$check"' EXIT
table=$check/table
failed=0
[ -e "$dist/SHA256SUMS" ] || { echo "missing: dist/SHA256SUMS; build the packages with: make dist"; exit 1; }
(cd "$dist" && sha256sum --check --quiet SHA256SUMS) || exit 1

# Runs a check in a shell of its own, and adds a line for each package to the table.
try() { # "PACKAGE..." PLACE COMMAND...
    local packages=$1 place=$2 result=passed
    shift 2
    (set -e; "$@") >"$check/log" 2>&1
    if [ $? != 0 ]; then # `set -e` would have no effect in the condition itself
        result=FAILED failed=1
        echo "== $packages, $place ==" && tail -n 30 "$check/log"
    fi
    report "$packages" "$place" "$result"
}

report() { # "PACKAGE..." PLACE RESULT
    local package
    for package in $1; do
        printf '%s|%s kB|%s|%s\n' "$package" "$(du -k --apparent-size "$dist/$package" | cut -f 1)" "$2" "$3" >>"$table"
    done
}

# Returns the names of the packages that match a pattern.
names() { (cd "$dist" && compgen -G "$1" | sort | xargs); }

# Runs a program with the variables of the sandbox, and with nothing else of this environment.
clean() {
    local variables
    mapfile -t variables < <(env | grep '^EGITO_')
    env -i HOME="$check" PATH=/usr/bin:/bin LANG=C.UTF-8 "${variables[@]}" "$@"
}

start_sandbox() {
    local line
    exec {output}< <(exec "$built/egito-sandbox" --records 1200 --print-env --exit-with-parent)
    sandbox=$!
    for _ in 1 2 3 4 5; do read -r -u "$output" line && eval "export ${line#export }"; done
}

pythons() {
    local python
    for python in $(compgen -c python3. | grep -E '^python3\.[0-9]+t?$' | sort -u) ~/.pyenv/versions/*/bin/python; do
        "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10)); ' 2>/dev/null || continue
        "$python" -c 'import os, sys; print(os.path.realpath(sys.executable))'
    done | sort -u
}

wheels() { # PYTHON
    local venv=$check/venv
    rm -rf "$venv"
    "$1" -m venv "$venv"
    clean "$venv/bin/pip" install --quiet --disable-pip-version-check --no-index --only-binary :all: --find-links "$dist" 'egito[cli,sandbox]'
    cd "$check" # so that nothing is imported from the checkout
    clean "$venv/bin/python" "$root/bindings-python/examples/demo.py"
    clean "$venv/bin/python" -c 'import egito.testing
with egito.testing.Sandbox() as sandbox, sandbox.client() as client:
    assert not hasattr(egito._egito.Client, "panic_for_tests")
    assert client.accounts.count() >= 0'
    clean "$root/scripts/check-cli.sh" "$venv/bin/egito"
    ls "$venv"/lib/python*/site-packages/egito{,_cli,_sandbox}-*.dist-info/licenses/{LICENSE,THIRD-PARTY-NOTICES}
    ls "$venv"/lib/python*/site-packages/egito-*.dist-info/sboms/*.json
}

# Its Rust sources are complete; building them takes as long as `make dist`: bindings-python/check-wheel.sh sdist.
source_archive() {
    mkdir -p "$check/source"
    tar -xzf "$1" -C "$check/source"
    cd "$check/source/$(basename "$1" .tar.gz)"
    ls LICENSE README.md pyproject.toml
    cargo metadata --offline --format-version 1 >/dev/null
}

nodes() {
    local node
    for node in $(type -ap node) ~/.nvm/versions/node/*/bin/node; do
        [ -x "$node" ] && realpath "$node"
    done | sort -u
}

npm_packages() { # NODE
    local folder=$check/npm
    rm -rf "$folder" && mkdir "$folder"
    echo '{}' >"$folder/package.json"
    cp "$root/bindings-node/examples/demo.mjs" "$folder"
    cd "$folder"
    PATH=$(dirname "$1"):$PATH npm install --silent --offline --no-audit --no-fund "$dist"/*.tgz
    clean "$1" demo.mjs
    clean PATH="$(dirname "$1"):/usr/bin:/bin" "$root/scripts/check-cli.sh" node_modules/.bin/egito
    clean PATH="$(dirname "$1"):/usr/bin:/bin" node_modules/.bin/egito-sandbox --help
    ls node_modules/egito-*-*/{LICENSE,THIRD-PARTY-NOTICES}
}

# Compiles the demos with the flags of pkg-config: C and C++, shared and static.
c_programs() { # FLAGS OF THE LINKER...
    local static
    cc -std=c99 "$root/bindings-c/examples/c/demo.c" -o "$check/demo-c" $(pkg-config --cflags --libs egito) "$@"
    c++ -std=c++17 "$root/bindings-c/examples/cpp/demo.cpp" -o "$check/demo-cpp" $(pkg-config --cflags --libs egito) "$@"
    static=$(pkg-config --static --cflags --libs egito | sed 's/-legito/-l:libegito.a/')
    cc -std=c99 "$root/bindings-c/examples/c/demo.c" -o "$check/demo-static" $static
    for program in demo-c demo-cpp demo-static; do clean "$check/$program"; done
    ldd "$check/demo-c" | grep libegito.so.0
    if ldd "$check/demo-static" | grep libegito; then return 1; fi
}

c_archive() { # ARCHIVE
    tar -xzf "$1" -C "$check"
    cd "$check/$(basename "$1" .tar.gz)"
    ls LICENSE THIRD-PARTY-NOTICES README.md
    export PKG_CONFIG_PATH=$PWD/lib/pkgconfig
    c_programs -Wl,-rpath,"$PWD/lib"
}

debian_packages=$(cd "$dist" && ls ./*.deb | sed 's|^./||; s|_.*||')
can_install() { [ "$(id -u)" = 0 ] && ! dpkg-query --show --showformat '${db:Status-Status}\n' $debian_packages 2>/dev/null | grep -q -x installed; }
remove_debian_packages() { [ -z "${installed:-}" ] || dpkg --purge $debian_packages >/dev/null; }

install_debian_packages() {
    if can_install; then
        installed=yes
        dpkg -i "$dist"/*.deb >"$check/dpkg" 2>&1
        prefix='' place="dpkg -i"
    else
        for package in "$dist"/*.deb; do dpkg -x "$package" "$check/debian"; done
        prefix=$check/debian place="dpkg -x: not root, or installed already"
    fi
}

debian_library() {
    cat "$check/dpkg" 2>/dev/null
    export PKG_CONFIG_PATH
    PKG_CONFIG_PATH=$(echo "$prefix"/usr/lib/*-linux-gnu/pkgconfig | cut -d ' ' -f 1)
    [ -z "$prefix" ] || sed -i "s|^prefix=.*|prefix=$prefix/usr|; s|^libdir=/|libdir=$prefix/|" "$PKG_CONFIG_PATH/egito.pc"
    c_programs ${prefix:+-Wl,-rpath,"$(dirname "$PKG_CONFIG_PATH")"}
}

debian_program() {
    clean "$root/scripts/check-cli.sh" "$prefix/usr/bin/egito"
    man --warnings "$prefix/usr/share/man/man1/egito.1.gz" >/dev/null
    bash -n "$prefix/usr/share/bash-completion/completions/egito"
}

# A program that has the unpacked crates as dependencies, in the versions of Cargo.lock.
crates() {
    local crate
    mkdir -p "$check/rust/src"
    for crate in egito egito-sandbox; do tar -xzf "$dist/$crate-$version.crate" -C "$check/rust"; done
    cp "$check/rust/egito-$version/examples/demo.rs" "$check/rust/src/main.rs"
    cp Cargo.lock "$check/rust"
    cat >"$check/rust/Cargo.toml" <<MANIFEST
[package]
name = "demo"
edition = "2024"
[dependencies]
egito = { path = "egito-$version" }
egito-sandbox = { path = "egito-sandbox-$version" }
serde_json = "1"
[workspace]
MANIFEST
    cd "$check/rust"
    unset RUSTFLAGS
    CARGO_TARGET_DIR=$work/demo cargo build --offline --quiet
    clean "$work/demo/debug/demo"
}

jdks() {
    local javac
    for javac in $(type -ap javac) /usr/lib/jvm/*/bin/javac; do [ -x "$javac" ] && dirname "$(realpath "$javac")"; done | sort -u
}

jar() { # FOLDER OF JAVA
    cd "$check"
    clean "$1/java" --enable-native-access=ALL-UNNAMED -cp "$dist/egito-$version.jar:$work/jvm/dependencies/*" "$root/bindings-jvm/examples/Demo.java"
    "$1/jar" --list --file "$dist/egito-$version.jar" >"$check/entries"
    grep -x -e META-INF/LICENSE -e META-INF/NOTICE -e META-INF/THIRD-PARTY-NOTICES "$check/entries" | wc -l | grep -x 3
}

other_jars() {
    "$1/jar" --list --file "$dist/egito-$version-sources.jar" | grep -x pl/egito/Egito.kt
    "$1/jar" --list --file "$dist/egito-$version-javadoc.jar" | grep -x pl/egito/Egito.html
}

# From the unpacked archive, since a folder of archives needs the extension zip.
composer_archive() { # ARCHIVE
    local folder=$check/php
    mkdir -p "$folder" && cd "$folder"
    echo '{}' >composer.json
    export COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_HOME=$check/composer
    python3 -m zipfile -e "$1" package
    composer config --quiet repositories.egito '{"type": "path", "url": "package", "options": {"symlink": false}}'
    composer config --quiet repositories.packagist.org false
    composer require --quiet --no-interaction "egito/egito:$version"
    ls vendor/egito/egito/LICENSE
    [ ! -e vendor/egito/egito/tests ]
    sed "s|__DIR__ . '/../autoload.php'|'$folder/vendor/autoload.php'|" vendor/egito/egito/examples/demo.php >demo.php
    clean EGITO_LIBRARY="$(echo "$check/libegito-$version"-*/lib/libegito.so.0)" php -d ffi.enable=1 demo.php
}

start_sandbox
for python in $(pythons); do
    try "$(names '*.whl')" "$("$python" -c 'import sys; print("Python", ".".join(map(str, sys.version_info[:3])))')" wheels "$python"
done
for archive in $(names 'egito[-_]*.tar.gz'); do try "$archive" "unpacked, read by cargo" source_archive "$dist/$archive"; done
for node in $(nodes); do try "$(names '*.tgz')" "Node.js $("$node" --version)" npm_packages "$node"; done
for archive in $(names 'libegito-*.tar.gz'); do try "$archive" "unpacked, pkg-config" c_archive "$dist/$archive"; done
install_debian_packages
try "$(names 'libegito*.deb')" "$place, pkg-config" debian_library
try "$(names 'egito_*.deb')" "$place" debian_program
try "$(names '*.crate')" "dependencies of a program" crates
for jdk in $(jdks); do
    try "egito-$version.jar" "java -cp, $("$jdk/java" --version | head -1)" jar "$jdk"
done
try "$(names 'egito-*-[sj]*.jar')" "listed" other_jars "$jdk"
if scripts/need.sh composer php 2>/dev/null; then
    try "$(names 'egito-php-*.zip')" "Composer, PHP $(php -r 'echo PHP_VERSION;')" composer_archive "$dist/egito-php-$version.zip"
else
    report "$(names 'egito-php-*.zip')" "missing: composer, php" "NOT RUN"
fi

column -t -s '|' "$table"
[ $failed = 0 ] && echo "Every package works in an empty environment."
exit $failed
