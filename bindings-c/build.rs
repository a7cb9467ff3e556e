//! Gives the shared library its SONAME, so that programs ask for `libegito.so.0` at run time, and keeps it loaded.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let unix = std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "unix");
    let apple = std::env::var("CARGO_CFG_TARGET_VENDOR").is_ok_and(|vendor| vendor == "apple");
    if unix && !apple {
        let major = std::env::var("CARGO_PKG_VERSION_MAJOR").expect("cargo tells the version");
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libegito.so.{major}");
        // A thread that reads ahead, or what a thread leaves to be done at its end, must not meet code that was unloaded.
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
