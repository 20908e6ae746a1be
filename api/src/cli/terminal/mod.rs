//! Words and colours for people at a terminal. Nothing here decides or sends anything.

pub(super) mod paint;
pub(super) mod value;
