//! `GET /api/data?type=` and `GET /api/data/batch?types=`: the same pieces by name, one or several.

use std::borrow::Cow;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::answer;
use super::piece::{GOALS, PROFILE, Piece, SKILLS, STATS, TASKS, text};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v2::parameters::invalid;

const UNKNOWN: &str = "There is no such data. The types are profile, stats, skills, goals and tasks.";

/// Which one.
#[derive(Deserialize)]
pub struct DataQuery {
    #[serde(default, rename = "type")]
    name: String,
}

/// Which ones, separated by commas.
#[derive(Deserialize)]
pub struct BatchQuery {
    #[serde(default)]
    types: String,
}

/// What of the caller's has this name.
pub async fn data(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<DataQuery>,
) -> Result<HttpResponse, Problem> {
    let piece = piece(&query.name).ok_or_else(|| invalid("type", UNKNOWN))?;
    answer(&app, &request, &caller, [piece]).await
}

/// What of the caller's has one of these names, each under its own; of names that are none it is said.
pub async fn batch(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<BatchQuery>,
) -> Result<HttpResponse, Problem> {
    answer(&app, &request, &caller, pieces(&query.types)).await
}

fn piece(name: &str) -> Option<Piece> {
    Some(match name {
        "profile" => PROFILE,
        "stats" => STATS,
        "skills" => SKILLS,
        "goals" => GOALS,
        "tasks" => TASKS,
        _ => return None,
    })
}

/// The pieces of the answer to a list of names; a name that comes again is answered once.
fn pieces(types: &str) -> Vec<Piece> {
    let (mut pieces, mut errors, mut seen) = (vec![text(r#"{"data":{"#)], Map::new(), Vec::new());
    for name in types.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let Some(piece) = piece(name) else {
            errors.insert(name.to_owned(), UNKNOWN.into());
            continue;
        };
        if seen.contains(&name) {
            continue;
        }
        let comma = if seen.is_empty() { "" } else { "," };
        pieces.extend([Piece::Text(Cow::Owned(format!(r#"{comma}"{name}":"#))), piece]);
        seen.push(name);
    }
    pieces.push(match errors.is_empty() {
        true => text("}}"),
        false => Piece::Text(Cow::Owned(format!(r#"}},"errors":{}}}"#, Value::Object(errors)))),
    });
    pieces
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The answer, with null for what is read.
    fn answered(types: &str) -> Value {
        let text = |piece: Piece| match piece {
            Piece::Text(text) => text.into_owned(),
            Piece::List(_) | Piece::Hero(_) => "null".to_owned(),
        };
        let whole: String = pieces(types).into_iter().map(text).collect();
        serde_json::from_str(&whole).unwrap()
    }

    #[test]
    fn every_name_is_answered_once_and_what_is_no_name_is_told() {
        assert_eq!(answered("tasks, stats,tasks"), json!({ "data": { "tasks": null, "stats": null } }));
        assert_eq!(
            answered("\"},x,,profile"),
            json!({ "data": { "profile": null }, "errors": { "\"}": UNKNOWN, "x": UNKNOWN } })
        );
        assert_eq!(answered(""), json!({ "data": {} }));
    }
}
