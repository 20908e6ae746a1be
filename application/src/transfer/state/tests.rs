//! An export in memory, read as an import.
