//! Sessions and their refresh tokens as states: what may follow what. The rows are elsewhere; this room decides.

mod because;
pub mod refresh;

pub use because::Because;
