//! The server from outside: over HTTP and WebSocket, against a real PostgreSQL, one module per topic.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what goes wrong in a scenario fails it")]

mod bad_bodies;
mod bad_transactions;
mod callers;
mod crowd;
mod cursors;
mod feed;
mod isolation;
mod limits;
mod live_messages;
mod reader;
mod receipts;
mod recorded_lives;
mod sign_in_delay;
mod stage;
mod statements;
mod storage;
mod unicode;
