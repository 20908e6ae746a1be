//! Every limit of identity, by name, with its unit last.

/// Unicode scalar values of a password at least.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Bytes of a password at most: hashing more would only cost time.
pub const PASSWORD_BYTES_MAX: usize = 1_024;
/// Bytes of an e-mail address (RFC 5321, section 4.5.3.1, less the angle brackets).
pub const EMAIL_BYTES_MAX: usize = 254;
/// Bytes before the `@` (RFC 5321, section 4.5.3.1.1).
pub const EMAIL_LOCAL_BYTES_MAX: usize = 64;
/// Unicode scalar values of a device's name.
pub const DEVICE_NAME_CHARS_MAX: usize = 100;
/// Unicode scalar values of what a client says it is, such as `ios/4.1.0`.
pub const APP_VERSION_CHARS_MAX: usize = 64;
/// Devices of an account.
pub const DEVICES_MAX: usize = 20;
/// A device that was not seen for so long makes room for a new one when there are too many.
pub const DEVICE_UNSEEN_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// Bytes of a device's P-256 key: X9.63, uncompressed.
pub const DEVICE_KEY_BYTES: usize = 65;
/// Bytes of a push token. Web push subscriptions are the longest.
pub const PUSH_TOKEN_BYTES_MAX: usize = 4_096;
/// How long an access token lives.
pub const ACCESS_TOKEN_LIFETIME_S: i64 = 15 * 60;
/// How long an access token of a client of API v1 lives: such a client refreshes when a page is loaded, and at no other time.
pub const OLD_CLIENT_ACCESS_TOKEN_LIFETIME_S: i64 = 7 * 24 * 60 * 60;
/// Unicode scalar values of a person's first name, and of the last name.
pub const PERSON_NAME_CHARS_MAX: usize = 100;
/// How long a refresh token lives if it is not used.
pub const REFRESH_TOKEN_LIFETIME_MS: i64 = 60 * 24 * 60 * 60 * 1_000;
/// How long a nonce waits for its signature.
pub const NONCE_LIFETIME_MS: i64 = 120_000;
/// Nonces of one session that wait at the same time; an older one gives way.
pub const SESSION_NONCES_MAX: i64 = 8;
/// Characters of a signature in base64url; the longest DER has 72 bytes.
pub const SIGNATURE_CHARS_MAX: usize = 128;
/// Sessions of a list; an account that has more is shown those it used last.
pub const SESSIONS_SHOWN_MAX: usize = 200;
/// How long a mail lets its reader set a new password.
pub const RESET_TOKEN_LIFETIME_MS: i64 = 60 * 60 * 1_000;
/// How long a mail lets its reader prove an address.
pub const VERIFICATION_TOKEN_LIFETIME_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// Mails of one kind that strangers can make an account get, in [`ASKED_LETTERS_MS`].
pub const ASKED_LETTERS_MAX: i64 = 3;
/// The time in which they count.
pub const ASKED_LETTERS_MS: i64 = 60 * 60 * 1_000;
/// Days between the wish to delete an account and its erasure.
pub const DELETION_GRACE_DAYS: i64 = 30;
