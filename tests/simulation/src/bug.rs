//! Bugs that are planted on purpose, at the seams of the simulated server and in its devices; the real code has none of
//! them. A simulator that does not find them proves nothing.

/// A bug that is planted on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bug {
    /// The receipts of what was decided before are not looked at, and a repeat is written again.
    DroppedReceiptCheck,
    /// The last stamp of a device is forgotten, so that its later writes can look earlier.
    SkippedStamp,
    /// A device takes the head that an answer to its push names for its own cursor.
    CursorMovedByWrite,
    /// A completed task is decided about as if it were open.
    CompletionCountedTwice,
    /// Readers are not always told of a commit.
    LostHint,
    /// After a second restore the server remembers only where its latest life began.
    ForgottenLife,
}

impl Bug {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::DroppedReceiptCheck,
        Self::SkippedStamp,
        Self::CursorMovedByWrite,
        Self::CompletionCountedTwice,
        Self::LostHint,
        Self::ForgottenLife,
    ];
}
