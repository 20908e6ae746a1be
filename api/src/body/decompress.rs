//! Decompressing a body, never past the bytes that a request may have.
//!
//! Not by actix's own decoder: it inflates each chunk whole before anybody can count, and 64 KiB of zstd can hold
//! gigabytes.

use std::io::{self, Read};

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_ENCODING;
use brotli::Decompressor as BrotliDecoder;
use bytes::Bytes;
use domain::limits::REQUEST_BYTES_MAX;
use flate2::read::MultiGzDecoder;
use zstd::stream::read::Decoder as ZstdDecoder;

use super::read::too_large;
use crate::problem::{Code, Problem};

/// Compressed bytes that are inflated where they are; more go to a blocking thread.
const INLINE_BYTES_MAX: usize = 16 * 1_024;
/// The window a zstd frame may ask for: 8 MiB, what RFC 8878 (section 3.1.1.1.2) tells every decoder to grant.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;
/// How much the brotli decoder reads at once.
const BROTLI_BUFFER_BYTES: usize = 4_096;

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Gzip,
    Zstd,
    Brotli,
}

impl Encoding {
    /// What the request says; several encodings on top of each other are not read.
    pub(super) fn of_request(request: &HttpRequest) -> Result<Self, Problem> {
        let Some(header) = request.headers().get(CONTENT_ENCODING) else { return Ok(Self::Identity) };
        match header.to_str().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Ok(Self::Identity),
            "gzip" | "x-gzip" => Ok(Self::Gzip),
            "zstd" => Ok(Self::Zstd),
            "br" => Ok(Self::Brotli),
            _ => Err(Problem::new(Code::EncodingUnsupported).detail("Send the body plain, or in gzip, zstd or br.")),
        }
    }
}

/// The body, decompressed; at most [`REQUEST_BYTES_MAX`] of it are ever held.
pub(super) async fn decompress(encoding: Encoding, sent: Bytes) -> Result<Bytes, Problem> {
    if encoding == Encoding::Identity {
        Ok(sent)
    } else if sent.len() <= INLINE_BYTES_MAX {
        inflate(encoding, &sent)
    } else {
        let inflated = tokio::task::spawn_blocking(move || inflate(encoding, &sent)).await;
        inflated.map_err(Problem::internal)?
    }
}

/// What whole zstd frames hold; at most [`REQUEST_BYTES_MAX`] of it.
///
/// # Errors
/// `body_too_large`, `encoding_malformed`.
pub async fn inflated(frames: Bytes) -> Result<Bytes, Problem> {
    decompress(Encoding::Zstd, frames).await
}

fn inflate(encoding: Encoding, sent: &[u8]) -> Result<Bytes, Problem> {
    let limit = REQUEST_BYTES_MAX as u64 + 1;
    let mut inflated = Vec::new();
    let read = match encoding {
        Encoding::Identity => sent.take(limit).read_to_end(&mut inflated),
        Encoding::Gzip => MultiGzDecoder::new(sent).take(limit).read_to_end(&mut inflated),
        Encoding::Zstd => zstd_decoder(sent).and_then(|decoder| decoder.take(limit).read_to_end(&mut inflated)),
        Encoding::Brotli => BrotliDecoder::new(sent, BROTLI_BUFFER_BYTES).take(limit).read_to_end(&mut inflated),
    };
    read.map_err(|_| {
        Problem::new(Code::EncodingMalformed).detail("The body is not what its Content-Encoding says, or it broke off.")
    })?;
    if inflated.len() > REQUEST_BYTES_MAX { Err(too_large()) } else { Ok(inflated.into()) }
}

fn zstd_decoder(sent: &[u8]) -> io::Result<ZstdDecoder<'static, &[u8]>> {
    let mut decoder = ZstdDecoder::with_buffer(sent)?;
    decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
    Ok(decoder)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn brotli(content: &[u8]) -> Vec<u8> {
        let mut compressed = Vec::new();
        brotli::CompressorReader::new(content, 4_096, 5, 22).read_to_end(&mut compressed).unwrap();
        compressed
    }

    fn compressed(content: &[u8]) -> [(Encoding, Vec<u8>); 3] {
        [
            (Encoding::Gzip, gzip(content)),
            (Encoding::Zstd, zstd::encode_all(content, 19).unwrap()),
            (Encoding::Brotli, brotli(content)),
        ]
    }

    #[test]
    fn every_encoding_gives_back_what_went_in_up_to_the_limit() {
        for content in [&b""[..], b"{}", &vec![b'x'; REQUEST_BYTES_MAX]] {
            for (encoding, sent) in compressed(content) {
                assert_eq!(inflate(encoding, &sent).unwrap(), content, "{encoding:?}");
            }
        }
    }

    #[test]
    fn one_byte_more_and_a_bomb_are_too_large() {
        for content in [vec![b'x'; REQUEST_BYTES_MAX + 1], vec![0; 200 * REQUEST_BYTES_MAX]] {
            for (encoding, sent) in compressed(&content) {
                assert_eq!(inflate(encoding, &sent).unwrap_err().code(), "body_too_large", "{encoding:?}");
            }
        }
    }

    #[test]
    fn garbage_and_half_a_body_are_malformed() {
        for (encoding, sent) in compressed(&vec![b'x'; 100_000]) {
            assert_eq!(inflate(encoding, &sent[..sent.len() / 2]).unwrap_err().code(), "encoding_malformed");
            assert_eq!(inflate(encoding, b"\xffgarbage").unwrap_err().code(), "encoding_malformed", "{encoding:?}");
        }
    }
}
