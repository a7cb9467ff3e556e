//! Sets the SONAME of the shared library, so that programs load `libegito.so.0` at run time, and keeps it loaded.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let unix = std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "unix");
    let apple = std::env::var("CARGO_CFG_TARGET_VENDOR").is_ok_and(|vendor| vendor == "apple");
    if unix && !apple {
        let major = std::env::var("CARGO_PKG_VERSION_MAJOR").expect("cargo sets the version");
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libegito.so.{major}");
        // A thread that reads ahead, or a destructor at the end of a thread, must not run unloaded code.
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
