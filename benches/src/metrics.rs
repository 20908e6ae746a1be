//! The server's own count of its group appends.

use std::net::SocketAddr;
use std::ops::Sub;

use infrastructure::metric_names::GROUP_TRANSACTIONS;

use crate::failure::Failure;
use crate::http::Connection;

/// Group appends so far.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// Appends.
    pub count: f64,
    /// Transactions in them.
    pub transactions: f64,
    /// Appends of at most so many transactions, by that bound.
    pub at_most: Vec<(f64, f64)>,
}

impl Groups {
    /// Asks the server.
    pub async fn ask(address: SocketAddr) -> Result<Self, Failure> {
        let mut connection = Connection::open(address, "").await?;
        Ok(Self::read(connection.get("/metrics").await?))
    }

    /// Transactions in one append, on average.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.transactions / self.count
    }

    fn read(text: &str) -> Self {
        let mut groups = Self::default();
        for line in text.lines() {
            let Some((name, value)) = line.strip_prefix(GROUP_TRANSACTIONS).and_then(|rest| rest.split_once(' '))
            else {
                continue;
            };
            let Ok(value) = value.trim().parse() else { continue };
            let bound = name.strip_prefix("_bucket{le=\"").and_then(|rest| rest.strip_suffix("\"}"));
            match (name, bound.and_then(|bound| bound.parse().ok())) {
                ("_sum", _) => groups.transactions = value,
                ("_count", _) => groups.count = value,
                // Fewer than one transaction is in no group.
                (_, Some(bound)) if bound >= 1.0 => groups.at_most.push((bound, value)),
                _ => {}
            }
        }
        groups
    }
}

impl Sub for Groups {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        let earlier = |bound| before.at_most.iter().find(|(known, _)| *known == bound).map_or(0.0, |(_, count)| *count);
        Self {
            count: self.count - before.count,
            transactions: self.transactions - before.transactions,
            at_most: self.at_most.iter().map(|(bound, count)| (*bound, count - earlier(*bound))).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_read_from_the_metrics() {
        let text = format!(
            "{0}_bucket{{le=\"0.5\"}} 0\n{0}_bucket{{le=\"2.5\"}} 3\n{0}_sum 12\n{0}_count 4\nother 1\n",
            GROUP_TRANSACTIONS
        );
        let groups = Groups::read(&text);
        assert_eq!((groups.count, groups.transactions, groups.mean()), (4.0, 12.0, 3.0));
        assert_eq!(groups.at_most, [(2.5, 3.0)]);
    }
}
