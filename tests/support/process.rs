//! `levelup serve` as a process of its own, with its own keys and PostgreSQL: to be killed, stopped and started again
//! on the same port, as a machine does it. A server in the test's process cannot die without the test.

use std::fs::OpenOptions;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command as Blocking, ExitStatus, Stdio};
use std::sync::OnceLock;

use api::client::Server;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::patience::{until, within};

/// How much of a server's log a failed test shows.
const LOG_LINES_SHOWN: usize = 40;

/// A server process. Dropped, it is killed; its private PostgreSQL then stops by itself.
pub struct ServerProcess {
    root: PathBuf,
    listen: String,
    database_url: Option<String>,
    child: Option<Child>,
}

impl ServerProcess {
    /// Starts a server whose files are under `root`, with the database of this URL or a private one, and waits until it
    /// says that it is ready.
    pub async fn start(root: &Path, database_url: Option<String>) -> Self {
        let listen = format!("127.0.0.1:{}", free_port());
        let mut server = Self { root: root.to_owned(), listen, database_url, child: None };
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
        match &self.database_url {
            Some(url) => command.env("DATABASE_URL", url),
            None => command.env_remove("DATABASE_URL"),
        };
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

    fn log(&self) -> PathBuf {
        self.root.join("levelup.log")
    }
}

/// A directory of a test's own that other accounts may pass through. It goes when nothing runs in it any more.
pub struct Place(PathBuf);

impl Place {
    /// Makes one; its path is short, because sockets lie in it.
    #[must_use]
    pub fn fresh() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let id = infrastructure::clock::uuid_v7().simple().to_string();
        let path = std::env::temp_dir().join(format!("levelup-{}", &id[20..]));
        std::fs::create_dir(&path).expect("a place for a test's files");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Fails unless every process that worked in here is gone, after the moment that it takes them to go.
    pub async fn assert_deserted(&self) {
        until("the end of the last process", async || processes_in(&self.0).is_empty().then_some(())).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the files of the failed test are in {}", self.0.display());
        } else {
            // What is left behind in a temporary directory harms nobody.
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

/// Sends a signal by its short name. The shell does it, because the call itself needs unsafe code. Processes that are
/// gone already are no mistake.
pub fn signal(name: &str, pids: &[u32]) {
    let pids: Vec<String> = pids.iter().map(u32::to_string).collect();
    let line = format!("kill -{name} {}", pids.join(" "));
    Blocking::new("sh").args(["-c", &line]).stderr(Stdio::null()).status().expect("a shell");
}

/// The processes that work in a directory: that name it, or that have it for their own.
#[must_use]
pub fn processes_in(dir: &Path) -> Vec<u32> {
    let numbered = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = numbered.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| works_in(*pid, dir)).collect()
}

/// The first process of the cluster in this directory, as its status file has it.
#[must_use]
pub fn postmaster_of(cluster: &Path) -> Option<u32> {
    std::fs::read_to_string(cluster.join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
}

fn works_in(pid: u32, dir: &Path) -> bool {
    let named = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let named = String::from_utf8_lossy(&named).contains(&*dir.to_string_lossy());
    let here = std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd.starts_with(dir));
    (named || here) && pid != std::process::id()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The program, built if it is older than its sources: `cargo test` builds the programs of a package only for tests of
/// that package.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(named) = std::env::var_os("LEVELUP_BINARY") {
            return named.into();
        }
        let this = std::env::current_exe().unwrap();
        let profile = this.ancestors().nth(2).expect("a test program lies in <target>/<profile>/deps");
        let mut cargo = Blocking::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "--package", "api", "--bin", "levelup"]);
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        cargo
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .env("CARGO_TARGET_DIR", profile.parent().unwrap());
        let built = cargo.stdin(Stdio::null()).status().expect("cargo can be run");
        assert!(built.success(), "the server's program could not be built");
        profile.join("levelup")
    })
}
