//! The limits that a client has to know.

use serde_json::{Map, Value};

use crate::limits;

macro_rules! named {
    ($($limit:ident),* $(,)?) => {
        /// Every limit by its name.
        pub(super) fn limits() -> Map<String, Value> {
            [$((stringify!($limit).to_lowercase(), Value::from(limits::$limit))),*].into_iter().collect()
        }
    };
}

named!(
    TRANSACTION_COMMANDS_MAX,
    SPACE_LIVE_ENTITIES_MAX,
    TAGS_MAX,
    TAG_CHARS_MAX,
    PREREQUISITES_MAX,
    REFERENCE_DEPTH_MAX,
    CLOCK_TOLERANCE_MS,
    INSTANT_MS_MIN,
    INSTANT_MS_MAX,
    PAGE_ROWS_DEFAULT,
    PAGE_ROWS_MAX,
    PAGE_BYTES_MAX,
    REQUEST_BYTES_MAX,
    LONG_POLL_MS_MAX,
    REFRESH_GRACE_MS,
    ERROR_CHARS_MAX,
    CONFLICT_CANDIDATES_MAX,
    DAYS_MAX,
);
