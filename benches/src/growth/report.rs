//! What growing did, as Markdown: a line a size, the ratio to the first, and what it would come to at a hundred million.

use super::measure::Measured;
use super::slope::Line;
use super::soak::{Look, NAMES, slopes};
use crate::report::table::table;

/// The size that nobody waits for.
const FAR: f64 = 1e8;

/// All sizes; with what they would come to far out, if those of this run can say anything about that.
pub(super) fn sizes(measured: &[Measured], says_more: bool) -> String {
    let Some(first) = measured.first() else { return String::new() };
    let far = if says_more { far(measured) } else { String::new() };
    let mut page = String::from("# A log that grows\n\n");
    page += &table(
        &[
            "events",
            "accounts",
            "loaded, events/s",
            "command p50, ms",
            "p99",
            "ratio",
            "first of an account, p50",
            "p99",
            "device to device p50",
            "p99",
            "ratio",
            "bytes an event",
            "of them indexes",
        ],
        &measured.iter().map(|one| row(one, first)).collect::<Vec<_>>(),
    );
    page += "\nClosed loop over few connections on accounts of all sizes; ratios are of p99, to the first line. Bytes are those of tables of spaces as they were loaded, without the audit log, which is left empty.\n";
    page += &far;
    for one in measured {
        page += &weights(one);
    }
    page
}

fn row(one: &Measured, first: &Measured) -> [String; 13] {
    let ms = |value: f64| format!("{value:.2}");
    let p = |series: &crate::statistics::Series, percent| series.percentile(percent);
    [
        one.events.to_string(),
        one.accounts.to_string(),
        format!("{:.0}", one.events as f64 / one.took_s),
        ms(p(&one.commands_ms, 50)),
        ms(p(&one.commands_ms, 99)),
        ms(p(&one.commands_ms, 99) / p(&first.commands_ms, 99)),
        ms(p(&one.first_ms, 50)),
        ms(p(&one.first_ms, 99)),
        ms(p(&one.arrived_ms, 50)),
        ms(p(&one.arrived_ms, 99)),
        ms(p(&one.arrived_ms, 99) / p(&first.arrived_ms, 99)),
        format!("{:.0}", bytes(one, true)),
        format!("{:.0}", bytes(one, true) - bytes(one, false)),
    ]
}

/// Bytes of all tables of spaces for each event.
fn bytes(one: &Measured, with_indexes: bool) -> f64 {
    let of = |weight: &super::tables::Weight| weight.rows_bytes + if with_indexes { weight.index_bytes } else { 0 };
    one.tables.iter().map(of).sum::<i64>() as f64 / one.events as f64
}

/// What the sizes come to far out: times are `a + b ln(events)` through all sizes by least squares, bytes are those of an event
/// at the last size.
fn far(measured: &[Measured]) -> String {
    let Some(last) = measured.last().filter(|_| measured.len() > 1) else { return String::new() };
    let at = |of: &dyn Fn(&Measured) -> f64| {
        let points: Vec<(f64, f64)> = measured.iter().map(|one| ((one.events as f64).ln(), of(one))).collect();
        let line = Line::through(&points);
        format!("{:.2} ms ({:.3} + {:.4} ln n)", line.at(FAR.ln()), line.height, line.slope)
    };
    let command = at(&|one| one.commands_ms.percentile(99));
    let arrival = at(&|one| one.arrived_ms.percentile(99));
    format!(
        "\nNot measured, by a + b ln n through the lines above: at 100 000 000 events p99 of a command is {command}, from device to device {arrival}; {:.0} GiB by the last line's bytes an event.\n",
        bytes(last, true) * FAR / f64::from(1 << 30)
    )
}

/// Tables, indexes and updates of one size.
fn weights(one: &Measured) -> String {
    let each = |bytes: i64| format!("{:.1}", bytes as f64 / one.events as f64);
    let tables: Vec<[String; 3]> =
        one.tables.iter().map(|table| [table.name.clone(), each(table.rows_bytes), each(table.index_bytes)]).collect();
    let indexes: Vec<[String; 2]> =
        one.indexes.iter().map(|index| [index.name.clone(), each(index.index_bytes)]).collect();
    let updates: Vec<[String; 4]> = one
        .updates
        .iter()
        .map(|of| {
            let part = of.hot as f64 / of.all as f64 * 100.0;
            [of.table.clone(), of.all.to_string(), format!("{part:.1} %"), of.dead.to_string()]
        })
        .collect();
    format!(
        "\n## At {} events\n\n{}\n{}\n{}",
        one.events,
        table(&["table", "bytes an event", "of indexes"], &tables),
        table(&["index", "bytes an event"], &indexes),
        table(&["updated", "rows", "without touching an index", "dead rows left"], &updates),
    )
}

/// A long load.
pub(super) fn soak(looks: &[Look]) -> String {
    let mut head = vec!["minute"];
    head.extend(NAMES);
    let head: [&str; NAMES.len() + 1] = std::array::from_fn(|at| head[at]);
    let row = |name: String, figures: [f64; NAMES.len()]| {
        std::array::from_fn(|at| if at == 0 { name.clone() } else { format!("{:.2}", figures[at - 1]) })
    };
    let mut rows: Vec<[String; NAMES.len() + 1]> =
        looks.iter().map(|look| row(format!("{:.1}", look.minute), look.figures)).collect();
    rows.push(row("rises in an hour by".to_owned(), slopes(looks)));
    format!(
        "# A server under load for long\n\n{}\nPages read are of the whole run so far, WAL is of each minute; the last line is the slope by least squares.\n",
        table(&head, &rows)
    )
}
