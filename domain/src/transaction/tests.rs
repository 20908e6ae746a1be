//! Tests of transactions and receipts.

mod digest;
mod founding;
mod read;
mod receipt;
