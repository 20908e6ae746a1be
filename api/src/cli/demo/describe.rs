//! What a transaction did, in the words of the game.

use serde_json::Value;

use crate::client::wire::Op;
use crate::client::{Applied, Row};

use super::super::terminal::value::{quoted, short};

/// Each effect in a few words, in the order of the log.
pub(super) fn effects(applied: &[Applied]) -> Vec<String> {
    applied.iter().flat_map(effects_of).collect()
}

fn effects_of(applied: &Applied) -> Vec<String> {
    let kind = applied.change.entity.as_str();
    match applied.change.op {
        Op::Create => vec![format!("{kind} {} created", title(&applied.after))],
        Op::Delete => vec![format!("{kind} {} deleted", title(&applied.after))],
        Op::Update if kind == "hero" => hero(applied),
        Op::Update if kind == "skill" => experience(applied, &format!("skill {}", name(&applied.after))),
        Op::Update => progress(applied, kind),
    }
}

fn hero(applied: &Applied) -> Vec<String> {
    let mut words = experience(applied, "hero");
    if grown(applied, "energy_spent") != 0 {
        let max = number(&applied.after, "energy_max");
        words.push(format!("energy {}/{max}", (max - number(&applied.after, "energy_spent")).max(0)));
    }
    if grown(applied, "streak") != 0 {
        words.push(format!("streak {}", number(&applied.after, "streak")));
    }
    words.extend(edits(applied, &["name", "mission"]));
    words
}

/// `hero +20 XP (level 1, 20/100)`.
fn experience(applied: &Applied, who: &str) -> Vec<String> {
    let xp = grown(applied, "xp");
    if xp == 0 {
        return edits(applied, &["name", "color"]);
    }
    let (level, in_level) = (number(&applied.after, "level"), number(&applied.after, "xp_in_level"));
    let up = if grown(applied, "level") > 0 { "level up: " } else { "" };
    vec![format!("{who} {xp:+} XP ({up}level {level}, {in_level}/{})", number(&applied.after, "xp_to_next"))]
}

/// Tasks, goals and milestones.
fn progress(applied: &Applied, kind: &str) -> Vec<String> {
    let mut words = Vec::new();
    let completed = |row: &Row| row.fields.get("completed_at").is_some_and(|at| !at.is_null());
    match (applied.before.as_ref().is_some_and(completed), completed(&applied.after)) {
        (false, true) => words.push(format!("{kind} completed")),
        (true, false) => words.push(format!("{kind} open again")),
        _ => {}
    }
    if grown(applied, "completion_count") > 0 {
        words.push(format!("habit done, streak {}", number(&applied.after, "streak")));
    }
    let minutes = grown(applied, "focus_minutes");
    if minutes != 0 {
        words.push(format!("{kind} focus {minutes:+} min"));
    }
    if grown(applied, "milestones_done") != 0 || grown(applied, "milestones_total") != 0 {
        let (done, total) = (number(&applied.after, "milestones_done"), number(&applied.after, "milestones_total"));
        words.push(format!("goal at {done}/{total} milestones"));
    }
    words.extend(edits(applied, &["title", "difficulty", "priority", "description", "due_at", "tags"]));
    words
}

/// `title "a" → "b"` for each of these fields that changed.
fn edits(applied: &Applied, names: &[&str]) -> Vec<String> {
    let value = |row: &Row, name: &str| row.fields.get(name).cloned().unwrap_or(Value::Null);
    let mut words = Vec::new();
    for name in names {
        let (Some(before), true) = (&applied.before, applied.change.fields.contains_key(*name)) else { continue };
        let (before, after) = (value(before, name), value(&applied.after, name));
        if before != after {
            let at = applied.change.at;
            words.push(format!("{name} {} → {}", short(name, &before, at), short(name, &after, at)));
        }
    }
    words
}

fn title(row: &Row) -> String {
    ["title", "name"]
        .iter()
        .find_map(|name| row.fields.get(*name))
        .and_then(Value::as_str)
        .map_or_else(String::new, quoted)
}

fn name(row: &Row) -> &str {
    row.fields.get("name").and_then(Value::as_str).unwrap_or_default()
}

fn number(row: &Row, name: &str) -> i64 {
    row.fields.get(name).and_then(Value::as_i64).unwrap_or_default()
}

fn grown(applied: &Applied, name: &str) -> i64 {
    number(&applied.after, name) - applied.before.as_ref().map_or(0, |row| number(row, name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn update(entity: &str, before: &Value, fields: &Value) -> Applied {
        let change = json!({ "position": 1, "transaction_id": Uuid::nil(), "at": 0, "op": "update", "entity": entity,
                             "id": Uuid::nil(), "version": 2, "fields": fields });
        let before = Row { version: 1, fields: before.as_object().unwrap().clone() };
        let mut after = before.clone();
        after.fields.extend(fields.as_object().unwrap().clone());
        Applied { change: serde_json::from_value(change).unwrap(), before: Some(before), after }
    }

    #[test]
    fn a_completion_reads_as_one_sentence() {
        let standing = json!({ "xp": 0, "level": 1, "xp_in_level": 0, "xp_to_next": 100, "energy_max": 18,
                               "energy_spent": 0, "streak": 0, "name": "身" });
        let grant = json!({ "xp": 20, "xp_in_level": 20, "energy_spent": 2, "streak": 1 });
        let told = effects(&[
            update("task", &json!({ "completed_at": null }), &json!({ "completed_at": 5 })),
            update("hero", &standing, &grant),
            update("skill", &standing, &json!({ "xp": 20, "xp_in_level": 20 })),
        ]);
        let expected =
            "task completed, hero +20 XP (level 1, 20/100), energy 16/18, streak 1, skill 身 +20 XP (level 1, 20/100)";
        assert_eq!(told.join(", "), expected);
    }

    #[test]
    fn edits_tell_before_and_after() {
        let told =
            effects(&[update("task", &json!({ "title": "a", "rank": "z" }), &json!({ "title": "b", "rank": "y" }))]);
        assert_eq!(told, ["title \"a\" → \"b\""]);
        let counted =
            update("goal", &json!({ "milestones_done": 0, "milestones_total": 2 }), &json!({ "milestones_done": 1 }));
        assert_eq!(effects(&[counted]), ["goal at 1/2 milestones"]);
    }
}
