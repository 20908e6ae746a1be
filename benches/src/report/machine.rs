//! Where it was measured.

use super::{Results, ms};
use crate::machine::Machine;
use crate::statistics::Series;

pub(super) fn machine(results: &Results) -> String {
    let Machine { cores, processor, memory_gib, system, file_system, settings, today } = &results.machine;
    let commits = |series: &Series| {
        let [p50, p99, max] = [series.percentile(50), series.percentile(99), series.max()].map(ms);
        format!("p50 {p50} ms, p99 {p99} ms, max {max} ms")
    };
    let settings: Vec<String> = settings.iter().map(|(name, value)| format!("`{name}={value}`")).collect();
    format!(
        "## Where\n\n\
         - {cores} cores ({processor}), {memory_gib:.0} GiB of memory, {system}; server, PostgreSQL and generator share \
         them; load average before the run: {}\n\
         - PostgreSQL on {file_system}: {}\n\
         - a lone commit of one row, {} of them one after the other; before: {}; after: {}\n\
         - levelup {}, {today}\n",
        results.load_before,
        settings.join(", "),
        results.commits_before.count(),
        commits(&results.commits_before),
        commits(&results.commits_after),
        env!("CARGO_PKG_VERSION"),
    )
}
