//! The aims, and a table for each shape.

use super::book::{Book, Place};
use crate::aims::{AIMS, Wanted};
use crate::report::table::columns;
use crate::shapes::Shape;
use crate::statistics::Series;
use crate::targets::Target;

/// Every aim and what was found.
pub(super) fn aims(book: &Book<'_>) -> String {
    let row = |aim: &crate::aims::Aim| {
        let wanted = match aim.wanted {
            Wanted::AtLeast(bound) => format!("≥ {}", number(bound)),
            Wanted::AtMost(bound) => format!("≤ {}", number(bound)),
        };
        let unit = if aim.beside.is_some() { " ×" } else { "" };
        let (found, met) = match book.figure(aim) {
            Some(figure) if aim.wanted.met(figure) => (format!("{}{unit}", number(figure)), "yes"),
            Some(figure) => (format!("{}{unit}", number(figure)), "no"),
            None => ("not measured".to_owned(), ""),
        };
        vec![aim.what.to_owned(), wanted, found, met.to_owned()]
    };
    let rows: Vec<_> = AIMS.iter().map(row).collect();
    format!("## Aims\n\n{}", columns(&["this server", "aim", "found", "reached"], &rows))
}

/// A shape's section; empty where nobody measured it.
pub(super) fn shape(book: &Book<'_>, shape: Shape) -> String {
    let places = book.places(shape);
    if places.is_empty() {
        return String::new();
    }
    let mut rows = Vec::new();
    for place in &places {
        rows.extend(Target::ALL.iter().filter_map(|target| row(book, shape, place, *target)));
    }
    let (first, others) = shape.columns().split_first().map_or(("", &[][..]), |((_, title), rest)| (*title, rest));
    let median = format!("{first}, median");
    let mut head = vec!["connections", "target", "this server ÷ it", median.as_str(), "min", "max"];
    head.extend(others.iter().map(|(_, title)| *title));
    head.push("rounds");
    let not_asked = not_asked(shape);
    format!("## {}\n\n{}\n{}{not_asked}\n", shape.title(), columns(&head, &rows), shape.note())
}

/// Who is not asked, by reason. Who is not here at all is told once, elsewhere.
fn not_asked(shape: Shape) -> String {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for target in Target::ALL.into_iter().filter(|target| !matches!(target, Target::Esrs | Target::Eventcore)) {
        let Some(reason) = shape.refuses(target) else { continue };
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, targets)) => targets.push(target.name()),
            None => reasons.push((reason, vec![target.name()])),
        }
    }
    let told: Vec<String> =
        reasons.iter().map(|(reason, targets)| format!("{} ({reason})", targets.join(", "))).collect();
    if told.is_empty() { String::new() } else { format!(" Not asked: {}.", told.join("; ")) }
}

fn row(book: &Book<'_>, shape: Shape, place: &Place, target: Target) -> Option<Vec<String>> {
    let found = book.newest(shape, place, &[target])?;
    let (first, others) = shape.columns().split_first()?;
    let series = found.series(first.0);
    let ours = book.in_run(found.run, shape, place, Target::Levelup).map(|ours| ours.series(first.0).median());
    let ratio = ours.map(|ours| ours / series.median()).filter(|ratio| ratio.is_finite());
    let connections = match place.1.as_str() {
        "" => place.0.to_string(),
        variant => format!("{}, {variant}", place.0),
    };
    let mut cells =
        vec![connections, target.name().to_owned(), ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default()];
    cells.extend([series.median(), series.min(), series.max()].map(number));
    cells.extend(others.iter().map(|(name, _)| middle(&found.series(name))));
    cells.push(found.rounds().to_string());
    Some(cells)
}

fn middle(series: &Series) -> String {
    if series.count() == 0 { String::new() } else { number(series.median()) }
}

/// As many digits as tell something.
fn number(value: f64) -> String {
    match value.abs() {
        size if !size.is_finite() => String::new(),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 20.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
