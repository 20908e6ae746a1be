//! What an earlier owner left behind. Whoever holds the lock knows that no living levelup wants it.

use std::{fs, io::ErrorKind, path::Path, time::Duration};

use super::{
    PrivatePostgresError,
    binaries::Binaries,
    layout::Layout,
    postmaster::{Stop, ask_to_stop, gone_within},
    status,
};

const FAST_STOP_S_MAX: u64 = 60;
const IMMEDIATE_STOP_S_MAX: u64 = 20;

/// Stops a server whose levelup was killed (it is usually on its way out already) and clears away the files by which
/// one that is dead still claims its place.
///
/// They must go here and not only in PostgreSQL: PostgreSQL takes any process of its account with the noted id for the
/// server and then refuses to start, also one that has ended and was not collected yet. Backends of a killed server are
/// not overlooked by that: the new server finds their shared memory in use, refuses, and is tried again.
pub(super) fn clear(layout: &Layout, binaries: &Binaries) -> Result<(), PrivatePostgresError> {
    if let Some(left) = status::read(&layout.cluster_dir) {
        stop(left.pid, layout, binaries)?;
    }
    let claims = [layout.cluster_dir.join("postmaster.pid"), layout.socket(), layout.socket_lock()];
    claims.iter().try_for_each(|file| remove(file))
}

fn stop(pid: u32, layout: &Layout, binaries: &Binaries) -> Result<(), PrivatePostgresError> {
    let gone = || !status::runs(pid, &layout.cluster_dir);
    for (how, seconds) in [(Stop::Fast, FAST_STOP_S_MAX), (Stop::Immediate, IMMEDIATE_STOP_S_MAX)] {
        if gone() {
            return Ok(());
        }
        tracing::info!(postgres.pid = pid, postgres.stop = ?how, "stopping the PostgreSQL of an earlier levelup");
        ask_to_stop(pid, how, layout, binaries);
        gone_within(Duration::from_secs(seconds), gone);
    }
    if gone() { Ok(()) } else { Err(PrivatePostgresError::Orphan { pid }) }
}

fn remove(file: &Path) -> Result<(), PrivatePostgresError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(PrivatePostgresError::path("removing", file)(error)),
        _ => Ok(()),
    }
}
