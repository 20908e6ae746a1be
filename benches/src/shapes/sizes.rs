//! How much of everything, in a full and in a smoke run.

use std::time::Duration;

use super::Shape;

/// How much of everything.
#[derive(Clone, Debug)]
pub struct Sizes {
    /// Numbers of connections, where they are chosen; else each shape has its own.
    pub connections: Option<Vec<usize>>,
    /// Rounds of each target.
    pub rounds: usize,
    /// The length of one round.
    pub round: Duration,
    /// The length of the round before the first, which does not count.
    pub warm_up: Duration,
    /// Commands a second of the open loop.
    pub rates: Vec<f64>,
    /// Commands from device to device in one round.
    pub samples: usize,
    /// Devices that write beside something else, and how many commands a second together.
    pub background: (usize, f64),
    /// Entities of the space that is read.
    pub entities: usize,
    /// Idle connections.
    pub idle: usize,
    /// Live connections of one space.
    pub subscribers: usize,
    /// Live connections under which the server is restarted.
    pub restart: usize,
    /// Lone commits before and after.
    pub commits: usize,
    /// Whether this only proves that everything runs.
    pub smoke: bool,
}

impl Sizes {
    /// Of a full run.
    #[must_use]
    pub fn full() -> Self {
        Self {
            connections: None,
            rounds: 5,
            round: Duration::from_secs(10),
            warm_up: Duration::from_secs(3),
            rates: vec![500.0, 2_000.0],
            samples: 400,
            background: (64, 2_000.0),
            entities: 100_000,
            idle: 10_000,
            subscribers: 1_000,
            restart: 5_000,
            commits: 1_000,
            smoke: false,
        }
    }

    /// Of one that only proves that everything runs.
    #[must_use]
    pub fn smoke() -> Self {
        Self {
            connections: None,
            rounds: 1,
            round: Duration::from_millis(400),
            warm_up: Duration::from_millis(100),
            rates: vec![50.0],
            samples: 20,
            background: (2, 20.0),
            entities: 300,
            idle: 32,
            subscribers: 16,
            restart: 32,
            commits: 20,
            smoke: true,
        }
    }

    /// Numbers of connections of a shape.
    #[must_use]
    pub fn connections(&self, shape: Shape) -> Vec<usize> {
        let own: &[usize] = match (shape, self.smoke) {
            (Shape::Single, false) => &[1, 16, 64, 256],
            (Shape::Ten | Shape::Hot, false) => &[16, 64],
            (Shape::Single | Shape::Hot, true) => &[1, 4],
            (_, false) => &[64],
            (_, true) => &[4],
        };
        self.connections.clone().unwrap_or_else(|| own.to_vec())
    }
}
