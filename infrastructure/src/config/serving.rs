//! Everything that a serving process is told.

use clap::Args;

use super::{Backup, Hints, Http, Identity, InForce, Limits, Mail, Rebuilding, Replica, Settings, Verify, Versions};

/// What `levelup serve` is told.
#[derive(Args, Clone, Debug, Default)]
pub struct Serving {
    /// Database and data directory.
    #[command(flatten)]
    pub settings: Settings,
    /// How the API is reached.
    #[command(flatten)]
    pub http: Http,
    /// Which versions of the API are spoken.
    #[command(flatten)]
    pub versions: Versions,
    /// Tokens and accounts.
    #[command(flatten)]
    pub identity: Identity,
    /// How mail leaves.
    #[command(flatten)]
    pub mail: Mail,
    /// How much may be asked for.
    #[command(flatten)]
    pub limits: Limits,
    /// How rows are folded again.
    #[command(flatten)]
    pub rebuilding: Rebuilding,
    /// How the logs are verified.
    #[command(flatten)]
    pub verify: Verify,
    /// Where each of them came from, for those who ask; filled in where the command line is read.
    #[arg(skip)]
    pub in_force: Vec<InForce>,
    /// How nodes tell each other that something was written.
    #[command(flatten)]
    pub hints: Hints,
    /// Backups that are made by themselves.
    #[command(flatten)]
    pub backup: Backup,
    /// A read-only copy of the database that may answer readers.
    #[command(flatten)]
    pub replica: Replica,
}
