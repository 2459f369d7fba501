//! The three types of column, and how the rest of the program's types become one.

use super::{Dimension, StoreError};
use goodword_domain::click::ClickNumber;
use goodword_domain::id::{
    AccountId, AuditId, BatchId, BudgetId, ClaimId, ClickId, CommissionId, CompletionId, CustomerId,
    DeliveryId, DisputeId, EnrollmentId, EventId, FundClaimId, FundFileId, FundId, FundRequestId, GroupId,
    InboundId, IntegrationId, InvitationId, KeyId, LeadId, LinkId, ListenerId, LotId, MailId, NoteId,
    PartnerId, PayoutId, ProgramId, RedemptionId, RefundId, RegistrationId, RewardId, SaleId, SessionId,
    SettlementId, SplitId, TransferId, TriggerId, TriggerRunId, UserId, VendorId, WebhookId,
};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;

/// A parameter or a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// SQL null.
    Null,
    /// `bigint`.
    Int(i64),
    /// `text`.
    Text(String),
    /// `boolean`.
    Bool(bool),
    /// A list, for `= any($1)`.
    Ints(Vec<i64>),
    /// A list, for `= any($1)`.
    Texts(Vec<String>),
}

/// What can be read from a column.
pub trait Cell: Sized {
    /// From the column, or none when it holds something else.
    fn from_value(value: Value) -> Option<Self>;
}

/// A row, read from left to right.
#[derive(Debug)]
pub struct Row(std::vec::IntoIter<Value>);

impl Row {
    pub(super) fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    /// All columns that are left.
    pub(super) fn values(self) -> impl Iterator<Item = Value> {
        self.0
    }

    /// The next column. Fails only when a query and its reader disagree.
    pub fn next<T: Cell>(&mut self) -> Result<T, StoreError> {
        let disagree = || StoreError::Failed(format!("a column did not hold {}", std::any::type_name::<T>()));
        self.0.next().and_then(T::from_value).ok_or_else(disagree)
    }
}

impl Cell for i64 {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Int(i) = value { Some(i) } else { None }
    }
}

impl Cell for String {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Text(t) = value { Some(t) } else { None }
    }
}

impl Cell for bool {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Bool(b) => Some(b),
            // SQLite keeps booleans as integers.
            Value::Int(i) => Some(i != 0),
            _ => None,
        }
    }
}

impl Cell for Instant {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).map(Self)
    }
}

impl Cell for ClickNumber {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).map(Self)
    }
}

impl Cell for Currency {
    fn from_value(value: Value) -> Option<Self> {
        String::from_value(value).and_then(|text| Self::parse_unit(&text).ok())
    }
}

impl<T: Cell> Cell for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        if value == Value::Null { Some(None) } else { T::from_value(value).map(Some) }
    }
}

/// What can be written to a column.
pub trait Param {
    /// As the column's value.
    fn value(&self) -> Value;
}

impl Param for i64 {
    fn value(&self) -> Value {
        Value::Int(*self)
    }
}

impl Param for bool {
    fn value(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Param for str {
    fn value(&self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl Param for String {
    fn value(&self) -> Value {
        Value::Text(self.clone())
    }
}

impl Param for Instant {
    fn value(&self) -> Value {
        Value::Int(self.0)
    }
}

impl Param for ClickNumber {
    fn value(&self) -> Value {
        Value::Int(self.0)
    }
}

impl Param for Dimension {
    fn value(&self) -> Value {
        Value::Int(self.number())
    }
}

impl Param for [i64] {
    fn value(&self) -> Value {
        Value::Ints(self.to_vec())
    }
}

impl Param for Vec<i64> {
    fn value(&self) -> Value {
        self.as_slice().value()
    }
}

impl Param for [String] {
    fn value(&self) -> Value {
        Value::Texts(self.to_vec())
    }
}

impl Param for Currency {
    fn value(&self) -> Value {
        Value::Text(self.wire())
    }
}

impl<T: Param> Param for Option<T> {
    fn value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Param::value)
    }
}

impl<T: Param + ?Sized> Param for &T {
    fn value(&self) -> Value {
        (*self).value()
    }
}

macro_rules! ids {
    ($($id:ident)*) => {$(
        impl Cell for $id {
            fn from_value(value: Value) -> Option<Self> {
                String::from_value(value).and_then(|text| Self::parse(&text).ok())
            }
        }

        impl Param for $id {
            fn value(&self) -> Value {
                Value::Text(self.as_str().to_owned())
            }
        }
    )*};
}

ids! {
    AccountId AuditId BatchId BudgetId ClaimId ClickId CommissionId CompletionId CustomerId DeliveryId DisputeId EnrollmentId EventId FundClaimId FundFileId FundId FundRequestId GroupId InboundId IntegrationId InvitationId KeyId LeadId LinkId ListenerId LotId MailId NoteId PartnerId PayoutId ProgramId RedemptionId RefundId RegistrationId RewardId SaleId SessionId SettlementId SplitId TransferId TriggerId TriggerRunId UserId VendorId WebhookId
}

/// The parameters `$1`, `$2`, … of a statement.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::store::value::Param::value(&$value)),*] };
}
pub(crate) use params;

/// The same as one of many rows.
macro_rules! row {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::value::Param::value(&$value)),*] };
}
pub(crate) use row;
