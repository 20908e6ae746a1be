//! Every golden case, in every order that it asks for, through the write path on the store in memory.

use std::path::Path;
use std::process::Command;

use infrastructure::merge_cases::{Case, End, Played, outcomes_of};
use serde_json::Value;
use support::merge_cases::{differences, golden};

/// What is not as expected of one case, over all its orders.
async fn wrong(case: &Case) -> Vec<String> {
    let start = Played::given(case).await.unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let orders = case.orders().unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let mut told = Vec::new();
    for order in orders {
        let mut played = start.fork();
        for name in &order {
            played.next(case, name).await.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        }
        let mut found = End::of(&played).unwrap().to_value();
        found["outcomes"] = outcomes_of(&played);
        let outcomes = exact(&case.expected["outcomes"], &found["outcomes"]);
        let all = differences(&case.expected, &found).into_iter().chain(outcomes);
        told.extend(all.map(|what| format!("{} [{}] {what}", case.name, order.join(" "))));
    }
    told
}

/// Outcomes say no more than what is expected either.
fn exact(expected: &Value, found: &Value) -> Option<String> {
    let same = expected.is_null()
        || expected.as_object().is_some_and(|devices| devices.iter().all(|(name, told)| found[name] == *told));
    (!same).then(|| format!("/outcomes: expected {expected}, found {found}"))
}

#[tokio::test]
async fn every_golden_case_ends_as_expected_in_every_order() {
    let cases = golden();
    assert!(cases.len() >= 120, "{} cases", cases.len());
    let mut told = Vec::new();
    for case in &cases {
        told.extend(wrong(case).await);
    }
    assert!(told.is_empty(), "{} differences:\n{}", told.len(), told.join("\n"));
}

#[test]
fn the_files_are_what_the_scenarios_come_to() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/merge_cases.py");
    let output = Command::new("python3").arg("-B").arg(script).arg("--check").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[tokio::test]
async fn an_expectation_that_is_not_met_is_told() {
    let mut case = golden().into_iter().find(|case| case.name == "last_different_fields_never_meet").unwrap();
    assert!(wrong(&case).await.is_empty());
    let task = "/entities/task/00000000-0000-7000-8000-000000000101/rank";
    *case.expected.pointer_mut(task).unwrap() = "another".into();
    assert_eq!(wrong(&case).await.len(), 2, "in both orders");
}
