//! The latencies.

use super::ms;
use super::table::table;
use crate::latency::Latency;

pub(super) fn latency(latencies: &[Latency]) -> String {
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
            let samples = series.count().to_string();
            rows.push([latency.way.name().into(), load.clone(), what.into(), p50, p99, max, samples]);
        }
    }
    let head = ["A writes by", "other load", "ms from … to …", "p50", "p99", "max", "samples"];
    format!(
        "## Latency: from device A to device B\n\n{}\n\
         Device A writes one command at a time, the next after it has arrived; device B of the same account listens on \
         a WebSocket; one clock. The commit lies between sending and receipt; below 0 means that B knew before A had its \
         receipt. The other load are writers on spaces of their own over HTTP, as fast as they are answered.\n",
        table(&head, &rows)
    )
}
