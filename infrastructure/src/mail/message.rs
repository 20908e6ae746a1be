//! From a text to a message with headers, as RFC 5322 has it. Nothing that people chose gets into a header, except the
//! address, which is one.

use std::time::{Duration, SystemTime};

use application::identity::mail_text::MailText;
use lettre::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, SinglePart};
use uuid::Uuid;

use super::transport::SendError;

/// Which mail, which attempt, to whom and when.
pub(super) struct Outgoing<'a> {
    /// The row.
    pub(super) mail: Uuid,
    /// Which attempt it is; each may say another token.
    pub(super) attempt: i64,
    /// The address.
    pub(super) to: &'a str,
    /// Now, ms.
    pub(super) now_ms: i64,
}

/// The message. An address that no mail can be sent to will never be another one.
pub(super) fn compose(from: &Mailbox, outgoing: &Outgoing<'_>, text: MailText) -> Result<Message, SendError> {
    let to: Address = outgoing.to.parse().map_err(|_| never("the address is none that mail can be sent to"))?;
    // Attempts differ in their id: a mail server that took two of them for one could keep the one whose token was
    // replaced.
    let id = format!("<{}.{}@{}>", outgoing.mail, outgoing.attempt, from.email.domain());
    let millis = Duration::from_millis(outgoing.now_ms.max(0).unsigned_abs());
    let part = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(body(text.body));
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(text.subject)
        .date(SystemTime::UNIX_EPOCH + millis)
        .message_id(Some(id))
        // Nobody's holiday notice has to answer (RFC 3834).
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .singlepart(part)
        .map_err(|_| never("it has no sender or no recipient"))
}

/// Plain as long as it can be, so that a link stands in the file as it is; lines are far below what mail allows.
fn body(text: String) -> Body {
    match text.is_ascii() {
        true => Body::dangerous_pre_encoded(text.replace('\n', "\r\n").into_bytes(), ContentTransferEncoding::SevenBit),
        false => Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable).unwrap_or_else(Body::new),
    }
}

fn never(why: &str) -> SendError {
    SendError::Never(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composed(from: &str, to: &str, body: &str) -> Result<String, SendError> {
        let outgoing = Outgoing { mail: Uuid::nil(), attempt: 2, to, now_ms: 1_795_371_420_000 };
        let text = MailText { subject: "Set a new password", body: body.to_owned() };
        let message = compose(&from.parse().unwrap(), &outgoing, text)?;
        Ok(String::from_utf8(message.formatted()).unwrap())
    }

    #[test]
    fn a_message_is_plain_text_with_the_usual_headers() {
        let link = format!("https://levelup.example/#/reset-password?token={}", "x".repeat(43));
        let message =
            composed("Level Up <levelup@example.org>", "ada@example.org", &format!("Hello\n\n{link}\n")).unwrap();
        assert!(message.contains("From: \"Level Up\" <levelup@example.org>\r\n"), "{message}");
        assert!(message.contains("To: ada@example.org\r\n"), "{message}");
        assert!(message.contains("Message-ID: <00000000-0000-0000-0000-000000000000.2@example.org>\r\n"), "{message}");
        assert!(message.contains("Auto-Submitted: auto-generated\r\n"), "{message}");
        assert!(message.contains("Date: Sun, 22 Nov 2026 18:17:00 +0000\r\n"), "{message}");
        assert!(message.contains("Content-Type: text/plain; charset=utf-8\r\n"), "{message}");
        assert!(message.contains(&format!("\r\n\r\nHello\r\n\r\n{link}\r\n")), "{message}");
    }

    #[test]
    fn what_is_not_ascii_is_encoded() {
        let message = composed("levelup@example.org", "ada@example.org", "Ada's Gerät 📱\n").unwrap();
        assert!(message.is_ascii() && message.contains("Content-Transfer-Encoding: quoted-printable"), "{message}");
    }

    #[test]
    fn no_address_adds_a_header() {
        for to in ["ada@example.org\r\nBcc: eve@example.org", "ada@example.org\nX: y", "ada\r\n@example.org", "", "ada"]
        {
            assert!(matches!(composed("levelup@example.org", to, "x"), Err(SendError::Never(_))), "{to:?}");
        }
    }
}
