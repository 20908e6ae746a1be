//! Who asks in which version of the API: old clients can be let go when nobody speaks their version any more.

use crate::identity::Platform;

/// A version of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// The legacy contract.
    V1,
    /// The present one.
    V2,
}

/// Who is counted together; the order is that of stored counts.
const KINDS: [(Spoken, Platform); 6] = [
    (Spoken::V1, Platform::Ios),
    (Spoken::V1, Platform::Web),
    (Spoken::V1, Platform::Other),
    (Spoken::V2, Platform::Ios),
    (Spoken::V2, Platform::Web),
    (Spoken::V2, Platform::Other),
];

/// Requests to the API, by its version and by what the client runs on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requests([u64; KINDS.len()]);

impl Spoken {
    /// The name in reports and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1 => "1",
            Self::V2 => "2",
        }
    }
}

impl Requests {
    /// Of stored counts, in their order; what is not there is none.
    pub fn of(counts: impl IntoIterator<Item = u64>) -> Self {
        let mut requests = Self::default();
        requests.0.iter_mut().zip(counts).for_each(|(own, count)| *own = count);
        requests
    }

    /// Counts a request.
    pub fn add(&mut self, spoken: Spoken, platform: Platform) {
        let kinds = self.0.iter_mut().zip(KINDS);
        kinds.filter(|(_, kind)| *kind == (spoken, platform)).for_each(|(count, _)| *count += 1);
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own += other);
    }

    /// The counts, in the order in which they are stored.
    pub const fn counts(&self) -> [u64; KINDS.len()] {
        self.0
    }

    /// Each version and platform with its count.
    pub fn each(&self) -> impl Iterator<Item = (Spoken, Platform, u64)> {
        KINDS.into_iter().zip(self.0).map(|((spoken, platform), count)| (spoken, platform, count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_counts_for_its_version_and_platform_alone() {
        let mut requests = Requests::default();
        requests.add(Spoken::V1, Platform::Ios);
        requests.add(Spoken::V2, Platform::Web);
        requests.merge(&Requests::of([2, 0, 0, 0, 0, 1]));
        assert_eq!(requests.counts(), [3, 0, 0, 0, 1, 1]);
        assert_eq!(Requests::of(requests.counts()), requests);
        let counted: Vec<_> = requests.each().filter(|(.., count)| *count > 0).collect();
        assert_eq!(
            counted,
            [(Spoken::V1, Platform::Ios, 3), (Spoken::V2, Platform::Web, 1), (Spoken::V2, Platform::Other, 1)]
        );
        assert_eq!(Requests::of([1; 9]).counts(), [1; 6]);
    }
}
