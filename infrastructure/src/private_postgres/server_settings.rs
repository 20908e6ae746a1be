//! How the private server is set up. Given on its command line, so that they hold at every start, for a moved
//! directory and for a cluster that an older levelup made. Who wants other values runs a PostgreSQL of their own.

use std::path::Path;

/// Pairs for `-c name=value`.
pub(super) fn all(socket_dir: &Path) -> Vec<String> {
    let socket_dir = socket_dir.to_string_lossy().replace('"', "\"\"");
    let fixed = SETTINGS.iter().map(|(name, value)| format!("{name}={value}"));
    fixed.chain([format!("unix_socket_directories=\"{socket_dir}\"")]).collect()
}

const SETTINGS: &[(&str, &str)] = &[
    // Nobody reaches it over a network, and on the socket only its own account and root.
    ("listen_addresses", ""),
    ("unix_socket_permissions", "0700"),
    ("max_connections", "100"),
    // Nothing is acknowledged before it is durable.
    ("fsync", "on"),
    ("full_page_writes", "on"),
    ("synchronous_commit", "on"),
    ("wal_level", "replica"),
    ("wal_compression", "on"),
    ("max_wal_size", "2GB"),
    ("shared_buffers", "256MB"),
    ("jit", "off"),
    ("idle_in_transaction_session_timeout", "60s"),
    ("timezone", "UTC"),
    // Its log: short, in English, and without the values of the row that failed.
    ("log_timezone", "UTC"),
    ("log_checkpoints", "off"),
    ("log_error_verbosity", "terse"),
    ("lc_messages", "C"),
    ("cluster_name", "levelup"),
];
