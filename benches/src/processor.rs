//! Who used the processor: the server, PostgreSQL or the generator of load. On two cores shared by all three this says
//! more about the next step than any rate. Read from /proc; elsewhere than on Linux there are zeros.

use std::fs;
use std::ops::{Add, Sub};
use std::process;

/// The unit of /proc/…/stat on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// Processor time: seconds, or what they were scaled to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// `levelup serve`.
    pub server: f64,
    /// PostgreSQL, all its processes, also those that have ended.
    pub postgres: f64,
    /// This process, and pgbench when it has ended.
    pub generator: f64,
    /// Everything that the machine did, this included.
    pub busy: f64,
    /// Everything that it could have done.
    pub all: f64,
}

impl Used {
    /// Up to now.
    #[must_use]
    pub fn until_now(server: u32, postmaster: u32) -> Self {
        let own = |pid| times(pid).map_or(0.0, |times| times.own);
        let whole = |pid| times(pid).map_or(0.0, |times| times.own + times.ended_children);
        let backends: f64 = children(postmaster).into_iter().map(own).sum();
        let (busy, all) = machine().unwrap_or_default();
        let (server, postgres, generator) = (own(server), whole(postmaster) + backends, whole(process::id()));
        Self { server, postgres, generator, busy, all }
    }

    /// What was measured: server, PostgreSQL and generator.
    #[must_use]
    pub fn measured(&self) -> f64 {
        self.server + self.postgres + self.generator
    }

    /// The part of the machine that others used meanwhile, from 0 to 1: how quiet it was.
    #[must_use]
    pub fn others(&self) -> f64 {
        ((self.busy - self.measured()) / self.all).max(0.0)
    }

    /// All of it times `factor`.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        self.with(Self::default(), |own, _| own * factor)
    }

    fn with(self, other: Self, of: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            server: of(self.server, other.server),
            postgres: of(self.postgres, other.postgres),
            generator: of(self.generator, other.generator),
            busy: of(self.busy, other.busy),
            all: of(self.all, other.all),
        }
    }
}

impl Add for Used {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        self.with(more, |own, more| own + more)
    }
}

impl Sub for Used {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        self.with(before, |own, before| own - before)
    }
}

struct Times {
    parent: u32,
    own: f64,
    ended_children: f64,
}

/// The fields of proc(5), counted from after the name, which can hold spaces: state is the first.
fn times(pid: u32) -> Option<Times> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let seconds = |index: usize| Some(fields.get(index)?.parse::<f64>().ok()? / TICKS_PER_SECOND);
    let parent = fields.get(1)?.parse().ok()?;
    Some(Times { parent, own: seconds(11)? + seconds(12)?, ended_children: seconds(13)? + seconds(14)? })
}

/// Busy and all: the first line of /proc/stat holds user, nice, system, idle, iowait, irq, softirq and steal.
fn machine() -> Option<(f64, f64)> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let words = text.lines().next()?.split_whitespace().skip(1).take(8);
    let seconds: Vec<f64> = words.filter_map(|word| Some(word.parse::<f64>().ok()? / TICKS_PER_SECOND)).collect();
    let all: f64 = seconds.iter().sum();
    Some((all - seconds.get(3)? - seconds.get(4)?, all))
}

fn children(parent: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| times(*pid).is_some_and(|times| times.parent == parent)).collect()
}
