use std::collections::BTreeMap;
use std::sync::Mutex;

use domain::entity::Kind;
use domain::id::{EntityId, SpaceId};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::token::{Place, Token};
use super::*;

const SPACE: SpaceId = SpaceId(Uuid::from_u128(1));
const EPOCH: Uuid = Uuid::from_u128(9);
const STRETCH: usize = 3;

type Row = Map<String, Value>;

/// A space in memory: the current rows, and which of them the log names at each position.
#[derive(Default)]
struct Memory {
    state: Mutex<State>,
}

#[derive(Clone, Default)]
struct State {
    rows: BTreeMap<(Kind, EntityId), Row>,
    log: Vec<(Kind, EntityId)>,
}

impl State {
    fn head(&self) -> Head {
        let position = i64::try_from(self.log.len()).unwrap();
        let (epoch, hash) = (EPOCH, [7; 32]);
        let (legacy_next, live_entities, recorded_at, repairs) = (1, 0, 0, 0);
        Head { epoch, position, hash, legacy_next, live_entities, checksum: 5, recorded_at, repairs }
    }

    fn standing(&self) -> Standing {
        let Head { epoch, position, repairs, .. } = self.head();
        Standing { epoch, position, repairs }
    }

    fn write(&mut self, kind: Kind, number: u128, fields: &Value) {
        let id = EntityId(Uuid::from_u128(number));
        self.log.push((kind, id));
        let row = self.rows.entry((kind, id)).or_default();
        row.insert("id".to_owned(), json!(id));
        row.extend(fields.as_object().unwrap().clone());
        let version = row.get("version").and_then(Value::as_i64).unwrap_or_default() + 1;
        row.insert("version".to_owned(), json!(version));
        row.insert("position".to_owned(), json!(self.log.len()));
    }

    fn live(&self) -> BTreeMap<(Kind, EntityId), i64> {
        let live = self.rows.iter().filter(|(_, row)| row.get("deleted_at").is_none_or(Value::is_null));
        live.map(|(key, row)| (*key, row["version"].as_i64().unwrap())).collect()
    }
}

fn is_in(stage: Stage, row: &Row) -> bool {
    let has = |field: &str| row.get(field).is_some_and(|value| !value.is_null());
    let open = !has("completed_at") || row.get("category").is_some_and(|category| category == "habit");
    !has("deleted_at")
        && match stage {
            Stage::OpenGoals | Stage::OpenTasks => open,
            Stage::CompletedGoals | Stage::CompletedTasks => !open,
            _ => true,
        }
}

impl CurrentRows for Memory {
    async fn stage(&self, _: SpaceId, stage: Stage, view: View, from: EntityId, rows: i64) -> Result<StageRows, Fault> {
        let state = self.state.lock().unwrap();
        let found =
            state.rows.iter().filter(|((kind, id), row)| *kind == stage.kind() && *id >= from && is_in(stage, row));
        let items = found.take(usize::try_from(rows).unwrap()).map(|((kind, _), row)| view.item(*kind, row.clone()));
        Ok(StageRows { standing: state.standing(), items: items.collect::<Result<_, _>>()? })
    }

    async fn tail(&self, _: SpaceId, position: i64, rows: i64) -> Result<TailRows, Fault> {
        let state = self.state.lock().unwrap();
        let (start, head) = (usize::try_from(position).unwrap(), state.head());
        let end = (start + STRETCH).min(state.log.len()).max(start);
        let mut found: Vec<((Kind, EntityId), i64)> = state
            .log
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .map(|key| (*key, state.rows[key]["position"].as_i64().unwrap()))
            .filter(|(_, last)| *last <= i64::try_from(end).unwrap())
            .collect();
        found.sort_by_key(|(_, last)| *last);
        found.dedup();
        let cut = usize::try_from(rows).unwrap();
        let reached = if found.len() > cut { found[cut - 1].1 } else { i64::try_from(end).unwrap() };
        let mut counts = BTreeMap::new();
        state.live().keys().for_each(|(kind, _)| *counts.entry(*kind).or_default() += 1);
        let rows = found.iter().take(cut).map(|(key, _)| (key.0, state.rows[key].clone())).collect();
        Ok(TailRows { reached, rows, counts: (reached == head.position).then_some(counts), head })
    }
}

fn filled() -> Memory {
    let memory = Memory::default();
    let mut state = State::default();
    state.write(Kind::Hero, 1, &json!({}));
    for number in 1..=4 {
        state.write(Kind::Skill, number, &json!({}));
        state.write(Kind::Task, number, &json!({ "category": "todo" }));
    }
    state.write(Kind::Goal, 1, &json!({}));
    state.write(Kind::Goal, 2, &json!({ "completed_at": 5 }));
    state.write(Kind::Task, 9, &json!({ "category": "habit", "completed_at": 5 }));
    state.write(Kind::Milestone, u128::MAX, &json!({}));
    *memory.state.lock().unwrap() = state;
    memory
}

/// Reads to the end and lets `write` write before each page; the versions of live entities, and how many pages it took.
async fn read_all(
    memory: &Memory,
    rows: usize,
    mut write: impl FnMut(&mut State),
) -> (BTreeMap<(Kind, EntityId), i64>, usize) {
    let (mut token, mut live) = (None, BTreeMap::new());
    for pages in 1..200 {
        write(&mut memory.state.lock().unwrap());
        let page = page(memory, SPACE, token.as_deref(), rows).await.unwrap();
        assert!(page.items.len() <= rows);
        for item in page.items {
            if item.fields.to_map().get("deleted_at").is_none_or(Value::is_null) {
                live.insert((item.entity, item.id), item.version);
            } else {
                live.remove(&(item.entity, item.id));
            }
        }
        match page.rest {
            Rest::Next(next) => token = Some(next),
            Rest::Complete(complete) => {
                assert_eq!(complete.cursor.position, page.head);
                let count = complete.counts.values().sum::<i64>();
                assert_eq!(count, i64::try_from(live.len()).unwrap());
                return (live, pages);
            }
        }
    }
    panic!("the snapshot does not end");
}

#[tokio::test]
async fn a_small_space_is_one_page() {
    let memory = filled();
    let (live, pages) = read_all(&memory, 200, |_| {}).await;
    assert_eq!((live, pages), (memory.state.lock().unwrap().live(), 1));
}

#[tokio::test]
async fn a_space_that_nobody_has_written_to_is_one_empty_page() {
    let page = page(&Memory::default(), SPACE, None, 10).await.unwrap();
    assert!(page.items.is_empty() && matches!(page.rest, Rest::Complete(complete) if complete.cursor.position == 0));
}

#[tokio::test]
async fn pages_of_any_size_end_in_the_same_rows_whatever_is_written_between_them() {
    for rows in 1..=6 {
        let memory = filled();
        let mut round = 0;
        let (live, _) = read_all(&memory, rows, |state| {
            round += 1;
            match round {
                2 => state.write(Kind::Task, 1, &json!({ "completed_at": 7 })),
                3 => state.write(Kind::Goal, 2, &json!({ "completed_at": null })),
                4 => state.write(Kind::Task, 2, &json!({ "deleted_at": 7 })),
                5..=9 => {
                    state.write(Kind::Hero, 1, &json!({}));
                    state.write(Kind::Task, 20 - round, &json!({ "category": "todo" }));
                }
                _ => {}
            }
        })
        .await;
        assert_eq!(live, memory.state.lock().unwrap().live(), "pages of {rows}");
    }
}

#[tokio::test]
async fn a_token_of_another_space_or_another_log_is_refused() {
    let memory = filled();
    let good = Token { epoch: EPOCH, space: SPACE, position: 3, place: Place::Tail };
    assert!(page(&memory, SPACE, Some(&good.text()), 10).await.is_ok());
    for bad in [
        Token { epoch: Uuid::nil(), ..good },
        Token { space: SpaceId(Uuid::from_u128(2)), ..good },
        Token { position: 1_000, ..good },
    ] {
        let refused = page(&memory, SPACE, Some(&bad.text()), 10).await.err();
        assert_eq!(refused, Some(NoPage::TokenInvalid), "{bad:?}");
    }
    for garbage in ["", "A", "not base64 !", &"A".repeat(1_000), &good.text()[1..]] {
        assert_eq!(page(&memory, SPACE, Some(garbage), 10).await.err(), Some(NoPage::TokenInvalid));
    }
}

#[test]
fn a_token_reads_back_as_the_same_place() {
    let id = EntityId(Uuid::from_u128(u128::MAX));
    let stages = Stage::ALL.map(|stage| Place::Stage(stage, id));
    for place in stages.into_iter().chain([Place::Tail]) {
        let token = Token { epoch: EPOCH, space: SPACE, position: 42, place };
        assert_eq!(Token::read(&token.text()), Some(token));
    }
}

#[test]
fn every_kind_has_a_stage() {
    for kind in Kind::ALL {
        assert!(Stage::ALL.iter().any(|stage| stage.kind() == *kind), "{kind:?}");
    }
}
