//! The results as one Markdown page that reads well on a terminal too: the ratio first.

mod flood;
mod latency;
mod machine;
mod reading;
pub(crate) mod table;
mod throughput;

use crate::flood::Flood;
use crate::latency::Latency;
use crate::machine::Machine;
use crate::options::{Options, Sizes};
use crate::reading::Reading;
use crate::statistics::Series;
use crate::throughput::Throughput;

/// Everything that a run found.
#[derive(Clone, Debug)]
pub struct Results {
    /// Where.
    pub machine: Machine,
    /// How much of everything.
    pub sizes: Sizes,
    /// What the run was told.
    pub options: Options,
    /// The load average before it began.
    pub load_before: String,
    /// One for each number of connections.
    pub throughput: Vec<Throughput>,
    /// One for each way of writing, quiet and under load.
    pub latency: Vec<Latency>,
    /// The sign-in flood.
    pub flood: Option<Flood>,
    /// What reading costs.
    pub reading: Option<Reading>,
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
        throughput::rates(results),
        throughput::costs(&results.throughput),
        throughput::groups(&results.throughput),
        latency::latency(&results.latency),
        flood::flood(results.flood.as_ref()),
        reading::reading(results),
        machine::machine(results),
    ];
    sections.into_iter().filter(|section| !section.is_empty()).collect::<Vec<_>>().join("\n")
}

fn introduction(results: &Results) -> String {
    let mut page = String::from("# Benchmarks\n\n");
    for measured in &results.throughput {
        let (count, ratio, rounds) = (measured.connections, measured.ratio(), measured.served.count());
        page += &format!("**{count} connections: {ratio:.2} × bare SQL** (medians, rounds of each: {rounds})\n\n");
    }
    if let Some(flood) = &results.flood {
        let times = |series: &Series| series.percentile(99) / flood.quiet.percentile(99);
        let (with, without) = (times(&flood.protected), times(&flood.unprotected));
        page +=
            &format!("**sign-in flood: p99 of commands {with:.2} × quiet with limits, {without:.2} × without**\n\n");
    }
    if results.options.smoke {
        page += "A smoke run: it proves that the benchmark runs. Its numbers mean nothing.\n\n";
    }
    page + &format!("Written by `{}`; where, is told at the end.\n", command(&results.options))
}

/// The command that makes this page again.
fn command(options: &Options) -> String {
    let Options { smoke, rounds, seconds, samples, connections, entities, throughput_only, reading_only, .. } = options;
    let mut words = vec!["cargo bench -p benches --bench main --".to_owned()];
    words.extend(smoke.then(|| "--smoke".to_owned()));
    words.extend(rounds.map(|rounds| format!("--rounds {rounds}")));
    words.extend(seconds.map(|seconds| format!("--seconds {seconds}")));
    words.extend(samples.map(|samples| format!("--samples {samples}")));
    let joined = |counts: &Vec<usize>| counts.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
    words.extend(connections.as_ref().map(|counts| format!("--connections {}", joined(counts))));
    words.extend(entities.map(|entities| format!("--entities {entities}")));
    words.extend(reading_only.then(|| "--reading-only".to_owned()));
    words.extend(throughput_only.then(|| "--throughput-only".to_owned()));
    words.push("--report FILE".to_owned());
    words.join(" ")
}

fn ms(value: f64) -> String {
    format!("{value:.2}")
}
