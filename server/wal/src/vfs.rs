//! The system's files as SQLite sees them, but for logs, of which what is written is gathered.

use crate::COMMITS;
use crate::gathered::Gathered;
use rusqlite::ffi::{
    self, SQLITE_ERROR, SQLITE_OK, SQLITE_OPEN_WAL, sqlite3_file, sqlite3_filename, sqlite3_io_methods,
    sqlite3_vfs,
};
use std::ffi::{CStr, c_int, c_void};
use std::mem::size_of;
use std::sync::OnceLock;

/// What SQLite knows these files by.
const NAME: &CStr = c"goodword-wal";

/// The system's files with another way to open them. SQLite sees the first part, which is a copy of the system's own.
#[repr(C)]
struct Files {
    seen: sqlite3_vfs,
    system: *mut sqlite3_vfs,
}

/// A log, in memory that SQLite gives and takes. The system's file follows it there.
#[repr(C)]
struct Log {
    seen: sqlite3_file,
    gathered: Gathered,
}

/// What SQLite can do with a log. Locks and shared memory are the database's and not its log's.
static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// The name of these files, which SQLite knows from the first call on.
pub fn registered() -> rusqlite::Result<&'static CStr> {
    static CODE: OnceLock<c_int> = OnceLock::new();
    match *CODE.get_or_init(register) {
        SQLITE_OK => Ok(NAME),
        code => Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)),
    }
}

fn register() -> c_int {
    // SAFETY: SQLite may be asked for its default at any time; it stays registered, for nobody unregisters it.
    let system = unsafe { ffi::sqlite3_vfs_find(std::ptr::null()) };
    // SAFETY: it is SQLite's own, or null when there is none.
    let Some(mut seen) = unsafe { system.as_ref() }.copied() else { return SQLITE_ERROR };
    let Ok(own) = c_int::try_from(size_of::<Log>()) else { return SQLITE_ERROR };
    seen.szOsFile += own;
    seen.pNext = std::ptr::null_mut();
    seen.zName = NAME.as_ptr();
    seen.xOpen = Some(open);
    let files = Box::leak(Box::new(Files { seen, system }));
    // SAFETY: it is never freed, and complete.
    unsafe { ffi::sqlite3_vfs_register((&raw mut *files).cast(), 0) }
}

/// Calls a method of the system's file. All systems' files have those that are called here.
macro_rules! of_system {
    ($file:expr, $method:ident $(, $argument:expr)*) => {{
        let inner = system_file($file);
        // SAFETY: SQLite calls methods only of files that were opened, and then the system's file was, too.
        match unsafe { (*(*inner).pMethods).$method } {
            // SAFETY: the arguments are those SQLite called with, for the same method.
            Some(method) => unsafe { method(inner $(, $argument)*) },
            None => SQLITE_ERROR,
        }
    }};
}

/// The system's file that follows a log in memory. `open` keeps the room for it.
fn system_file(file: *mut sqlite3_file) -> *mut sqlite3_file {
    file.cast::<Log>().wrapping_add(1).cast()
}

/// What was gathered of an open log.
///
/// # Safety
///
/// SQLite has opened the log, does not close it meanwhile, and calls for it on one thread at a time.
unsafe fn gathered<'a>(file: *mut sqlite3_file) -> &'a mut Gathered {
    // SAFETY: `open` has written a whole `Log` there.
    unsafe { &mut (*file.cast::<Log>()).gathered }
}

/// Writes to the system's file.
fn hand_on(file: *mut sqlite3_file) -> impl FnMut(&[u8], i64) -> Result<(), c_int> {
    move |bytes, at| {
        let length = c_int::try_from(bytes.len()).map_err(|_| SQLITE_ERROR)?;
        match of_system!(file, xWrite, bytes.as_ptr().cast(), length, at) {
            SQLITE_OK => Ok(()),
            code => Err(code),
        }
    }
}

fn code(result: Result<(), c_int>) -> c_int {
    result.err().unwrap_or(SQLITE_OK)
}

/// Hands on what was gathered, then calls a method of the system's file.
macro_rules! after_all {
    ($file:expr, $method:ident $(, $argument:expr)*) => {{
        // SAFETY: SQLite calls methods only of open files.
        match code(unsafe { gathered($file) }.hand_on(hand_on($file))) {
            SQLITE_OK => of_system!($file, $method $(, $argument)*),
            code => code,
        }
    }};
}

unsafe extern "C" fn open(
    files: *mut sqlite3_vfs,
    name: sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite calls with what was registered, which is a `Files`.
    let system = unsafe { (*files.cast::<Files>()).system };
    // SAFETY: `register` has found it with SQLite.
    let Some(open) = (unsafe { (*system).xOpen }) else { return SQLITE_ERROR };
    if flags & SQLITE_OPEN_WAL == 0 {
        // SAFETY: SQLite's own arguments; the room is more than the system asks for.
        return unsafe { open(system, name, file, flags, flags_out) };
    }
    // SAFETY: the room is that of a `Log` and the system's file after it, aligned for both.
    let opened = unsafe { open(system, name, system_file(file), flags, flags_out) };
    let seen =
        sqlite3_file { pMethods: if opened == SQLITE_OK { &raw const METHODS } else { std::ptr::null() } };
    // SAFETY: the same room. SQLite closes what has methods, and there the `Log` ends; what has none holds nothing.
    unsafe { file.cast::<Log>().write(Log { seen, gathered: Gathered::default() }) };
    opened
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes what is open, once. Commits were handed on when they were complete.
    unsafe { std::ptr::drop_in_place(gathered(file)) };
    of_system!(file, xClose)
}

unsafe extern "C" fn read(file: *mut sqlite3_file, into: *mut c_void, length: c_int, at: i64) -> c_int {
    after_all!(file, xRead, into, length, at)
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, length: c_int, at: i64) -> c_int {
    let Ok(length) = usize::try_from(length) else { return SQLITE_ERROR };
    // SAFETY: SQLite gives as many bytes as it says.
    let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), length) };
    // SAFETY: SQLite calls methods only of open files.
    let gathered = unsafe { gathered(file) };
    if !COMMITS.get() {
        return code(gathered.hand_on(hand_on(file)).and_then(|()| hand_on(file)(bytes, at)));
    }
    let taken = gathered.take(bytes, at, hand_on(file));
    if taken != Ok(false) {
        COMMITS.set(false);
    }
    code(taken.map(drop))
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: i64) -> c_int {
    after_all!(file, xTruncate, size)
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    after_all!(file, xSync, flags)
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut i64) -> c_int {
    after_all!(file, xFileSize, size)
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, kind: c_int) -> c_int {
    of_system!(file, xLock, kind)
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, kind: c_int) -> c_int {
    of_system!(file, xUnlock, kind)
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, held: *mut c_int) -> c_int {
    of_system!(file, xCheckReservedLock, held)
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, operation: c_int, about: *mut c_void) -> c_int {
    after_all!(file, xFileControl, operation, about)
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    of_system!(file, xSectorSize)
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    of_system!(file, xDeviceCharacteristics)
}
