//! `levelup serve` as a process of its own, with its own keys and PostgreSQL: to be killed, stopped and started again
//! on the same port, as a machine does it. A server in the test's process cannot die without the test.

mod binary;
mod command;
mod place;
mod signals;

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};

use api::client::Server;
use infrastructure::clock::random_bytes;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use self::binary::binary;
pub use self::command::{command, run};
pub use self::place::Place;
pub use self::signals::{postmaster_of, processes_in, signal};
use crate::patience::within;

/// How much of a server's log a failed test shows.
const LOG_LINES_SHOWN: usize = 40;
/// Below the ports that systems give to connections: one of those could take the port of a server that is away for a
/// moment, or connect to itself.
const PORTS: std::ops::Range<u16> = 15_000..30_000;
/// Those that this process has given away: the port of a server that is away for a moment, or that does not listen yet,
/// looks free.
static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A server process. Dropped, it is killed; its private PostgreSQL then stops by itself.
pub struct ServerProcess {
    root: PathBuf,
    listen: String,
    database_url: Option<String>,
    /// What else it is told, by variables.
    told: Vec<(String, String)>,
    child: Option<Child>,
}

impl ServerProcess {
    /// Starts a server whose files are under `root`, with the database of this URL or a private one, and waits until it
    /// says that it is ready.
    pub async fn start(root: &Path, database_url: Option<String>) -> Self {
        Self::start_told(root, database_url, &[]).await
    }

    /// The same, with these variables beside.
    pub async fn start_told(root: &Path, database_url: Option<String>, told: &[(&str, &str)]) -> Self {
        let listen = format!("127.0.0.1:{}", free_port());
        let told = told.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut server = Self { root: root.to_owned(), listen, database_url, told, child: None };
        server.start_again().await;
        server
    }

    /// Starts it once more, with the same files, on the same port.
    pub async fn start_again(&mut self) {
        assert!(self.child.is_none(), "the server runs already");
        let log = OpenOptions::new().create(true).append(true).open(self.log()).expect("a log file");
        let mut command = Command::new(binary());
        command.args(["serve", "--listen", &self.listen, "--data-dir"]).arg(self.data_dir());
        command.env("LEVELUP_LOG", "info").env_remove("LEVELUP_POOL_SIZE").env_remove("LEVELUP_LOG_FORMAT");
        // A test is one address that does the work of many.
        for limit in ["SIGN_IN", "REFRESH", "WRITE", "READ", "HEAVY", "OTHER"] {
            command.env(format!("LEVELUP_LIMIT_{limit}"), "off");
        }
        command.env("LEVELUP_SIGN_IN_DELAY", "off");
        match &self.database_url {
            Some(url) => command.env("DATABASE_URL", url),
            None => command.env_remove("DATABASE_URL"),
        };
        command.envs(self.told.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        let mut child = command.spawn().expect("the server can be started");
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        self.child = Some(child);
        let line = within("the server's word that it is ready", said.next_line()).await.unwrap();
        assert!(
            line.is_some_and(|line| line.contains(" is ready on ")),
            "the server did not start: {}",
            self.log_end()
        );
    }

    /// Where it is, for clients.
    #[must_use]
    pub fn server(&self) -> Server {
        Server::at(&format!("http://{}", self.listen)).unwrap()
    }

    /// Its data directory.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.root.join("data")
    }

    /// Ends it in the middle of a word (SIGKILL) and waits until it is gone.
    pub async fn kill(&mut self) {
        let mut child = self.child.take().expect("a running server");
        within("the end of a killed server", child.kill()).await.expect("the server could be killed");
    }

    /// Asks it to stop (SIGTERM). It goes on with what it has begun: `wait` for it.
    pub fn ask_to_stop(&self) {
        let pid = self.child.as_ref().and_then(Child::id).expect("a running server");
        signal("TERM", &[pid]);
    }

    /// Nothing of it moves any more (SIGSTOP); connections stay open.
    pub fn pause(&self) {
        signal("STOP", &[self.child.as_ref().and_then(Child::id).expect("a running server")]);
    }

    /// It goes on as if nothing had been.
    pub fn go_on(&self) {
        signal("CONT", &[self.child.as_ref().and_then(Child::id).expect("a running server")]);
    }

    /// How it ended.
    pub async fn wait(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("a running server");
        within("the end of the server", child.wait()).await.unwrap()
    }

    /// Stops it as an operator does. It has to end well.
    pub async fn stop(&mut self) {
        self.ask_to_stop();
        let status = self.wait().await;
        assert!(status.success(), "the server ended with {status}: {}", self.log_end());
    }

    /// The process id of its private PostgreSQL's first process.
    #[must_use]
    pub fn postmaster(&self) -> Option<u32> {
        postmaster_of(&self.data_dir().join("postgres"))
    }

    /// The end of its log, for failures.
    #[must_use]
    pub fn log_end(&self) -> String {
        let text = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..].join("\n")
    }

    /// All that it said.
    #[must_use]
    pub fn log_text(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }

    fn log(&self) -> PathBuf {
        self.root.join("levelup.log")
    }
}

pub(crate) fn free_port() -> u16 {
    let chance = || PORTS.start + u16::from_be_bytes(random_bytes()) % (PORTS.end - PORTS.start);
    let is_new = |port: u16| GIVEN.lock().unwrap_or_else(PoisonError::into_inner).insert(port);
    let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    std::iter::repeat_with(chance).find(|port| is_new(*port) && is_free(*port)).unwrap()
}
