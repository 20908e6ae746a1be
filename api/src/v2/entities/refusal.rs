//! A list that cannot be read as it was asked for becomes a problem.

use infrastructure::postgres::rows::ListRefusal;

use crate::problem::{Code, Problem};

impl From<ListRefusal> for Problem {
    fn from(refusal: ListRefusal) -> Self {
        match refusal {
            ListRefusal::Parameter { name, message } => {
                Self::new(Code::QueryInvalid).detail(message).with("parameter", name)
            }
            ListRefusal::PageInvalid => Self::new(Code::PageInvalid)
                .detail("A page's token is good for the query that gave it. Start again without `page`.")
                .with("parameter", "page"),
        }
    }
}

/// A parameter that this path does not know.
pub(super) fn unknown(name: &str) -> Problem {
    let detail = format!("There is no parameter `{name}` here; there are only `fields` and `as_of`.");
    Problem::new(Code::QueryInvalid).detail(detail).with("parameter", name)
}
