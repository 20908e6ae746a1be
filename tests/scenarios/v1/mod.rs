//! API v1, as clients in the field call it, with v2 beside it.

mod tasks;
