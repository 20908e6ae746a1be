//! The operating system's account that the server runs as. PostgreSQL refuses root, so root lends it another one.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::Path,
    process::{Command, Stdio},
    sync::OnceLock,
};

use super::PrivatePostgresError;
use crate::config::effective_user_id;

/// An account by its numbers. `switch` says whether this process must change to it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
    switch: bool,
}

impl Account {
    /// Whoever owns the cluster runs it. For a new one: this account, or `postgres`, or else `nobody` when it is root.
    pub(super) fn for_cluster(cluster_dir: &Path) -> Result<Self, PrivatePostgresError> {
        let ours = effective_user_id().ok_or(PrivatePostgresError::Program {
            program: "id",
            reason: "it did not tell this process's user id".to_owned(),
        })?;
        if ours != 0 {
            return Ok(Self { uid: ours, gid: number(&["-g"]).unwrap_or(ours), switch: false });
        }
        if let Ok(owner) = fs::metadata(cluster_dir).map(|found| (found.uid(), found.gid()))
            && owner.0 != 0
        {
            return Ok(Self { uid: owner.0, gid: owner.1, switch: true });
        }
        let named = |name: &str| Some(Self { uid: number(&["-u", name])?, gid: number(&["-g", name])?, switch: true });
        named("postgres").or_else(|| named("nobody")).ok_or(PrivatePostgresError::NoAccount)
    }

    /// A command that runs as this account, in English, detached from the terminal (an interrupt there is for levelup,
    /// which stops the server when its own work is done) and interrupted when the calling *thread* ends: the kernel
    /// watches the thread that started a process, not its process.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = if dies_with_parent() {
            let mut wrapper = Command::new("setpriv");
            wrapper.args(["--pdeathsig", "INT", "--"]).arg(program);
            wrapper
        } else {
            Command::new(program)
        };
        command.env("LC_ALL", "C").env_remove("PGDATA").stdin(Stdio::null()).process_group(0).current_dir("/");
        if self.switch {
            // Changing the user id as root also drops the supplementary groups (see `CommandExt::uid`).
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Makes sure that the account gets to `dir`: the directory itself is ours and is opened for passing through, the
    /// ones above are not and are only looked at.
    pub(super) fn let_in(&self, dir: &Path) -> Result<(), PrivatePostgresError> {
        if !self.switch {
            return Ok(());
        }
        let mode = fs::metadata(dir).map_err(PrivatePostgresError::path("opening", dir))?.permissions().mode();
        if mode & 0o001 == 0 {
            let open = fs::Permissions::from_mode(mode | 0o011);
            fs::set_permissions(dir, open).map_err(PrivatePostgresError::path("opening", dir))?;
        }
        let closed = dir.ancestors().filter(|ancestor| !self.enters(ancestor)).last();
        closed.map_or(Ok(()), |path| {
            Err(PrivatePostgresError::NotTraversable { account: self.name(), path: path.to_owned() })
        })
    }

    /// Asked of the system itself, since access lists and the like have a say too.
    fn enters(&self, dir: &Path) -> bool {
        let asked = self.command(Path::new("test")).arg("-x").arg(dir).status();
        asked.is_ok_and(|status| status.success())
    }

    fn name(&self) -> String {
        let answer = Command::new("id").args(["-nu", &self.uid.to_string()]).output();
        let name = answer.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
        if name.is_empty() { self.uid.to_string() } else { name }
    }
}

fn number(arguments: &[&str]) -> Option<u32> {
    let answer = Command::new("id").args(arguments).stderr(Stdio::null()).output().ok()?;
    String::from_utf8_lossy(&answer.stdout).trim().parse().ok()
}

/// Whether this machine has a `setpriv` that knows `--pdeathsig`. Elsewhere a server that outlives a killed levelup is
/// stopped by the next one.
fn dies_with_parent() -> bool {
    static KNOWN: OnceLock<bool> = OnceLock::new();
    *KNOWN.get_or_init(|| {
        let tried = Command::new("setpriv").args(["--pdeathsig", "INT", "--", "true"]).stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    })
}
