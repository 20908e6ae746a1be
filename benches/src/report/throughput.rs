//! The rates of both sides, what a command cost each, and the sizes of group appends.

use super::table::table;
use super::{Results, ms};
use crate::metrics::Groups;
use crate::processor::Used;
use crate::statistics::Series;
use crate::throughput::Throughput;

pub(super) fn rates(results: &Results) -> String {
    if results.throughput.is_empty() {
        return String::new();
    }
    let mut rows = Vec::new();
    for measured in &results.throughput {
        let connections = measured.connections.to_string();
        let rates = |series: &Series| [series.median(), series.min(), series.max()].map(|rate| format!("{rate:.0}"));
        let answers = &measured.answers_ms;
        let (p50, p99) = (ms(answers.percentile(50)), ms(answers.percentile(99)));
        let [median, min, max] = rates(&measured.served);
        rows.push([connections.clone(), "levelup serve".into(), median, min, max, p50, p99, ms(measured.ratio())]);
        let [median, min, max] = rates(&measured.bare);
        let mean = format!("mean {}", ms(measured.bare_command_ms.median()));
        rows.push([connections, "bare SQL".into(), median, min, max, mean, String::new(), ms(1.0)]);
    }
    let head = ["connections", "side", "commands/s, median", "min", "max", "answer ms, p50", "p99", "ratio"];
    let (rounds, round_s) = (results.sizes.rounds, results.sizes.round.as_secs_f64());
    format!(
        "## Throughput: one command, one commit\n\n{}\n\
         By turns `task.create` (1 event) and `task.complete` (2 events); each side's rounds: {rounds} of {round_s} s, in \
         turns, after one that does not count, a checkpoint before each. After every round the stored events and \
         receipts were counted: they are those that were acknowledged.\n\n\
         - **levelup serve**: the release program over HTTP/1.1 with keep-alive; one account, space and device for each \
         connection, the next request after the answer. The generator is a plain TCP client (requests made as text; of \
         an answer only status, length and two words are read), since a comfortable HTTP client would take processor \
         time from the server on shared cores.\n\
         - **bare SQL**: `pgbench -M prepared -j 2` on a copy of the schema in the same PostgreSQL, as many clients, each \
         on a space of its own. One data-modifying statement for each command: the head updated; events and receipt \
         inserted; device, task, hero and day upserted; with the very values that the server wrote for such a command, \
         bound as parameters. It decides, checks and hashes nothing and tells nobody. Its plans are generic from the \
         first execution, and the seconds in which its clients plan are not counted, both of which favour it.\n",
        table(&head, &rows)
    )
}

pub(super) fn costs(throughput: &[Throughput]) -> String {
    if throughput.is_empty() {
        return String::new();
    }
    let mut rows = Vec::new();
    for measured in throughput {
        for (side, cost) in [("levelup serve", measured.served_cost_us), ("bare SQL", measured.bare_cost_us)] {
            let Used { server, postgres, generator, .. } = cost;
            let [server, postgres, generator, all] =
                [server, postgres, generator, cost.measured()].map(|us| format!("{us:.0}"));
            let others = format!("{:.0} %", 100.0 * cost.others());
            rows.push([measured.connections.to_string(), side.to_owned(), server, postgres, generator, all, others]);
        }
    }
    let head = ["connections", "side", "server", "PostgreSQL", "generator", "together", "machine used by others"];
    format!("## Processor time of a command, µs\n\n{}", table(&head, &rows))
}

pub(super) fn groups(throughput: &[Throughput]) -> String {
    if throughput.is_empty() {
        return String::new();
    }
    let line = |measured: &Throughput| {
        let groups = &measured.groups;
        format!(
            "- {} connections: {:.0} appends of {:.1} transactions on average ({})\n",
            measured.connections,
            groups.count,
            groups.mean(),
            shares(groups)
        )
    };
    format!("## Group appends\n\n{}", throughput.iter().map(line).collect::<String>())
}

/// How many per cent of the appends had up to so many transactions and more than the bound before.
fn shares(groups: &Groups) -> String {
    let mut below = 0.0;
    let mut shares = Vec::new();
    for (bound, count) in &groups.at_most {
        let percent = 100.0 * (count - below) / groups.count;
        below = *count;
        let name = if bound.is_finite() { format!("up to {bound}") } else { "more".to_owned() };
        if percent >= 0.1 {
            shares.push(format!("{name}: {percent:.1} %"));
        }
    }
    shares.join(", ")
}
