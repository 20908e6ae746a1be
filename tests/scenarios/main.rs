//! The server from outside: over HTTP and WebSocket, against a real PostgreSQL, one module per topic.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what goes wrong in a scenario fails it")]

mod bad_bodies;
mod bad_transactions;
mod callers;
mod crowd;
mod cursors;
mod feed;
mod isolation;
mod live_messages;
mod live_sessions;
mod reader;
mod receipts;
mod recorded_lives;
mod refresh;
mod refresh_signatures;
mod sessions;
mod short_tokens;
mod sign_in;
mod stage;
mod statements;
mod storage;
mod unicode;
mod upkeep;
