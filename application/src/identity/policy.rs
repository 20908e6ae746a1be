//! What the operator decided about identity; the use cases read it and nothing else does.

/// The operator's decisions.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The IANA zone of accounts that did not say where they are.
    pub default_time_zone: String,
    /// How long an access token lives.
    pub access_token_lifetime_s: i64,
    /// Whether nobody signs in before the address is proven.
    pub email_must_be_verified: bool,
    /// How long an account waits between the wish to delete it and its erasure.
    pub deletion_grace_ms: i64,
}
