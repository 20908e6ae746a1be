//! Backups as folders, out of a database and into an empty one. A backup holds the lines of an export of logs (`log_file`,
//! `postgres::log_copy`), the tables that follow from no log, the list of who was erased, where every space stood, and a
//! manifest that seals all of it. Its folder gets its name when it is whole.
//!
//! An increment holds the spaces that changed, from where the backup before it had left them. Read together, a full one and
//! its increments give the lines of one whole export; so what checks and takes over exports restores backups too.

mod behind;
mod beside;
mod by_itself;
mod chain_lines;
mod erasure_lists;
mod error;
mod folder;
mod layer;
mod make;
mod making;
mod noted;
mod pack;
mod restore;
mod schedule;
mod spaces;
mod table_rows;
mod verify;

pub use erasure_lists::Lists;
pub use error::BackupError;
pub use folder::{Folder, Found, locate};
pub use make::{Wish, make};
pub use noted::make_noted;
pub use restore::{News, Restore, Restored};
pub use schedule::{Asked, Backups};
pub use verify::{Verified, verify};

/// The lines of logs and accounts.
const LOG: &str = "log.ndjson.zst";
/// Where every space stood.
const SPACES: &str = "spaces.ndjson.zst";
/// Rows of tables that follow from no log.
const TABLES: &str = "tables.ndjson.zst";
/// Who was erased, in the form of the list beside the database.
const ERASED: &str = "erasures.ndjson";
/// The files of a backup beside its manifest.
const FILES: [&str; 4] = [LOG, SPACES, TABLES, ERASED];
/// Those of them that a restore takes rows from; it looks at lists of erasures by itself (`erasure_lists`).
const ROWS: [&str; 3] = [LOG, SPACES, TABLES];
