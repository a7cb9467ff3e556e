//! Keeps tokens in a file that the processes of one machine share, so that one login serves all of them.

mod key;
mod refused_login;

use super::token::AccessToken;
use crate::clock::{self, SharedClock};
use crate::error::{Error, Outcome, Result};
use crate::file_lock::{FileLock, LockError, private_options, with_ending};
use crate::settings::Settings;
use key::Key;
use refused_login::RefusedLogin;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::fs::{File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// The token file, and the key of this client's entry.
#[derive(Debug)]
pub(super) struct TokenStore {
    path: PathBuf,
    key: Key,
    clock: SharedClock,
}

/// An entry of the file: the token of one client and user.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct StoredToken {
    #[serde(flatten)]
    key: Key,
    access_token: String,
    /// Seconds since 1970.
    expires_at: Option<f64>,
    pub refresh_token: Option<String>,
}

/// The content of the file.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileContent {
    /// Version of the format. Files without it belong to other programs.
    egito_tokens: u32,
    tokens: Vec<StoredToken>,
    /// Recently refused logins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    refusals: Vec<RefusedLogin>,
}

const VERSION: u32 = 1;

/// Maximum number of bytes that are read. The start of a longer file is not valid JSON, so that file is ignored.
const MAX_FILE_SIZE: u64 = 1 << 20;

impl TokenStore {
    /// Returns the store of the settings, if they have one.
    pub(super) fn of(settings: &Settings, address: &Url, clock: SharedClock) -> Option<Self> {
        let path = settings.token_store.as_path()?.to_owned();
        let key = Key::new(settings, address);
        Some(Self { path, key, clock })
    }

    /// Checks that the file of the settings can be locked and replaced. Problems that may pass, such as a full disk, are ignored.
    pub(super) fn check(settings: &Settings) -> Result<()> {
        let Some(path) = settings.token_store.as_path() else { return Ok(()) };
        let (new, lock) = (new_path(path), lock_path(path));
        // The new file is not created, since that would take time for each client.
        if let Err(error) = std::fs::symlink_metadata(&new)
            && error.kind() == io::ErrorKind::InvalidFilename
        {
            return Err(cannot_write(&new, &error));
        }
        match FileLock::open(&lock) {
            Err(error) if is_lasting(&error) => Err(cannot_write(&lock, &error)),
            _ => Ok(()),
        }
    }

    /// Waits until no other process logs in, at most `time_left`. Returns `None` if the file cannot be locked; each process then logs
    /// in for itself.
    pub(super) async fn lock(&self, time_left: Duration) -> Result<Option<FileLock>> {
        match FileLock::acquire(&lock_path(&self.path), &*self.clock, time_left).await {
            Ok(lock) => Ok(Some(lock)),
            Err(LockError::Io(error)) => Ok(self.without_lock(&error)),
            Err(LockError::TimedOut) => {
                let message = "timed out waiting for the login of another process; the limit is the setting `timeout`";
                Err(Error::timed_out("timeout", Outcome::NotSent, message))
            }
        }
    }

    /// Returns the entry of this client and user. Ignores a file that is damaged, foreign or accessible to other users.
    pub(super) fn read(&self) -> Option<StoredToken> {
        self.content().tokens.into_iter().find(|stored| stored.key == self.key)
    }

    /// Stores a token, and returns whether that worked. If not, it logs a warning, since the login itself was successful.
    pub(super) fn write(&self, token: &AccessToken, refresh_token: Option<&SecretString>) -> bool {
        let now = self.clock.now();
        let stored = StoredToken {
            key: self.key.clone(),
            access_token: token.value().to_owned(),
            expires_at: token.time_left(now).map(|time_left| self.unix_time() + time_left.as_secs_f64()),
            refresh_token: refresh_token.map(|token| token.expose_secret().to_owned()),
        };
        let now = self.unix_time();
        let is_usable =
            |other: &StoredToken| other.refresh_token.is_some() || other.expires_at.is_none_or(|end| end > now);
        self.change(|content| {
            content.tokens.retain(|other| other.key != stored.key && is_usable(other));
            content.tokens.push(stored);
        })
    }

    /// Returns the error of a recently refused login with these credentials, and its age.
    pub(super) fn refusal(&self, credentials: &str) -> Option<(Error, Duration)> {
        let mut refusals =
            self.content().refusals.into_iter().filter(|refusal| refusal.matches(&self.key, credentials));
        refusals.find_map(|refusal| refusal.age(self.unix_time()).map(|age| (refusal.into_error(), age)))
    }

    /// Stores a refusal for other processes.
    pub(super) fn refuse(&self, error: &Error, credentials: &str) {
        let salt = self.clock.random().to_bits();
        let refusal = RefusedLogin::new(self.key.clone(), error, credentials, self.unix_time(), salt);
        self.change(|content| content.refusals.push(refusal));
    }

    /// Rewrites the file, and returns whether that worked.
    fn change(&self, change: impl FnOnce(&mut FileContent)) -> bool {
        let mut content = self.content();
        content.egito_tokens = VERSION;
        content.refusals.retain(|refusal| refusal.age(self.unix_time()).is_some());
        change(&mut content);
        let replaced = self.replace(&content);
        if let Err(error) = &replaced {
            tracing::warn!(target: "egito", path = %self.path.display(), %error, "the token store could not be written");
        }
        replaced.is_ok()
    }

    /// Returns the stored token with its remaining lifetime.
    pub(super) fn token(&self, stored: &StoredToken) -> AccessToken {
        let time_left =
            stored.expires_at.map(|end| Duration::try_from_secs_f64(end - self.unix_time()).unwrap_or_default());
        AccessToken::new(stored.access_token.clone(), time_left, self.clock.now())
    }

    fn content(&self) -> FileContent {
        let bytes = match read_file(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return FileContent::default(),
            Err(error) => {
                self.warn_ignored(&error.to_string());
                return FileContent::default();
            }
        };
        if !is_private(&self.path) {
            self.warn_ignored("other users can read or write it");
            return FileContent::default();
        }
        match serde_json::from_slice::<FileContent>(&bytes) {
            Ok(content) if content.egito_tokens == VERSION => content,
            Ok(_) => {
                self.warn_ignored("another version wrote it");
                FileContent::default()
            }
            Err(_) => {
                self.warn_ignored("another program wrote it, or it is damaged");
                FileContent::default()
            }
        }
    }

    fn warn_ignored(&self, why: &str) {
        tracing::warn!(target: "egito", path = %self.path.display(), why, "the token store is ignored and will be rewritten");
    }

    /// Replaces the file atomically: readers see the old content or the new one.
    fn replace(&self, content: &FileContent) -> io::Result<()> {
        if let Ok(old) = std::fs::metadata(&self.path) {
            must_be_file(&old)?; // renaming would remove a device or a pipe
        }
        let new = new_path(&self.path);
        let _ = std::fs::remove_file(&new); // left by a killed process with the same id
        let mut file = private_options().create_new(true).open(&new)?;
        file.write_all(&serde_json::to_vec(content)?)?;
        std::fs::rename(&new, &self.path)
    }

    fn unix_time(&self) -> f64 {
        clock::unix_time(&*self.clock)
    }

    /// Logs a warning. The folder may be removed while a program runs, and its calls must go on.
    fn without_lock(&self, error: &io::Error) -> Option<FileLock> {
        tracing::warn!(target: "egito", path = %self.path.display(), %error, "the token store cannot be locked; the login is not shared");
        None
    }
}

impl StoredToken {
    /// Returns the values to redact in errors.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.access_token.as_str()).chain(self.refresh_token.as_deref())
    }
}

/// Returns the path of the file that is locked.
fn lock_path(path: &Path) -> PathBuf {
    with_ending(path, "lock")
}

/// Returns the path of the new file that replaces the old one.
fn new_path(path: &Path) -> PathBuf {
    with_ending(path, &format!("{}.new", std::process::id()))
}

/// Returns whether a file cannot be opened now and later, unless the user changes something.
fn is_lasting(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    let lasting = [
        Kind::PermissionDenied,
        Kind::ReadOnlyFilesystem,
        Kind::NotFound,
        Kind::NotADirectory,
        Kind::IsADirectory,
        Kind::InvalidFilename,
        Kind::InvalidInput,
    ];
    lasting.contains(&error.kind())
}

fn cannot_write(file: &Path, error: &io::Error) -> Error {
    let message = format!(
        "invalid `token_store`: cannot write \"{}\": {error}; pass the path of a file that this user can create, or leave it out",
        file.display()
    );
    Error::config("token_store", message)
}

/// Returns the bytes of a token file. Refuses pipes and devices, since some of them never end.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    must_be_file(&std::fs::metadata(path)?)?;
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE_SIZE).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn must_be_file(found: &Metadata) -> io::Result<()> {
    if found.is_file() { Ok(()) } else { Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")) }
}

#[cfg(unix)]
#[allow(clippy::verbose_bit_mask)] // a mask is how modes are written
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn is_private(_: &Path) -> bool {
    true
}
