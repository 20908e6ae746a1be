//! The bodies of this room.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use application::identity::SignedIn;
use infrastructure::postgres::legacy::LegacyUser;
use serde_json::{Map, Value, json};

use crate::body::reply;
use crate::problem::{Code, Problem};
use crate::state::App;
use crate::v1::moment;

/// The text of a member; empty where there is none.
pub(super) fn text(body: &Map<String, Value>, name: &str) -> String {
    body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// An answer that only says something.
pub(super) fn said(request: &HttpRequest, message: &str) -> HttpResponse {
    reply(request, StatusCode::OK, &json!({ "message": message }))
}

/// Who is signed in now, and by which tokens.
pub(super) async fn signed_in(app: &App, signed_in: &SignedIn) -> Result<Map<String, Value>, Problem> {
    let user = app.legacy.user(signed_in.account.id).await?.ok_or_else(gone)?;
    let LegacyUser { user_id, email, first_name, last_name, .. } = user;
    let mut body = tokens(signed_in);
    let user = json!({ "id": user_id, "email": email, "firstName": name(first_name), "lastName": name(last_name) });
    body.insert("user".to_owned(), user);
    Ok(body)
}

/// The tokens of a session.
pub(super) fn tokens(signed_in: &SignedIn) -> Map<String, Value> {
    let SignedIn { access_token, refresh_token, .. } = signed_in;
    Map::from_iter([
        ("accessToken".to_owned(), access_token.reveal().into()),
        ("refreshToken".to_owned(), refresh_token.reveal().into()),
    ])
}

/// A name; null where nobody said one.
fn name(name: String) -> Option<String> {
    Some(name).filter(|name| !name.is_empty())
}

/// The account went while it asked.
pub(super) fn gone() -> Problem {
    Problem::new(Code::TokenInvalid).detail("There is no such account any more.")
}

/// The whole row of an account, without what is secret.
pub(super) fn user(user: LegacyUser) -> Value {
    let moment = |ms: Option<i64>| ms.and_then(moment::text);
    json!({
        "id": user.user_id,
        "email": user.email,
        "firstName": name(user.first_name),
        "lastName": name(user.last_name),
        "profileImageUrl": user.profile_image_url,
        "deletionRequestedAt": moment(user.deletion_requested_at),
        "deletionScheduledFor": moment(user.erase_after),
        "createdAt": moment(Some(user.created_at)),
        "updatedAt": moment(Some(user.updated_at)),
    })
}
