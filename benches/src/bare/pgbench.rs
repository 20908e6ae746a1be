//! One round of pgbench.

use std::time::Duration;

use tokio::process::Command;

use super::Script;
use crate::cluster::{Scratch, words};
use crate::failure::Failure;
use crate::stored::Stored;

/// Runs of the script for each client when the round is too short for pgbench, which counts whole seconds.
const RUNS_OF_SHORT_ROUND: u32 = 10;
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
    let length = match round.as_secs() {
        0 => format!("-t{RUNS_OF_SHORT_ROUND}"),
        seconds => format!("-T{seconds}"),
    };
    let mut pgbench = Command::new(scratch.program("pgbench"));
    pgbench.args(["-n", "-M", "prepared", "-D", "ready=0", "-D", "n=100000000000"]);
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
    read(&said, script).ok_or_else(|| Failure::new(format!("pgbench said something unknown: {said}")))
}

fn read(said: &str, script: &Script) -> Option<Ran> {
    let after = |name: &str| said.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next());
    let runs: i64 = after("number of transactions actually processed: ")?.split('/').next()?.parse().ok()?;
    let runs_per_s: f64 = after("tps = ")?.parse().ok()?;
    let run_ms: f64 = after("latency average = ")?.parse().ok()?;
    let Stored { events, receipts } = script.stored;
    let acknowledged = Stored { events: runs * events, receipts: runs * receipts };
    let commands = script.commands as f64;
    Some(Ran {
        acknowledged,
        commands: runs * script.commands,
        commands_per_s: runs_per_s * commands,
        command_ms: run_ms / commands,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_pgbench_are_understood() {
        let said = "number of transactions actually processed: 40/40\nnumber of failed transactions: 0 (0.000%)\n\
                    latency average = 3.500 ms\ntps = 571.5 (without initial connection time)\n";
        let script = Script { file: "".into(), commands: 2, stored: Stored { events: 3, receipts: 2 } };
        let ran = read(said, &script).unwrap();
        assert_eq!((ran.acknowledged.receipts, ran.acknowledged.events, ran.commands), (80, 120, 80));
        assert_eq!((ran.commands_per_s, ran.command_ms), (1143.0, 1.75));
    }
}
