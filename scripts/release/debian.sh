#!/usr/bin/env bash
# Builds the Debian packages of the C library, of its headers, and of the program `egito`. Called by build.sh.
set -euo pipefail
. scripts/release/settings.sh
architecture=$(dpkg --print-architecture)
multiarch=/usr/lib/$machine-linux-gnu
all=$work/debian/all
soversion=${version%%.*}
glibc=$([ "$GLIBC" = host ] && ldd --version | sed -n '1s/.* //p' || echo "$GLIBC")

# Moves files from the installation of everything to a package.
take() { # PACKAGE FILE...
    local package=$1 file
    shift
    for file; do
        mkdir -p "$work/debian/$package${file%/*}"
        mv "$all$file" "$work/debian/$package$file"
    done
}

# Writes the control files and the licenses, and packs. Dates and owners are the same in each build.
build() { # PACKAGE SECTION CRATE DEPENDS SUMMARY
    local folder=$work/debian/$1
    mkdir -p "$folder/DEBIAN" "$folder/usr/share/doc/$1"
    { cat LICENSE && printf '\n\n' && python scripts/release/notices.py "$target" "$3"; } >"$folder/usr/share/doc/$1/copyright"
    cat >"$folder/DEBIAN/control" <<CONTROL
Package: $1
Version: $version
Architecture: $architecture
Maintainer: The authors of the Egito SDK
Section: $2
Priority: optional
Homepage: https://egito.pl
Depends: $4
Installed-Size: $(du -sk --apparent-size "$folder/usr" | cut -f 1)
Description: $5
 It logs in to the Egito CRM, retries requests if it is safe, and reads
 lists page by page.
CONTROL
    (cd "$folder" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
    chmod -R u=rwX,go=rX "$folder"
    dpkg-deb --root-owner-group --build "$folder" "$dist/$1_${version}_$architecture.deb" >/dev/null
}

rm -rf "$work/debian"
make -C bindings-c -s install FROM="release-build/cargo/$target/release" DESTDIR="$all" PREFIX=/usr LIBDIR="$multiarch"
strip --strip-debug --enable-deterministic-archives "$all$multiarch/libegito.a"
strip --strip-unneeded "$all$multiarch/libegito.so.$version"
take "libegito$soversion" "$multiarch/libegito.so.$version" "$multiarch/libegito.so.$soversion"
mkdir -p "$work/debian/libegito$soversion/DEBIAN"
echo "activate-noawait ldconfig" >"$work/debian/libegito$soversion/DEBIAN/triggers"
echo "libegito $soversion libegito$soversion (>= $version)" >"$work/debian/libegito$soversion/DEBIAN/shlibs"
mv "$all" "$work/debian/libegito-dev" # what is left: headers, static library, pkg-config, CMake

program=$work/debian/egito
mkdir -p "$program/usr/bin" "$program/usr/share/man/man1" "$program/usr/share/bash-completion/completions" \
    "$program/usr/share/zsh/vendor-completions" "$program/usr/share/fish/vendor_completions.d"
cp "$built/egito" "$program/usr/bin"
strip --strip-unneeded "$program"/usr/bin/*
"$built/egito" man --output "$program/usr/share/man/man1"
gzip -9n "$program"/usr/share/man/man1/*
"$built/egito" completions bash >"$program/usr/share/bash-completion/completions/egito"
"$built/egito" completions zsh >"$program/usr/share/zsh/vendor-completions/_egito"
"$built/egito" completions fish >"$program/usr/share/fish/vendor_completions.d/egito.fish"

build "libegito$soversion" libs egito-c "libc6 (>= $glibc)" "client for the Egito CRM, shared library"
build libegito-dev libdevel egito-c "libegito$soversion (= $version), libc6-dev" "client for the Egito CRM, for programs in C and C++"
build egito utils egito-cli "libc6 (>= $glibc)" "the Egito CRM on the command line"
