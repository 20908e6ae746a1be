//! One round of pgbench.

use std::time::Duration;

use tokio::process::Command;

use super::Script;
use crate::cluster::{Scratch, words};
use crate::failure::Failure;
use crate::stored::Stored;

/// Runs of the script for each client when the round is too short for pgbench, which counts whole seconds.
const RUNS_OF_SHORT_ROUND: u32 = 10;
/// Milliseconds that a client may take to plan a statement, generously. A statement as wide as these takes milliseconds, every
/// client plans every one for itself, and with many clients that is seconds in which next to nothing is committed; a
/// program with a pool has that behind it. So the seconds in which clients plan are not counted.
const PLAN_MS: usize = 12;
/// Threads of pgbench.
const THREADS: usize = 2;

/// What pgbench did.
#[derive(Clone, Copy, Debug)]
pub struct Ran {
    /// What it says was committed.
    pub acknowledged: Stored,
    /// Commands of that.
    pub commands: i64,
    /// Commands a second, without the time to connect.
    pub commands_per_s: f64,
    /// Milliseconds that one command took, on average.
    pub command_ms: f64,
}

/// Lets `clients` write for as long as `round`. `number` is the round's, so that no id comes twice.
pub async fn run(
    scratch: &Scratch,
    script: &Script,
    clients: usize,
    round: Duration,
    number: usize,
) -> Result<Ran, Failure> {
    let [(_, host), (_, port), (_, user), (_, database)] = words(&scratch.bare());
    let statements = usize::try_from(script.commands).map_err(Failure::during("counting commands"))?;
    let planning_s = (clients * statements * PLAN_MS).div_ceil(1_000) as u64;
    let length = match round.as_secs() {
        0 => format!("-t{RUNS_OF_SHORT_ROUND}"),
        seconds => format!("-T{}", seconds + planning_s),
    };
    let mut pgbench = Command::new(scratch.program("pgbench"));
    pgbench.args(["-n", "-P", "1", "-M", "prepared", "-D", "ready=0", "-D", "n=100000000000"]);
    pgbench.args(["-D".to_owned(), format!("round={number}"), format!("-c{clients}"), length]);
    pgbench.arg(format!("-j{}", THREADS.min(clients))).arg("-f").arg(&script.file);
    pgbench.args(["-h", &host, "-p", &port, "-U", &user, &database]).env("LC_ALL", "C");
    // A statement is planned once for each client, not six times: that is to bare SQL's advantage.
    pgbench.env("PGOPTIONS", "-c plan_cache_mode=force_generic_plan");
    let output = pgbench.kill_on_drop(true).output().await.map_err(Failure::during("starting pgbench"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(Failure::new(format!("pgbench: {}", String::from_utf8_lossy(&output.stderr))));
    }
    let progress = String::from_utf8_lossy(&output.stderr);
    read(&said, &progress, planning_s as f64, script)
        .ok_or_else(|| Failure::new(format!("pgbench said something unknown: {said}")))
}

/// What it says at the end, and each second; of the seconds up to `planning_s` only what was committed counts.
fn read(said: &str, progress: &str, planning_s: f64, script: &Script) -> Option<Ran> {
    let after = |name: &str| said.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next());
    let runs: i64 = after("number of transactions actually processed: ")?.split('/').next()?.parse().ok()?;
    let seconds: Vec<(f64, f64)> = progress
        .lines()
        .filter_map(second)
        .filter(|(at, ..)| *at > planning_s)
        .map(|(_, per_s, ms)| (per_s, ms))
        .collect();
    let (runs_per_s, run_ms) = match seconds.len() {
        0 => (after("tps = ")?.parse().ok()?, after("latency average = ")?.parse().ok()?),
        count => {
            let runs: f64 = seconds.iter().map(|(per_s, _)| per_s).sum();
            let spent: f64 = seconds.iter().map(|(per_s, ms)| per_s * ms).sum();
            (runs / count as f64, spent / runs)
        }
    };
    let Stored { events, receipts } = script.stored;
    let commands = script.commands as f64;
    Some(Ran {
        acknowledged: Stored { events: runs * events, receipts: runs * receipts },
        commands: runs * script.commands,
        commands_per_s: runs_per_s * commands,
        command_ms: run_ms / commands,
    })
}

/// A line of progress: when it was said, runs a second since the one before, and milliseconds of one of them; 0 of none.
fn second(line: &str) -> Option<(f64, f64, f64)> {
    let mut words = line.strip_prefix("progress: ")?.split_whitespace();
    let (at, _, per_s) = (words.next()?.parse().ok()?, words.next()?, words.next()?.parse().ok()?);
    let ms: f64 = words.nth(2)?.parse().ok()?;
    Some((at, per_s, if ms.is_finite() { ms } else { 0.0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "number of transactions actually processed: 40/40\nnumber of failed transactions: 0 (0.000%)\n\
                        latency average = 3.500 ms\ntps = 571.5 (without initial connection time)\n";

    fn script() -> Script {
        Script { file: "".into(), commands: 2, stored: Stored { events: 3, receipts: 2 } }
    }

    #[test]
    fn the_words_of_pgbench_are_understood() {
        let ran = read(SAID, "", 0.0, &script()).unwrap();
        assert_eq!((ran.acknowledged.receipts, ran.acknowledged.events, ran.commands), (80, 120, 80));
        assert_eq!((ran.commands_per_s, ran.command_ms), (1143.0, 1.75));
    }

    #[test]
    fn the_seconds_in_which_clients_plan_are_not_counted_but_what_they_committed_is() {
        let progress = "pgbench: warning\nprogress: 1.0 s, 0.0 tps, lat -nan ms stddev -nan, 0 failed\n\
                        progress: 2.0 s, 100.0 tps, lat 40.000 ms stddev 2.0, 0 failed\n\
                        progress: 3.0 s, 300.0 tps, lat 20.000 ms stddev 2.0, 0 failed\n";
        let ran = read(SAID, progress, 1.0, &script()).unwrap();
        assert_eq!((ran.acknowledged.receipts, ran.commands), (80, 80));
        assert_eq!((ran.commands_per_s, ran.command_ms), (400.0, 12.5));
    }
}
