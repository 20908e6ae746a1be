//! A page of the feed in CBOR, put together from changes that were each encoded once for all readers.

use application::change::Change;
use application::feed::Page;
use serde_json::{Map, Value};

use crate::body::{Format, encode};
use crate::problem::Problem;

/// The page in CBOR: a map of the array of changes and what else there is.
pub(super) fn page(page: &Page, rest: &Value) -> Result<Vec<u8>, Problem> {
    let fields = rest.as_object().map_or(0, Map::len);
    let changes: Vec<&[u8]> = page.changes.iter().map(|change| change.cbor(encoded)).collect();
    let mut bytes = Vec::with_capacity(changes.iter().map(|change| change.len()).sum::<usize>() + 256);
    head(&mut bytes, MAP, fields + 1);
    head(&mut bytes, TEXT, "changes".len());
    bytes.extend_from_slice(b"changes");
    head(&mut bytes, ARRAY, changes.len());
    changes.iter().for_each(|change| bytes.extend_from_slice(change));
    // Of the map of the others only its entries: they follow a head that has just one byte.
    let others = encode(Format::Cbor, rest)?;
    bytes.extend_from_slice(others.get(1..).unwrap_or_default());
    Ok(bytes)
}

/// As a value first, as the JSON is: ids are texts, not bytes.
fn encoded(change: &Change) -> Vec<u8> {
    let mut bytes = Vec::new();
    let value = serde_json::to_value(change).unwrap_or_default();
    drop(ciborium::into_writer(&value, &mut bytes));
    bytes
}

/// Major types of RFC 8949.
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;

/// The head of an item: its major type and its length, in the fewest bytes.
fn head(bytes: &mut Vec<u8>, major: u8, length: usize) {
    let major = major << 5;
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 24 => bytes.push(major | short),
        (Ok(short), _) => bytes.extend([major | 24, short]),
        (_, Ok(long)) => {
            bytes.push(major | 25);
            bytes.extend(long.to_be_bytes());
        }
        _ => {
            bytes.push(major | 27);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_the_one_that_the_encoder_writes() {
        for length in [0, 1, 23, 24, 255, 256, 65_535, 65_536] {
            let mut own = Vec::new();
            head(&mut own, TEXT, length);
            own.extend(vec![b'a'; length]);
            let mut other = Vec::new();
            ciborium::into_writer(&"a".repeat(length), &mut other).unwrap();
            // Above 16 bits the encoder takes four bytes, this one eight; both mean the same.
            let read: String = ciborium::from_reader(own.as_slice()).unwrap();
            assert!(read.len() == length && (length > 65_535 || own == other), "{length}");
        }
    }
}
