//! The sign-in flood.

use super::ms;
use super::table::table;
use crate::flood::{Answers, Flood};
use crate::statistics::Series;

pub(super) fn flood(flood: Option<&Flood>) -> String {
    let Some(flood) = flood else { return String::new() };
    let quiet = flood.quiet.percentile(99);
    let row = |name: &str, series: &Series, answers: Option<&Answers>| {
        let [p50, p99, max] = [series.percentile(50), series.percentile(99), series.max()].map(ms);
        let times = format!("{:.2}", series.percentile(99) / quiet);
        let answered = answers.map_or_else(String::new, |answers| {
            let Answers { looked_at, held_back, busy } = answers;
            format!("{looked_at} / {held_back} / {busy}")
        });
        [name.to_owned(), p50, p99, max, times, series.count().to_string(), answered]
    };
    let rows = [
        row("none", &flood.quiet, None),
        row("with limits", &flood.protected, Some(&flood.protected_answers)),
        row("without limits", &flood.unprotected, Some(&flood.unprotected_answers)),
    ];
    let head = ["flood", "ms, p50", "p99", "max", "p99 × quiet", "commands", "attempts: 401 / 429 / 503"];
    format!(
        "## Sign-in flood beside normal commands\n\n{}\n\
         Commands in open loop, {:.0} a second (three tenths of the most measured above), their latency from the moment \
         they were due, as exact as the generator's timer of a millisecond. The flood: {:.0} attempts a second from {} \
         addresses, each for another account, which no counter of an address or an account stops. With limits: the \
         defaults. Without: no limit on sign-ins, no delay, passwords hashed on all processors at the priority of \
         everything else.\n",
        table(&head, &rows),
        flood.due_per_s,
        flood.flood_per_s,
        flood.addresses,
    )
}
