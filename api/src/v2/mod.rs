//! The API, version 2: one file per resource; a handler parses, calls and answers.

pub mod auth;
