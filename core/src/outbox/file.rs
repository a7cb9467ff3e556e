//! The file of an outbox: one `SQLite` connection in each process, shared by all outboxes of that process on the file.
//!
//! `SQLite` remembers in the memory of a process which files it has locked. A child of `fork` inherits this memory, but not the locks.
//! So before a child opens an outbox, it closes the connections that it has inherited. They neither checkpoint nor remove files when
//! they are closed, so the parent does not notice it.

use super::errors::{Failure, Work, cannot_open, unusable};
use super::migrate::migrate;
use crate::descriptors::DescriptorCheck;
use crate::error::{Error, Result};
use crate::file_lock::private_options;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, Semaphore};

/// Marks the files of outboxes, in the header of `SQLite`.
const APPLICATION_ID: i32 = 0x4567_6954;

/// The version of the file, see [`migrate`].
const VERSION: i32 = 2;

/// The version of an empty database.
const NEW: i32 = 0;

/// How long an operation waits for other processes, and for other threads of this one.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long to wait for the list of open files. Another thread holds it for a moment only, unless it was lost in a `fork`.
const REGISTRY_TIMEOUT: Duration = Duration::from_secs(1);

/// The files of this process, and after a `fork` also those of its parent.
static OPEN_FILES: Mutex<Vec<Weak<OutboxFile>>> = Mutex::new(Vec::new());

/// The files whose descriptors the program closed, for example with `closefrom`: `SQLite` still believes that it has locked them.
static LOST_FILES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Returns until when an operation waits that begins now.
pub(super) fn busy_deadline() -> Instant {
    Instant::now() + BUSY_TIMEOUT
}

/// The file of an outbox in one process.
#[derive(Debug)]
pub(super) struct OutboxFile {
    pub path: PathBuf,
    process: u32,
    /// Opened by its first use: a program may create an outbox, fork, and use it in the children only.
    connection: Mutex<Option<OpenFile>>,
    /// Notified after a put.
    pub has_new: Notify,
    /// One permit: async callers wait for the connection here, and not on threads.
    pub queue: Semaphore,
}

#[derive(Debug)]
struct OpenFile {
    connection: Connection,
    descriptors: DescriptorCheck,
    identity: Option<Identity>,
    /// The server that was checked.
    server: String,
}

impl OutboxFile {
    /// Returns the file of this process. It is not opened yet.
    pub(super) fn of_process(path: &Path) -> Result<Arc<Self>> {
        let path = canonical(path)?;
        let mut files = lock_registry(&path)?;
        close_inherited(&mut files)?;
        if lost_files().contains(&path) {
            return Err(closed_by_program(&path));
        }
        let open = files.iter().filter_map(Weak::upgrade).find(|file| file.path == path);
        Ok(open.unwrap_or_else(|| {
            let file = Arc::new(Self::new(path));
            files.push(Arc::downgrade(&file));
            file
        }))
    }

    fn new(path: PathBuf) -> Self {
        Self {
            path,
            process: std::process::id(),
            connection: Mutex::new(None),
            has_new: Notify::new(),
            queue: Semaphore::new(1),
        }
    }

    /// Changes the database in one transaction. When this returns, the change is on the disk.
    pub(super) fn write<T>(
        &self,
        server: &str,
        deadline: Instant,
        work: impl FnOnce(&Transaction<'_>) -> Work<T>,
    ) -> Result<T> {
        self.in_transaction(server, deadline, TransactionBehavior::Immediate, work)
    }

    /// Reads the database as it is at one moment.
    pub(super) fn read<T>(
        &self,
        server: &str,
        deadline: Instant,
        work: impl FnOnce(&Transaction<'_>) -> Work<T>,
    ) -> Result<T> {
        self.in_transaction(server, deadline, TransactionBehavior::Deferred, work)
    }

    fn in_transaction<T>(
        &self,
        server: &str,
        deadline: Instant,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Work<T>,
    ) -> Result<T> {
        let mut open = self.lock();
        let connection = self.connection(&mut open, server, deadline)?;
        let result = transact(connection, deadline, behavior, work);
        result.map_err(|failure| failure.into_error(&self.path))
    }

    /// Returns the connection to the file that has this path now.
    fn connection<'a>(
        &self,
        open: &'a mut Option<OpenFile>,
        server: &str,
        deadline: Instant,
    ) -> Result<&'a mut Connection> {
        if let Some(file) = open.as_ref() {
            if !file.descriptors.are_open() {
                return Err(closed_by_program(&self.path));
            }
            if identity(&self.path) != file.identity {
                tracing::warn!(target: "egito", path = %self.path.display(), "the file of the outbox was removed or replaced");
                *open = None;
            }
        }
        let file = match open.take() {
            Some(file) => file,
            None => OpenFile::open(&self.path, server, deadline)?,
        };
        let file = open.insert(file);
        if file.server != server {
            check_server(&file.connection, server).map_err(|failure| failure.into_error(&self.path))?;
            server.clone_into(&mut file.server);
        }
        Ok(&mut file.connection)
    }

    fn lock(&self) -> MutexGuard<'_, Option<OpenFile>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the connection of a parent process, if no thread of the parent used it during the fork.
    fn close_in_child(&self) -> Result<()> {
        let mut open = match self.connection.try_lock() {
            Ok(open) => open,
            Err(TryLockError::Poisoned(open)) => open.into_inner(),
            Err(TryLockError::WouldBlock) => {
                let why = "another thread used it during fork(), so this child process cannot use any outbox; fork before the first \
                           use, while no outbox is used, or start a new program";
                return Err(unusable(&self.path, why));
            }
        };
        if open.as_ref().is_some_and(|open| !open.descriptors.are_open()) {
            return Err(closed_by_program(&self.path));
        }
        drop(open.take());
        Ok(())
    }
}

/// In a child, the connection of the parent is leaked.
impl Drop for OutboxFile {
    fn drop(&mut self) {
        let open = self.connection.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if self.process != std::process::id() {
            std::mem::forget(open);
        } else if open.as_ref().is_some_and(|open| !open.descriptors.are_open()) {
            lost_files().push(self.path.clone());
            std::mem::forget(open);
        }
    }
}

impl OpenFile {
    /// Opens the file, and creates it if it does not exist.
    fn open(path: &Path, server: &str, deadline: Instant) -> Result<Self> {
        let descriptors = DescriptorCheck::new().map_err(|error| cannot_open(path, &error))?;
        create_private(path).map_err(|error| cannot_open(path, &error))?;
        let identity = identity(path);
        let connection = connect(path, server, deadline).map_err(|failure| failure.into_error(path))?;
        descriptors.cover_new_descriptors();
        Ok(Self { connection, descriptors, identity, server: server.to_owned() })
    }
}

/// Creates a file that only its owner can read and write. `SQLite` gives the files beside it the same mode.
///
/// A file that exists is not opened here: closing it would release the locks that `SQLite` holds on it in this process.
fn create_private(path: &Path) -> io::Result<()> {
    match private_options().create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        created => created.map(drop),
    }
}

fn connect(path: &Path, server: &str, deadline: Instant) -> Work<Connection> {
    let mut connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?; // see the top of this file
    wait_until(&connection, deadline)?;
    while let Err(failure) = prepare(&mut connection, path, server) {
        // SQLite does not wait by itself while two processes create the database.
        let is_busy = matches!(&failure, Failure::Database(error) if is_busy(error));
        if !is_busy || Instant::now() >= deadline {
            return Err(failure);
        }
        std::thread::sleep(Duration::from_millis(10));
        wait_until(&connection, deadline)?;
    }
    Ok(connection)
}

fn transact<T>(
    connection: &mut Connection,
    deadline: Instant,
    behavior: TransactionBehavior,
    work: impl FnOnce(&Transaction<'_>) -> Work<T>,
) -> Work<T> {
    wait_until(connection, deadline)?;
    let transaction = connection.transaction_with_behavior(behavior)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

/// Makes the next statements wait for other processes until then, and not at all if it is past.
fn wait_until(connection: &Connection, deadline: Instant) -> Work<()> {
    connection.busy_timeout(deadline.saturating_duration_since(Instant::now()))?;
    Ok(())
}

/// Checks the database, or creates its tables if it is empty.
fn prepare(connection: &mut Connection, path: &Path, server: &str) -> Work<()> {
    let version = check_header(connection, path)?;
    if connection.is_readonly("main")? {
        return Err(Failure::Refused(unusable(path, "it is read-only; the file and its folder must be writable")));
    }
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        let why = "its file system has no shared memory or locks, as SQLite needs them; use a folder on a local disk";
        return Err(Failure::Refused(unusable(path, why)));
    }
    // Each commit is on the disk when it returns, also after a power failure.
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA trusted_schema = OFF;",
    )?;
    if version != VERSION {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        match check_header(&transaction, path)? {
            VERSION => {} // another process was faster
            NEW => {
                transaction.execute_batch(include_str!("schema.sql"))?;
                transaction.execute("INSERT INTO outbox VALUES (?1, 0, 0, NULL)", [server])?;
                transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            }
            _ => migrate(&transaction)?,
        }
        transaction.pragma_update(None, "user_version", VERSION)?;
        transaction.commit()?;
    }
    check_server(connection, server)
}

/// Returns the version of the file, or [`NEW`] if the database is empty.
///
/// Fails if it belongs to another program or a newer version.
fn check_header(connection: &Connection, path: &Path) -> Work<i32> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let why = match (number("application_id")?, number("user_version")?) {
        (APPLICATION_ID, version @ 1..=VERSION) => return Ok(version),
        (0, 0) if tables == 0 => return Ok(NEW),
        (APPLICATION_ID, version) if version > VERSION => {
            format!(
                "a newer version of the Egito SDK has written it (format {version}, this version knows {VERSION}); update this program"
            )
        }
        _ => "it is a database of another program; use another file".to_owned(),
    };
    Err(Failure::Refused(unusable(path, &why)))
}

/// Fails if the entries are for another server: they must not reach it.
fn check_server(connection: &Connection, server: &str) -> Work<()> {
    let known: String = connection.query_row("SELECT server FROM outbox", [], |row| row.get(0))?;
    if known == server {
        return Ok(());
    }
    let message =
        format!("invalid `outbox`: its entries are for the server {known}, not for {server}; use another file");
    Err(Failure::Refused(Error::config("outbox", message)))
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Closes the connections that a parent process had open during the fork.
fn close_inherited(files: &mut Vec<Weak<OutboxFile>>) -> Result<()> {
    let process = std::process::id();
    let mut result = Ok(());
    files.retain(|weak| {
        let Some(file) = weak.upgrade() else { return false };
        if file.process == process {
            return true;
        }
        let closed = file.close_in_child();
        let is_closed = closed.is_ok();
        if let Err(error) = closed {
            result = Err(error);
        }
        !is_closed
    });
    result
}

fn lost_files() -> MutexGuard<'static, Vec<PathBuf>> {
    LOST_FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

fn closed_by_program(path: &Path) -> Error {
    let why = "the program closed its file descriptors, for example with closefrom(), so this process can no longer use it; close them \
               before the first use";
    unusable(path, why)
}

fn lock_registry(path: &Path) -> Result<MutexGuard<'static, Vec<Weak<OutboxFile>>>> {
    let deadline = Instant::now() + REGISTRY_TIMEOUT;
    loop {
        match OPEN_FILES.try_lock() {
            Ok(files) => return Ok(files),
            Err(TryLockError::Poisoned(files)) => return Ok(files.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(1)),
            Err(TryLockError::WouldBlock) => {
                return Err(unusable(
                    path,
                    "another thread opened an outbox during fork(); fork before that, or start a new program",
                ));
            }
        }
    }
}

/// Returns the absolute path without symbolic links, so that one file has one path in a process.
fn canonical(path: &Path) -> Result<PathBuf> {
    if let Ok(path) = path.canonicalize() {
        return Ok(path);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().map_err(|error| cannot_open(path, &error))?;
    let name = path.file_name().ok_or_else(|| unusable(path, "expected the path of a file"))?;
    Ok(folder.join(name))
}

/// The device and the inode.
#[cfg(unix)]
type Identity = (u64, u64);

/// Returns what distinguishes a file from one that replaces it; `None` if it does not exist.
#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    path.metadata().ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// Other systems do not remove open files.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}
