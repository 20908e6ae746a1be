//! The problems of the HTTP frame and of identity: one line each. Rejections of the domain bring their own codes.

use actix_web::http::StatusCode;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:ident, $title:literal;)*) => {
        /// The stable name of a problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {$(
            $(#[$doc])*
            $name,
        )*}

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name that is sent.
            pub const fn as_str(self) -> &'static str {
                match self {$(Self::$name => $code,)*}
            }

            /// The HTTP status it is sent with.
            pub const fn status(self) -> StatusCode {
                match self {$(Self::$name => StatusCode::$status,)*}
            }

            /// What it means, in a few words.
            pub const fn title(self) -> &'static str {
                match self {$(Self::$name => $title,)*}
            }
        }
    };
}

codes! {
    /// The body is not JSON.
    JsonMalformed = "json_malformed", BAD_REQUEST, "The body is not JSON.";
    /// The body is not CBOR, or CBOR without a JSON equivalent.
    CborMalformed = "cbor_malformed", BAD_REQUEST, "The body is not CBOR that JSON could say.";
    /// The body is not what its Content-Encoding says, or it broke off.
    EncodingMalformed = "encoding_malformed", BAD_REQUEST, "The body could not be read or decompressed.";
    /// A query string that does not fit.
    QueryInvalid = "query_invalid", BAD_REQUEST, "The query string cannot be used.";
    /// Not a page of this list or snapshot.
    PageInvalid = "page_invalid", BAD_REQUEST, "This is no page of what was asked for.";
    /// Not a cursor of this API.
    CursorInvalid = "cursor_invalid", BAD_REQUEST, "This is no cursor.";
    /// A cursor of another space.
    CursorForeign = "cursor_foreign", BAD_REQUEST, "This cursor belongs to another space.";
    /// A message on a live connection that cannot be read.
    MessageInvalid = "message_invalid", BAD_REQUEST, "The message cannot be read.";
    /// The token of a mail that sets a password: unknown, used, expired or replaced.
    ResetTokenInvalid = "reset_token_invalid", BAD_REQUEST, "This link or code is no longer good.";
    /// The token of a mail that proves an address: unknown, used, expired or replaced.
    VerificationTokenInvalid = "verification_token_invalid", BAD_REQUEST, "This link or code is no longer good.";
    /// No space of the caller's with this id.
    SpaceUnknown = "space_unknown", NOT_FOUND, "There is no such space.";
    /// A verify of the same is under way; `run_id` says which.
    VerifyUnderWay = "verify_under_way", CONFLICT, "A verify of the same is under way.";
    /// The account of the space is being erased.
    SpaceErasing = "space_erasing", CONFLICT, "The space goes with its account.";
    /// As many live feeds as a device or an account may have.
    FeedsTooMany = "feeds_too_many", TOO_MANY_REQUESTS, "Too many live feeds are open.";
    /// Asked more often than the limit allows.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests.";
    /// A device repaired its replica as often as it may.
    RepairsExhausted = "repairs_exhausted", TOO_MANY_REQUESTS, "This device has repaired what it keeps too often.";
    /// Too many sign-ins have failed.
    SignInDelayed = "sign_in_delayed", TOO_MANY_REQUESTS, "Too many sign-ins have failed; the next has to wait.";
    /// This node makes no backups.
    BackupsOff = "backups_off", CONFLICT, "This server makes no backups.";
    /// A backup is being made.
    BackupRunning = "backup_running", CONFLICT, "A backup is being made already.";
    /// A segment of the path that does not fit.
    PathInvalid = "path_invalid", BAD_REQUEST, "The path cannot be used.";
    /// A header that does not fit.
    HeaderInvalid = "header_invalid", BAD_REQUEST, "A header cannot be used.";
    /// The request itself is not HTTP as this server speaks it.
    RequestInvalid = "request_invalid", BAD_REQUEST, "The request cannot be used.";
    /// No access token.
    TokenMissing = "token_missing", UNAUTHORIZED, "An access token is needed.";
    /// Not a token of this server.
    TokenInvalid = "token_invalid", UNAUTHORIZED, "The access token is not valid.";
    /// A token past its time.
    TokenExpired = "token_expired", UNAUTHORIZED, "The access token has expired.";
    /// The session ended before its token; `because` says why.
    SessionRevoked = "session_revoked", UNAUTHORIZED, "The session has ended.";
    /// Wrong address or password; which of them is not said.
    CredentialsInvalid = "credentials_invalid", UNAUTHORIZED, "The e-mail address or the password is wrong.";
    /// An admin keeps the account out.
    AccountLocked = "account_locked", FORBIDDEN, "The account is locked.";
    /// Nobody signs in before the address is proven.
    EmailUnverified = "email_unverified", FORBIDDEN, "The e-mail address is not proven yet.";
    /// Only support or an admin may.
    RoleMissing = "role_missing", FORBIDDEN, "The account does not have the role that this takes.";
    /// Nobody could administer any more.
    LastAdmin = "last_admin", CONFLICT, "No admin would be left.";
    /// Unknown, used, expired or revoked.
    RefreshTokenInvalid = "refresh_token_invalid", UNAUTHORIZED, "The refresh token is no longer good.";
    /// The device has a key, and nothing was signed; `nonce` is to be signed.
    SignatureRequired = "signature_required", UNAUTHORIZED, "This device signs its refreshes.";
    /// Used, too old or of another session; `nonce` is to be signed.
    NonceInvalid = "nonce_invalid", UNAUTHORIZED, "The nonce is no longer good.";
    /// Not by the key of the device, or over something else; `nonce` is to be signed.
    SignatureInvalid = "signature_invalid", UNAUTHORIZED, "The signature is not valid.";
    /// By cookie, without the secret of its session.
    CsrfInvalid = "csrf_invalid", FORBIDDEN, "The secret of this browser's session is missing or another's.";
    /// By cookie, or a preflight, from a page of another origin.
    OriginRefused = "origin_refused", FORBIDDEN, "Pages of this origin may not do this.";
    /// No such route.
    RouteUnknown = "route_unknown", NOT_FOUND, "There is nothing at this path.";
    /// No such thing, or a stranger's.
    NotFound = "not_found", NOT_FOUND, "There is no such thing.";
    /// A route without this method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "This path does not know this method.";
    /// The body did not come in time.
    BodyTimeout = "body_timeout", REQUEST_TIMEOUT, "The body took too long to arrive.";
    /// A device's key, asked for from another device.
    DeviceKeyForeign = "device_key_foreign", FORBIDDEN, "A device's key is set from that device alone.";
    /// A token alone is not enough for this.
    PasswordRequired = "password_required", FORBIDDEN, "The account's password is needed for this.";
    /// As many devices as an account may have; `devices` lists them.
    TooManyDevices = "too_many_devices", CONFLICT, "The account has as many devices as it may have.";
    /// Of a life of the log that has ended.
    CursorOutlived = "cursor_outlived", CONFLICT, "The cursor is of a log that is no more.";
    /// The address has an account.
    EmailTaken = "email_taken", CONFLICT, "The e-mail address has an account already.";
    /// The transaction did nothing, because it was rejected.
    TransactionRejected = "transaction_rejected", CONFLICT, "The transaction was rejected.";
    /// The transaction changed nothing.
    NothingToRevert = "nothing_to_revert", CONFLICT, "There is nothing to take back.";
    /// The transaction that founded the space.
    NotRevertible = "not_revertible", CONFLICT, "This transaction cannot be taken back.";
    /// The rules refuse what a client of v1 asks; `problem` says which.
    CommandRefused = "command_refused", UNPROCESSABLE_ENTITY, "It is refused.";
    /// The transaction that would undo is refused; `problem` says why.
    UndoRefused = "undo_refused", CONFLICT, "What would undo it is refused.";
    /// The log went another way since.
    RestorePointGone = "restore_point_gone", CONFLICT, "The log no longer has this position.";
    /// A rebuild while another has not ended; `rebuild_id` says which.
    RebuildUnfinished = "rebuild_unfinished", CONFLICT, "Another rebuild has not ended.";
    /// An order to a rebuild that has ended; `state` says how.
    RebuildEnded = "rebuild_ended", CONFLICT, "The rebuild has ended.";
    /// As many restore points as a space may have.
    TooManyRestorePoints = "too_many_restore_points", CONFLICT, "The space has as many restore points as it may have.";
    /// More of a space or an entity than one answer is made of.
    ReplayTooLarge = "replay_too_large", UNPROCESSABLE_ENTITY, "This is more than one answer is made of.";
    /// The flag is of another version; `version` says which.
    FlagChanged = "flag_changed", CONFLICT, "The flag was changed meanwhile.";
    /// As many flags as there may be.
    TooManyFlags = "too_many_flags", CONFLICT, "There are as many flags as there may be.";
    /// There is no value, or it is taken out already.
    NothingToRedact = "nothing_to_redact", CONFLICT, "There is nothing to take out.";
    /// The transaction that replaces what is shown is refused; `problem` says why.
    RedactionRefused = "redaction_refused", CONFLICT, "What is shown cannot be replaced.";
    /// Payloads of the entity's events were taken out.
    HistoryRedacted = "history_redacted", GONE, "The history does not say any more.";
    /// A position, or an instant, that is still to come; `head` is the last position.
    PositionAhead = "position_ahead", UNPROCESSABLE_ENTITY, "The log does not reach that far.";
    /// A list of a moment since when too much has changed.
    AsOfTooFar = "as_of_too_far", UNPROCESSABLE_ENTITY, "Too much has changed since then.";
    /// More than a request may hold.
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE, "The body is too large.";
    /// A media type that is not read here.
    ContentTypeUnsupported = "content_type_unsupported", UNSUPPORTED_MEDIA_TYPE, "The body's media type is not read here.";
    /// A compression that is not read here.
    EncodingUnsupported = "encoding_unsupported", UNSUPPORTED_MEDIA_TYPE, "The body's compression is not read here.";
    /// A wrong type or a missing field.
    BodyInvalid = "body_invalid", UNPROCESSABLE_ENTITY, "The body does not have the form that is read here.";
    /// A field that is not read here.
    FieldUnknown = "field_unknown", UNPROCESSABLE_ENTITY, "The body has a field that is not known here.";
    /// A value out of its range.
    FieldsInvalid = "fields_invalid", UNPROCESSABLE_ENTITY, "Some fields cannot be used.";
    /// More than the head of a request may hold.
    HeadersTooLarge = "headers_too_large", REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large.";
    /// The body is no state export.
    ImportFormatUnknown = "import_format_unknown", UNPROCESSABLE_ENTITY, "This is no export of a state.";
    /// The body is an export of the log.
    ImportLog = "import_log", UNPROCESSABLE_ENTITY, "A history is not imported.";
    /// A version of the format that is not read here.
    ImportVersionUnsupported = "import_version_unsupported", UNPROCESSABLE_ENTITY, "This version of the format is not read here.";
    /// A line that is none of the format; `line` says which.
    ImportLineInvalid = "import_line_invalid", UNPROCESSABLE_ENTITY, "A line of the import cannot be read.";
    /// The last line is missing.
    ImportTruncated = "import_truncated", UNPROCESSABLE_ENTITY, "The import was cut off.";
    /// The lines are not those that were exported.
    ImportDamaged = "import_damaged", UNPROCESSABLE_ENTITY, "The import was changed on its way.";
    /// Some lines cannot be imported; `refusals` lists them.
    ImportRefused = "import_refused", UNPROCESSABLE_ENTITY, "Some lines cannot be imported.";
    /// More than an import may hold.
    ImportTooLarge = "import_too_large", PAYLOAD_TOO_LARGE, "The import is too large.";
    /// Other lines under the header of an import that was begun.
    ImportChanged = "import_changed", CONFLICT, "Other lines were imported under the same header.";
    /// A part of the import was refused; `because` says why.
    ImportStopped = "import_stopped", CONFLICT, "The import ended before its end.";
    /// An account that has not moved to this server, or has moved back.
    AccountElsewhere = "account_elsewhere", MISDIRECTED_REQUEST, "This account is served elsewhere.";
    /// A client that is too old.
    VersionUnsupported = "version_unsupported", UPGRADE_REQUIRED, "This API version is no longer spoken.";
    /// A log that cannot be read at `position`; other spaces are none the worse.
    LogDamaged = "log_damaged", INTERNAL_SERVER_ERROR, "The log of this space is damaged.";
    /// A bug here.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something went wrong on the server.";
    /// Too much to do.
    Busy = "busy", SERVICE_UNAVAILABLE, "The server has too much to do just now.";
    /// The database is away.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "The server cannot do this just now.";
    /// The rows of the account are of an older fold.
    Rebuilding = "rebuilding", SERVICE_UNAVAILABLE, "What the account holds is being rebuilt.";
    /// Written, but not to be seen here yet.
    NotYet = "not_yet", SERVICE_UNAVAILABLE, "What is waited for is not here yet.";
    /// Not to be sent requests.
    NotReady = "not_ready", SERVICE_UNAVAILABLE, "The server is not ready.";
}

impl Code {
    /// The problem for a bare status that some library answered with.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::RouteUnknown,
            StatusCode::INTERNAL_SERVER_ERROR => Self::Internal,
            _ => {
                let found = Self::ALL.iter().copied().find(|code| code.status() == status);
                let fallback = if status.is_server_error() { Self::Internal } else { Self::RequestInvalid };
                // The first of several codes with this status would say too much.
                found
                    .filter(|code| Self::ALL.iter().filter(|other| other.status() == code.status()).count() == 1)
                    .unwrap_or(fallback)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_snake_case_and_unique() {
        for (at, code) in Code::ALL.iter().enumerate() {
            assert!(code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{code:?}");
            assert!(Code::ALL[at + 1..].iter().all(|other| other.as_str() != code.as_str()), "{code:?}");
        }
    }

    #[test]
    fn a_bare_status_gets_the_one_code_that_it_can_mean() {
        assert_eq!(Code::of_status(StatusCode::METHOD_NOT_ALLOWED), Code::MethodNotAllowed);
        assert_eq!(Code::of_status(StatusCode::NOT_FOUND), Code::RouteUnknown);
        assert_eq!(Code::of_status(StatusCode::UNAUTHORIZED), Code::RequestInvalid);
        assert_eq!(Code::of_status(StatusCode::BAD_GATEWAY), Code::Internal);
    }
}
