//! Which lines go in one request: consecutive ones of one device, within the limits of the wire.

use std::ops::Range;

use super::file::Line;

/// Below the server's limit of 1 MiB a request, with room for the envelope.
const BODY_BYTES_MAX: usize = 1_000_000;

/// The requests for `lines[from..]`, in order, of at most `batch_max` transactions each. A line that is too long by
/// itself goes alone: the server says so better than a guess here could.
pub(super) fn batches(lines: &[Line], from: usize, batch_max: usize) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut bytes = 0;
    for (index, line) in lines.iter().enumerate().skip(from) {
        let length = line.body.get().len() + 1;
        match ranges.last_mut() {
            Some(open)
                if lines[open.start].device == line.device
                    && open.len() < batch_max
                    && bytes + length <= BODY_BYTES_MAX =>
            {
                open.end = index + 1;
                bytes += length;
            }
            _ => {
                ranges.push(index..index + 1);
                bytes = length;
            }
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use serde_json::value::to_raw_value;
    use uuid::Uuid;

    use super::*;

    fn line(device: &str, length: usize) -> Line {
        let body = to_raw_value(&"x".repeat(length)).unwrap();
        Line { number: 1, device: Some(device.into()), transaction_id: Uuid::nil(), body }
    }

    #[test]
    fn a_change_of_device_ends_a_request_and_the_order_stays() {
        let lines: Vec<Line> = ["A", "A", "B", "A", "A", "A"].iter().map(|device| line(device, 9)).collect();
        assert_eq!(batches(&lines, 0, 2), [0..2, 2..3, 3..5, 5..6]);
        assert_eq!(batches(&lines, 3, 2), [3..5, 5..6]);
        assert!(batches(&lines, 6, 2).is_empty());
    }

    #[test]
    fn a_request_stays_below_the_limit_of_bytes() {
        let lines = [line("A", 600_000), line("A", 300_000), line("A", 300_000), line("A", 2_000_000), line("A", 1)];
        assert_eq!(batches(&lines, 0, 100), [0..2, 2..3, 3..4, 4..5]);
    }
}
