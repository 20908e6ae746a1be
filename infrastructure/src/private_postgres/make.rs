//! Makes a new cluster, whole or not at all: it is made beside its place and then renamed, so that a start that was
//! cut off leaves nothing half done.

use std::{fs, path::Path, process::Output};

use super::{
    PrivatePostgresError,
    binaries::Binaries,
    layout::{self, Layout},
};

/// Text sorts by its bytes everywhere (an index survives an update of the C library), while upper and lower case are
/// those of Unicode. Systems without the second locale get the first for both.
const LOCALES: [&[&str]; 2] = [&["--locale=C", "--lc-ctype=C.UTF-8"], &["--locale=C"]];

/// Does nothing when the cluster is there.
pub(super) fn cluster(layout: &Layout, binaries: &Binaries) -> Result<(), PrivatePostgresError> {
    if layout.cluster_dir.join("PG_VERSION").exists() {
        return Ok(());
    }
    let unfinished = layout.data_dir.join("postgres.new");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(PrivatePostgresError::path("removing", &unfinished))?;
    }
    layout::make_private(&unfinished, &layout.account)?;
    initdb(layout, binaries, &unfinished)?;
    let rename = fs::rename(&unfinished, &layout.cluster_dir);
    rename.map_err(PrivatePostgresError::path("making", &layout.cluster_dir))?;
    let synced = fs::File::open(&layout.data_dir).and_then(|dir| dir.sync_all());
    synced.map_err(PrivatePostgresError::path("syncing", &layout.data_dir))?;
    tracing::info!(postgres.dir = %layout.cluster_dir.display(), postgres.major = binaries.major, "cluster made");
    Ok(())
}

fn initdb(layout: &Layout, binaries: &Binaries, dir: &Path) -> Result<(), PrivatePostgresError> {
    let mut reason = String::new();
    for locale in LOCALES {
        let output = run(layout, binaries, dir, locale)?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        reason = said.lines().rev().find(|line| line.contains("error")).unwrap_or(said.trim()).to_owned();
    }
    Err(PrivatePostgresError::Program { program: "initdb", reason })
}

/// `trust` lets in whoever reaches the socket, and only the account itself and root reach it.
fn run(layout: &Layout, binaries: &Binaries, dir: &Path, locale: &[&str]) -> Result<Output, PrivatePostgresError> {
    let mut command = layout.account.command(&binaries.program("initdb"));
    command.arg("-D").arg(dir).args(["-U", layout::ROLE, "--encoding=UTF8", "--data-checksums"]);
    command.args(["--auth-local=trust", "--auth-host=reject"]).args(locale);
    let output = command.output();
    output.map_err(|error| PrivatePostgresError::Program { program: "initdb", reason: error.to_string() })
}
