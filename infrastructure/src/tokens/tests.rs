//! What opens and what does not.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

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
    let key = EncodingKey::from_secret(tokens.decoding.try_get_as_bytes().unwrap());
    let mut header = Header::new(Algorithm::HS256);
    header.kid.clone_from(&tokens.header.kid);
    let payload: serde_json::Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    let confused = jsonwebtoken::encode(&header, &payload, &key).unwrap();
    assert_eq!(tokens.verify(&confused), Err(TokenRejection::Invalid));
}

#[test]
fn another_audience_or_issuer_is_refused() {
    let scratch = Scratch::new();
    let tokens = Tokens::open(&scratch.0).unwrap();
    let claims = claims(900);
    for (iss, aud) in [("levelup", "elsewhere"), ("elsewhere", "levelup-api")] {
        let payload = Payload {
            sub: claims.account,
            dev: claims.device,
            sid: claims.session,
            iat: claims.issued_at_s,
            exp: claims.expires_at_s,
            iss: iss.to_owned(),
            aud: aud.to_owned(),
            csrf: None,
        };
        let token = jsonwebtoken::encode(&tokens.header, &payload, &tokens.encoding).unwrap();
        assert_eq!(tokens.verify(&token), Err(TokenRejection::Invalid));
    }
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
    let key = scratch.0.join("keys/access.pk8");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(scratch.0.join("keys")).unwrap().count(), 1);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(Tokens::open(&scratch.0).unwrap().verify(token.reveal()).is_ok());
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_damaged_key_is_an_error_and_is_not_replaced() {
    let scratch = Scratch::new();
    std::fs::create_dir_all(scratch.0.join("keys")).unwrap();
    std::fs::write(scratch.0.join("keys/access.pk8"), b"not a key").unwrap();
    assert!(matches!(Tokens::open(&scratch.0), Err(KeyError::Malformed(_))));
    assert_eq!(std::fs::read(scratch.0.join("keys/access.pk8")).unwrap(), b"not a key");
}
