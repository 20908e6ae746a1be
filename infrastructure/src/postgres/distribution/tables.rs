//! Which table goes where when the database is spread by space. A test holds the three lists against the schema, so that a new
//! table finds its place in one of them.

/// The table that is cut first; all others of a space lie beside it.
pub const FIRST: &str = "heads";

/// Cut by `space_id`: the log, what is folded from it, and what else is said of one space.
pub const BY_SPACE: &[&str] = &[
    FIRST,
    "events",
    "receipts",
    "space_devices",
    "heroes",
    "skills",
    "goals",
    "milestones",
    "tasks",
    "conflicts",
    "days",
    "activity",
    "rejections",
    "restore_points",
    "checksum_repairs",
    "behind",
    "checkpoints",
    "audit_log",
    "log_imports",
    "verify_findings",
];

/// On every machine, and why.
pub const EVERYWHERE: &[(&str, &str)] = &[
    ("erasures", "every statement on a head looks whether its space is being erased"),
    ("system", "every space that is founded takes the life of the database from it"),
];

/// On the machine that servers connect to, and why.
pub const AT_THE_FRONT: &[(&str, &str)] = &[
    ("accounts", "the directory: addresses are unique among all accounts"),
    ("account_tokens", "of the directory: looked up by its hash alone"),
    ("devices", "of the directory"),
    ("sessions", "of the directory"),
    ("refresh_tokens", "of the directory: looked up by its hash alone"),
    ("refresh_nonces", "of the directory: looked up by its hash alone"),
    ("revoked_sessions", "of the directory, and of nobody"),
    ("mails", "of the directory: who sends mail takes the next of all"),
    ("security_log", "of the directory: acts of people without a space are in it too"),
    ("sync_history", "goes with the account's row"),
    ("flag_accounts", "goes with the flag's row"),
    ("flags", "of nobody, a few rows"),
    ("revisions", "of nobody, one row"),
    ("redactions", "numbered among all spaces; a few rows"),
    ("signing_keys", "of nobody, a few rows"),
    ("projection_folds", "of nobody, a few rows"),
    ("space_folds", "the exceptions to them; read as a whole"),
    ("rebuilds", "what operators ordered"),
    ("rebuild_spaces", "goes with the rebuild's row"),
    ("rebuild_differences", "goes with the rebuild's row"),
    ("verify_runs", "what operators ordered"),
    ("verify_stretches", "goes with the run's row"),
    ("backups", "of nobody, a few rows"),
    ("backup_lease", "of nobody, one row"),
    ("restores", "of nobody, one row"),
    ("measures", "of nobody"),
    ("populations", "of nobody"),
    ("node_notes", "of nobody"),
    ("refinery_schema_history", "of the schema itself"),
];
