use serde_json::{Value, json};

use super::*;
use crate::identity::password::mail_token::MailToken;

/// 22 November 2026, 18:17 UTC.
const AT: i64 = 1_795_371_420_000;

fn written(kind: LetterKind, about: &Value) -> MailText {
    let code = MailToken::of([7; 32]).text();
    let code = kind.purpose().map(|_| &code);
    let matter =
        Matter { kind, about, at: AT, time_zone: "Europe/Zurich", public_url: "https://levelup.example", code };
    write(&matter)
}

fn kinds() -> [LetterKind; 8] {
    use LetterKind::*;
    [
        PasswordReset,
        EmailVerification,
        RegistrationRepeated,
        PasswordChanged,
        NewDevice,
        SessionReplayed,
        DeletionScheduled,
        AccountLocked,
    ]
}

#[test]
fn every_mail_says_when_and_from_where_and_what_to_do() {
    for kind in kinds() {
        let mail = written(kind, &json!({ "network": "203.0.113.0/24", "device_name": "phone", "platform": "ios" }));
        assert!(mail.body.contains("22 November 2026 at 19:17 (Europe/Zurich)"), "{}", mail.body);
        let from = mail.body.contains("from the network 203.0.113.0/24");
        assert_eq!(from, kind != LetterKind::AccountLocked, "{}", mail.body);
        assert!(mail.body.contains("If ") || mail.body.contains(" if "), "{}", mail.body);
        assert!(mail.subject.is_ascii() && !mail.subject.contains(['\r', '\n']));
    }
}

#[test]
fn mails_with_a_token_say_it_behind_the_hash_and_bare() {
    let code = MailToken::of([7; 32]).text();
    for (kind, page) in [(LetterKind::PasswordReset, "reset-password"), (LetterKind::EmailVerification, "verify-email")]
    {
        let body = written(kind, &json!({})).body;
        assert!(body.contains(&format!("\nhttps://levelup.example/#/{page}?token={}\n", code.reveal())), "{body}");
        assert!(body.contains(&format!("\n{}\n", code.reveal())), "{body}");
    }
    let silent = kinds().into_iter().filter(|kind| kind.purpose().is_none());
    for kind in silent {
        assert!(!written(kind, &json!({})).body.contains(code.reveal()));
    }
}

#[test]
fn a_name_cannot_break_out_of_its_line() {
    let name = "phone\r\n\r\nBcc: everybody@example.org\u{2028}\u{202e}x\0";
    for kind in [LetterKind::NewDevice, LetterKind::SessionReplayed] {
        let about = json!({ "device_name": name, "platform": "ios\r\nX: y", "network": "1.2.3.0/24\r\n.\r\nQUIT" });
        let body = written(kind, &about).body;
        assert!(body.lines().any(|line| line == "    \"phoneBcc: everybody@example.orgx\" (iosX: y)"), "{body}");
        assert!(!body.contains('\r') && !body.lines().any(|line| line == "." || line.starts_with("Bcc")), "{body}");
    }
}

#[test]
fn what_is_not_known_is_left_out() {
    for kind in kinds() {
        for about in [json!({}), json!({ "network": null, "device_name": 7 }), json!([])] {
            let body = written(kind, &about).body;
            assert!(!body.contains("network") && !body.contains("null"), "{body}");
        }
    }
}

#[test]
fn a_mail_that_a_stranger_can_cause_holds_nothing_that_the_stranger_chose() {
    let about = json!({ "device_name": "Win at https://evil.example", "platform": "https://evil.example" });
    for kind in [LetterKind::PasswordReset, LetterKind::EmailVerification, LetterKind::RegistrationRepeated] {
        assert!(!written(kind, &about).body.contains("evil"));
    }
}

#[test]
fn a_long_name_is_cut_and_lines_stay_short() {
    let body = written(LetterKind::NewDevice, &json!({ "device_name": "x".repeat(5_000) })).body;
    assert!(body.lines().all(|line| line.len() < 200), "{body}");
}

#[test]
fn an_unknown_zone_is_told_in_utc() {
    let matter = Matter {
        kind: LetterKind::AccountLocked,
        about: &json!({}),
        at: AT,
        time_zone: "Middle/Earth",
        public_url: "https://levelup.example",
        code: None,
    };
    assert!(write(&matter).body.contains("22 November 2026 at 18:17 (UTC)"));
}
