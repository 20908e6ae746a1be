//! Backups: what one says of itself, which belong together, which may go and what the next one is to be. A backup is a
//! folder; a full one holds everything, an increment what changed since the one before it. `docs/BACKUP.md` has the whole.

mod chain;
mod manifest;
mod retention;

pub use chain::{Broken, Known, Wanted, chain, choose};
pub use manifest::{BadManifest, Manifest, Parent, Seal, VERSION, is_name, name, sha256_hex};
pub use retention::{Present, base, surplus};
