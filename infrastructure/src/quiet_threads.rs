//! Threads for work that is long and may wait: they stand back for everything else on the machine.
//!
//! A hash of a password takes a processor for tens of milliseconds. On threads like all others a flood of sign-ins would
//! take the processors from those who write; on these it gets what nobody else wants.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a thread rests at most after it has worked.
const REST_MAX: Duration = Duration::from_millis(100);

type Work = Box<dyn FnOnce() + Send>;

/// Some threads and their work. They end when this is dropped and what was given to them is done.
#[derive(Clone, Debug)]
pub struct QuietThreads {
    work: Sender<Work>,
}

/// There is no thread to do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no thread for it")]
pub struct NoThread;

impl QuietThreads {
    /// Starts `count` threads that stand back by `niceness`, 0 (not at all) to 19 (for everybody).
    pub fn start(name: &str, count: usize, niceness: u8) -> Self {
        let (work, waiting) = mpsc::channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..count.max(1) {
            let waiting = Arc::clone(&waiting);
            let thread = std::thread::Builder::new().name(format!("{name}-{number}"));
            // With no thread at all the channel closes, and who asks is told so.
            if let Err(error) = thread.spawn(move || run(&waiting, niceness)) {
                tracing::error!(error.cause = %error, thread.name = name, "a thread could not be started");
            }
        }
        Self { work }
    }

    /// Gives work to the first thread that is free. How much waits is for the caller to bound.
    ///
    /// # Errors
    /// No thread could be started.
    pub fn give(&self, work: impl FnOnce() + Send + 'static) -> Result<(), NoThread> {
        self.work.send(Box::new(work)).map_err(|_| NoThread)
    }
}

fn run(waiting: &Mutex<Receiver<Work>>, niceness: u8) {
    stand_back(niceness);
    loop {
        // The guard is gone before the work begins.
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return };
        // A panic in one piece of work is told by the standard hook, and its asker finds no answer; the thread goes on.
        let begun = Instant::now();
        drop(std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)));
        // Priority shares processors, but not memory and its caches, and hashing is all about memory. So half of the time
        // belongs to the others.
        if niceness > 0 {
            std::thread::sleep(begun.elapsed().min(REST_MAX));
        }
    }
}

/// On Linux priorities belong to threads, although the call speaks of processes (setpriority(2), "NOTES").
#[cfg(target_os = "linux")]
fn stand_back(niceness: u8) {
    let this = rustix::thread::gettid();
    if let Err(error) = rustix::process::setpriority_process(Some(this), i32::from(niceness)) {
        tracing::warn!(error.cause = %error, "a thread for long work has the priority of all others");
    }
}

/// Elsewhere a thread cannot be singled out without unsafe code; that few of them run is the protection there.
#[cfg(not(target_os = "linux"))]
fn stand_back(_: u8) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_on_threads_of_its_own_that_survive_a_panic() {
        let threads = QuietThreads::start("test", 1, 0);
        threads.give(|| panic!("this piece of work fails")).unwrap();
        let (told, heard) = mpsc::channel();
        threads.give(move || told.send(std::thread::current().name().map(str::to_owned)).unwrap()).unwrap();
        assert_eq!(heard.recv().unwrap().as_deref(), Some("test-0"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn only_these_threads_stand_back() {
        let niceness = || rustix::process::getpriority_process(Some(rustix::thread::gettid())).unwrap();
        let before = niceness();
        let (told, heard) = mpsc::channel();
        QuietThreads::start("test", 1, 19).give(move || told.send(niceness()).unwrap()).unwrap();
        assert_eq!(heard.recv().unwrap(), 19);
        assert_eq!(niceness(), before);
    }
}
