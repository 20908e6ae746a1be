//! What clients of v1 send, as fields of v2. Pure: integer ids are looked up before. Ranges and names are held to what the
//! rules take, so that nothing is refused for a value; what says nothing is left out.

pub mod focus;
pub mod task;
