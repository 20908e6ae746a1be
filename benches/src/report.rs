//! The results as one Markdown page that reads well on a terminal too: the ratio first.

mod table;

use crate::latency::Latency;
use crate::machine::Machine;
use crate::options::{Options, Sizes};
use crate::processor::Used;
use crate::statistics::Series;
use crate::throughput::Throughput;
use table::table;

/// Everything that a run found.
#[derive(Clone, Debug)]
pub struct Results {
    /// Where.
    pub machine: Machine,
    /// How much of everything.
    pub sizes: Sizes,
    /// What the run was told.
    pub options: Options,
    /// When it ended, Unix ms.
    pub at_ms: i64,
    /// The load average before it began.
    pub load_before: String,
    /// One for each number of connections.
    pub throughput: Vec<Throughput>,
    /// One for each way of writing, quiet and under load.
    pub latency: Vec<Latency>,
    /// Milliseconds of a lone commit before everything.
    pub commits_before: Series,
    /// And after it.
    pub commits_after: Series,
}

/// The page.
#[must_use]
pub fn text(results: &Results) -> String {
    let sections = [
        introduction(results),
        throughput(results),
        costs(&results.throughput),
        groups(&results.throughput),
        latency(&results.latency),
        machine(results),
    ];
    sections.join("\n")
}

fn introduction(results: &Results) -> String {
    let mut page = String::from("# Benchmarks\n\n");
    for measured in &results.throughput {
        let (count, ratio) = (measured.connections, measured.ratio());
        page += &format!(
            "**{count} connections: {ratio:.2} × bare SQL** (median of {} rounds each)\n\n",
            measured.served.count()
        );
    }
    if results.options.smoke {
        page += "A smoke run: it proves that the benchmark runs. Its numbers mean nothing.\n\n";
    }
    page + &format!("Written by `{}`; the machine and its PostgreSQL are described at the end.\n", command(results))
}

/// The command that makes this page again.
fn command(results: &Results) -> String {
    let Options { smoke, rounds, seconds, samples, connections, throughput_only, .. } = &results.options;
    let mut words = vec!["cargo bench -p benches --bench main --".to_owned()];
    words.extend(smoke.then(|| "--smoke".to_owned()));
    words.extend(rounds.map(|rounds| format!("--rounds {rounds}")));
    words.extend(seconds.map(|seconds| format!("--seconds {seconds}")));
    words.extend(samples.map(|samples| format!("--samples {samples}")));
    let joined = |counts: &Vec<usize>| counts.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
    words.extend(connections.as_ref().map(|counts| format!("--connections {}", joined(counts))));
    words.extend(throughput_only.then(|| "--throughput-only".to_owned()));
    words.push("--report docs/BENCHMARKS.md".to_owned());
    words.join(" ")
}

fn throughput(results: &Results) -> String {
    let mut rows = Vec::new();
    for measured in &results.throughput {
        let connections = measured.connections.to_string();
        let rates = |series: &Series| [rate(series.median()), rate(series.min()), rate(series.max())];
        let [median, min, max] = rates(&measured.served);
        let answers = &measured.answers_ms;
        let (p50, p99) = (ms(answers.percentile(50)), ms(answers.percentile(99)));
        rows.push([connections.clone(), "levelup serve".into(), median, min, max, p50, p99, ratio(measured.ratio())]);
        let [median, min, max] = rates(&measured.bare);
        let mean = format!("mean {}", ms(measured.bare_command_ms.median()));
        rows.push([connections, "bare SQL".into(), median, min, max, mean, String::new(), ratio(1.0)]);
    }
    let head = ["connections", "side", "commands/s, median", "min", "max", "answer ms, p50", "p99", "ratio"];
    let (rounds, round_s) = (results.sizes.rounds, results.sizes.round.as_secs_f64());
    format!(
        "## Throughput: one command, one commit\n\n{}\n\
         The same commands, by turns `task.create` (1 event) and `task.complete` (2 events), {rounds} rounds of \
         {round_s} s of each side by turns after one that does not count, a checkpoint before each. After every round \
         the stored events and receipts were counted: they are those that were acknowledged.\n\n\
         - **levelup serve**: the release program over HTTP/1.1 with keep-alive, one account, space and device for each \
         connection, the next request after the answer. The generator is a bare TCP client in one process (requests \
         made as text, of the answer only status, length and two words are read); a comfortable HTTP client would take \
         processor time from the server on shared cores.\n\
         - **bare SQL**: `pgbench -M prepared -j 2` on a copy of the schema in the same PostgreSQL, one data-modifying \
         statement for each command: the head updated, events, receipt and device inserted, the rows of task, hero and \
         day upserted, with the very values that the server wrote for such a command, bound as parameters. It decides, \
         checks and hashes nothing. Plans are generic from the first execution, which favours it.\n",
        table(&head, &rows)
    )
}

fn costs(throughput: &[Throughput]) -> String {
    let mut rows = Vec::new();
    for measured in throughput {
        let mut add = |side: &str, cost: Used| {
            let us = |value: f64| format!("{value:.0}");
            let all = us(cost.server + cost.postgres + cost.generator);
            let connections = measured.connections.to_string();
            rows.push([connections, side.to_owned(), us(cost.server), us(cost.postgres), us(cost.generator), all]);
        };
        add("levelup serve", measured.served_cost_us);
        add("bare SQL", measured.bare_cost_us);
    }
    let head = ["connections", "side", "server", "PostgreSQL", "generator", "together"];
    format!("## Processor time of a command, µs\n\n{}", table(&head, &rows))
}

fn groups(throughput: &[Throughput]) -> String {
    let mut page = String::from("## Group appends\n\n");
    for measured in throughput {
        let groups = &measured.groups;
        let mut below = 0.0;
        let mut shares = Vec::new();
        for (bound, count) in &groups.at_most {
            let share = 100.0 * (count - below) / groups.count;
            below = *count;
            let name = if bound.is_finite() { format!("up to {bound}") } else { "more".to_owned() };
            if share >= 0.05 {
                shares.push(format!("{name}: {share:.1} %"));
            }
        }
        page += &format!(
            "- {} connections: {:.0} appends of {:.1} transactions on average ({})\n",
            measured.connections,
            groups.count,
            groups.mean(),
            shares.join(", ")
        );
    }
    page
}

fn latency(latencies: &[Latency]) -> String {
    if latencies.is_empty() {
        return String::new();
    }
    let mut rows = Vec::new();
    for latency in latencies {
        let load = match latency.background {
            Some((writers, rate)) => format!("{writers} writers, {rate:.0}/s"),
            None => "none".to_owned(),
        };
        for (what, series) in [
            ("sent on A to arrived on B", &latency.sent_to_arrived),
            ("sent on A to receipt on A", &latency.sent_to_receipt),
            ("receipt on A to arrived on B", &latency.receipt_to_arrived),
        ] {
            let [p50, p99, max] = [series.percentile(50), series.percentile(99), series.max()].map(ms);
            rows.push([
                latency.way.name().into(),
                load.clone(),
                what.into(),
                p50,
                p99,
                max,
                series.count().to_string(),
            ]);
        }
    }
    let head = ["A writes by", "other load", "ms from … to …", "p50", "p99", "max", "samples"];
    format!(
        "## Latency: from device A to device B\n\n{}\n\
         Device A writes one command at a time, the next after it has arrived; device B of the same account listens on \
         a WebSocket. One clock. The commit lies between sending and receipt; below 0 means that B knew before A had its \
         receipt. The other load are writers on spaces of their own, as fast as they are answered.\n",
        table(&head, &rows)
    )
}

fn machine(results: &Results) -> String {
    let Machine { cores, processor, memory_gib, system, file_system, settings } = &results.machine;
    let commits = |series: &Series| {
        format!(
            "p50 {} ms, p99 {} ms, max {} ms",
            ms(series.percentile(50)),
            ms(series.percentile(99)),
            ms(series.max())
        )
    };
    let settings: Vec<String> = settings.iter().map(|(name, value)| format!("`{name}={value}`")).collect();
    format!(
        "## Where\n\n\
         - {cores} cores ({processor}), {memory_gib:.0} GiB of memory, {system}; server, PostgreSQL and generator share them\n\
         - load average before the run: {}\n\
         - PostgreSQL on {file_system}: {}\n\
         - a lone commit of one row, before: {}; after: {} ({} each)\n\
         - version {}, ended {}\n",
        results.load_before,
        settings.join(", "),
        commits(&results.commits_before),
        commits(&results.commits_after),
        results.commits_before.count(),
        env!("CARGO_PKG_VERSION"),
        day(results.at_ms),
    )
}

fn rate(per_s: f64) -> String {
    format!("{per_s:.0}")
}

fn ms(value: f64) -> String {
    format!("{value:.2}")
}

fn ratio(value: f64) -> String {
    format!("{value:.2}")
}

fn day(at_ms: i64) -> String {
    let moment = std::time::UNIX_EPOCH + std::time::Duration::from_millis(at_ms.max(0).unsigned_abs());
    format!("{moment:?}")
}
