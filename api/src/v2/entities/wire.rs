//! The parameters and the body that the lists share.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub struct ListBody {
    /// Rows: `id`, `version`, every field that is shown, and what is computed for the reader.
    #[schema(value_type = Vec<Object>)]
    pub items: Vec<Map<String, Value>>,
    /// The token of the next page, to be sent as `page` with the same query; null after the last.
    #[schema(required)]
    pub next: Option<String>,
}

/// What every list can be asked. Beside these, every field that holds a single value is a parameter of its own and finds
/// the rows that have that value (`null`: those that have none, where the field is no text), and every moment has two,
/// such as `updated_before` and `updated_after`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListParams {
    /// A field that holds a single value, with `-` in front for the greatest first; `created_at` when absent. Rows
    /// without a value are last, text is ordered by its bytes, and ids decide between equals.
    pub sort: Option<String>,
    /// Rows at most, 1 to 1000; 200 when absent.
    pub limit: Option<usize>,
    /// The `next` of the page before, with the same query.
    pub page: Option<String>,
    /// Names of the fields that are wanted, separated by commas; `id` and `version` always come.
    pub fields: Option<String>,
    /// The list as it was at a position of the log or at an instant (RFC 3339, or Unix ms); without an ETag. At most 10 000
    /// entities of the kind may have changed since.
    pub as_of: Option<String>,
    /// Text that occurs in the title, name or description, in upper or lower case: 1 to 200 characters, of which none
    /// is a wildcard. It reads every row of the kind in the space.
    pub q: Option<String>,
    /// `true`: tombstones only, `any`: these too; `false` when absent.
    pub deleted: Option<String>,
    /// Created before this moment, Unix ms.
    pub created_before: Option<i64>,
    /// Created at this moment or after it, Unix ms.
    pub created_after: Option<i64>,
}

/// What a single row can be asked.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FieldsParams {
    /// Names of the fields that are wanted, separated by commas; `id` and `version` always come.
    pub fields: Option<String>,
    /// The row as it was at a position of the log or at an instant (RFC 3339, or Unix ms); without an ETag.
    pub as_of: Option<String>,
}
