//! The write path over a ledger in memory.

mod device;
mod group;
mod memory;
mod receipts;
mod series;
