//! What a comparison asks and is answered.

use std::collections::BTreeMap;

use application::compare::{Ask, Compared, Different, Misfit, Standing, held, sums};
use domain::checksum::hex;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::escaped;
use crate::problem::{Code, FieldProblem, Problem};
use crate::v2::snapshot::ItemBody;

/// What the caller has. Exactly one of `sums` and `held`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecksumsBody {
    /// Where the caller stands: the sums are those of this position.
    cursor: String,
    /// Sums of buckets, 1 to 512; those of one kind have suffixes of one length.
    sums: Option<Vec<SumBody>>,
    /// Buckets with all that the caller has of them, 1 to 512, with at most 2000 entities together.
    held: Option<Vec<HeldBody>>,
}

/// What the caller's live entities of a bucket add up to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SumBody {
    /// Kind of entity.
    entity: String,
    /// The last hexadecimal digits of their ids, 0 to 32 in lower case; none: all of the kind.
    #[serde(default)]
    suffix: String,
    /// The sum of their checksums mod 2^64, sixteen hexadecimal digits.
    sum: String,
}

/// All live entities that the caller has of a bucket.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeldBody {
    /// Kind of entity.
    entity: String,
    /// The last hexadecimal digits of their ids.
    #[serde(default)]
    suffix: String,
    /// Their checksums, by id.
    #[schema(value_type = Object)]
    held: BTreeMap<String, String>,
}

/// What differs.
#[derive(Serialize, ToSchema)]
pub struct ComparedBody {
    /// `compared`, or `behind`: the log goes on after the cursor, and nothing was compared.
    status: &'static str,
    /// The last position of the log.
    head: i64,
    /// The checksum of the whole space there, if something was compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    checksum: Option<String>,
    /// The buckets of `sums` that differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    differ: Option<Vec<DifferentBody>>,
    /// The entities of `held` that differ, whole; one with `deleted_at` is a tombstone.
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Vec<ItemBody>>,
    /// What the caller has and never was.
    #[serde(skip_serializing_if = "Option::is_none")]
    gone: Option<Vec<GoneBody>>,
    /// Whether more differ than one answer carries (200): compare the same buckets again.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<bool>,
}

/// A bucket that differs.
#[derive(Serialize, ToSchema)]
pub struct DifferentBody {
    entity: &'static str,
    suffix: String,
    /// How many live entities it has.
    count: i64,
}

/// An entity that never was.
#[derive(Serialize, ToSchema)]
pub struct GoneBody {
    entity: &'static str,
    id: Uuid,
}

impl ChecksumsBody {
    /// The cursor's token, and what is asked.
    ///
    /// # Errors
    /// `body_invalid` and `fields_invalid`.
    pub(super) fn read(self) -> Result<(String, Ask), Problem> {
        let ask = match (&self.sums, &self.held) {
            (Some(sent), None) => {
                sums(sent.iter().map(|one| (one.entity.as_str(), one.suffix.as_str(), one.sum.as_str())))
                    .map_err(|misfit| invalid("/sums", misfit))?
            }
            (None, Some(sent)) => held(sent.iter().map(|one| (one.entity.as_str(), one.suffix.as_str(), &one.held)))
                .map_err(|misfit| invalid("/held", misfit))?,
            _ => {
                let field = FieldProblem::new("", "one_of", "Send either `sums` or `held`.");
                return Err(Problem::new(Code::BodyInvalid).field(field));
            }
        };
        Ok((self.cursor, ask))
    }
}

fn invalid(list: &str, misfit: Misfit) -> Problem {
    let pointer = misfit.place.iter().fold(list.to_owned(), |pointer, step| format!("{pointer}/{}", escaped(step)));
    let field = FieldProblem::new(pointer, misfit.code, misfit.message);
    let field = misfit.limit.into_iter().fold(field, |field, (name, most)| field.limit(name, most));
    Problem::new(Code::FieldsInvalid).field(field)
}

impl ComparedBody {
    fn at(Standing { position, checksum }: Standing) -> Self {
        Self { status: "compared", checksum: Some(hex(checksum)), ..Self::behind(position) }
    }

    fn behind(head: i64) -> Self {
        Self { status: "behind", head, checksum: None, differ: None, rows: None, gone: None, more: None }
    }

    /// How many entities it hands out or takes away.
    pub(super) fn entities(&self) -> usize {
        self.rows.as_ref().map_or(0, Vec::len) + self.gone.as_ref().map_or(0, Vec::len)
    }

    /// Whether it repairs something.
    pub(super) fn is_repair(&self) -> bool {
        self.entities() > 0
    }
}

impl From<Compared> for ComparedBody {
    fn from(compared: Compared) -> Self {
        match compared {
            // A reset has a form of its own, which every way of reading shares.
            Compared::Reset(_) => Self::behind(0),
            Compared::Behind(head) => Self::behind(head),
            Compared::Buckets(standing, differ) => {
                Self { differ: Some(differ.into_iter().map(DifferentBody::from).collect()), ..Self::at(standing) }
            }
            Compared::Entities(standing, found) => Self {
                rows: Some(found.rows.into_iter().map(ItemBody::from).collect()),
                gone: Some(
                    found.gone.iter().map(|gone| GoneBody { entity: gone.kind.name(), id: gone.id.0 }).collect(),
                ),
                more: Some(found.more),
                ..Self::at(standing)
            },
        }
    }
}

impl From<Different> for DifferentBody {
    fn from(Different { bucket, count }: Different) -> Self {
        Self { entity: bucket.kind.name(), suffix: bucket.suffix.as_str().to_owned(), count }
    }
}
