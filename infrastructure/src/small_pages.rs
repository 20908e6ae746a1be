//! Memory in small pages alone.
//!
//! Of a connection that waits most is buffers of which the first bytes were touched once. The allocator asks the system for
//! pages of two mebibytes where it may, and such a page is resident as a whole: thousands of connections would hold what
//! none of them ever used, a fifth more than they need.

/// Has this process, and those that it starts, held in small pages from now on. What cannot be had is no reason not to
/// serve: it only costs memory.
pub fn use_small_pages() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::thread::disable_transparent_huge_pages(true) {
        tracing::debug!(error.cause = %error, "memory comes in pages as large as the system likes");
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn a_process_can_have_small_pages_alone() {
        super::use_small_pages();
        assert!(rustix::thread::transparent_huge_pages_are_disabled().unwrap());
    }
}
