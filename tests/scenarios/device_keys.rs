//! The key of a device: its own to choose once, and after that only with the password.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use infrastructure::clock::random_bytes;
use p256::SecretKey;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::pkcs8::EncodePublicKey;
use serde_json::{Value, json};
use support::commands::id;
use uuid::Uuid;

use crate::installation::{DEVICES, change, described, logged};
use crate::stage::Stage;

/// A new key: its point as the Secure Enclave gives it, and its SPKI as WebCrypto does.
fn key() -> (Vec<u8>, Vec<u8>) {
    let public = SecretKey::from_slice(&random_bytes::<32>()).unwrap().public_key();
    let point = public.to_encoded_point(false).as_bytes().to_vec();
    (point, public.to_public_key_der().unwrap().into_vec())
}

fn text(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

async fn stored(stage: &Stage, device: Uuid) -> Option<Vec<u8>> {
    let statement = "SELECT public_key FROM devices WHERE account_id = $1 AND device_id = $2";
    stage.sql.query_one(statement, &[&stage.account.space(), &device]).await.unwrap().get(0)
}

#[tokio::test]
async fn both_forms_of_a_key_are_stored_as_its_point() {
    let stage = Stage::set().await;
    let own = stage.account.session.device_id();
    let (point, spki) = key();
    let set = change(&stage.http, own, &json!({ "public_key": text(&spki) })).await;
    assert_eq!((set.status, &set.json()["has_key"]), (200, &json!(true)), "{}", set.json());
    assert_eq!(stored(&stage, own).await, Some(point.clone()));
    let again = change(&stage.http, own, &json!({ "public_key": text(&point) })).await;
    assert_eq!(again.status, 200, "the same key again changes nothing and needs no password");
    let mut body = described(own, "phone");
    body["public_key"] = json!(text(&point));
    assert_eq!(stage.http.post(DEVICES, body.to_string()).await.status, 200);
    let shown = stage.http.get(DEVICES).await;
    assert!(!String::from_utf8_lossy(&shown.body).contains(&text(&point)));
    let said = logged(&stage.sql, stage.account.space(), "device_key_set").await;
    assert_eq!(said, [(Some(own), json!({ "key": "first" }))]);
}

#[tokio::test]
async fn another_key_or_none_needs_the_password() {
    let stage = Stage::set().await;
    let own = stage.account.session.device_id();
    let ((first, _), (second, _)) = (key(), key());
    assert_eq!(change(&stage.http, own, &json!({ "public_key": text(&first) })).await.status, 200);
    for wish in [json!(text(&second)), json!(null)] {
        let bare = change(&stage.http, own, &json!({ "public_key": wish })).await;
        assert_eq!((bare.status, bare.problem().as_str()), (403, "password_required"));
        let wrong = json!({ "public_key": wish, "current_password": "wrong horse", "device_name": "Taken" });
        let wrong = change(&stage.http, own, &wrong).await;
        assert_eq!((wrong.status, wrong.problem().as_str()), (401, "credentials_invalid"));
        let long = json!({ "public_key": wish, "current_password": "x".repeat(2_000) });
        assert_eq!(change(&stage.http, own, &long).await.problem(), "credentials_invalid");
        assert_eq!(stored(&stage, own).await, Some(first.clone()));
    }
    let mut body = described(own, "phone");
    body["public_key"] = json!(text(&second));
    assert_eq!(stage.http.post(DEVICES, body.to_string()).await.problem(), "password_required");
    let password = &stage.account.credentials.password;
    let replaced = json!({ "public_key": text(&second), "current_password": password });
    assert_eq!(change(&stage.http, own, &replaced).await.status, 200);
    assert_eq!(stored(&stage, own).await, Some(second));
    let removed = change(&stage.http, own, &json!({ "public_key": null, "current_password": password })).await;
    assert_eq!((removed.status, &removed.json()["has_key"]), (200, &json!(false)));
    assert_eq!(change(&stage.http, own, &json!({ "public_key": null })).await.status, 200, "there is none to remove");
    let said: Vec<Value> =
        logged(&stage.sql, stage.account.space(), "device_key_set").await.into_iter().map(|(_, about)| about).collect();
    assert_eq!(said, [json!({ "key": "first" }), json!({ "key": "replaced" }), json!({ "key": "removed" })]);
    assert_eq!(logged(&stage.sql, stage.account.space(), "sign_in_refused").await.len(), 4, "guesses are told of");
}

#[tokio::test]
async fn only_the_device_itself_is_given_a_key() {
    let stage = Stage::set().await;
    let (other, own) = (id(), stage.account.session.device_id());
    stage.http.post(DEVICES, described(other, "tablet").to_string()).await;
    let password = &stage.account.credentials.password;
    for wish in [json!(text(&key().0)), json!(null)] {
        let body = json!({ "public_key": wish, "current_password": password });
        let refused = change(&stage.http, other, &body).await;
        assert_eq!((refused.status, refused.problem().as_str()), (403, "device_key_foreign"));
        assert_eq!(change(&stage.http, id(), &body).await.problem(), "not_found");
    }
    for device in [other, id()] {
        let mut body = described(device, "tablet");
        body["public_key"] = json!(text(&key().0));
        assert_eq!(stage.http.post(DEVICES, body.to_string()).await.problem(), "device_key_foreign");
    }
    assert_eq!((stored(&stage, other).await, stored(&stage, own).await), (None, None));
}

#[tokio::test]
async fn what_is_no_p256_key_is_refused() {
    let stage = Stage::set().await;
    let own = stage.account.session.device_id();
    let (point, spki) = key();
    let (mut off_curve, mut other_curve) = (point.clone(), spki.clone());
    off_curve[64] ^= 1;
    other_curve[22] ^= 1;
    let compressed = [&[2 + (point[64] & 1)], &point[1..33]].concat();
    // RFC 8410, section 4.
    let x25519 = [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00][..], &[9; 32]].concat();
    let cases = [
        ("off the curve", text(&off_curve)),
        ("off the curve, SPKI", text(&[&spki[..26], &off_curve].concat())),
        ("of another curve", text(&other_curve)),
        ("compressed", text(&compressed)),
        ("x25519", text(&x25519)),
        ("infinity", text(&[0])),
        ("empty", String::new()),
        ("cut", text(&point[..64])),
        ("longer", text(&[&spki[..], &[0]].concat())),
        ("no base64url", "***".to_owned()),
        ("hexadecimal", point.iter().map(|byte| format!("{byte:02x}")).collect()),
        ("5 KB", "A".repeat(5_000)),
    ];
    for (name, wish) in cases {
        let answer = change(&stage.http, own, &json!({ "public_key": wish })).await;
        assert_eq!((answer.status, answer.problem().as_str()), (422, "fields_invalid"), "{name}");
        let error = &answer.json()["errors"][0];
        assert_eq!(
            (&error["code"], &error["pointer"]),
            (&json!("public_key_invalid"), &json!("/public_key")),
            "{name}"
        );
        let mut body = described(own, "phone");
        body["public_key"] = json!(wish);
        assert_eq!(stage.http.post(DEVICES, body.to_string()).await.problem(), "fields_invalid", "{name}");
    }
    for wish in [json!(7), json!({ "kty": "EC" })] {
        assert_eq!(change(&stage.http, own, &json!({ "public_key": wish })).await.problem(), "body_invalid");
    }
    assert_eq!(stored(&stage, own).await, None);
}
