//! The files for operators: the list of metrics, the dashboard, the alerts. They name what exists.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::scrape::metric;

const NAMES: &str = include_str!("../../../infrastructure/src/metric_names.rs");
const PAGE: &str = include_str!("../../../docs/operations/METRICS.md");
const DASHBOARD: &str = include_str!("../../../docs/operations/dashboard.json");
const ALERTS: &str = include_str!("../../../docs/operations/alerts.yml");
const OPERATIONS: &str = include_str!("../../../docs/OPERATIONS.md");

/// The metrics that the page lists.
pub(super) fn documented() -> BTreeSet<String> {
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|row| row.split('`').next());
    rows.map(str::to_owned).collect()
}

/// The metrics that the program names.
fn named() -> BTreeSet<String> {
    let constants = NAMES.split("pub const ").skip(1).filter(|constant| constant.contains(": &str ="));
    let names = constants.filter_map(|constant| constant.split('"').nth(1));
    names.map(str::to_owned).collect()
}

/// The metrics in an expression of PromQL: what looks like a name of ours.
fn used(expression: &str) -> BTreeSet<String> {
    let words = expression.split(|one: char| !one.is_ascii_alphanumeric() && one != '_');
    let ours = words.filter(|word| word.starts_with("levelup_") || word.starts_with("process_"));
    ours.map(|word| metric(word).to_owned()).collect()
}

/// Every text below a key of this name.
fn texts(value: &Value, key: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| match value {
            Value::String(text) if name == key => found.push(text.clone()),
            other => texts(other, key, found),
        }),
        Value::Array(values) => values.iter().for_each(|value| texts(value, key, found)),
        _ => {}
    }
}

/// The place of a heading on a page, as its readers link to it.
fn anchor(heading: &str) -> String {
    let kept =
        heading.to_lowercase().chars().filter(|one| one.is_alphanumeric() || " -_".contains(*one)).collect::<String>();
    kept.trim().replace(' ', "-")
}

#[test]
fn the_page_lists_every_metric_of_the_program_and_no_other() {
    assert_eq!(documented(), named());
}

#[test]
fn every_metric_is_named_by_its_unit_and_kind() {
    for row in PAGE.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (name, kind) = (cells[1].trim_matches('`'), cells[2]);
        assert_eq!(name.ends_with("_total"), kind == "counter", "{name} is a {kind}");
        assert!(["counter", "gauge", "histogram"].contains(&kind), "{name} is a {kind}");
        assert!(!cells[4].is_empty(), "{name} says nothing");
    }
}

#[test]
fn the_dashboard_asks_for_metrics_that_exist_and_shows_nearly_all() {
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    let mut expressions = Vec::new();
    texts(&dashboard, "expr", &mut expressions);
    assert!(expressions.len() > 40, "{}", expressions.len());
    let shown: BTreeSet<String> = expressions.iter().flat_map(|expression| used(expression)).collect();
    let documented = documented();
    let unknown: Vec<_> = shown.difference(&documented).collect();
    assert!(unknown.is_empty(), "no such metrics: {unknown:?}");
    let hidden: Vec<_> = documented.difference(&shown).collect();
    assert!(hidden.len() * 4 < documented.len(), "the dashboard does not show {hidden:?}");
    let panels = dashboard["panels"].as_array().unwrap();
    let ids: BTreeSet<i64> = panels.iter().map(|panel| panel["id"].as_i64().unwrap()).collect();
    assert_eq!(ids.len(), panels.len(), "every panel has an id of its own");
}

#[test]
fn every_alert_says_how_urgent_it_is_what_is_wrong_and_what_to_do() {
    let alerts: Value = serde_yaml_ng::from_str(ALERTS).unwrap();
    let anchors: BTreeSet<String> = OPERATIONS
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect();
    let rules = alerts["groups"][0]["rules"].as_array().unwrap();
    let (documented, mut names) = (documented(), BTreeSet::new());
    for rule in rules {
        let name = rule["alert"].as_str().unwrap();
        assert!(names.insert(name), "{name} is there twice");
        let severity = rule["labels"]["severity"].as_str().unwrap_or_default();
        assert!(["page", "ticket"].contains(&severity), "{name}: {severity}");
        assert!(rule["annotations"]["summary"].as_str().is_some_and(|text| text.len() > 20), "{name}");
        let (page, place) = rule["annotations"]["runbook"].as_str().unwrap().split_once('#').unwrap();
        assert!(page == "OPERATIONS.md" && anchors.contains(place), "{name}: {place} is not in OPERATIONS.md");
        let used = used(rule["expr"].as_str().unwrap());
        assert!(!used.is_empty() && used.is_subset(&documented), "{name} asks for {used:?}");
    }
    assert!(names.len() >= 15, "{names:?}");
}

#[test]
fn every_query_says_what_it_answers() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations/queries");
    for entry in std::fs::read_dir(dir).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(text.starts_with("-- ") && !text.contains("select *"), "{text}");
    }
}
