//! What every operation with a token has in common, written once: how a browser calls it, and how strangers are refused.
//! All of them are admitted in one place, so no handler could answer otherwise.

use utoipa::Modify;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, PathItem, Ref, RefOr, Required, Response, ResponseBuilder};

use crate::caller::X_WAIT_FOR;
use crate::problem::PROBLEM_JSON;
use crate::rollout::is_refused_elsewhere;

/// What a token can be refused with (401), whatever carried it.
const TOKENS: [&str; 4] = ["token_missing", "token_invalid", "token_expired", "session_revoked"];
/// What a request by cookie can be refused with besides (403): the second only if it is not read only.
const COOKIES: [&str; 2] = ["origin_refused", "csrf_invalid"];

/// What a read that waits for a position can be refused with besides, by status.
const WAITING: [(&str, &[&str]); 3] =
    [("400", &["cursor_invalid", "cursor_foreign"]), ("409", &["cursor_outlived"]), ("503", &["not_yet"])];

/// Completes the operations with a token.
pub(super) struct Admission;

impl Modify for Admission {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        let access = ApiKeyValue::with_description(
            "__Host-levelup_access",
            "Set by signing in with `cookies: true`; `levelup_access` on plain HTTP to one's own machine.",
        );
        let csrf = ApiKeyValue::with_description(
            "X-CSRF-Token",
            "The `csrf_token` of the sign-in, also in the cookie `__Host-levelup_csrf`; for all that is not read only.",
        );
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(access)));
        components.add_security_scheme("csrf", SecurityScheme::ApiKey(ApiKey::Header(csrf)));
        document.paths.paths.iter_mut().for_each(|(path, item)| complete(path, item));
    }
}

fn complete(path: &str, item: &mut PathItem) {
    [&mut item.get, &mut item.head].into_iter().flatten().for_each(|operation| admit(path, operation, true));
    [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete]
        .into_iter()
        .flatten()
        .for_each(|operation| admit(path, operation, false));
}

fn admit(path: &str, operation: &mut Operation, is_safe: bool) {
    let none: [&str; 0] = [];
    let Some(security) = &mut operation.security else { return };
    if !security.contains(&SecurityRequirement::new("bearer", none)) {
        return;
    }
    let brings_token_later = security.contains(&SecurityRequirement::default());
    let cookie = SecurityRequirement::new("cookie", none);
    security.push(if is_safe { cookie } else { cookie.add("csrf", none) });
    document(operation, "401", &TOKENS);
    document(operation, "403", if is_safe { &COOKIES[..1] } else { &COOKIES });
    if is_refused_elsewhere(path, is_safe) {
        document(operation, "421", &["account_elsewhere"]);
    }
    // A live connection brings its token later, and everything in order.
    if is_safe && !brings_token_later {
        WAITING.iter().for_each(|(status, codes)| document(operation, status, codes));
        operation.parameters.get_or_insert_default().push(wait_for().into());
    }
}

fn wait_for() -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String).build();
    ParameterBuilder::new()
        .name(X_WAIT_FOR.as_str())
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .schema(Some(text))
        .description(Some("A cursor: wait, at most 2 s, until this node sees its position."))
        .build()
}

/// Adds what is not said yet about a status.
fn document(operation: &mut Operation, status: &str, codes: &[&str]) {
    let found = operation.responses.responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem()));
    let RefOr::T(Response { description, .. }) = found else { return };
    for code in codes.iter().map(|code| format!("`{code}`")) {
        if !description.contains(&code) {
            let comma = if description.is_empty() { "" } else { ", " };
            description.push_str(&format!("{comma}{code}"));
        }
    }
}

fn problem() -> Response {
    let schema = Ref::from_schema_name("Problem");
    ResponseBuilder::new().content(PROBLEM_JSON, ContentBuilder::new().schema(Some(schema)).build()).build()
}
