//! Hints as text, the same over every way: `1 <node> <number> <hint>…`, with a hint as `h:<space>:<epoch>:<position>` or
//! `c:<topic>`. Ids are hexadecimal without dashes. A word that is not known is passed over, so that a newer node may say
//! more; another first number is another language, and the whole letter is passed over.

use domain::id::SpaceId;
use uuid::Uuid;

use super::{Hint, Topic};

const LANGUAGE: &str = "1";
/// Bytes of a letter: a notification of PostgreSQL has less than 8000.
pub(super) const LETTER_BYTES_MAX: usize = 7_900;
/// Bytes that are read of one; a letter of a node has fewer.
const READ_BYTES_MAX: usize = 64 * 1_024;

/// A letter as it was heard.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Letter {
    /// Who wrote it.
    pub(super) node: Uuid,
    /// The how manieth of that node.
    pub(super) number: u64,
    /// What it says.
    pub(super) hints: Vec<Hint>,
}

/// Writes as many letters as it takes, at least one. `number` is that of the last letter, and goes on.
pub(super) fn write(node: Uuid, number: &mut u64, hints: &[Hint]) -> Vec<String> {
    let mut begin = || {
        *number += 1;
        format!("{LANGUAGE} {} {number}", node.simple())
    };
    let mut letters = vec![begin()];
    for hint in hints {
        let word = word(hint);
        let mut letter = letters.pop().unwrap_or_else(&mut begin);
        if letter.len() + 1 + word.len() > LETTER_BYTES_MAX {
            letters.push(std::mem::replace(&mut letter, begin()));
        }
        letter.push(' ');
        letter.push_str(&word);
        letters.push(letter);
    }
    letters
}

/// Reads a letter; none if it is not one.
pub(super) fn read(text: &str) -> Option<Letter> {
    let mut words = text.get(..READ_BYTES_MAX).unwrap_or(text).split(' ');
    if text.len() > READ_BYTES_MAX || words.next()? != LANGUAGE {
        return None;
    }
    let node = Uuid::try_parse(words.next()?).ok()?;
    let number = words.next()?.parse().ok()?;
    let hints = words.filter_map(hint).collect();
    Some(Letter { node, number, hints })
}

fn word(hint: &Hint) -> String {
    match hint {
        Hint::Head { space, epoch, position } => format!("h:{}:{}:{position}", space.0.simple(), epoch.simple()),
        Hint::Changed(topic) => format!("c:{}", topic.as_str()),
    }
}

fn hint(word: &str) -> Option<Hint> {
    let (kind, rest) = word.split_once(':')?;
    match kind {
        "c" => Topic::ALL.into_iter().find(|topic| topic.as_str() == rest).map(Hint::Changed),
        "h" => {
            let (space, rest) = rest.split_once(':')?;
            let (epoch, position) = rest.split_once(':')?;
            let (space, epoch) = (SpaceId(Uuid::try_parse(space).ok()?), Uuid::try_parse(epoch).ok()?);
            Some(Hint::Head { space, epoch, position: position.parse().ok()? })
        }
        _ => None,
    }
}
