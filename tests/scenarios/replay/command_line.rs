//! `levelup replay`, as an operator runs it beside a server.

use serde_json::{Value, json};
use support::commands::{command, create_task, edit_task, id};
use support::process::run;

use super::{all, support};
use crate::people::acts;
use crate::stage::Stage;

async fn replay(stage: &Stage, arguments: &[&str]) -> (i32, String, String) {
    let arguments: Vec<&str> = ["replay"].iter().chain(arguments).copied().collect();
    run(&stage.database.url(), stage.server.setup().data_dir.path(), &arguments).await
}

/// What was said, with what differs from run to run exchanged by names.
fn transcript(said: &str, names: &[(String, &str)]) -> String {
    let mut said = said.to_owned();
    for (text, name) in names {
        said = said.replace(text, name);
    }
    said
}

#[tokio::test]
async fn an_entity_is_told_step_by_step_in_the_words_that_were_agreed() {
    let (stage, other) = support().await;
    let (task, space) = (id(), other.space().to_string());
    other.commit(&[create_task(task, "Read")]).await;
    other.commit(&[edit_task(task, json!({ "title": "Read on" }))]).await;
    other.commit(&[command("task.delete", task)]).await;
    let entity = format!("task/{task}");
    let steps = all(&stage.http, other.space(), &format!("&entity={entity}")).await;
    let mut names = vec![(task.to_string(), "TASK")];
    for (step, (transaction, moment, position)) in
        steps.iter().zip([("T1", "M1", "#P1"), ("T2", "M2", "#P2"), ("T3", "M3", "#P3")])
    {
        names.push((step["transaction_id"].as_str().unwrap().to_owned(), transaction));
        names.push((instant(step["recorded_at"].as_i64().unwrap()), moment));
        names.push((format!("#{:<5}", step["position"].as_i64().unwrap()), position));
    }
    names.push((instant(steps[2]["after"]["deleted_at"].as_i64().unwrap()), "DELETED"));
    let (exit, said, error) =
        replay(&stage, &[&space, "--entity", &entity, "--from", &steps[1]["position"].to_string()]).await;
    assert_eq!(exit, 0, "{error}");
    let golden = "\
#P2 task.edited \"Read on\" task/TASK v2
       M2 by \"phone\", transaction T2
       title \"Read\" → \"Read on\"
#P3 task.deleted \"Read on\" task/TASK v3
       M3 by \"phone\", transaction T3
       deleted_at nothing → DELETED
";
    // The device's moment of the deletion may be the server's.
    let said = transcript(&said, &names).replace("nothing → M3", "nothing → DELETED");
    assert_eq!(said, golden);

    let (exit, said, error) = replay(&stage, &[&space, "--json", "--limit", "3"]).await;
    assert_eq!(exit, 0, "{error}");
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, all(&stage.http, other.space(), "").await[..3]);
    let (exit, all_said, _) = replay(&stage, &[&space, "--follow-steps"]).await;
    assert_eq!(exit, 0, "nobody is there to press keys");
    assert!(all_said.contains("task.deleted") && all_said.contains("hero.created"), "{all_said}");
    let looks = acts(&stage.sql, other.space(), "looked_at").await;
    assert_eq!(looks.iter().filter(|(_, role, _)| role.as_deref() == Some("operator")).count(), 3);
}

fn instant(ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap();
    moment.to_string()
}

#[tokio::test]
async fn two_moments_and_a_device_are_told_on_the_command_line_too() {
    let (stage, other) = support().await;
    let (task, space) = (id(), other.space().to_string());
    let from = other.commit(&[create_task(task, "Read")]).await["positions"]["last"].to_string();
    let to = other.commit(&[edit_task(task, json!({ "title": "Read on" }))]).await["positions"]["last"].to_string();
    let (exit, said, error) = replay(&stage, &[&space, "--from", &from, "--compare", &to]).await;
    assert_eq!(exit, 0, "{error}");
    assert_eq!(said, format!("task \"Read on\" {task}\n       title \"Read\" → \"Read on\"\n"));
    let device = other.session.device_id().to_string();
    let (exit, said, error) = replay(&stage, &[&space, "--device", &device]).await;
    assert_eq!(exit, 0, "{error}");
    assert!(said.starts_with("\"phone\" at ") && said.ends_with(&format!("#{to} (the log ended there)\n")), "{said}");
}

#[tokio::test]
async fn what_is_not_there_is_one_sentence_and_what_to_do() {
    let (stage, other) = support().await;
    let space = other.space().to_string();
    let nobody = id().to_string();
    for (arguments, exit, sentence) in [
        (vec![nobody.as_str()], 1, "There is no space"),
        (vec![&space, "--entity", "cat/7"], 2, "--entity is no entity"),
        (vec![&space, "--at", "yesterday"], 2, "`yesterday` is no moment"),
        (vec![&space, "--from", "9999"], 1, "`9999` is still to come"),
        (vec![&space, "--device", &nobody], 1, "The space has no such device"),
        (vec![&space, "--from", "2", "--compare", "1"], 2, "--compare names an earlier moment"),
    ] {
        let (code, said, error) = replay(&stage, &arguments).await;
        assert_eq!((code, said.as_str()), (exit, ""), "{arguments:?}: {error}");
        assert!(error.contains(sentence) && error.lines().count() == 2, "{arguments:?}: {error}");
    }
    stage
        .sql
        .execute("UPDATE events SET event_version = '7' WHERE space_id = $1 AND position = 2", &[&other.space()])
        .await
        .unwrap();
    let (code, _, error) = replay(&stage, &[&space]).await;
    assert_eq!(code, 5, "{error}");
    assert!(error.contains("position 2") && error.contains("levelup verify"), "{error}");
}
