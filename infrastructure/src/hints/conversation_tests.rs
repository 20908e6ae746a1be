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
