//! API v1 as clients in the field call it, with API v2 beside it.

mod goals;
