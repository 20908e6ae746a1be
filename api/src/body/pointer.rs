//! JSON pointers (RFC 6901) from the paths that serde walked.

use serde_path_to_error::{Path, Segment};

/// The pointer to where serde stopped.
pub(super) fn of_path(path: &Path) -> String {
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } => format!("{pointer}/{}", escaped(key)),
        // Where serde could not say, it stopped before the name of a field; the message names it.
        Segment::Enum { .. } | Segment::Unknown => pointer,
    })
}

/// The pointer with `name` as its last segment, whether serde had stopped before it or on it.
pub(super) fn ending_in(pointer: &str, name: &str) -> String {
    let last = format!("/{}", escaped(name));
    if pointer.ends_with(&last) { pointer.to_owned() } else { pointer.to_owned() + &last }
}

/// A name as a segment of a pointer.
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
