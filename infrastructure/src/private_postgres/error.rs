//! Why there is no private PostgreSQL, each with what to do about it.

use std::{io, path::PathBuf, sync::Arc};

use thiserror::Error;

/// Everything that keeps the private PostgreSQL from running.
#[derive(Clone, Debug, Error)]
pub enum PrivatePostgresError {
    /// No usable server programs on this machine.
    #[error("no PostgreSQL {wanted} server programs are installed{found}")]
    NoBinaries {
        /// The version that would do, such as "15 (or newer)" or "16".
        wanted: String,
        /// What was found instead, ready to be appended; empty when nothing was.
        found: String,
        /// The command that installs them here.
        install: String,
    },
    /// A file or directory could not be made, read or given to its owner.
    #[error("{what} {path} failed: {reason}", path = path.display())]
    Path {
        /// What was tried, such as "making".
        what: &'static str,
        /// On which path.
        path: PathBuf,
        /// The operating system's answer.
        reason: Arc<io::Error>,
    },
    /// The operating system's account that PostgreSQL runs as cannot get at the directory.
    #[error("the account `{account}`, which PostgreSQL runs as, cannot enter {path}", path = path.display())]
    NotTraversable {
        /// The account's name or number.
        account: String,
        /// The directory in the way.
        path: PathBuf,
    },
    /// Root needs another account to run PostgreSQL as.
    #[error("PostgreSQL refuses to run as root, and there is neither an account `postgres` nor `nobody`")]
    NoAccount,
    /// A directory that must be ours alone is not.
    #[error("{path} belongs to someone else or is open to others", path = path.display())]
    NotPrivate {
        /// The directory.
        path: PathBuf,
    },
    /// A program of PostgreSQL could not be run or failed.
    #[error("`{program}` failed: {reason}")]
    Program {
        /// Its name.
        program: &'static str,
        /// The last thing it said.
        reason: String,
    },
    /// A server of an earlier process does not go away.
    #[error("the PostgreSQL of an earlier levelup (process {pid}) is still there and does not stop")]
    Orphan {
        /// Its process id.
        pid: u32,
    },
    /// It does not come up.
    #[error("the private PostgreSQL did not start: {reason}")]
    NeverReady {
        /// What it said last, or what was waited for.
        reason: String,
        /// Its log.
        log: PathBuf,
    },
}

impl PrivatePostgresError {
    pub(super) fn path(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |reason| Self::Path { what, path, reason: Arc::new(reason) }
    }

    /// What the reader of the error can do now.
    pub fn next_step(&self) -> String {
        match self {
            Self::NoBinaries { install, .. } => {
                format!("Install them with `{install}`, or set DATABASE_URL to a PostgreSQL 15 or newer.")
            }
            Self::Path { .. } | Self::NotTraversable { .. } | Self::NotPrivate { .. } => {
                "Set LEVELUP_DATA_DIR to a directory that this account may write and PostgreSQL may enter, such as \
                 /var/lib/levelup, or set DATABASE_URL."
                    .to_owned()
            }
            Self::NoAccount => {
                "Run levelup as an ordinary user, make an account `postgres`, or set DATABASE_URL.".to_owned()
            }
            Self::Program { .. } => "See what it said above, or set DATABASE_URL to another PostgreSQL.".to_owned(),
            Self::Orphan { pid } => format!("Look at process {pid}; when it has ended, start again."),
            Self::NeverReady { log, .. } => {
                format!("Its log is {}. Or set DATABASE_URL to another PostgreSQL.", log.display())
            }
        }
    }
}
