//! The server from outside: over HTTP and WebSocket, against a real PostgreSQL, one module per topic.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what goes wrong in a scenario fails it")]

mod accounts;
mod admin;
mod admin_commands;
mod bad_bodies;
mod bad_transactions;
mod callers;
mod crowd;
mod cursors;
mod deletion;
mod erasure;
mod erasure_again;
mod erasure_race;
mod feed;
mod isolation;
mod live_messages;
mod passwords;
mod people;
mod reader;
mod receipts;
mod recorded_lives;
mod stage;
mod statements;
mod storage;
mod unicode;
