# What the scripts of a release share; they source it at the root of the repository. TARGET is the platform that is built for, in the
# words of Rust: this machine's, unless it is set.

host=$(rustc -vV | sed -n 's/^host: //p')
target=${TARGET:-$host}
machine=${target%%-*}
GLIBC=${GLIBC:-2.17}
work=$PWD/target/release-build
dist=${DIST:-$PWD/dist}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
export CARGO_TARGET_DIR=$work/cargo
built=$CARGO_TARGET_DIR/$target/release
export PATH=$PWD/target/release-tools/bin:$PWD/target/release-tools/Scripts:$PATH

# The same commit makes the same packages: dates are those of the commit, and paths of this machine are replaced.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export TZ=UTC LC_ALL=C.UTF-8
cargo_home=${CARGO_HOME:-$HOME/.cargo}
export RUSTFLAGS="--remap-path-prefix=$PWD=egito --remap-path-prefix=$cargo_home=cargo"

case $target in
    *-linux-gnu) zig_target=$machine-linux-gnu.$GLIBC compatibility=manylinux_${GLIBC/./_} ;;
    *-linux-musl)
        zig_target=$machine-linux-musl compatibility=musllinux_1_2
        RUSTFLAGS+=" -Ctarget-feature=-crt-static" # a module that a program loads cannot be static
        ;;
    *) GLIBC=host ;;
esac
if [ "$GLIBC" = host ]; then
    compatibility=off
else
    name=${target//-/_}
    export ZIG_TARGET=$zig_target
    export CC_$name="$PWD/scripts/release/zig-cc"
    export CFLAGS_$name="-ffile-prefix-map=$cargo_home=cargo -ffile-prefix-map=$PWD=egito"
    export CARGO_TARGET_$(tr a-z A-Z <<<"$name")_LINKER="$PWD/scripts/release/zig-cc"
fi

# Returns the path of a built library: library egito_node.
library() {
    case $target in
        *-windows-*) echo "$built/$1.dll" ;;
        *-apple-*) echo "$built/lib$1.dylib" ;;
        *) echo "$built/lib$1.so" ;;
    esac
}

# Returns the folder of a platform in a jar, as JNA names it.
jna_platform() {
    local system=linux cpu=$machine
    case $target in *-windows-*) system=win32 ;; *-apple-*) system=darwin ;; esac
    case $system-$machine in *-x86_64) cpu=x86-64 ;; esac
    echo "$system-$cpu"
}
