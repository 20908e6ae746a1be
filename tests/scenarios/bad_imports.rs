//! What is no import, or no good one: a clear code, and nothing is written.

use serde_json::{Value, json};
use support::commands::{command_with, create_task, id};
use support::{Answer, tables};

use crate::stage::Stage;
use crate::state_copies::{export, import, read, sealed};

/// The import is refused like this, and nothing is written.
async fn refused(stage: &Stage, lines: &str, status: u16, code: &str) -> Answer {
    let before = tables::footprint(&stage.sql).await;
    let answer = import(&stage.http, lines).await;
    assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{}", answer.json());
    assert_eq!(tables::footprint(&stage.sql).await, before);
    answer
}

async fn filled() -> (Stage, String) {
    let stage = Stage::set().await;
    let (goal, step) = (id(), id());
    stage
        .account
        .commit(&[
            create_task(id(), "Read"),
            command_with("goal.create", goal, json!({ "title": "Learn" })),
            command_with("milestone.create", step, json!({ "goal_id": goal, "title": "Begin" })),
        ])
        .await;
    let lines = export(&stage.http).await;
    (stage, lines)
}

/// What is done to one line.
type Damage<'a> = &'a dyn Fn(&mut Value);

#[tokio::test]
async fn what_is_no_export_of_a_state_is_refused() {
    let (stage, lines) = filled().await;
    for garbage in ["", "\n", "x", "{}\n", "[1]\n{}\n", "{\"format\":\"other\"}\n"] {
        refused(&stage, garbage, 422, "import_format_unknown").await;
    }
    let log = stage.http.get("/api/v2/export?what=log").await;
    refused(&stage, &String::from_utf8(log.body).unwrap(), 422, "import_log").await;
    let mut other = read(&lines);
    other[0]["version"] = json!(2);
    refused(&stage, &sealed(&other), 422, "import_version_unsupported").await;
}

#[tokio::test]
async fn an_export_that_was_cut_off_anywhere_is_refused() {
    let (stage, lines) = filled().await;
    let header = lines.find('\n').unwrap() + 1;
    for bytes in (header..lines.len() - 2).step_by(lines.len() / 12) {
        let Some(cut) = lines.get(..bytes) else { continue };
        refused(&stage, cut, 422, "import_truncated").await;
    }
    let packed = zstd::encode_all(lines.as_bytes(), 3).unwrap();
    let answer = stage
        .http
        .post_as("/api/v2/import", &[("content-type", "application/zstd")], &packed[..packed.len() / 2])
        .await;
    assert_eq!(answer.status, 422, "{}", answer.json());
}

#[tokio::test]
async fn an_export_that_was_changed_is_refused() {
    let (stage, lines) = filled().await;
    refused(&stage, &lines.replace("Read", "Rest"), 422, "import_damaged").await;
    let mut without: Vec<&str> = lines.lines().collect();
    without.remove(2);
    refused(&stage, &(without.join("\n") + "\n"), 422, "import_damaged").await;
}

#[tokio::test]
async fn a_line_that_cannot_be_read_is_named() {
    let (stage, lines) = filled().await;
    let good = read(&lines);
    let line = |changed: Value| {
        let mut all = good.clone();
        all.insert(1, changed);
        sealed(&all)
    };
    for bad in [
        json!({ "line": "what" }),
        json!({ "line": "entity", "entity": "ghost", "id": id(), "created_at": 1, "fields": {} }),
        json!({ "line": "entity", "entity": "task", "id": id(), "created_at": 1, "fields": {}, "more": 1 }),
        json!({ "line": "entity", "entity": "task", "id": "x", "created_at": 1, "fields": {} }),
        json!({ "line": "entity", "entity": "conflict", "id": id(), "created_at": 1, "fields": {} }),
        json!({ "line": "days", "entity": "goal", "id": id(), "days": [] }),
        good[0].clone(),
        json!(7),
    ] {
        let answer = refused(&stage, &line(bad), 422, "import_line_invalid").await;
        assert_eq!(answer.json()["line"], 2);
    }
    refused(&stage, &format!("{lines}{{}}\n"), 422, "import_line_invalid").await;
}

#[tokio::test]
async fn lines_that_no_device_could_have_written_are_refused_with_their_place() {
    let (stage, lines) = filled().await;
    let good = read(&lines);
    let with = |change: &dyn Fn(&mut Value), entity: &str| {
        let mut all = good.clone();
        all.iter_mut().filter(|line| line["entity"] == entity).for_each(change);
        sealed(&all)
    };
    let cases: [(&str, Damage<'_>, &str, &str); 6] = [
        ("task", &|line| line["fields"]["exp_reward"] = json!(1_000_000), "/fields/exp_reward", "out_of_range"),
        ("task", &|line| line["fields"]["xp"] = json!(7), "/fields/xp", "field_unknown"),
        ("task", &|line| line["kept"]["prestige"] = json!(7), "/kept/prestige", "field_unknown"),
        ("goal", &|line| line["fields"]["parent_id"] = line["id"].clone(), "", "reference_cycle"),
        ("milestone", &|line| line["fields"]["goal_id"] = json!(id()), "/fields/goal_id", "reference_missing"),
        ("hero", &|line| line["id"] = json!(id()), "/id", "hero_foreign"),
    ];
    for (entity, change, pointer, code) in cases {
        let answer = refused(&stage, &with(change, entity), 422, "import_refused").await.json();
        assert_eq!(
            (&answer["refusals"][0]["pointer"], &answer["refusals"][0]["code"]),
            (&json!(pointer), &json!(code))
        );
    }
}

#[tokio::test]
async fn hostile_sizes_are_refused_before_they_are_held() {
    let (stage, lines) = filled().await;
    let header = lines.lines().next().unwrap();
    let long = format!("{header}\n{{\"line\":\"{}", "x".repeat(300_000));
    assert_eq!(refused(&stage, &long, 413, "import_too_large").await.json()["line"], 2);

    // Much more than may be, in a few kilobytes.
    let before = tables::footprint(&stage.sql).await;
    let gone = json!({ "line": "gone", "entity": "task", "id": id() });
    let many =
        zstd::encode_all(std::io::Cursor::new(format!("{header}\n") + &format!("{gone}\n").repeat(1_000_001)), 3)
            .unwrap();
    let bomb = zstd::encode_all(std::io::Read::take(std::io::repeat(b'\n'), 1 << 30), 3).unwrap();
    for (body, status, code) in [(many, 413, "import_too_large"), (bomb, 422, "import_format_unknown")] {
        let answer = stage.http.post_as("/api/v2/import", &[("content-type", "application/zstd")], body).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{}", answer.json());
    }
    assert_eq!(tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn other_lines_under_the_header_of_an_import_write_nothing() {
    let (stage, lines) = filled().await;
    let account = support::Account::register(&stage.server).await;
    let http = account.http().await;
    crate::state_copies::imported(&http, &lines).await;
    let mut other = read(&lines);
    other.iter_mut().filter(|line| line["entity"] == "task").for_each(|line| line["fields"]["title"] = json!("Rest"));
    let before = tables::footprint(&stage.sql).await;
    let answer = import(&http, &sealed(&other)).await;
    let text = String::from_utf8(answer.body).unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(last["problem"]["code"], "import_changed", "{text}");
    assert_eq!(tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn a_body_of_another_kind_is_refused() {
    let (stage, lines) = filled().await;
    for (headers, status, code) in [
        (&[("content-type", "application/json")][..], 415, "content_type_unsupported"),
        (&[("content-type", "application/x-ndjson"), ("content-encoding", "br")][..], 415, "encoding_unsupported"),
        (&[("content-type", "application/zstd")][..], 400, "encoding_malformed"),
        (&[("content-type", "application/x-ndjson"), ("content-encoding", "gzip")][..], 400, "encoding_malformed"),
    ] {
        let answer = stage.http.post_as("/api/v2/import", headers, lines.as_bytes().to_vec()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{headers:?}");
    }
}
