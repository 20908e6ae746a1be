//! What opens and what does not.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use jsonwebtoken::{EncodingKey, Header};

use super::*;

struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("levelup-keys-{}", clock::uuid_v7())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn claims(expires_in_s: i64) -> AccessClaims {
    let issued_at_s = clock::now_ms() / 1_000;
    AccessClaims {
        account: AccountId(clock::uuid_v7()),
        device: DeviceId(clock::uuid_v7()),
        session: SessionId(clock::uuid_v7()),
        issued_at_s,
        expires_at_s: issued_at_s + expires_in_s,
        csrf: None,
    }
}

#[test]
fn a_token_says_what_was_signed_and_survives_a_restart() {
    let scratch = Scratch::new();
    let claims = claims(900);
    let token = Tokens::open(&scratch.0).unwrap().issue(&claims).unwrap();
    let restarted = Tokens::open(&scratch.0).unwrap();
    assert_eq!(restarted.verify(token.reveal()), Ok(claims));
    assert_eq!(restarted.verify(token.reveal()), Ok(claims));
}

#[test]
fn what_a_browser_has_to_repeat_is_in_its_token_and_in_no_other() {
    let scratch = Scratch::new();
    let tokens = Tokens::open(&scratch.0).unwrap();
    let app = claims(900);
    let browser = AccessClaims { csrf: Some(CsrfDigest([7; 32])), ..app };
    for claims in [app, browser] {
        let token = tokens.issue(&claims).unwrap().reveal().to_owned();
        assert_eq!(tokens.verify(&token), Ok(claims));
        let payload = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        assert_eq!(String::from_utf8(payload).unwrap().contains("csrf"), claims.csrf.is_some());
    }
}

#[test]
fn an_old_token_is_expired_and_a_foreign_or_changed_one_is_invalid() {
    let (scratch, elsewhere) = (Scratch::new(), Scratch::new());
    let tokens = Tokens::open(&scratch.0).unwrap();
    assert_eq!(tokens.verify(tokens.issue(&claims(0)).unwrap().reveal()), Err(TokenRejection::Expired));

    let foreign = Tokens::open(&elsewhere.0).unwrap().issue(&claims(900)).unwrap();
    assert_eq!(tokens.verify(foreign.reveal()), Err(TokenRejection::Invalid));

    let token = tokens.issue(&claims(900)).unwrap().reveal().to_owned();
    for at in (0..token.len()).step_by(7) {
        let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
        let mut changed = token.clone();
        changed.replace_range(at..=at, other);
        assert_eq!(tokens.verify(&changed), Err(TokenRejection::Invalid), "byte {at}");
    }
    for garbage in ["", ".", "..", "a.b.c", "🦀", &"x".repeat(TOKEN_BYTES_MAX + 1)] {
        assert_eq!(tokens.verify(garbage), Err(TokenRejection::Invalid));
    }
}

#[test]
fn no_other_algorithm_is_believed() {
    let scratch = Scratch::new();
    let tokens = Tokens::open(&scratch.0).unwrap();
    let token = tokens.issue(&claims(900)).unwrap().reveal().to_owned();
    let mut parts = token.split('.');
    let (header, payload, signature) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    let header = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    for algorithm in ["none", "HS256", "ES256"] {
        let header = BASE64_URL_SAFE_NO_PAD.encode(header.replace("EdDSA", algorithm));
        assert_eq!(tokens.verify(&format!("{header}.{payload}.{signature}")), Err(TokenRejection::Invalid));
        assert_eq!(tokens.verify(&format!("{header}.{payload}.")), Err(TokenRejection::Invalid));
    }
    // The classic confusion: the public key used as an HMAC secret.
    let public = tokens.public_keys().remove(0);
    let key = EncodingKey::from_secret(&public.bytes);
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some("at+jwt".to_owned());
    header.kid = Some(public.id);
    let payload: serde_json::Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    let confused = jsonwebtoken::encode(&header, &payload, &key).unwrap();
    assert_eq!(tokens.verify(&confused), Err(TokenRejection::Invalid));
}

#[test]
fn another_audience_or_issuer_is_refused() {
    let scratch = Scratch::new();
    let tokens = Tokens::open(&scratch.0).unwrap();
    for (iss, aud) in [("levelup", "elsewhere"), ("elsewhere", "levelup-api")] {
        let token = signed(&tokens, |_, payload| {
            payload.iss = iss.to_owned();
            payload.aud = aud.to_owned();
        });
        assert_eq!(tokens.verify(&token), Err(TokenRejection::Invalid));
    }
}

/// A token by the key of these, changed before it was signed.
fn signed(tokens: &Tokens, change: impl FnOnce(&mut Header, &mut Payload)) -> String {
    let claims = claims(900);
    let mut payload = Payload {
        sub: claims.account,
        dev: claims.device,
        sid: claims.session,
        iat: claims.issued_at_s,
        exp: claims.expires_at_s,
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        csrf: None,
    };
    let key = tokens.shared.ring.signing().unwrap();
    let mut header = key.header.clone();
    change(&mut header, &mut payload);
    jsonwebtoken::encode(&header, &payload, &key.encoding).unwrap()
}

#[test]
fn only_what_says_that_it_is_an_access_token_is_one() {
    let scratch = Scratch::new();
    let tokens = Tokens::open(&scratch.0).unwrap();
    assert!(tokens.verify(&signed(&tokens, |_, _| ())).is_ok());
    for typ in [None, Some("JWT"), Some("rt+jwt")] {
        let token = signed(&tokens, |header, _| header.typ = typ.map(str::to_owned));
        assert_eq!(tokens.verify(&token), Err(TokenRejection::Invalid), "{typ:?}");
    }
}

#[test]
fn only_a_well_formed_name_of_a_key_is_asked_after() {
    let scratch = Scratch::new();
    let tokens = Tokens::open(&scratch.0).unwrap();
    for kid in [None, Some(String::new()), Some("x".repeat(17)), Some("../../etc/passwd".to_owned())] {
        let token = signed(&tokens, |header, _| header.kid = kid);
        assert_eq!(tokens.verify(&token), Err(TokenRejection::Invalid));
    }
    assert_eq!(tokens.misses(), 0);
    let token = signed(&tokens, |header, _| header.kid = Some("abcdefghijklmnop".to_owned()));
    assert_eq!((tokens.verify(&token), tokens.misses()), (Err(TokenRejection::Invalid), 1));
}

#[test]
fn a_token_that_was_verified_is_refused_once_its_key_has_ended() {
    let scratch = Scratch::new();
    let tokens = Tokens::open(&scratch.0).unwrap();
    let token = tokens.issue(&claims(900)).unwrap();
    assert!(tokens.verify(token.reveal()).is_ok());
    let key = tokens.shared.ring.signing().unwrap();
    let ended = |ends_at| crate::postgres::signing_keys::PublishedKey {
        id: key.id.clone(),
        public: key.public,
        created_at: 0,
        retired_at: Some(0),
        ends_at: Some(ends_at),
    };
    tokens.shared.ring.set(None, &[ended(clock::now_ms() + 60_000)]);
    assert!(tokens.verify(token.reveal()).is_ok(), "retired, and good until it ends");
    assert_eq!(tokens.public_keys().len(), 1);
    tokens.shared.ring.set(None, &[ended(clock::now_ms())]);
    assert_eq!(tokens.verify(token.reveal()), Err(TokenRejection::KeyEnded));
    assert_eq!(tokens.verify(token.reveal()), Err(TokenRejection::KeyEnded), "verified anew");
    assert!(tokens.public_keys().is_empty());
    assert!(tokens.issue(&claims(900)).is_err(), "nothing signs");
}

#[test]
fn a_key_that_is_gone_from_the_table_is_no_longer_good() {
    let scratch = Scratch::new();
    let tokens = Tokens::open(&scratch.0).unwrap();
    let token = tokens.issue(&claims(900)).unwrap();
    assert!(tokens.verify(token.reveal()).is_ok());
    tokens.shared.ring.set(None, &[]);
    assert_eq!(tokens.verify(token.reveal()), Err(TokenRejection::KeyEnded), "remembered");
    assert_eq!(tokens.verify(token.reveal()), Err(TokenRejection::Invalid), "unknown");
}

#[test]
fn the_key_of_an_earlier_version_is_taken_over_under_its_name() {
    let scratch = Scratch::new();
    let tokens = Tokens::open(&scratch.0).unwrap();
    let id = tokens.public_keys().remove(0).id;
    let (named, first) = (scratch.0.join(format!("keys/{id}.pk8")), scratch.0.join("keys/access.pk8"));
    std::fs::rename(&named, &first).unwrap();
    assert_eq!(Tokens::open(&scratch.0).unwrap().public_keys(), tokens.public_keys());
    assert!(named.exists() && !first.exists());
}

#[test]
fn processes_that_start_together_share_one_key_which_only_its_owner_reads() {
    let scratch = Scratch::new();
    let token = std::thread::scope(|scope| {
        let opening: Vec<_> = (0..8).map(|_| scope.spawn(|| Tokens::open(&scratch.0).unwrap())).collect();
        let opened: Vec<_> = opening.into_iter().map(|thread| thread.join().unwrap()).collect();
        let token = opened[0].issue(&claims(900)).unwrap();
        assert!(opened.iter().all(|tokens| tokens.verify(token.reveal()).is_ok()));
        token
    });
    let files: Vec<_> = std::fs::read_dir(scratch.0.join("keys")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [key] = files.as_slice() else { panic!("{files:?}") };
    assert_eq!(std::fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(Tokens::open(&scratch.0).unwrap().verify(token.reveal()).is_ok());
    assert_eq!(std::fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_damaged_key_is_an_error_and_is_not_replaced() {
    let scratch = Scratch::new();
    std::fs::create_dir_all(scratch.0.join("keys")).unwrap();
    std::fs::write(scratch.0.join("keys/access.pk8"), b"not a key").unwrap();
    assert!(matches!(Tokens::open(&scratch.0), Err(KeyError::Malformed(_))));
    assert_eq!(std::fs::read(scratch.0.join("keys/access.pk8")).unwrap(), b"not a key");
}
