//! One run of the server: start it, wait for it, ask it to stop.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom},
    path::Path,
    process::{Child, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use super::{PrivatePostgresError, binaries::Binaries, layout::Layout, server_settings, status};

/// A log above this size is put aside at the next start; one before it is kept.
const LOG_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// How long a server may take to write its last checkpoint before it is told to leave without.
const FAST_STOP_S_MAX: u64 = 30;
const IMMEDIATE_STOP_S_MAX: u64 = 10;
const POLL_MS: u64 = 10;

/// A started server. The process is collected when it ends, so nothing stays behind.
#[derive(Debug)]
pub(super) struct Postmaster {
    child: Child,
    /// Where in the log this run's words begin.
    log_start: u64,
}

/// How a server is asked to stop; the names are PostgreSQL's.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stop {
    /// Ends all connections, writes a checkpoint.
    Fast,
    /// Leaves at once; the next start recovers.
    Immediate,
}

impl Postmaster {
    /// Must be called on a thread that lives as long as the server shall: see [`super::account::Account::command`].
    pub(super) fn start(layout: &Layout, binaries: &Binaries) -> Result<Self, PrivatePostgresError> {
        let log = open_log(&layout.log()).map_err(PrivatePostgresError::path("opening", layout.log()))?;
        let errors = log.try_clone().map_err(PrivatePostgresError::path("opening", layout.log()))?;
        let log_start = log.metadata().map(|found| found.len()).unwrap_or_default();
        let mut command = layout.account.command(&binaries.program("postgres"));
        command.arg("-D").arg(&layout.cluster_dir).stdout(log).stderr(errors);
        for setting in server_settings::all(&layout.socket_dir).iter().chain(&layout.settings) {
            command.args(["-c", setting]);
        }
        let child = command.spawn();
        let failed =
            |error: std::io::Error| PrivatePostgresError::Program { program: "postgres", reason: error.to_string() };
        child.map(|child| Self { child, log_start }).map_err(failed)
    }

    /// Whether its own status file says that it takes connections.
    pub(super) fn ready(&self, layout: &Layout) -> bool {
        status::read(&layout.cluster_dir).is_some_and(|status| status.ready && status.pid == self.child.id())
    }

    /// How it ended, if it has.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// The last complaint of this run, for an error that someone can act on.
    pub(super) fn last_complaint(&self, layout: &Layout) -> String {
        let mut text = Vec::new();
        let read = File::open(layout.log()).and_then(|mut log| {
            log.seek(SeekFrom::Start(self.log_start))?;
            log.take(LOG_BYTES_MAX).read_to_end(&mut text)
        });
        let text = if read.is_ok() { String::from_utf8_lossy(&text) } else { "its log cannot be read".into() };
        let complaint = text.lines().rev().find(|line| line.contains("FATAL:") || line.contains("PANIC:"));
        complaint.or(text.lines().last()).unwrap_or("it said nothing").to_owned()
    }

    /// Stops it and returns when it is gone.
    pub(super) fn stop(mut self, layout: &Layout, binaries: &Binaries) {
        for (how, seconds) in [(Stop::Fast, FAST_STOP_S_MAX), (Stop::Immediate, IMMEDIATE_STOP_S_MAX)] {
            ask_to_stop(self.child.id(), how, layout, binaries);
            if gone_within(Duration::from_secs(seconds), || self.ended().is_some()) {
                return;
            }
            tracing::warn!(postgres.pid = self.child.id(), postgres.stop = ?how, "PostgreSQL does not stop in time");
        }
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            tracing::error!(postgres.pid = self.child.id(), error = %error, "PostgreSQL could not be killed");
        }
    }
}

/// By `pg_ctl`, because sending a signal oneself needs unsafe code.
pub(super) fn ask_to_stop(pid: u32, how: Stop, layout: &Layout, binaries: &Binaries) {
    let signal = match how {
        Stop::Fast => "INT",
        Stop::Immediate => "QUIT",
    };
    let mut command = layout.account.command(&binaries.program("pg_ctl"));
    match command.args(["kill", signal, &pid.to_string()]).output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            let reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            tracing::debug!(postgres.pid = pid, postgres.signal = signal, reason, "pg_ctl kill failed");
        }
        Err(error) => tracing::warn!(postgres.pid = pid, error = %error, "pg_ctl could not be run"),
    }
}

/// Looks again and again until `gone` says yes or the time is over.
pub(super) fn gone_within(limit: Duration, mut gone: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    loop {
        if gone() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        thread::sleep(Duration::from_millis(POLL_MS));
    }
}

fn open_log(path: &Path) -> std::io::Result<File> {
    if fs::metadata(path).is_ok_and(|found| found.len() > LOG_BYTES_MAX) {
        fs::rename(path, path.with_extension("log.1"))?;
    }
    OpenOptions::new().create(true).append(true).open(path)
}
