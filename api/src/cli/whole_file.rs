//! A file that has its name when it is whole, and that only its owner reads. One that is not finished leaves nothing behind.

use std::fs::{File, remove_file, rename};
use std::io::{BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::{CliError, Exit};

/// The file, while it is written.
#[derive(Debug)]
pub(super) struct WholeFile {
    path: PathBuf,
    part: PathBuf,
    file: BufWriter<File>,
}

impl WholeFile {
    /// Begins it beside its name. What an earlier attempt left there, which may be open to others, goes first.
    pub(super) fn begin(path: &Path) -> Result<Self, CliError> {
        let part = part(path);
        let failed = |error| unwritable(path, &error);
        match remove_file(&part) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let file = File::options().write(true).create_new(true).mode(0o600).open(&part).map_err(failed)?;
        Ok(Self { path: path.to_owned(), part, file: BufWriter::new(file) })
    }

    /// Adds a text.
    pub(super) fn add(&mut self, text: &str) -> Result<(), CliError> {
        self.file.write_all(text.as_bytes()).map_err(|error| unwritable(&self.path, &error))
    }

    /// Makes it durable and gives it its name.
    pub(super) fn finish(mut self) -> Result<(), CliError> {
        let ended = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        ended.and_then(|()| rename(&self.part, &self.path)).map_err(|error| unwritable(&self.path, &error))
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // Once it has its name there is nothing of this one.
        remove_file(&self.part).ok();
    }
}

fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

fn unwritable(path: &Path, error: &std::io::Error) -> CliError {
    let next = "Make room or give rights, or name another file.";
    CliError::new(Exit::Environment, format!("{}: {error}", path.display()), next)
}

#[cfg(test)]
mod tests {
    use std::fs::{Permissions, metadata, read_to_string, set_permissions, write};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn only_a_whole_file_has_its_name_and_what_was_left_open_is_closed() {
        let path = std::env::temp_dir().join(format!("levelup-whole-{}", std::process::id()));
        write(part(&path), "old").unwrap();
        set_permissions(part(&path), Permissions::from_mode(0o644)).unwrap();
        drop(WholeFile::begin(&path).unwrap());
        assert!(!part(&path).exists() && !path.exists());
        let mut file = WholeFile::begin(&path).unwrap();
        file.add("new").unwrap();
        assert_eq!(metadata(part(&path)).unwrap().permissions().mode() & 0o777, 0o600);
        file.finish().unwrap();
        assert_eq!(read_to_string(&path).unwrap(), "new");
        assert_eq!(metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!part(&path).exists());
        remove_file(&path).unwrap();
    }
}
