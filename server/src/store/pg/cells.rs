//! What goes over a line: parameters, lists of them, and the cells of rows.

use crate::store::StoreError;
use crate::store::value::{Row, Value};
use std::error::Error as StdError;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// One column of many rows, as a list.
#[derive(Debug)]
pub(super) struct Column<'a>(pub(super) &'a [Vec<Value>], pub(super) usize);

impl ToSql for Column<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut bytes::BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        let values: Vec<&Value> = self.0.iter().map(|row| row.get(self.1).unwrap_or(&Value::Null)).collect();
        values.to_sql(ty, out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// The columns of cells that stand row by row.
pub(super) fn columns<T>(width: usize, cells: &[T]) -> Vec<Vec<&T>> {
    (0..width).map(|first| cells.iter().skip(first).step_by(width).collect()).collect()
}

pub(super) fn as_params<T: ToSql + Sync>(params: &[T]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|p| p as &(dyn ToSql + Sync)).collect()
}

pub(super) fn numbers(rows: &[tokio_postgres::Row]) -> Result<Vec<Option<i64>>, StoreError> {
    let cells = rows.iter().flat_map(|row| (0..row.len()).map(|index| row.try_get(index)));
    Ok(cells.collect::<Result<_, _>>()?)
}

pub(super) fn read(row: &tokio_postgres::Row) -> Result<Row, StoreError> {
    let cell = |(i, column): (usize, &tokio_postgres::Column)| match *column.type_() {
        Type::INT8 => Ok(row.get::<_, Option<i64>>(i).map_or(Value::Null, Value::Int)),
        Type::TEXT => Ok(row.get::<_, Option<String>>(i).map_or(Value::Null, Value::Text)),
        Type::BOOL => Ok(row.get::<_, Option<bool>>(i).map_or(Value::Null, Value::Bool)),
        ref other => {
            Err(StoreError::Failed(format!("column {} is {other}, of no known type", column.name())))
        }
    };
    row.columns().iter().enumerate().map(cell).collect::<Result<_, _>>().map(Row::new)
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut bytes::BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(i) => i.to_sql_checked(ty, out),
            Self::Text(t) => t.to_sql_checked(ty, out),
            Self::Bool(b) => b.to_sql_checked(ty, out),
            Self::Ints(all) => all.to_sql_checked(ty, out),
            Self::Texts(all) => all.to_sql_checked(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
