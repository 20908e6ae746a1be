//! Backups: what one says of itself, which belong together, which may go, what the next one is to be and when. A backup is a
//! folder; a full one holds everything, an increment what changed since the one before it. `docs/BACKUP.md` has the whole.

mod chain;
mod manifest;
mod retention;

pub use chain::{Broken, Known, Wanted, chain, choose};
pub use manifest::{BadManifest, Manifest, Parent, Seal, VERSION, is_name, moment, name, sha256_hex};
pub use retention::{Present, base, due_in, stranger, surplus};
