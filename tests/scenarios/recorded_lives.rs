//! Three recorded lives are pushed while a follower of each listens: everything is committed, the followers equal the
//! tables, a second push changes nothing, and every total is the one that an independent calculation finds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use api::cli::push::{PushArgs, run};
use api::client::{Credentials, Device, Heard, Live, Replica, Session, feed};
use clap::Parser;
use futures_util::future::join_all;
use serde_json::{Map, Value, json};
use support::patience::GUARD;
use support::{DataDir, Database, TestServer, tables};
use tokio_postgres::Client;
use uuid::Uuid;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PASSWORD: &str = "correct horse battery";
const PEOPLE: [&str; 3] = ["light@example.test", "heavy@example.test", "mixed@example.test"];

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    push: PushArgs,
}

fn recording() -> PathBuf {
    Path::new(ROOT).join("data/device-transactions.ndjson")
}

/// What `levelup push` does for one person; its receipts, a line each.
async fn push(server: &TestServer, who: &str, receipts: &Path) -> String {
    let recording = recording();
    let words = ["push", recording.to_str().unwrap(), "--account", who, "--password", PASSWORD];
    let more = ["--url", server.url(), "--receipts", receipts.to_str().unwrap()];
    let line = CommandLine::try_parse_from(words.into_iter().chain(more)).unwrap();
    run(line.push).await.unwrap_or_else(|error| panic!("{who}: {error}"));
    std::fs::read_to_string(receipts).unwrap()
}

async fn all_pushed(server: &TestServer, dir: &DataDir, name: &str) -> Vec<String> {
    join_all(PEOPLE.map(async |who| push(server, who, &dir.path().join(format!("{name}-{who}"))).await)).await
}

/// Another device of one person, from before the first push.
async fn follower(server: &TestServer, who: &str) -> (Uuid, Live) {
    let device = Device::fresh("web", "follower");
    let session = Session::login_or_register(server.server(), &credentials(who), &device).await.unwrap();
    // It listens to all of it, however late it comes: far behind, it would be sent to a snapshot.
    (session.account_id(), Live::from(session.into(), None).with_patience(GUARD).reading_all(true))
}

fn credentials(who: &str) -> Credentials {
    Credentials { email: who.to_owned(), password: PASSWORD.to_owned() }
}

/// A newcomer's snapshot is the follower's replica, and so are the lists.
async fn assert_snapshot_and_lists(server: &TestServer, who: &str, replica: &Replica) {
    let newcomer = Session::login(server.server(), &credentials(who), &Device::fresh("web", "newcomer")).await.unwrap();
    let snapshot = feed::snapshot(&newcomer).await.unwrap();
    assert_eq!(snapshot.differences(replica), Vec::<String>::new(), "{who}");
    assert_eq!(snapshot.document(), replica.document(), "{who}");
    for (list, kind) in
        [("tasks", "task"), ("goals", "goal"), ("milestones", "milestone"), ("skills", "skill"), ("heroes", "hero")]
    {
        let listed: BTreeSet<Uuid> = feed::list(&newcomer, list).await.unwrap().into_iter().map(|(id, _)| id).collect();
        let alive = replica.live().filter(|(of, ..)| *of == kind).map(|(_, id, _)| id).collect();
        assert_eq!(listed, alive, "{who} {list}");
    }
}

/// Listens until the log has come to its known end.
async fn follow(mut live: Live, end: tokio::sync::watch::Receiver<bool>, head: impl AsyncFn() -> i64) -> Replica {
    let mut replica = Replica::default();
    loop {
        if *end.borrow() && replica.position() == head().await {
            return replica;
        }
        let heard = tokio::time::timeout(std::time::Duration::from_millis(200), live.next()).await;
        if let Ok(heard) = heard
            && let Heard::Changes(page) = heard.unwrap()
        {
            replica.apply(&page).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_recorded_lives_arrive_whole_once_and_with_the_right_totals() {
    let (database, dir) = (Database::fresh().await, DataDir::fresh());
    let server = TestServer::start(&database);
    let sql = database.connect().await;
    let followers = join_all(PEOPLE.map(|who| follower(&server, who))).await;
    let spaces: Vec<Uuid> = followers.iter().map(|(space, _)| *space).collect();
    let (end, ended) = tokio::sync::watch::channel(false);
    let following = join_all(followers.into_iter().map(|(space, live)| {
        let (ended, sql) = (ended.clone(), &sql);
        follow(live, ended, async move || {
            tables::count(sql, "SELECT position FROM heads WHERE space_id = $1", space).await
        })
    }));
    let pushing = async {
        let receipts = all_pushed(&server, &dir, "first").await;
        end.send_replace(true);
        receipts
    };
    // Several guards' worth: it is a lot of work for a slow machine.
    let all = tokio::time::timeout(GUARD * 5, async { tokio::join!(pushing, following) });
    let (first, replicas) = all.await.expect("the push comes to an end");
    assert_eq!(first.iter().map(|lines| lines.lines().count()).sum::<usize>(), 7_897);
    assert!(first.iter().flat_map(|lines| lines.lines()).all(|line| line.contains("\"status\":\"committed\"")));
    for ((who, space), replica) in PEOPLE.iter().zip(&spaces).zip(&replicas) {
        tables::assert_equal(&sql, *space, replica).await;
        assert_snapshot_and_lists(&server, who, replica).await;
    }
    tables::assert_logs_whole(&sql).await;
    let before = tables::footprint(&sql).await;
    assert!(all_pushed(&server, &dir, "second").await == first, "a second push gets other receipts");
    assert_eq!(tables::footprint(&sql).await, before, "a second push writes");
    assert_totals(&sql, &spaces).await;
}

async fn assert_totals(sql: &Client, spaces: &[Uuid]) {
    let output =
        Command::new("python3").arg("-B").arg(Path::new(ROOT).join("oracle/expected.py")).arg(recording()).output();
    let output = output.expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let expected: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (who, space) in PEOPLE.iter().zip(spaces) {
        let found = totals(sql, *space, &expected[who]).await;
        let sections = expected[who].as_object().unwrap();
        for (section, expected) in sections {
            assert_same(&format!("{who} {section}"), expected, &found[section]);
        }
    }
}

fn assert_same(place: &str, expected: &Value, found: &Value) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            let names = |members: &Map<String, Value>| members.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(expected), names(found), "{place}");
            for (name, value) in expected {
                assert_same(&format!("{place} {name}"), value, &found[name]);
            }
        }
        _ => assert_eq!(expected, found, "{place}"),
    }
}

/// What the tables say, in the shape of the calculation.
async fn totals(sql: &Client, space: Uuid, expected: &Value) -> Value {
    let made: Vec<Uuid> = expected["skills"].as_object().unwrap().keys().map(|skill| skill.parse().unwrap()).collect();
    let one = async |statement: &str| -> Value {
        let text: Option<String> = sql.query_one(statement, &[&space]).await.unwrap().get(0);
        text.map_or(json!({}), |text| serde_json::from_str(&text).unwrap())
    };
    let skills = "SELECT jsonb_object_agg(id, jsonb_build_object('level', level, 'xp', xp, 'xp_in_level', xp_in_level,
        'xp_to_next', xp_to_next))::text FROM skills WHERE space_id = $1 AND id = ANY ($2)";
    let skills: Option<String> = sql.query_one(skills, &[&space, &made]).await.unwrap().get(0);
    json!({
        "hero": one(HERO).await,
        "skills": skills.map_or(json!({}), |text| serde_json::from_str(&text).unwrap()),
        "hero_days": one(HERO_DAYS).await,
        "habits": one(HABITS).await,
        "tasks": one(TASKS).await,
        "goals": one(GOALS).await,
        "counts": one(COUNTS).await,
    })
}

const HERO: &str =
    "SELECT jsonb_build_object('xp', xp, 'level', level, 'xp_in_level', xp_in_level, 'xp_to_next', xp_to_next,
    'streak', streak, 'last_active_on', last_active_on, 'tasks_completed', tasks_completed, 'energy_day', energy_day,
    'energy_spent', energy_spent)::text FROM heroes WHERE space_id = $1";

const HERO_DAYS: &str =
    "SELECT jsonb_object_agg(day, jsonb_build_object('completions', completions, 'minutes', minutes,
    'balls', balls, 'xp', xp))::text FROM days WHERE space_id = $1 AND entity = 'hero'
    AND (completions, minutes, balls, xp) <> (0, 0, 0, 0)";

const HABITS: &str =
    "SELECT jsonb_object_agg(t.id, jsonb_build_object('completion_count', completion_count, 'streak', streak,
    'last_completed_on', last_completed_on, 'days', coalesce((
        SELECT jsonb_object_agg(day, jsonb_build_object('completions', completions, 'minutes', minutes, 'balls', balls,
            'xp', xp)) FROM days d WHERE d.space_id = t.space_id AND d.entity_id = t.id
            AND (completions, minutes, balls, xp) <> (0, 0, 0, 0)), '{}')))::text
    FROM tasks t WHERE space_id = $1 AND category = 'habit'";

const TASKS: &str = "SELECT jsonb_object_agg(id, jsonb_build_object('completed', completed_at IS NOT NULL AND category <> 'habit',
    'deleted', deleted_at IS NOT NULL, 'title', title, 'difficulty', difficulty, 'tags', ARRAY(SELECT unnest(tags) ORDER BY 1),
    'focus_minutes', focus_minutes, 'focus_cycles', focus_cycles, 'focus_energy', focus_energy))::text
    FROM tasks WHERE space_id = $1";

const GOALS: &str = "SELECT jsonb_object_agg(id, jsonb_build_object('completed', completed_at IS NOT NULL,
    'milestones_done', milestones_done, 'milestones_total', milestones_total))::text FROM goals WHERE space_id = $1";

const COUNTS: &str = "SELECT jsonb_build_object(
    'tasks_live', (SELECT count(*) FROM tasks WHERE space_id = $1 AND deleted_at IS NULL),
    'tasks_deleted', (SELECT count(*) FROM tasks WHERE space_id = $1 AND deleted_at IS NOT NULL),
    'goals', (SELECT count(*) FROM goals WHERE space_id = $1), 'milestones', (SELECT count(*) FROM milestones WHERE space_id = $1),
    'skills', (SELECT count(*) - 6 FROM skills WHERE space_id = $1))::text";
