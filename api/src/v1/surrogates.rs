//! Halves of characters in JSON: scripts cut texts between the two halves of an emoji, and send what is left as an escape
//! that stands for no character. It is kept as the sign for what cannot be shown, and the rest of the text with it.

use std::borrow::Cow;

/// The escape of U+FFFD.
const REPLACEMENT: &[u8] = br"\ufffd";
/// Bytes of an escape such as `\ud83d`.
const ESCAPE_BYTES: usize = 6;

/// The same JSON without escapes of lone halves. Bytes that are no JSON are as they were, or are still none.
pub(super) fn mended(json: &[u8]) -> Cow<'_, [u8]> {
    let mut mended: Option<Vec<u8>> = None;
    let mut at = 0;
    while at < json.len() {
        let (length, is_lone) = next(&json[at..]);
        if is_lone && mended.is_none() {
            mended = Some(json[..at].to_vec());
        }
        if let Some(mended) = &mut mended {
            mended.extend_from_slice(if is_lone { REPLACEMENT } else { &json[at..at + length] });
        }
        at += length;
    }
    mended.map_or(Cow::Borrowed(json), Cow::Owned)
}

/// How many bytes belong together at the beginning of `rest`, which is not empty, and whether they are a lone half.
fn next(rest: &[u8]) -> (usize, bool) {
    if rest[0] != b'\\' {
        return (1, false);
    }
    match unit(rest) {
        // Whatever is escaped otherwise takes two bytes; the second may be a backslash.
        None => (rest.len().min(2), false),
        Some(0xd800..=0xdbff) => match rest.get(ESCAPE_BYTES..).and_then(unit) {
            Some(0xdc00..=0xdfff) => (2 * ESCAPE_BYTES, false),
            _ => (ESCAPE_BYTES, true),
        },
        Some(0xdc00..=0xdfff) => (ESCAPE_BYTES, true),
        Some(_) => (ESCAPE_BYTES, false),
    }
}

/// The number of the escape at the beginning, if one is there.
fn unit(rest: &[u8]) -> Option<u16> {
    let digits = rest.strip_prefix(br"\u")?.get(..4)?;
    let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u16::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn lone_halves_become_the_sign_for_what_cannot_be_shown() {
        for (sent, kept) in [
            (r#""a\ud83d""#, "a\u{fffd}"),
            (r#""\ud83d\ude00""#, "😀"),
            (r#""\uD83Dx\uDE00""#, "\u{fffd}x\u{fffd}"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\ud83d\ud83d\ude00\n""#, "\u{fffd}😀\n"),
            (r#""\\ud83d""#, r"\ud83d"),
            (r#""\\\ud83d""#, "\\\u{fffd}"),
        ] {
            let read: Value = serde_json::from_slice(&mended(sent.as_bytes())).unwrap();
            assert_eq!(read, kept, "{sent}");
        }
        for other in [r#""\"#, r#""\ud8"#, r#""\u+d83""#, r#"{"a":"x"}"#, ""] {
            assert_eq!(mended(other.as_bytes()), other.as_bytes(), "{other}");
        }
    }
}
