//! The P-256 key of a device: its private half never leaves the Secure Enclave or WebCrypto; with the public half the
//! server checks that a refresh comes from the device itself.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::identity::limits::DEVICE_KEY_BYTES;

/// What stands before the point in the SPKI of a P-256 key (RFC 5480, section 2): DER has one way to write it.
const SPKI_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// The first byte of an uncompressed point (SEC 1, section 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// A public key on the curve P-256: an uncompressed point (X9.63).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DeviceKey([u8; DEVICE_KEY_BYTES]);

impl DeviceKey {
    /// The key that a client sent: base64url of an uncompressed point, or of its SPKI in DER. `None` when it is neither, or
    /// the point is not on the curve.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        Self::of_point(bytes.strip_prefix(&SPKI_PREFIX).unwrap_or(&bytes))
    }

    /// The key of an uncompressed point, as it is stored; `None` when it is not on the curve.
    pub fn of_point(point: &[u8]) -> Option<Self> {
        let point: [u8; DEVICE_KEY_BYTES] = point.try_into().ok()?;
        let on_curve = point[0] == UNCOMPRESSED && p256::PublicKey::from_sec1_bytes(&point).is_ok();
        on_curve.then_some(Self(point))
    }

    /// The form that is stored.
    pub fn point(&self) -> &[u8; DEVICE_KEY_BYTES] {
        &self.0
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceKey(…)")
    }
}

/// What is asked for a device's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyWish {
    /// Nothing.
    Keep,
    /// That it is this one.
    Set(DeviceKey),
    /// That there is none.
    Remove,
}

/// A wish, and whether the asker knows the account's password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyAsked {
    /// What is asked for.
    pub wish: KeyWish,
    /// Whether the password was given and right.
    pub proven: bool,
}

/// What happens to a device's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyChange {
    /// It gets its first.
    First,
    /// It gets another.
    Replaced,
    /// It loses it.
    Removed,
}

impl KeyChange {
    /// The name in the security log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Replaced => "replaced",
            Self::Removed => "removed",
        }
    }
}

/// The wish needs the account's password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordMissing;

/// What the wish changes about the key that is held, if anything. The first key is the device's to choose; after that a
/// token alone, which may be a thief's, changes nothing.
pub fn key_change(held: Option<&DeviceKey>, asked: KeyAsked) -> Result<Option<KeyChange>, PasswordMissing> {
    let change = match (held, asked.wish) {
        (_, KeyWish::Keep) | (None, KeyWish::Remove) => return Ok(None),
        (Some(held), KeyWish::Set(wanted)) if *held == wanted => return Ok(None),
        (None, KeyWish::Set(_)) => return Ok(Some(KeyChange::First)),
        (Some(_), KeyWish::Set(_)) => KeyChange::Replaced,
        (Some(_), KeyWish::Remove) => KeyChange::Removed,
    };
    if asked.proven { Ok(Some(change)) } else { Err(PasswordMissing) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The generator of the curve (SEC 2, section 2.4.2): a point that is on it.
    const GENERATOR: &str = "04\
        6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
        4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

    fn generator() -> Vec<u8> {
        let digits = GENERATOR.as_bytes().chunks(2);
        digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    }

    fn text(bytes: &[u8]) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    #[test]
    fn a_point_and_its_spki_are_the_same_key() {
        let point = generator();
        let spki = [&SPKI_PREFIX[..], &point].concat();
        let key = DeviceKey::parse(&text(&point)).unwrap();
        assert_eq!(DeviceKey::parse(&text(&spki)), Some(key));
        assert_eq!(key.point()[..], point);
    }

    #[test]
    fn what_is_no_uncompressed_point_of_the_curve_is_no_key() {
        let point = generator();
        let mut off_curve = point.clone();
        off_curve[64] ^= 1;
        let compressed = [&[3][..], &point[1..33]].concat();
        let hybrid = [&[7][..], &point[1..]].concat();
        let mut of_another_curve = [&SPKI_PREFIX[..], &point].concat();
        of_another_curve[22] = 8;
        let zero = [&[4][..], &[0; 64]].concat();
        for (name, bytes) in [
            ("off the curve", off_curve),
            ("compressed", compressed),
            ("hybrid", hybrid),
            ("of another curve", of_another_curve),
            ("zero", zero),
            ("infinity", vec![0]),
            ("empty", vec![]),
            ("with more behind it", [&point[..], &[0]].concat()),
        ] {
            assert_eq!(DeviceKey::parse(&text(&bytes)), None, "{name}");
        }
        assert_eq!(DeviceKey::parse("not base64url: +/="), None);
    }

    #[test]
    fn only_the_first_key_is_set_without_the_password() {
        let held = DeviceKey::of_point(&generator()).unwrap();
        let mut point = generator();
        // The negative of the generator: the other point with this x.
        let y = "b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a";
        for (at, pair) in y.as_bytes().chunks(2).enumerate() {
            point[33 + at] = u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        }
        let other = DeviceKey::of_point(&point).unwrap();
        let asked = |wish, proven| KeyAsked { wish, proven };
        assert_eq!(key_change(None, asked(KeyWish::Set(other), false)), Ok(Some(KeyChange::First)));
        assert_eq!(key_change(None, asked(KeyWish::Remove, false)), Ok(None));
        assert_eq!(key_change(Some(&held), asked(KeyWish::Set(held), false)), Ok(None));
        assert_eq!(key_change(Some(&held), asked(KeyWish::Set(other), false)), Err(PasswordMissing));
        assert_eq!(key_change(Some(&held), asked(KeyWish::Remove, false)), Err(PasswordMissing));
        assert_eq!(key_change(Some(&held), asked(KeyWish::Set(other), true)), Ok(Some(KeyChange::Replaced)));
        assert_eq!(key_change(Some(&held), asked(KeyWish::Remove, true)), Ok(Some(KeyChange::Removed)));
    }
}
