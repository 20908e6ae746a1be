//! The file of receipts: one canonical JSON object a line, in the order of the input, so that two pushes compare with
//! `cmp`.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use serde_json::Value;

use crate::client::canonical::canonical;

/// An open file of receipts.
pub(super) struct ReceiptFile {
    file: File,
    bytes: u64,
}

impl ReceiptFile {
    /// A file that holds nothing yet.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { file: File::create(path)?, bytes: 0 })
    }

    /// The file of an interrupted push, cut back to what was known to be whole. None if it is shorter than that.
    pub(super) fn reopen(path: &Path, bytes: u64) -> io::Result<Option<Self>> {
        let mut file = match OpenOptions::new().write(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            outcome => outcome?,
        };
        if file.metadata()?.len() < bytes {
            return Ok(None);
        }
        file.set_len(bytes)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Some(Self { file, bytes }))
    }

    /// Adds receipts.
    pub(super) fn append(&mut self, receipts: &[Value]) -> io::Result<()> {
        let mut text = String::new();
        for receipt in receipts {
            text.push_str(&canonical(receipt));
            text.push('\n');
        }
        self.file.write_all(text.as_bytes())?;
        self.bytes += text.len() as u64;
        Ok(())
    }

    /// How long it is.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}
