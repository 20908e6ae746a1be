//! Energy and levels of v1. All energy of the day may come back, as `hero.restore_energy` has it; a level is what the XP make
//! of it, so recalculating it changes nothing.

mod restore;

pub use restore::{debug_restore, force_reset, recalculate_level, restore};
