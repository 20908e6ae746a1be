//! What reading costs.

use super::table::table;
use super::{Results, ms};
use crate::reading::bytes::Bytes;
use crate::reading::catch_up::CatchUp;
use crate::reading::whole::{TOGETHER, Whole};
use crate::statistics::Series;

pub(super) fn reading(results: &Results) -> String {
    let Some(reading) = &results.reading else { return String::new() };
    [bytes(&reading.bytes), whole(&reading.whole), catch_up(&reading.catch_up)].join("\n")
}

fn bytes(all: &[Bytes]) -> String {
    let mut rows = Vec::new();
    for bytes in all {
        let share = |counts: &[usize], plain: usize| -> Vec<String> {
            let cell = |count: &usize| format!("{count} ({:.0} %)", 100.0 * *count as f64 / plain.max(1) as f64);
            counts.iter().map(cell).collect()
        };
        let Bytes { name, rows: read, snapshot, transactions, polled, live } = bytes;
        let [json, json_zstd, cbor, cbor_zstd] = live;
        for (what, counts) in [
            (format!("snapshot of {read} rows"), share(snapshot, snapshot[0])),
            (format!("{transactions} transactions, a request each"), share(polled, polled[0])),
        ] {
            if let Ok([a, b, c, d, e, f]) = <[String; 6]>::try_from(counts) {
                rows.push([(*name).to_owned(), what, a, b, c, d, e, f]);
            }
        }
        if let Ok([a, b, c, d]) = <[String; 4]>::try_from(share(&[*json, *json_zstd, *cbor, *cbor_zstd], *json)) {
            let what = format!("{transactions} transactions, WebSocket");
            rows.push([(*name).to_owned(), what, a, String::new(), b, c, String::new(), d]);
        }
    }
    let head = ["life", "what", "JSON", "gzip", "zstd", "CBOR", "CBOR gzip", "CBOR zstd"];
    format!(
        "## Bytes\n\n{}\n\
         Bodies of answers, and whole frames of a WebSocket, as they came; heads of requests and answers are not counted. \
         The three recorded lives of the tests. Snapshots in pages of 200 rows; then the last transactions, one after the \
         other, as a device hears them that is there: by one `GET /changes` each, or on a live connection (zstd: the \
         subprotocols `levelup.v2.json.zstd` and `levelup.v2.cbor.zstd`). Answers below 1 KiB are not compressed.\n",
        table(&head, &rows)
    )
}

fn whole(all: &[Whole]) -> String {
    let mib = |bytes: usize| format!("{:.1}", bytes as f64 / 1_048_576.0);
    let row = |whole: &Whole| {
        let [before, alone, together] = whole.memory_mib.map(|mib| format!("{mib:.0}"));
        let (all, bare) = (whole.all_ms.median(), whole.bare_ms.median());
        [
            format!("{}, {} rows", whole.name, whole.rows),
            ms(whole.first_tasks_ms.median()),
            ms(all),
            ms(bare),
            ms(all / bare),
            mib(whole.bytes[0]),
            mib(whole.bytes[1]),
            format!("{before} / {alone} / {together}"),
        ]
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    let head = ["space", "first open tasks, ms", "all, ms", "SQL, ms", "ratio", "MiB", "MiB zstd", "server MiB"];
    format!(
        "## A new device\n\n{}\n\
         A snapshot in pages of 1000 rows, one after the other, over one connection, in JSON; medians, in turns with the peer. \
         **SQL**: the same rows as JSON text by one statement for each table, streamed to the same process. It pages, \
         sorts and hides nothing. Memory of the server (resident): before, the most while one device reads, the most while \
         {TOGETHER} read at once.\n",
        table(&head, &rows)
    )
}

fn catch_up(catch_up: &CatchUp) -> String {
    let CatchUp { changes, served_ms, bare_ms, bytes: [plain, packed] } = catch_up;
    let row = |side: &str, series: &Series, bytes: String| {
        let ratio = ms(series.median() / bare_ms.median());
        [side.to_owned(), ms(series.median()), ms(series.percentile(99)), ratio, bytes]
    };
    let rows =
        [row("levelup serve", served_ms, format!("{plain} / {packed} zstd")), row("SQL", bare_ms, String::new())];
    format!(
        "## {changes} missed changes\n\n{}\n\
         `GET /changes` from the device's cursor, in JSON, until it has caught up, on a server that has nothing of the space in \
         memory; {} times, in turns with the peer. **SQL**: the same events, by one statement.\n",
        table(&["side", "ms, median", "p99", "ratio", "bytes"], &rows),
        served_ms.count(),
    )
}
