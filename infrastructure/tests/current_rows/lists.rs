use domain::entity::Kind;
use domain::id::{EntityId, SpaceId};
use infrastructure::postgres::rows::{ListQuery, ListRefusal, PostgresRows, list_query};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::space::{Space, fill, id};

type Row = Map<String, Value>;

async fn query(
    rows: &PostgresRows,
    space: SpaceId,
    kind: Kind,
    asked: &[(&str, &str)],
) -> Result<ListQuery, ListRefusal> {
    let asked: Vec<(String, String)> = asked.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    list_query(rows.columns(kind).await.unwrap(), space, &[], &asked)
}

/// Reads every page.
async fn all(space: &Space, kind: Kind, asked: &[(&str, &str)]) -> Vec<Row> {
    let rows = PostgresRows::new(space.pool.clone());
    let (mut found, mut token) = (Vec::new(), None::<String>);
    loop {
        let mut asked = asked.to_vec();
        asked.extend(token.as_deref().map(|token| ("page", token)));
        let listed = rows.list(space.id, kind, &query(&rows, space.id, kind, &asked).await.unwrap()).await.unwrap();
        found.extend(listed.rows);
        match listed.next {
            Some(next) => token = Some(next),
            None => return found,
        }
    }
}

async fn ids(space: &Space, kind: Kind, asked: &[(&str, &str)]) -> Vec<u128> {
    let first = id(0).as_u128();
    let rows = all(space, kind, asked).await;
    let mut ids: Vec<u128> =
        rows.iter().map(|row| row["id"].as_str().unwrap().parse::<Uuid>().unwrap().as_u128() - first).collect();
    ids.sort_unstable();
    ids
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Every row is found by the value that is shown of each column, and only rows that show it are.
async fn equality_is_that_of_what_is_shown(space: &Space) {
    let rows = PostgresRows::new(space.pool.clone());
    for kind in Kind::ALL {
        let everything = all(space, *kind, &[("deleted", "any")]).await;
        assert!(!everything.is_empty());
        for column in rows.columns(*kind).await.unwrap().scalars() {
            for row in &everything {
                let value = &row[column];
                if value.is_null() && ["description"].contains(&column) {
                    continue;
                }
                let found = all(space, *kind, &[(column, &text(value)), ("deleted", "any")]).await;
                let expected: Vec<&Row> = everything.iter().filter(|other| other[column] == *value).collect();
                assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{kind:?} {column}={value}");
            }
        }
    }
}

/// Every order, forwards and backwards, read by pages of any size, is that of the values shown, nulls last.
async fn pages_follow_every_order(space: &Space) {
    let rows = PostgresRows::new(space.pool.clone());
    let rank = |value: &Value| (value.is_null(), value.as_i64().unwrap_or_default(), text(value));
    for column in rows.columns(Kind::Task).await.unwrap().scalars() {
        let mut expected = all(space, Kind::Task, &[]).await;
        expected.sort_by_key(|row| (rank(&row[column]), text(&row["id"])));
        let (known, unknown): (Vec<Row>, Vec<Row>) = expected.iter().cloned().partition(|row| !row[column].is_null());
        let backwards: Vec<Row> = known.into_iter().rev().chain(unknown.into_iter().rev()).collect();
        for limit in ["1", "2", "3", "1000"] {
            let asked = |sort: &str| [("sort".to_owned(), sort.to_owned()), ("limit".to_owned(), limit.to_owned())];
            for (sort, expected) in [(column.to_owned(), &expected), (format!("-{column}"), &backwards)] {
                let asked = asked(&sort);
                let asked: Vec<(&str, &str)> = asked.iter().map(|(name, value)| (&**name, &**value)).collect();
                assert_eq!(&all(space, Kind::Task, &asked).await, expected, "{sort} by {limit}");
            }
        }
    }
}

async fn filters_find_what_they_say(space: &Space) {
    let tasks = async |asked: &[(&str, &str)]| ids(space, Kind::Task, asked).await;
    assert_eq!(tasks(&[("deleted", "true")]).await, [205]);
    assert_eq!(tasks(&[("q", "100%_D"), ("limit", "2")]).await.len(), 10);
    assert_eq!(tasks(&[("q", "100_")]).await, Vec::<u128>::new());
    assert_eq!(tasks(&[("q", "to-do")]).await, [203]);
    assert_eq!(tasks(&[("due_before", "2000")]).await, [201, 209]);
    assert_eq!(tasks(&[("due_after", "2000"), ("due_before", "3000")]).await, [202, 206, 210]);
    assert_eq!(tasks(&[("tag", "a"), ("tag", "b")]).await.len(), 11);
    assert_eq!(tasks(&[("tag", "a"), ("tag", "c")]).await, Vec::<u128>::new());
    let goal = id(1).to_string();
    assert_eq!(tasks(&[("goal_id", &goal), ("category", "habit")]).await, [208]);
    assert_eq!(tasks(&[("goal_id", "null"), ("category", "todo")]).await, [209]);
    // A habit never is completed, and what once was a habit was not.
    assert_eq!(tasks(&[("completed", "true")]).await, [200, 204, 206, 207, 210]);
    assert_eq!(ids(space, Kind::Goal, &[("status", "completed")]).await, [2]);
    assert_eq!(ids(space, Kind::Goal, &[("status", "active"), ("tag", "big")]).await, [0, 1]);
    assert_eq!(ids(space, Kind::Milestone, &[("completed", "true")]).await, [102]);
}

async fn single_rows_are_those_of_lists(space: &Space) {
    let rows = PostgresRows::new(space.pool.clone());
    for row in all(space, Kind::Task, &[("deleted", "any")]).await {
        let id = EntityId(row["id"].as_str().unwrap().parse().unwrap());
        assert_eq!(rows.one(space.id, Kind::Task, id).await.unwrap().row, Some(row));
        assert_eq!(rows.one(space.id, Kind::Goal, id).await.unwrap().row, None);
        assert_eq!(rows.one(SpaceId(Uuid::from_u128(5)), Kind::Task, id).await.unwrap().row, None);
    }
}

async fn a_stranger_sees_nothing(space: &Space) {
    let (rows, stranger) = (PostgresRows::new(space.pool.clone()), SpaceId(Uuid::from_u128(5)));
    for kind in Kind::ALL {
        let asked = query(&rows, stranger, *kind, &[("deleted", "any")]).await.unwrap();
        let listed = rows.list(stranger, *kind, &asked).await.unwrap();
        assert!(listed.rows.is_empty() && listed.next.is_none());
        assert_eq!((listed.standing.position, listed.standing.time_zone), (0, None));
    }
    let asked = query(&rows, space.id, Kind::Task, &[("limit", "1")]).await.unwrap();
    let token = rows.list(space.id, Kind::Task, &asked).await.unwrap().next.unwrap();
    let theirs = query(&rows, stranger, Kind::Task, &[("limit", "1"), ("page", &token)]).await;
    assert_eq!(theirs.err(), Some(ListRefusal::PageInvalid));
}

#[tokio::test]
async fn lists_show_what_was_written() {
    let Some(space) = Space::founded().await else { return };
    fill(&space).await;
    equality_is_that_of_what_is_shown(&space).await;
    pages_follow_every_order(&space).await;
    filters_find_what_they_say(&space).await;
    single_rows_are_those_of_lists(&space).await;
    a_stranger_sees_nothing(&space).await;
    space.end().await;
}

#[tokio::test]
async fn a_list_knows_where_the_space_stood() {
    let Some(space) = Space::founded().await else { return };
    let rows = PostgresRows::new(space.pool.clone());
    let standing = rows.standing(space.id).await.unwrap();
    assert_eq!((standing.position, standing.time_zone.as_deref()), (7, Some("Asia/Shanghai")));
    space.write("task.create", id(1), json!({ "data": { "title": "one more" } })).await;
    let asked = query(&rows, space.id, Kind::Task, &[]).await.unwrap();
    let listed = rows.list(space.id, Kind::Task, &asked).await.unwrap();
    assert_eq!((listed.standing.position, listed.rows.len()), (8, 1));
    assert_eq!(listed.standing, rows.standing(space.id).await.unwrap());
    space.end().await;
}
