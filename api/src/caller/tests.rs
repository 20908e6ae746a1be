//! Who is let in, and what strangers are told.

use actix_web::http::header::WWW_AUTHENTICATE;
use actix_web::test::TestRequest;
use actix_web::{ResponseError, web};
use application::identity::{AccessClaims, TokenIssuer};
use infrastructure::clock;
use infrastructure::config::{Serving, Settings};
use infrastructure::postgres::{pool, replica::Replica};
use tokio_util::sync::CancellationToken;

use super::*;

fn app() -> web::Data<App> {
    let data_dir = std::env::temp_dir().join(format!("levelup-caller-{}", clock::uuid_v7()));
    let settings = Serving { settings: Settings { data_dir, ..Settings::default() }, ..Serving::default() };
    // Nothing connects before a statement is sent, and none is.
    let pool = pool::connect("host=127.0.0.1 port=1 user=nobody".parse().unwrap(), 1).unwrap();
    web::Data::new(App::open(settings, pool, Replica::default(), CancellationToken::new()).unwrap())
}

fn token(app: &App, lifetime_s: i64) -> (AccessClaims, String) {
    let issued_at_s = clock::now_ms() / 1_000;
    let claims = AccessClaims {
        account: AccountId(clock::uuid_v7()),
        device: DeviceId(clock::uuid_v7()),
        session: SessionId(clock::uuid_v7()),
        issued_at_s,
        expires_at_s: issued_at_s + lifetime_s,
        csrf: None,
    };
    (claims, app.tokens.issue(&claims).unwrap().reveal().to_owned())
}

async fn call(app: &web::Data<App>, authorization: &str) -> Result<Caller, Problem> {
    let request = TestRequest::default().app_data(app.clone()).insert_header((AUTHORIZATION, authorization));
    Caller::extract(&request.to_http_request()).await
}

#[actix_web::test]
async fn a_token_of_this_server_names_the_caller() {
    let app = app();
    let (claims, token) = token(&app, 900);
    let caller = call(&app, &format!("bEARER {token}")).await.unwrap();
    assert_eq!((caller.account, caller.device, caller.session), (claims.account, claims.device, claims.session));
    assert_eq!(caller.space.0, claims.account.0);
    assert_eq!(caller.expires_at, claims.expires_at_s * 1_000);
    std::fs::remove_dir_all(&app.serving.settings.data_dir).unwrap();
}

#[actix_web::test]
async fn a_token_of_a_key_that_cannot_be_looked_up_is_not_called_invalid() {
    let (here, elsewhere) = (app(), app());
    let (_, token) = token(&elsewhere, 900);
    let problem = call(&here, &format!("Bearer {token}")).await.unwrap_err();
    assert_eq!((problem.code(), problem.status().as_u16()), ("unavailable", 503));
    for app in [here, elsewhere] {
        std::fs::remove_dir_all(&app.serving.settings.data_dir).unwrap();
    }
}

#[actix_web::test]
async fn strangers_are_told_what_is_wrong_with_their_token() {
    let app = app();
    let (_, expired) = token(&app, -1);
    for (authorization, code, challenged) in [
        (String::new(), "token_missing", false),
        ("Basic YTpi".to_owned(), "token_missing", false),
        ("Bearer".to_owned(), "token_missing", false),
        ("Bearer ".to_owned(), "token_invalid", true),
        ("Bearer a.b.c".to_owned(), "token_invalid", true),
        (format!("Bearer {expired}"), "token_expired", true),
    ] {
        let problem = call(&app, &authorization).await.unwrap_err();
        assert_eq!(problem.code(), code, "{authorization}");
        let response = problem.error_response();
        assert_eq!(response.status(), 401);
        let challenge = response.headers().get(WWW_AUTHENTICATE).unwrap().to_str().unwrap();
        assert_eq!(challenge.contains("invalid_token"), challenged, "{authorization}");
    }
    std::fs::remove_dir_all(&app.serving.settings.data_dir).unwrap();
}
