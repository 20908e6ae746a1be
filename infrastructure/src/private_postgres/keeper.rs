//! The thread that keeps the server running: as its owner by starting and watching it, as a guest by waiting for the
//! owner's place.
//!
//! It is a thread and not a task because the kernel interrupts the server when the thread that started it ends (see
//! [`super::account::Account::command`]): a worker of a pool may end at any time, this one ends with the process.

use std::{
    fs::{File, OpenOptions, TryLockError},
    sync::{
        Arc,
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use tokio::sync::watch;

use super::{
    PrivatePostgresError,
    binaries::{self, Binaries},
    layout::Layout,
    make, orphan,
    postmaster::Postmaster,
    status,
};

/// The pause between two looks at the server, the lock or the order to stop.
const WATCH_MS: u64 = 50;
const BACKOFF_MS_MIN: u64 = 50;
const BACKOFF_MS_MAX: u64 = 2_000;
/// Starts that may fail before the first success. The backends of a killed server take a moment to leave, and until
/// then a new one refuses to start.
const FIRST_STARTS_MAX: u32 = 8;
/// A start that takes longer than this many looks (some 5 s) is recovering from a crash; say so, and go on waiting.
const SLOW_START_LOOKS: u32 = 1_000;

/// What the keeper last knew.
#[derive(Clone, Debug)]
pub(super) enum State {
    Starting,
    Ready { owner: bool },
    Failed(Arc<PrivatePostgresError>),
}

/// A handle on the thread. Dropping it ends the thread too, only without waiting.
#[derive(Debug)]
pub(super) struct Keeper {
    pub(super) state: watch::Receiver<State>,
    /// Never sends: that it is gone is the order to stop.
    orders: mpsc::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Keeper {
    pub(super) fn start(layout: Layout) -> Result<Self, PrivatePostgresError> {
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(layout.lock());
        let lock = lock.map_err(PrivatePostgresError::path("opening", layout.lock()))?;
        let (orders, received) = mpsc::channel();
        let (state_sender, state) = watch::channel(State::Starting);
        let keeping = Keeping { layout, orders: received, state: state_sender, was_ready: false };
        let thread = thread::Builder::new().name("levelup-postgres".to_owned()).spawn(move || keeping.run(&lock));
        let thread = thread.map_err(|error| PrivatePostgresError::Program {
            program: "levelup",
            reason: format!("a thread could not be started: {error}"),
        })?;
        Ok(Self { state, orders, thread })
    }

    pub(super) async fn stop(self) {
        drop(self.orders);
        let joined = tokio::task::spawn_blocking(move || self.thread.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            tracing::error!("the thread that kept PostgreSQL ended badly");
        }
    }
}

/// What the thread works with.
struct Keeping {
    layout: Layout,
    orders: mpsc::Receiver<()>,
    state: watch::Sender<State>,
    was_ready: bool,
}

impl Keeping {
    /// The lock is released when the file is closed, which is after the server has stopped.
    fn run(mut self, lock: &File) {
        let kept = self.wait_for_ownership(lock).and_then(|owner| if owner { self.own() } else { Ok(()) });
        if let Err(error) = kept {
            self.state.send_replace(State::Failed(Arc::new(error)));
        }
    }

    /// Returns true when the cluster is ours to run, false when the order to stop came first.
    fn wait_for_ownership(&mut self, lock: &File) -> Result<bool, PrivatePostgresError> {
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(true),
                Err(TryLockError::WouldBlock) => self.look_as_guest(),
                Err(TryLockError::Error(error)) => {
                    return Err(PrivatePostgresError::path("locking", self.layout.lock())(error));
                }
            }
            if self.stopped_within(Duration::from_millis(WATCH_MS)) {
                return Ok(false);
            }
        }
    }

    fn look_as_guest(&mut self) {
        let ready = status::read(&self.layout.cluster_dir).is_some_and(|status| status.ready);
        if ready && !self.was_ready {
            self.was_ready = true;
            self.state.send_replace(State::Ready { owner: false });
        }
    }

    /// Runs the server again and again until the order to stop. Only the first start may fail for good: later there
    /// are users, and what is in the way (a full disk) may go away.
    fn own(&mut self) -> Result<(), PrivatePostgresError> {
        let mut backoff_ms = BACKOFF_MS_MIN;
        let mut failed_starts = 0;
        loop {
            let reason = match self.run_once() {
                Ok(Ended::Stopped) => return Ok(()),
                Ok(Ended::AfterReady(reason)) => {
                    backoff_ms = BACKOFF_MS_MIN;
                    reason
                }
                Ok(Ended::BeforeReady(reason)) => {
                    failed_starts += 1;
                    if !self.was_ready && failed_starts >= FIRST_STARTS_MAX {
                        return Err(PrivatePostgresError::NeverReady { reason, log: self.layout.log() });
                    }
                    reason
                }
                Err(error) if !self.was_ready => return Err(error),
                Err(error) => error.to_string(),
            };
            tracing::warn!(
                postgres.reason = reason,
                postgres.retry_ms = backoff_ms,
                "PostgreSQL is down; starting it again"
            );
            if self.stopped_within(Duration::from_millis(backoff_ms)) {
                return Ok(());
            }
            backoff_ms = (backoff_ms * 2).min(BACKOFF_MS_MAX);
        }
    }

    fn run_once(&mut self) -> Result<Ended, PrivatePostgresError> {
        let binaries = binaries::find(&self.layout.cluster_dir)?;
        make::cluster(&self.layout, &binaries)?;
        orphan::clear(&self.layout, &binaries)?;
        let postmaster = Postmaster::start(&self.layout, &binaries)?;
        Ok(self.watch(postmaster, &binaries))
    }

    /// Until it ends by itself or by order.
    fn watch(&mut self, mut postmaster: Postmaster, binaries: &Binaries) -> Ended {
        let mut ready = false;
        let mut looks: u32 = 0;
        loop {
            if let Some(status) = postmaster.ended() {
                return if ready {
                    Ended::AfterReady(status.to_string())
                } else {
                    Ended::BeforeReady(format!("{status}; {}", postmaster.last_complaint(&self.layout)))
                };
            }
            if !ready && postmaster.ready(&self.layout) {
                ready = true;
                self.was_ready = true;
                self.state.send_replace(State::Ready { owner: true });
                tracing::info!(postgres.dir = %self.layout.cluster_dir.display(), "private PostgreSQL is ready");
            }
            looks = looks.saturating_add(1);
            if !ready && looks.is_multiple_of(SLOW_START_LOOKS) {
                tracing::info!(postgres.dir = %self.layout.cluster_dir.display(), "private PostgreSQL is recovering");
            }
            // A start takes some 50 ms: look more often until then.
            if self.stopped_within(Duration::from_millis(if ready { WATCH_MS } else { WATCH_MS / 10 })) {
                postmaster.stop(&self.layout, binaries);
                return Ended::Stopped;
            }
        }
    }

    /// Waits, and tells whether the order to stop came meanwhile.
    fn stopped_within(&self, pause: Duration) -> bool {
        !matches!(self.orders.recv_timeout(pause), Err(RecvTimeoutError::Timeout))
    }
}

/// Why a run of the server is over.
enum Ended {
    Stopped,
    AfterReady(String),
    BeforeReady(String),
}
