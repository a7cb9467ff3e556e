#!/usr/bin/env bash
# Builds the packages of a release for this platform in dist/: all of them, or those of the given steps: build.sh [STEP...]
# The binaries run on glibc 2.17 and newer: zig links them. GLIBC=host links with the compiler of this machine instead.
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/release/settings.sh

# Writes the license texts of the crates that are linked into packages.
notices() { python scripts/release/notices.py "$target" "$@"; }

# Packs the content of a folder; the same content makes the same archive.
pack_tar() { tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$work/$1" -cf - "$2" | gzip -9n >"$dist/$2.tar.gz"; }

# Builds the wheels and programs: maturin builds each program alone, with fewer features. The other packages use the same programs.
wheels() {
    local product
    for product in . sandbox cli; do
        (cd "bindings-python/$product" && maturin sdist --out "$dist" 2>&1 | tail -1)
    done
    wheel egito-python . && wheel egito-sandbox sandbox && wheel egito-cli cli
}

# Builds a wheel, and adds the notices to its licenses.
wheel() { # CRATE FOLDER [OPTION OF MATURIN...]
    local crate=$1 folder=$2
    shift 2
    rm -rf "$work/wheel" && mkdir -p "$work/wheel"
    (cd "bindings-python/$folder" && maturin build --release --locked --quiet --target "$target" --compatibility "$compatibility" --out "$work/wheel" "$@")
    notices "$crate" >"$work/wheel/notices"
    python -m wheel unpack --dest "$work/wheel/unpacked" "$work"/wheel/*.whl >/dev/null
    python scripts/release/finish_wheel.py "$(echo "$work"/wheel/unpacked/*)" "$work/wheel/notices"
    python -m wheel pack --dest-dir "$dist" "$(echo "$work"/wheel/unpacked/*)" >/dev/null
}

# Builds the wheel for a Python without the global lock, which cannot use the stable ABI: INTERPRETER=python3.14t build.sh free_threaded.
free_threaded() { wheel egito-python . --no-default-features --interpreter "$INTERPRETER"; }

libraries() {
    cargo build --release --locked --quiet --target "$target" -p egito-c -p egito-node -p egito-jvm
}

# Collects what the packages of npm and of Maven need from each platform.
binaries() {
    local npm=$work/npm-binaries/$target jvm ending=''
    case $target in *-windows-*) ending=.exe ;; esac
    jvm=$work/jvm/native/$(jna_platform)
    mkdir -p "$npm" "$jvm"
    cp "$(library egito_node)" "$npm/egito.node"
    cp "$(library egito_jvm)" "$jvm"
    cp "$built/egito-sandbox$ending" "$built/egito$ending" "$npm"
    notices egito-node >"$npm/egito.notices"
    notices egito-sandbox >"$npm/egito-sandbox.notices"
    notices egito-cli >"$npm/egito-cli.notices"
}

# Checks every binary that the packages contain.
glibc() {
    [ "$GLIBC" = host ] || scripts/release/check-glibc.sh "$GLIBC" \
        "$built"/{libegito.so,libegito_node.so,libegito_jvm.so,lib_egito.so,egito,egito-sandbox}
}

# ALL=--all makes a missing platform an error.
npm_packages() {
    (cd bindings-node && npm run --silent build:lib && node scripts/pack.mjs ${ALL:-} --binaries "$work/npm-binaries" --out "$work/npm" >/dev/null)
    cp "$work"/npm/*.tgz "$dist"
}

# Installs libegito into the folder of an archive or of a Debian package.
install_library() { # FOLDER PREFIX LIBDIR
    make -C bindings-c -s install FROM="release-build/cargo/$target/release" DESTDIR="$1" PREFIX="$2" LIBDIR="$3"
    strip --strip-debug --enable-deterministic-archives "$1$3/libegito.a"
}

# The archive can be unpacked anywhere: its pkg-config file finds its own folder.
c_archive() {
    local name=libegito-$version-${target/-unknown/} folder=$work/c/libegito-$version-${target/-unknown/}
    rm -rf "$work/c"
    install_library "$folder" /egito /egito/lib
    mv "$folder"/egito/* "$folder" && rmdir "$folder/egito"
    sed -i 's|^prefix=.*|prefix=${pcfiledir}/../..|; s|^libdir=.*|libdir=${prefix}/lib|' "$folder/lib/pkgconfig/egito.pc"
    cp LICENSE bindings-c/README.md "$folder"
    notices egito-c >"$folder/THIRD-PARTY-NOTICES"
    pack_tar c "$name"
}

debian() { scripts/release/debian.sh; }

crates() {
    cargo package --locked --quiet --no-verify --allow-dirty -p egito -p egito-sandbox
    cp "$CARGO_TARGET_DIR/package"/egito{,-sandbox}-"$version".crate "$dist"
}

jars() {
    mkdir -p "$work/jvm/native/META-INF"
    notices egito-jvm >"$work/jvm/native/META-INF/THIRD-PARTY-NOTICES"
    bindings-jvm/package.sh "$target/release" "$work/jvm" --strip-all -P release -Dmaven.test.skip \
        -Dproject.build.outputTimestamp="$SOURCE_DATE_EPOCH"
    cp "$work/jvm/egito.jar" "$dist/egito-$version.jar"
    cp "$work/jvm/egito-sources.jar" "$dist/egito-$version-sources.jar"
    cp "$work/jvm/egito-javadoc.jar" "$dist/egito-$version-javadoc.jar"
    cp bindings-jvm/pom.xml "$dist/egito-$version.pom"
}

# The package for PHP has no binary: it loads libegito of the archive for C or of the Debian package.
composer_archive() {
    rm -rf "$work/php" && cp -r bindings-c/php "$work/php" && rm -rf "$work/php/vendor"
    find "$work/php" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
    COMPOSER_ALLOW_SUPERUSER=1 composer archive --quiet --no-interaction --working-dir="$work/php" --format=zip --dir="$dist" --file="egito-php-$version"
}

# Lists the crates of each product as CycloneDX; the wheels have their own lists, by maturin.
sbom() { scripts/release/sbom.sh; }

sums() { (cd "$dist" && rm -f SHA256SUMS && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum >../SHA256SUMS && mv ../SHA256SUMS .); }

if [ $# = 0 ]; then
    rm -rf "$dist"
    set -- wheels libraries glibc binaries npm_packages c_archive debian crates jars composer_archive sbom sums
fi
mkdir -p "$dist"
for step; do
    begin=$SECONDS
    echo "-- $step"
    "$step"
    echo "   $((SECONDS - begin)) s"
done
echo "The packages are in dist/, after $SECONDS s."
