//! The report: ratios first, then every figure, then what was left out, what is not alike, and where it was measured.

use std::path::Path;

use super::book::Book;
use super::cli::from_project;
use super::lines::{Begun, Commits, Line};
use super::tables;
use crate::failure::Failure;
use crate::machine::Machine;
use crate::shapes::Shape;
use crate::targets::Target;

/// Prints the report, and writes it to a file if one is named.
pub(super) fn publish(lines: &[Line], file: Option<&Path>) -> Result<(), Failure> {
    let page = text(lines);
    println!("{page}");
    match file {
        Some(file) => std::fs::write(from_project(file), page).map_err(Failure::during("writing the report")),
        None => Ok(()),
    }
}

fn text(lines: &[Line]) -> String {
    let book = Book { lines };
    let sections = [introduction(lines), tables::aims(&book)]
        .into_iter()
        .chain(Shape::ALL.map(|shape| tables::shape(&book, shape)))
        .chain([left_out(lines), targets(), NOT_ALIKE.to_owned(), places(lines)]);
    sections.filter(|section| !section.is_empty()).collect::<Vec<_>>().join("\n")
}

const NOT_ALIKE: &str = "## What is not alike\n\n\
    - Generator, targets and PostgreSQL share the same cores, so a target that leaves the processor to PostgreSQL gains. The \
    generator of HTTP is a plain TCP client for all targets alike; pgbench is a program of its own, in C, over a Unix socket.\n\
    - All targets commit durably on one PostgreSQL with the same settings, each in a database of its own, by turns, after a \
    checkpoint. Those whose turn it is not are idle but alive; this server looks into its database three times a second then.\n\
    - Only this server authenticates, limits, keeps receipts, hashes, merges, keeps a log of the space and tells devices \
    that were away. The peers take any token, trust the request and do nothing twice only because nobody asks twice.\n\
    - A completion is two events here, the task's and the hero's. Bare SQL writes the same two; the event stores write one, of \
    the task; the servers of node write the task, the person's totals and a line of the log.\n\
    - Rows of bare SQL are this server's rows, as wide as they are; those of the peers are as they would make them.\n\
    - Bare SQL has a connection for each client. The peers have a pool of 10 as they come, this server one of 16.\n";

fn introduction(lines: &[Line]) -> String {
    let smoke = lines.iter().any(|line| matches!(line, Line::Begun(begun) if begun.smoke));
    let mut page = String::from(
        "# This server beside its peers\n\n\
         Medians of rounds by turns, with the least and the most; ratios are of medians of one run. After every round that \
         writes, what is stored was counted: it is what was acknowledged.\n",
    );
    if smoke {
        page += "\nWith a smoke run in it: that proves that everything runs. Its numbers mean nothing.\n";
    }
    page
}

fn targets() -> String {
    let lines: String =
        Target::ALL.iter().map(|target| format!("- **{}**: {}\n", target.name(), target.what())).collect();
    format!("## Who was driven\n\n{lines}")
}

/// Who was not measured and why: of each target that no run has measured, what the newest says.
fn left_out(lines: &[Line]) -> String {
    let mut said = Vec::new();
    for target in Target::ALL {
        let skipped = lines.iter().rev().find_map(|line| match line {
            Line::Skipped { target: of, reason, .. } if *of == target => Some(reason),
            _ => None,
        });
        let measured = lines.iter().any(|line| matches!(line, Line::Round(round) if round.target == target));
        let skipped = skipped.filter(|_| !measured);
        said.extend(skipped.map(|reason| format!("- **{}** was skipped: {reason}\n", target.name())));
    }
    for (number, line) in lines.iter().enumerate() {
        if let Line::Failed { run, shape, target, reason } = line {
            let by_a_later_run = |line: &Line| match line {
                Line::Round(round) => (round.shape, round.target) == (*shape, *target) && round.run != *run,
                _ => false,
            };
            if lines.iter().skip(number).any(by_a_later_run) {
                continue;
            }
            said.push(format!("- **{}** failed at {}: {reason}\n", target.name(), shape.name()));
        }
    }
    if said.is_empty() { String::new() } else { format!("## Left out\n\n{}", said.concat()) }
}

/// Where each run was made.
fn places(lines: &[Line]) -> String {
    let runs: Vec<String> = lines
        .iter()
        .filter_map(|line| match line {
            Line::Begun(begun) => Some(place(begun, after(lines, &begun.run))),
            _ => None,
        })
        .collect();
    format!("## Where\n\n{}", runs.concat())
}

fn after<'a>(lines: &'a [Line], run: &str) -> Option<&'a Commits> {
    lines.iter().find_map(|line| match line {
        Line::Ended { run: of, commits } if of == run => Some(commits),
        _ => None,
    })
}

fn place(begun: &Begun, after: Option<&Commits>) -> String {
    let Machine { cores, processor, memory_gib, system, file_system, settings, today } = &begun.machine;
    let settings: Vec<String> = settings.iter().map(|(name, value)| format!("`{name}={value}`")).collect();
    let commits = |commits: &Commits| {
        let Commits { p50_ms, p99_ms, max_ms, .. } = commits;
        format!("p50 {p50_ms:.2} ms, p99 {p99_ms:.2} ms, max {max_ms:.2} ms")
    };
    let after = after.map_or_else(|| "the run was not finished".to_owned(), commits);
    format!(
        "- levelup {}, {today}, `{}`, rounds of {} s: {cores} cores ({processor}), {memory_gib:.0} GiB of memory, {system}, shared \
         by all; load average before: {}; PostgreSQL on {file_system}: {}; {} lone commits of one row, before: {}; after: {after}\n",
        begun.version,
        begun.command,
        begun.round_s,
        begun.load_before,
        settings.join(", "),
        begun.commits.count,
        commits(&begun.commits),
    )
}
