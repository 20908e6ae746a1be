//! The real `levelup serve`, as a process of its own with the database of the run.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::cluster::{Scratch, words};
use crate::failure::Failure;

const START_S_MAX: u64 = 60;
const STOP_S_MAX: u64 = 30;

/// More than any generator asks for.
const UNREACHED: &str = "1000000/s";

/// Limits that nobody reaches, since a generator is one address that does the work of thousands; but they are looked at,
/// so that what they cost is in what is measured.
pub const UNLIMITED: [(&str, &str); 9] = [
    ("LEVELUP_LIMIT_SIGN_IN", UNREACHED),
    ("LEVELUP_LIMIT_REFRESH", UNREACHED),
    ("LEVELUP_LIMIT_WRITE", UNREACHED),
    ("LEVELUP_LIMIT_READ", UNREACHED),
    ("LEVELUP_LIMIT_HEAVY", UNREACHED),
    ("LEVELUP_LIMIT_OTHER", UNREACHED),
    ("LEVELUP_SIGN_IN_DELAY", "off"),
    ("LEVELUP_DEVICE_FEEDS", "1000"),
    ("LEVELUP_ACCOUNT_FEEDS", "10000"),
];

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// Its process.
    pub pid: u32,
}

impl Server {
    /// Starts the program with these settings on a free port and waits for its one line.
    pub async fn start(program: &Path, scratch: &Scratch, settings: &[(&str, &str)]) -> Result<Self, Failure> {
        let url = words(&scratch.served()).map(|(name, value)| format!("{name}='{value}'")).join(" ");
        let mut command = Command::new(program);
        command
            .arg("serve")
            .env("DATABASE_URL", url)
            .env("LEVELUP_LISTEN", "127.0.0.1:0")
            .env("LEVELUP_DATA_DIR", scratch.server_dir())
            .env("LEVELUP_LOG", "warn")
            .envs(settings.iter().copied());
        Self::launch(command).await
    }

    /// Starts any server that says in its first line where it listens, as a URL.
    pub async fn launch(mut command: Command) -> Result<Self, Failure> {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(Failure::during("starting the server"))?;
        let pid = child.id().ok_or_else(|| Failure::new("the server ended at once"))?;
        let stdout = child.stdout.take().ok_or_else(|| Failure::new("the server has no standard output"))?;
        let mut lines = BufReader::new(stdout).lines();
        let line = timeout(Duration::from_secs(START_S_MAX), lines.next_line()).await;
        let line = line.map_err(|_| Failure::new("the server was not ready in time"))??.unwrap_or_default();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next());
        let address = address.and_then(|text| text.parse().ok());
        let address =
            address.ok_or_else(|| Failure::new(format!("the server said {line:?}, which names no address")))?;
        Ok(Self { child, address, pid })
    }

    /// Its address as a URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks it to end, by `kill`, because sending a signal oneself needs unsafe code.
    pub async fn stop(mut self) -> Result<(), Failure> {
        Command::new("kill").args(["-TERM", &self.pid.to_string()]).status().await?;
        if timeout(Duration::from_secs(STOP_S_MAX), self.child.wait()).await.is_err() {
            self.child.kill().await?;
            return Err(Failure::new("the server did not end in time and was killed"));
        }
        Ok(())
    }
}

/// The given program, or that of this workspace, built first.
pub async fn program(given: Option<&PathBuf>) -> Result<PathBuf, Failure> {
    if let Some(program) = given {
        return Ok(program.clone());
    }
    // A benchmark is <target>/<profile>/deps/<name>, a program <target>/<profile>/<name>; the server is
    // <target>/<profile>/levelup.
    let own = std::env::current_exe()?;
    let profile = own.ancestors().skip(1).find(|dir| !dir.ends_with("deps"));
    let profile = profile.ok_or_else(|| Failure::new("the directory of the build is unknown"))?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let own_package = Path::new(env!("CARGO_MANIFEST_DIR"));
    // What this benchmark's own cargo told it is not for another one: build scripts would take it for a change.
    let told = std::env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO_CRATE_NAME"
    });
    let mut build = Command::new(cargo);
    for name in told {
        build.env_remove(name);
    }
    let built = build
        .args(["build", "--quiet", "--locked", "-p", "api", "--bin", "levelup"])
        .args(profile.ends_with("release").then_some("--release"))
        .current_dir(own_package.parent().unwrap_or(own_package))
        .status()
        .await?;
    if !built.success() {
        return Err(Failure::new("the server could not be built"));
    }
    Ok(profile.join("levelup"))
}
