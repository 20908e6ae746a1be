//! Skills of v1.

mod create;
mod edit;
mod initialize;

pub use create::create;
pub use edit::edit;
pub use initialize::initialize_core;
