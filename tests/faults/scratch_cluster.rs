//! A PostgreSQL of a test's own that nobody looks after: durable, on a Unix socket, to be killed, stopped and paused.

use std::fs::OpenOptions;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use support::patience::until;
use support::process::{Place, postmaster_of, processes_in, signal};
use tokio_postgres::{Client, NoTls};

/// The cluster. Dropped, it is killed.
pub(crate) struct ScratchCluster {
    place: Place,
    account: Option<(u32, u32)>,
    postmaster: Option<Child>,
}

impl ScratchCluster {
    /// Makes one and starts it.
    pub(crate) async fn start() -> Self {
        let mut cluster = Self::nothing();
        let dir = cluster.dir();
        let mut initdb = cluster.command("initdb");
        initdb.arg("-D").arg(&dir).args([
            "-U",
            "levelup",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]);
        assert!(initdb.stdout(Stdio::null()).status().expect("initdb runs").success());
        cluster.start_again().await;
        cluster
    }

    /// Copies this one, which runs, and starts the copy as a standby that follows it.
    pub(crate) async fn standby(&self) -> Self {
        let mut standby = Self::nothing();
        let mut copy = standby.command("pg_basebackup");
        copy.arg("-D").arg(standby.dir()).arg("-h").arg(self.dir());
        copy.args(["-U", "levelup", "--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf", "--no-sync"]);
        let copied = copy.stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(copied.expect("pg_basebackup runs").success());
        // The socket lies among the files, and so does the word of whose it is.
        std::fs::remove_file(standby.dir().join(".s.PGSQL.5432.lock")).unwrap();
        standby.start_again().await;
        standby
    }

    /// An empty directory that only its account may enter.
    fn nothing() -> Self {
        let cluster = Self { place: Place::fresh(), account: account(), postmaster: None };
        let dir = cluster.dir();
        std::fs::DirBuilder::new().mode(0o700).create(&dir).unwrap();
        if let Some((uid, gid)) = cluster.account {
            std::os::unix::fs::chown(&dir, Some(uid), Some(gid)).unwrap();
        }
        cluster
    }

    /// Starts it once more, and waits until it takes connections.
    pub(crate) async fn start_again(&mut self) {
        let log = OpenOptions::new().create(true).append(true).open(self.place.path().join("postgres.log")).unwrap();
        let socket_dir = format!("unix_socket_directories={}", self.dir().display());
        let mut postgres = self.command("postgres");
        postgres.arg("-D").arg(self.dir()).args(["-c", "listen_addresses=", "-c", "fsync=on", "-c", &socket_dir]);
        self.postmaster = Some(postgres.stdout(log.try_clone().unwrap()).stderr(log).spawn().expect("postgres runs"));
        until("the database", async || self.try_connect().await).await;
    }

    /// Its URL, for a server.
    pub(crate) fn url(&self) -> String {
        format!("postgres://levelup@{}/postgres", self.dir().display().to_string().replace('/', "%2F"))
    }

    /// A connection.
    pub(crate) async fn connect(&self) -> Client {
        self.try_connect().await.expect("the database answers")
    }

    /// Kills its first process (SIGKILL); the others find that out and leave. Returns when they have.
    pub(crate) async fn kill(&mut self) {
        let postmaster = self.postmaster.as_mut().expect("a running database");
        postmaster.kill().unwrap();
        self.gone().await;
    }

    /// Stops it without a checkpoint, as an operator in a hurry does.
    pub(crate) async fn stop_immediately(&mut self) {
        let mut stop = self.command("pg_ctl");
        stop.args(["stop", "-m", "immediate", "-D"]).arg(self.dir());
        assert!(stop.stdout(Stdio::null()).status().expect("pg_ctl runs").success());
        self.gone().await;
    }

    /// Nothing of it moves any more (SIGSTOP); connections stay open.
    pub(crate) fn pause(&self) {
        // The first process first, so that it starts nothing while the others are counted.
        signal("STOP", &postmaster_of(&self.dir()).into_iter().collect::<Vec<_>>());
        signal("STOP", &processes_in(&self.dir()));
    }

    /// It goes on as if nothing had been.
    pub(crate) fn go_on(&self) {
        signal("CONT", &processes_in(&self.dir()));
    }

    async fn gone(&mut self) {
        let mut postmaster = self.postmaster.take().expect("a running database");
        let dir = self.dir();
        until("the end of the database", async || {
            let ended = postmaster.try_wait().unwrap().is_some();
            (ended && processes_in(&dir).is_empty()).then_some(())
        })
        .await;
    }

    async fn try_connect(&self) -> Option<Client> {
        let (client, connection) = tokio_postgres::connect(&self.url(), NoTls).await.ok()?;
        tokio::spawn(async move { drop(connection.await) });
        Some(client)
    }

    fn dir(&self) -> PathBuf {
        self.place.path().join("postgres")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(programs().join(program));
        command.current_dir("/").env("LC_ALL", "C").stdin(Stdio::null()).process_group(0);
        if let Some((uid, gid)) = self.account {
            command.uid(uid).gid(gid);
        }
        command
    }
}

impl Drop for ScratchCluster {
    fn drop(&mut self) {
        if let Some(mut postmaster) = self.postmaster.take() {
            // Stopped processes hear of a kill only when they go on.
            self.go_on();
            let _ = postmaster.kill();
            let _ = postmaster.wait();
        }
    }
}

/// PostgreSQL refuses root, so root lends it an account.
fn account() -> Option<(u32, u32)> {
    let number = |arguments: &[&str]| -> Option<u32> {
        let answer = Command::new("id").args(arguments).stderr(Stdio::null()).output().ok()?;
        String::from_utf8(answer.stdout).ok()?.trim().parse().ok()
    };
    let named = |name| Some((number(&["-u", name])?, number(&["-g", name])?));
    (number(&["-u"]) == Some(0)).then(|| named("postgres").or_else(|| named("nobody")).expect("an account"))
}

/// Where the server's programs are.
fn programs() -> PathBuf {
    let named = std::env::var_os("PG_BIN").map(PathBuf::from);
    let told = Command::new("pg_config").arg("--bindir").stderr(Stdio::null()).output();
    let told = told.ok().map(|answer| PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim()));
    let mut installed: Vec<PathBuf> = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"]
        .iter()
        .flat_map(|dir| std::fs::read_dir(dir).into_iter().flatten().flatten())
        .map(|entry| entry.path().join("bin"))
        .collect();
    installed.sort();
    let usable = |dir: &PathBuf| ["postgres", "initdb", "pg_ctl"].iter().all(|name| Path::exists(&dir.join(name)));
    named.into_iter().chain(told).chain(installed.into_iter().rev()).find(usable).expect("PostgreSQL's programs")
}
