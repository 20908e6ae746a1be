//! Saying and hearing over one way, for ever: a line is opened, what waits is said, and what this node says must come back to
//! it. That alone proves that the line carries; a connection that only looks open carries nothing. A line that does not
//! is given up and another opened, with growing pauses.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use metrics::counter;
use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::ear::Ear;
use super::{Hint, letter};
use crate::clock::jitter_ms;
use crate::metric_names::HINTS_SAID_TOTAL;

/// How long hints are gathered before they are said together.
const GATHER_MS: u64 = 3;
/// How often it is looked whether the line carries.
const BEAT_MS: u64 = 1_000;
/// How long what was said may take to come back.
const ECHO_MS_MAX: u64 = 4_000;
/// How long saying something may take, and opening a line.
const SAY_MS_MAX: u64 = 4_000;
const OPEN_MS_MAX: u64 = 8_000;
/// Pauses before a line is opened again.
const PAUSE_MS_MIN: u64 = 200;
const PAUSE_MS_MAX: u64 = 5_000;
/// Requests that were taken before the stop are answered, and what they wrote is said.
const AFTER_STOP_MS: u64 = 10_000;

/// Why a line does not carry. It holds no setting that may hold a password.
#[derive(Debug)]
pub(super) struct Broken(pub(super) String);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A way between nodes.
pub(super) trait Way: Send + Sync + 'static {
    /// An open line.
    type Line: Line;
    /// Parts into which spaces are divided; each is said by itself.
    const PARTS: u128;

    /// Opens a line. What is heard on it goes to the ear, from before this returns.
    fn open(&self, ear: Ear) -> impl Future<Output = Result<Self::Line, Broken>> + Send;
}

/// An open line.
pub(super) trait Line: Send {
    /// Says letters, each of a part.
    fn say(&mut self, letters: Vec<(u128, String)>) -> impl Future<Output = Result<(), Broken>> + Send;

    /// Waits for a turn. Nothing is lost when the future is dropped.
    fn turn(&mut self) -> impl Future<Output = Turn> + Send;

    /// Which connection it has now, if it has one: a line that mends itself has another each time. It is asked at each beat,
    /// because a turn may be lost.
    fn connection(&self) -> Option<u64> {
        Some(0)
    }
}

/// The task that reads from a line. Dropped, it ends.
#[derive(Debug)]
pub(super) struct Reading(AbortHandle);

impl Reading {
    /// Starts it.
    pub(super) fn start(reading: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(reading).abort_handle())
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What becomes of a line by itself.
pub(super) enum Turn {
    /// It is interrupted, and mends itself.
    Interrupted(Broken),
    /// It is mended.
    Mended,
    /// Something was lost on it.
    Missed,
    /// It is over.
    Ended(Broken),
}

/// Talks until `stop`, and a while longer.
pub(super) async fn talk<W: Way>(way: W, ear: Ear, stop: CancellationToken) {
    let ending = async {
        stop.cancelled().await;
        sleep(Duration::from_millis(AFTER_STOP_MS)).await;
    };
    tokio::select! {
        () = talk_on(&way, &ear, &stop) => {}
        () = ending => {}
    }
}

/// Opens line after line; after `stop` no more.
async fn talk_on<W: Way>(way: &W, ear: &Ear, stop: &CancellationToken) {
    let (mut number, mut pause_ms) = (0, PAUSE_MS_MIN);
    loop {
        let why = match timeout(Duration::from_millis(OPEN_MS_MAX), way.open(ear.clone())).await {
            Ok(Ok(line)) => Talk::<W>::over(line, ear, &mut number).go_on().await,
            Ok(Err(why)) => why,
            Err(_) => Broken(format!("no answer within {OPEN_MS_MAX} ms")),
        };
        if stop.is_cancelled() {
            // A database of this process ends with it.
            return;
        }
        pause_ms = if ear.hints().come() { PAUSE_MS_MIN } else { (pause_ms * 2).min(PAUSE_MS_MAX) };
        ear.deaf(&why.0);
        sleep(Duration::from_millis(pause_ms + jitter_ms(pause_ms / 2))).await;
    }
}

/// A talk over one line.
struct Talk<'a, W: Way> {
    line: W::Line,
    ear: &'a Ear,
    /// The number of the last letter of this node.
    number: &'a mut u64,
    /// The connection that it was last known to have; none while it is interrupted.
    connection: Option<u64>,
}

/// What to do next.
enum Next {
    Say,
    Beat,
    Turn(Turn),
}

impl<'a, W: Way> Talk<'a, W> {
    fn over(line: W::Line, ear: &'a Ear, number: &'a mut u64) -> Self {
        let connection = line.connection();
        Self { line, ear, number, connection }
    }

    /// Until the line is over: why.
    async fn go_on(mut self) -> Broken {
        let mut beats = interval(Duration::from_millis(BEAT_MS));
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.ear.echo().forget();
        loop {
            let next = tokio::select! {
                turn = self.line.turn() => Next::Turn(turn),
                () = self.ear.hints().0.unsaid.some(), if self.connection.is_some() => Next::Say,
                _ = beats.tick() => Next::Beat,
            };
            let done = match next {
                Next::Say => {
                    sleep(Duration::from_millis(GATHER_MS)).await;
                    self.say(self.ear.hints().0.unsaid.take()).await
                }
                Next::Beat => self.beat().await,
                Next::Turn(turn) => self.take(turn).await,
            };
            if let Err(why) = done {
                return why;
            }
        }
    }

    async fn take(&mut self, turn: Turn) -> Result<(), Broken> {
        match turn {
            Turn::Interrupted(why) => self.interrupted(&why.0),
            // Which one it has now is asked, as at each beat.
            Turn::Mended => return self.beat().await,
            Turn::Missed => self.ear.look_at_everything(),
            Turn::Ended(why) => return Err(why),
        }
        Ok(())
    }

    fn interrupted(&mut self, why: &str) {
        // A letter that was on its way may still be read, and proves nothing any more.
        self.ear.echo().forget();
        self.ear.deaf(why);
        self.connection = None;
    }

    /// The line has this connection from now on. Whether it carries has to be proved, even if nobody told that the one before was
    /// gone.
    async fn mended(&mut self, connection: u64) -> Result<(), Broken> {
        self.ear.echo().forget();
        if self.ear.hints().come() {
            self.ear.deaf("the connection was another one all at once");
        }
        self.connection = Some(connection);
        self.say(self.ear.hints().0.unsaid.take()).await
    }

    /// Looks which connection the line has, whatever it told of it.
    async fn beat(&mut self) -> Result<(), Broken> {
        match (self.line.connection(), self.connection) {
            (Some(now), before) if before != Some(now) => self.mended(now).await,
            (Some(_), _) => self.prove().await,
            (None, Some(_)) => {
                self.interrupted("the connection is gone");
                Ok(())
            }
            (None, None) => Ok(()),
        }
    }

    /// Says something that has to come back, unless something is on its way already; not for too long.
    async fn prove(&mut self) -> Result<(), Broken> {
        match self.ear.echo().waited() {
            None => self.say(Vec::new()).await,
            Some(waited) if waited <= Duration::from_millis(ECHO_MS_MAX) => Ok(()),
            Some(waited) => {
                Err(Broken(format!("what this node said did not come back within {} ms", waited.as_millis())))
            }
        }
    }

    async fn say(&mut self, hints: Vec<Hint>) -> Result<(), Broken> {
        let letters = self.letters(&hints);
        self.ear.echo().said(*self.number);
        let saying = timeout(Duration::from_millis(SAY_MS_MAX), self.line.say(letters)).await;
        let late = || Err(Broken(format!("nothing could be said within {SAY_MS_MAX} ms")));
        let said = saying.unwrap_or_else(|_| late());
        match &said {
            Ok(()) => counter!(HINTS_SAID_TOTAL).increment(hints.len() as u64),
            Err(_) => self.ear.hints().0.unsaid.put_back(hints),
        }
        said
    }

    /// Letters for each part that has hints, and one for the first in any case: something has to come back.
    fn letters(&mut self, hints: &[Hint]) -> Vec<(u128, String)> {
        let mut parts: BTreeMap<u128, Vec<Hint>> = BTreeMap::from([(0, Vec::new())]);
        for hint in hints {
            parts.entry(part_of(hint, W::PARTS)).or_default().push(*hint);
        }
        let mut letters = Vec::new();
        for (part, hints) in parts {
            let written = letter::write(self.ear.hints().0.node, self.number, &hints);
            letters.extend(written.into_iter().map(|letter| (part, letter)));
        }
        letters
    }
}

/// The part of a hint: a space always has the same.
fn part_of(hint: &Hint, parts: u128) -> u128 {
    match hint {
        Hint::Head { space, .. } => space.0.as_u128() % parts,
        Hint::Changed(_) => 0,
    }
}
