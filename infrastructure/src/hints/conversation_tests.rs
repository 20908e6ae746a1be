//! A talk over lines that break: what could not be said is said on the next one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::id::SpaceId;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::conversation::{Broken, Line, Turn, Way, talk};
use super::ear::Ear;
use super::{Hint, Hints, Standing, letter};
use crate::config::HintsOver;
use crate::hub::Hub;

const GUARD: Duration = Duration::from_secs(60);

/// Lines of which the first break at the first hint, and the others carry.
struct Brittle {
    broken: usize,
    opened: Arc<AtomicUsize>,
    said: mpsc::UnboundedSender<Hint>,
}

struct BrittleLine {
    breaks: bool,
    ear: Ear,
    said: mpsc::UnboundedSender<Hint>,
}

impl Way for Brittle {
    type Line = BrittleLine;
    const PARTS: u128 = 4;

    async fn open(&self, ear: Ear) -> Result<BrittleLine, Broken> {
        let number = self.opened.fetch_add(1, Ordering::Relaxed);
        Ok(BrittleLine { breaks: number < self.broken, ear, said: self.said.clone() })
    }
}

impl Line for BrittleLine {
    async fn say(&mut self, letters: Vec<(u128, String)>) -> Result<(), Broken> {
        for (part, text) in letters {
            let read = letter::read(&text).unwrap();
            if self.breaks && !read.hints.is_empty() {
                return Err(Broken("broken".to_owned()));
            }
            for hint in &read.hints {
                let Hint::Head { space, .. } = hint else { panic!("only heads were said") };
                assert_eq!(space.0.as_u128() % Brittle::PARTS, part);
                self.said.send(*hint).unwrap();
            }
            self.ear.hear(&text);
        }
        Ok(())
    }

    async fn turn(&mut self) -> Turn {
        std::future::pending().await
    }
}

#[tokio::test]
async fn what_could_not_be_said_is_said_on_the_next_line() {
    let (said, mut heard) = mpsc::unbounded_channel();
    let (opened, stop) = (Arc::new(AtomicUsize::new(0)), CancellationToken::new());
    let hints = Hints::of(Uuid::from_u128(1), HintsOver::Nats);
    let way = Brittle { broken: 2, opened: Arc::clone(&opened), said };
    let talking = tokio::spawn(talk(way, Ear::new(hints.clone(), Hub::default()), stop));
    let head = |number| Hint::Head { space: SpaceId(Uuid::from_u128(number)), epoch: Uuid::nil(), position: 7 };
    for number in 0..10 {
        hints.0.unsaid.put(head(number));
    }
    let mut all = Vec::new();
    while all.len() < 10 {
        all.push(timeout(GUARD, heard.recv()).await.expect("a hint").expect("a talk"));
    }
    (0..10).for_each(|number| assert!(all.contains(&head(number)), "{number}"));
    assert_eq!(opened.load(Ordering::Relaxed), 3);
    assert_eq!(hints.standing(), Standing::Heard);
    talking.abort();
}

/// A line that mends itself: it is interrupted at once, and has another connection at that. It never says that it is mended.
struct Silent {
    ear: Ear,
    turns: Vec<Turn>,
    /// The number of its connection.
    connection: Arc<AtomicUsize>,
}

/// Such lines.
struct SilentWay {
    turns: fn() -> Vec<Turn>,
    connection: Arc<AtomicUsize>,
    opened: Arc<AtomicUsize>,
}

impl Way for SilentWay {
    type Line = Silent;
    const PARTS: u128 = 1;

    async fn open(&self, ear: Ear) -> Result<Silent, Broken> {
        self.opened.fetch_add(1, Ordering::Relaxed);
        Ok(Silent { ear, turns: (self.turns)(), connection: Arc::clone(&self.connection) })
    }
}

impl Line for Silent {
    async fn say(&mut self, letters: Vec<(u128, String)>) -> Result<(), Broken> {
        letters.iter().for_each(|(_, text)| self.ear.hear(text));
        Ok(())
    }

    async fn turn(&mut self) -> Turn {
        match self.turns.pop() {
            Some(turn) => turn,
            None => std::future::pending().await,
        }
    }

    fn connection(&self) -> Option<u64> {
        u64::try_from(self.connection.load(Ordering::Relaxed)).ok().filter(|number| *number > 0)
    }
}

/// A talk over such a line: its hints, the number of its connection, and how many were opened.
fn silent(turns: fn() -> Vec<Turn>) -> (Hints, Arc<AtomicUsize>, Arc<AtomicUsize>, CancellationToken) {
    let (connection, opened) = (Arc::new(AtomicUsize::new(1)), Arc::new(AtomicUsize::new(0)));
    let (hints, stop) = (Hints::of(Uuid::from_u128(1), HintsOver::Nats), CancellationToken::new());
    let way = SilentWay { turns, connection: Arc::clone(&connection), opened: Arc::clone(&opened) };
    let talking = talk(way, Ear::new(hints.clone(), Hub::default()), CancellationToken::new());
    tokio::spawn(stop.clone().run_until_cancelled_owned(talking));
    (hints, connection, opened, stop)
}

async fn until(hints: &Hints, standing: Standing) {
    let stands = async {
        while hints.standing() != standing {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(GUARD, stands).await.expect("the standing");
}

#[tokio::test]
async fn a_line_that_came_back_carries_even_if_nobody_said_that_it_did() {
    let (hints, connection, opened, stop) = silent(|| vec![Turn::Interrupted(Broken("away".to_owned()))]);
    connection.store(0, Ordering::Relaxed);
    until(&hints, Standing::Away { why: "away".to_owned() }).await;
    connection.store(2, Ordering::Relaxed);
    until(&hints, Standing::Heard).await;
    assert_eq!(opened.load(Ordering::Relaxed), 1);
    stop.cancel();
}

#[tokio::test]
async fn a_connection_that_was_replaced_unseen_makes_the_node_look_at_everything() {
    let (hints, connection, opened, stop) = silent(Vec::new);
    until(&hints, Standing::Heard).await;
    // What was to be looked at so far is looked at.
    let late = tokio::time::Instant::now() + Duration::from_secs(3_600);
    assert_eq!(hints.wanted().next(late).await, super::Look::Everything);
    connection.store(2, Ordering::Relaxed);
    assert_eq!(timeout(GUARD, hints.wanted().next(late)).await.expect("a look"), super::Look::Everything);
    until(&hints, Standing::Heard).await;
    assert_eq!(opened.load(Ordering::Relaxed), 1);
    stop.cancel();
}
