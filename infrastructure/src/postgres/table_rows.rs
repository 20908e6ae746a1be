//! Rows of one table as a parameter: an array of the table's own row type, in binary. A document would have to be parsed
//! by the database, and every column of every row looked up in it: five times the work of writing the row.

use std::borrow::Cow;
use std::error::Error;

use bytes::{BufMut, BytesMut};
use domain::id::SpaceId;
use jiff::civil::Date;
use serde_json::{Map, Value};
use tokio_postgres::types::{Field, IsNull, Kind, ToSql, Type, to_sql_checked};
use uuid::Uuid;

type Failure = Box<dyn Error + Sync + Send>;

/// A row by the names of its columns; a column that it does not have is null.
#[derive(Clone, Debug)]
pub(super) struct TableRow<'a> {
    pub(super) space: SpaceId,
    pub(super) columns: Cow<'a, Map<String, Value>>,
}

/// Rows of one table, for `unnest($n::table[])`.
#[derive(Clone, Debug, Default)]
pub(super) struct TableRows<'a>(pub(super) Vec<TableRow<'a>>);

impl ToSql for TableRows<'_> {
    fn to_sql(&self, array: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let (Kind::Array(row_type), rows) = (array.kind(), &self.0) else { return Err(no_rows(array)) };
        let Kind::Composite(fields) = row_type.kind() else { return Err(no_rows(array)) };
        // One dimension, no nulls, the type of an element, how many, from 1 on.
        out.put_i32(1);
        out.put_i32(0);
        out.put_u32(row_type.oid());
        out.put_i32(i32::try_from(rows.len())?);
        out.put_i32(1);
        for row in rows {
            sized(out, |out| row.put(fields, out).map(|()| IsNull::No))?;
        }
        Ok(IsNull::No)
    }

    fn accepts(array: &Type) -> bool {
        matches!(array.kind(), Kind::Array(row) if matches!(row.kind(), Kind::Composite(_)))
    }

    to_sql_checked!();
}

impl TableRow<'_> {
    fn put(&self, fields: &[Field], out: &mut BytesMut) -> Result<(), Failure> {
        out.put_i32(i32::try_from(fields.len())?);
        for field in fields {
            out.put_u32(field.type_().oid());
            let put = |out: &mut BytesMut| match field.name() {
                "space_id" => self.space.0.to_sql(field.type_(), out),
                name => put(self.columns.get(name).unwrap_or(&Value::Null), field.type_(), out),
            };
            sized(out, put).map_err(|error| format!("column {}: {error}", field.name()))?;
        }
        Ok(())
    }
}

/// Puts a length before what is put; -1 for null.
fn sized(out: &mut BytesMut, put: impl FnOnce(&mut BytesMut) -> Result<IsNull, Failure>) -> Result<(), Failure> {
    let start = out.len();
    out.put_i32(-1);
    if matches!(put(out)?, IsNull::No) {
        let length = i32::try_from(out.len() - start - 4)?;
        if let Some(place) = out.get_mut(start..start + 4) {
            place.copy_from_slice(&length.to_be_bytes());
        }
    }
    Ok(())
}

/// Puts a value as the column's type.
fn put(value: &Value, column: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
    match (value, column) {
        (Value::Null, _) => Ok(IsNull::Yes),
        (Value::Bool(yes), &Type::BOOL) => yes.to_sql(column, out),
        (Value::Number(number), &Type::INT8) => number.as_i64().ok_or("is no whole number")?.to_sql(column, out),
        (Value::Number(number), &Type::INT4) => {
            i32::try_from(number.as_i64().ok_or("is no whole number")?)?.to_sql(column, out)
        }
        (Value::String(text), &Type::TEXT) => text.to_sql(column, out),
        (Value::String(text), &Type::UUID) => Uuid::parse_str(text)?.to_sql(column, out),
        (Value::String(text), &Type::DATE) => text.parse::<Date>()?.to_sql(column, out),
        (value, &Type::JSONB) => value.to_sql(column, out),
        (Value::Array(values), &Type::TEXT_ARRAY) => texts(values)?.to_sql(column, out),
        (Value::Array(values), &Type::UUID_ARRAY) => {
            let ids = texts(values)?.into_iter().map(Uuid::parse_str);
            ids.collect::<Result<Vec<_>, _>>()?.to_sql(column, out)
        }
        _ => Err(format!("is of type {column}, which this value is not").into()),
    }
}

fn texts(values: &[Value]) -> Result<Vec<&str>, Failure> {
    values.iter().map(|value| value.as_str().ok_or_else(|| "holds something other than texts".into())).collect()
}

fn no_rows(array: &Type) -> Failure {
    format!("{array} is no array of rows").into()
}
