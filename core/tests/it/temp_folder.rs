//! A temporary folder for a token store.

use std::fs;
use std::path::PathBuf;

/// A folder that is removed when it is dropped.
pub struct Folder(pub PathBuf);

impl Folder {
    /// Creates a folder of this process with this name.
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("egito-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// Returns the path of the token store.
    pub fn file(&self) -> PathBuf {
        self.0.join("tokens.json")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
