//! The counters of a server, read as Prometheus reads them.

use std::collections::{BTreeMap, BTreeSet};

use support::Http;

/// Every series that was there, by its name with its labels.
#[derive(Clone, Debug)]
pub(super) struct Scrape(BTreeMap<String, f64>);

impl Scrape {
    /// Reads them.
    pub(super) async fn of(http: &Http) -> Self {
        let answer = http.get("/metrics").await;
        assert_eq!(answer.status, 200);
        let text = String::from_utf8(answer.body).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let series = lines.map(|line| line.rsplit_once(' ').expect("a series and its value"));
        Self(series.map(|(name, value)| (name.to_owned(), value.parse().unwrap())).collect())
    }

    /// The names of the metrics: a histogram's three series are one.
    pub(super) fn names(&self) -> BTreeSet<String> {
        self.0.keys().map(|series| metric(series).to_owned()).collect()
    }

    /// The sum of all series of a metric; of a histogram, how many were counted.
    pub(super) fn sum(&self, metric_name: &str) -> f64 {
        let counts = |series: &&String| metric(series) == metric_name && !is_part(series);
        self.0.keys().filter(counts).map(|series| self.0[series]).sum()
    }

    /// One series; 0 when it is not there.
    pub(super) fn get(&self, series: &str) -> f64 {
        self.0.get(series).copied().unwrap_or_default()
    }

    /// The whole of it, to be searched.
    pub(super) fn text(&self) -> String {
        self.0.keys().fold(String::new(), |text, series| text + series + "\n")
    }
}

/// The name of the metric that a series is of.
pub(super) fn metric(series: &str) -> &str {
    let name = series.split('{').next().unwrap_or_default();
    ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name)
}

fn is_part(series: &str) -> bool {
    let name = series.split('{').next().unwrap_or_default();
    name.ends_with("_bucket") || name.ends_with("_sum")
}
