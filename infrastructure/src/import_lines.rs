//! The lines of an import while it goes on: received, decompressed and checked as they come, kept in a file without a name.
//!
//! Memory holds one line. The file is gone with the process, however that ends.

use std::fs::{File, OpenOptions, create_dir_all, remove_file};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use application::transfer::state::{Broken, IMPORT_BYTES_MAX, LINE_BYTES_MAX, Lines, Place, Plan};
use bytes::Bytes;
use flate2::write::MultiGzDecoder;
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use zstd::stream::raw::DParameter;
use zstd::stream::write::Decoder as ZstdDecoder;

use crate::clock::uuid_v7;

/// The window a zstd frame may ask for: 8 MiB, what RFC 8878 (section 3.1.1.1.2) tells every decoder to grant.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;
/// Blocks that are on their way to the file.
const BLOCKS_WAITING_MAX: usize = 4;

/// How lines come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// As text.
    Plain,
    /// In gzip.
    Gzip,
    /// In zstd.
    Zstd,
}

/// Why lines were not received.
#[derive(Debug, Error)]
pub enum ReceiveError {
    /// They are no import.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// They are not packed as was said.
    #[error("the lines could not be decompressed")]
    Packing,
    /// There is no room for them here.
    #[error("the lines could not be kept: {0}")]
    File(io::Error),
}

/// Lines on their way.
#[derive(Debug)]
pub struct Receiving {
    blocks: mpsc::Sender<Bytes>,
    received: JoinHandle<Result<(Plan, ReceivedLines), ReceiveError>>,
}

/// Lines that came, to be read again.
#[derive(Clone, Debug)]
pub struct ReceivedLines(Arc<File>);

impl Receiving {
    /// Begins to receive; the file is made in `dir`.
    pub fn begin(dir: PathBuf, packing: Packing) -> Self {
        let (blocks, mut coming) = mpsc::channel::<Bytes>(BLOCKS_WAITING_MAX);
        let received = spawn_blocking(move || {
            let mut unpacking = Unpacking::new(packing, Sink::new(&dir).map_err(ReceiveError::File)?)?;
            while let Some(block) = coming.blocking_recv() {
                unpacking.write(&block)?;
            }
            unpacking.end()
        });
        Self { blocks, received }
    }

    /// Takes the next block; false: no more is needed, the end says why.
    pub async fn take(&self, block: Bytes) -> bool {
        self.blocks.send(block).await.is_ok()
    }

    /// Everything came.
    ///
    /// # Errors
    /// It is no import, or could not be kept.
    pub async fn end(self) -> Result<(Plan, ReceivedLines), ReceiveError> {
        drop(self.blocks);
        self.received.await.map_err(|error| ReceiveError::File(io::Error::other(error)))?
    }
}

impl Lines for ReceivedLines {
    async fn line(&mut self, place: Place) -> Result<Vec<u8>, String> {
        let file = Arc::clone(&self.0);
        let read = spawn_blocking(move || {
            let mut line = vec![0; place.bytes];
            file.read_exact_at(&mut line, place.offset).map(|()| line)
        });
        read.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
    }
}

enum Unpacking {
    Plain(Box<Sink>),
    Gzip(Box<MultiGzDecoder<Sink>>),
    Zstd(Box<ZstdDecoder<'static, Sink>>),
}

impl Unpacking {
    fn new(packing: Packing, sink: Sink) -> Result<Self, ReceiveError> {
        Ok(match packing {
            Packing::Plain => Self::Plain(Box::new(sink)),
            Packing::Gzip => Self::Gzip(Box::new(MultiGzDecoder::new(sink))),
            Packing::Zstd => {
                let mut decoder = ZstdDecoder::new(sink).map_err(ReceiveError::File)?;
                let window = DParameter::WindowLogMax(ZSTD_WINDOW_LOG_MAX);
                decoder.set_parameter(window).map_err(ReceiveError::File)?;
                Self::Zstd(Box::new(decoder))
            }
        })
    }

    fn write(&mut self, block: &[u8]) -> Result<(), ReceiveError> {
        let written = match self {
            Self::Plain(sink) => sink.write_all(block),
            Self::Gzip(decoder) => decoder.write_all(block),
            Self::Zstd(decoder) => decoder.write_all(block),
        };
        written.map_err(|error| self.why(error))
    }

    fn end(mut self) -> Result<(Plan, ReceivedLines), ReceiveError> {
        let ended = match &mut self {
            Self::Plain(_) => Ok(()),
            Self::Gzip(decoder) => decoder.try_finish(),
            Self::Zstd(decoder) => decoder.flush(),
        };
        // What was cut off in its packing is told as cut off, if the lines that came say so.
        let why = ended.err().map(|error| self.why(error));
        match (self.sink().end(), why) {
            (_, Some(ReceiveError::Broken(broken))) | (Err(ReceiveError::Broken(broken)), _) => Err(broken.into()),
            (_, Some(why)) => Err(why),
            (ended, None) => ended,
        }
    }

    fn sink(&mut self) -> &mut Sink {
        match self {
            Self::Plain(sink) => sink,
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Zstd(decoder) => decoder.get_mut(),
        }
    }

    /// What the sink said, or else the packing.
    fn why(&mut self, error: io::Error) -> ReceiveError {
        let is_plain = matches!(self, Self::Plain(_));
        let sink = self.sink();
        match (sink.broken.take(), sink.full.take()) {
            (Some(broken), _) => broken.into(),
            (None, Some(full)) => ReceiveError::File(full),
            (None, None) if is_plain => ReceiveError::File(error),
            (None, None) => ReceiveError::Packing,
        }
    }
}

/// Cuts bytes into lines, checks each and keeps all.
struct Sink {
    file: File,
    plan: Plan,
    line: Vec<u8>,
    bytes: u64,
    broken: Option<Broken>,
    full: Option<io::Error>,
}

impl Sink {
    fn new(dir: &Path) -> io::Result<Self> {
        create_dir_all(dir)?;
        let path = dir.join(format!("{}.import", uuid_v7()));
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        remove_file(&path)?;
        Ok(Self { file, plan: Plan::default(), line: Vec::new(), bytes: 0, broken: None, full: None })
    }

    fn cut(&mut self, mut bytes: &[u8]) -> Result<(), Broken> {
        while let Some(at) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = bytes.split_at(at);
            self.hold(line)?;
            let line = std::mem::take(&mut self.line);
            self.plan.read(&line)?;
            bytes = rest.get(1..).unwrap_or_default();
        }
        self.hold(bytes)
    }

    fn hold(&mut self, more: &[u8]) -> Result<(), Broken> {
        // One byte too many is kept, so that the plan can say which line it is.
        let room = (LINE_BYTES_MAX + 1).saturating_sub(self.line.len());
        self.line.extend_from_slice(&more[..more.len().min(room)]);
        if self.line.len() > LINE_BYTES_MAX { self.plan.read(&self.line) } else { Ok(()) }
    }

    fn end(&mut self) -> Result<(Plan, ReceivedLines), ReceiveError> {
        if !self.line.is_empty() {
            let line = std::mem::take(&mut self.line);
            // Half a line is no line: what is missing is its rest.
            if let Err(broken) = self.plan.read(&line) {
                return Err(self.plan.end().err().unwrap_or(broken).into());
            }
        }
        self.plan.end()?;
        let file = self.file.try_clone().map_err(ReceiveError::File)?;
        Ok((std::mem::take(&mut self.plan), ReceivedLines(Arc::new(file))))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        let cut = if self.bytes > IMPORT_BYTES_MAX { Err(Broken::TooLarge) } else { self.cut(bytes) };
        if let Err(broken) = cut {
            self.broken = Some(broken);
            return Err(io::Error::other("the lines are no import"));
        }
        if let Err(error) = self.file.write_all(bytes) {
            let kind = error.kind();
            self.full = Some(error);
            return Err(kind.into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
