use domain::entity::Kind;
use uuid::Uuid;

use super::*;
use crate::postgres::rows::page::token;
use crate::postgres::rows::statement::statement;

const COLUMNS: [(&str, &str); 12] = [
    ("space_id", "uuid"),
    ("id", "uuid"),
    ("title", "text"),
    ("description", "text"),
    ("category", "text"),
    ("due_at", "bigint"),
    ("goal_id", "uuid"),
    ("tags", "text[]"),
    ("completed_at", "bigint"),
    ("created_at", "bigint"),
    ("deleted_at", "bigint"),
    ("stamps", "jsonb"),
];

fn columns() -> Columns {
    Columns::new(Kind::Task, COLUMNS.into_iter())
}

fn asked(query: &str) -> Result<ListQuery, ListRefusal> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap());
    let pairs: Vec<(String, String)> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    list_query(&columns(), SpaceId(Uuid::from_u128(1)), &["done_today"], &pairs)
}

fn refused(query: &str) -> Option<String> {
    match asked(query) {
        Err(ListRefusal::Parameter { name, .. }) => Some(name),
        _ => None,
    }
}

#[test]
fn what_cannot_be_used_is_named() {
    for (query, name) in [
        ("colour=red", "colour"),
        ("space_id=00000000-0000-0000-0000-000000000001", "space_id"),
        ("stamps=1", "stamps"),
        ("tags=a", "tags"),
        ("due_at=tomorrow", "due_at"),
        ("due_before=", "due_before"),
        ("title_before=1", "title_before"),
        ("goal_id=7", "goal_id"),
        ("completed=maybe", "completed"),
        ("deleted=all", "deleted"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("sort=tags", "sort"),
        ("sort=--title", "sort"),
        ("fields=title,stamps", "fields"),
        ("q=", "q"),
        ("title=a\0b", "title"),
        ("title=a&title=b", "title"),
        (&format!("q={}", "x".repeat(SEARCH_CHARS_MAX + 1)), "q"),
        (&"tag=x&".repeat(TAGS_MAX + 1), "tag"),
    ] {
        assert_eq!(refused(query).as_deref(), Some(name), "{query}");
    }
}

#[test]
fn what_can_be_used_is_read() {
    let query = asked("category=habit&goal_id=null&due_before=5&tag=a&tag=b&q=x&deleted=any&sort=-due_at&limit=7");
    let query = query.unwrap();
    assert!(query.descending && query.sort.name == "due_at" && query.rows == 7 && query.filters.len() == 6);
    assert_eq!(asked("fields=title,done_today").unwrap().fields.unwrap().len(), 2);
    assert_eq!(asked("").unwrap().filters.len(), 1, "the deleted are left out");
}

#[test]
fn values_never_become_text_of_the_statement() {
    let query = asked("category=');DROP TABLE tasks--&q=secret%&tag=secret&sort=title").unwrap();
    let statement = statement(&columns(), &query);
    assert!(!statement.text.contains("DROP") && !statement.text.contains("secret"), "{}", statement.text);
    assert_eq!(statement.values, ["');DROP TABLE tasks--", "%secret\\%%", "secret"]);
}

#[test]
fn a_page_belongs_to_its_query() {
    let last = Last { key: Some("5".to_owned()), id: Uuid::from_u128(3) };
    let token = token(&asked("category=todo&sort=due_at").unwrap().name, &last);
    let pages = |query: &str| asked(&format!("{query}&page={token}"));
    assert_eq!(pages("sort=due_at&category=todo&limit=3").unwrap().after, Some(last));
    for other in ["sort=due_at", "sort=-due_at&category=todo", "sort=due_at&category=habit"] {
        assert_eq!(pages(other).err(), Some(ListRefusal::PageInvalid), "{other}");
    }
    assert_eq!(asked("page=garbage").err(), Some(ListRefusal::PageInvalid));
}
