//! Everything that can go wrong, and the only file that knows status codes.

use crate::seldom::Seldom;
use crate::store::StoreError;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use goodword_domain::Invalid;
use goodword_wire::{ErrorBody, ErrorDetail};

/// A refusal on its way to the caller. The words of `code` are those of the public Dub API.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request cannot be read.
    #[error("{0}")]
    BadRequest(String),
    /// A field is not acceptable.
    #[error("{0}")]
    Invalid(#[from] Invalid),
    /// Nobody, or somebody unknown.
    #[error("{0}")]
    Unauthorized(String),
    /// Somebody known who may not.
    #[error("{0}")]
    Forbidden(String),
    /// It is not there, or not the caller's.
    #[error("{0}")]
    NotFound(String),
    /// It contradicts what is there.
    #[error("{0}")]
    Conflict(String),
    /// The address is there, and does not take the method.
    #[error("{0}")]
    Method(String),
    /// The caller takes no type this is answered in.
    #[error("{0}")]
    NotAcceptable(String),
    /// The body is of a type that is not taken.
    #[error("{0}")]
    UnsupportedType(String),
    /// The body is larger than is taken.
    #[error("{0}")]
    TooLarge(String),
    /// Some of it was done before the database failed.
    #[error("{0}")]
    Halfway(String),
    /// Too often.
    #[error("{0}")]
    TooMany(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Ours; the text goes to the log alone.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// A refusal of one field.
    pub fn field(field: &'static str, remedy: impl Into<String>) -> Self {
        Invalid::new(field, remedy).into()
    }

    /// A refusal of one field of a list, by its path.
    pub fn at(path: String, remedy: impl Into<String>) -> Self {
        Invalid::new(path, remedy).into()
    }

    /// Our own fault.
    pub fn internal(text: impl Into<String>) -> Self {
        Self::Internal(text.into())
    }

    fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad_request"),
            Self::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "unprocessable_entity"),
            Self::Unauthorized(_) => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            // The public Dub API has no words for these four.
            Self::Method(_) => (StatusCode::METHOD_NOT_ALLOWED, "bad_request"),
            Self::NotAcceptable(_) => (StatusCode::NOT_ACCEPTABLE, "bad_request"),
            Self::UnsupportedType(_) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad_request"),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "bad_request"),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded"),
            // Senders of webhooks give up on a 4xx; this one is worth sending again.
            Self::Store(
                StoreError::Busy | StoreError::Conflict(_) | StoreError::ReadOnly(_) | StoreError::Away(_),
            )
            | Self::Halfway(_) => (StatusCode::SERVICE_UNAVAILABLE, "internal_server_error"),
            Self::Store(StoreError::Full(_)) => (StatusCode::INSUFFICIENT_STORAGE, "internal_server_error"),
            Self::Store(StoreError::Failed(_)) | Self::Internal(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal_server_error")
            }
        }
    }

    /// The status it is answered with, and what the caller is told: for pages, which say it their own way.
    pub fn told(&self) -> (StatusCode, String) {
        let (status, _) = self.status_and_code();
        if status.is_server_error() {
            self.log();
        }
        (status, self.message())
    }

    /// One line for each failure; but what the database refuses to many at once is told once a second.
    fn log(&self) {
        static SELDOM: Seldom = Seldom::new();
        let often = matches!(
            self,
            Self::Store(
                StoreError::Busy | StoreError::Full(_) | StoreError::ReadOnly(_) | StoreError::Away(_)
            )
        );
        if let Some(unsaid) = if often { SELDOM.may_speak() } else { Some(0) } {
            tracing::error!(error = %self, unsaid, "a request failed");
        }
    }

    /// What the caller is told: our own inner text stays in the log.
    fn message(&self) -> String {
        match self {
            Self::Store(StoreError::Conflict(_)) => {
                "Another request changed the same thing at the same moment: send this one again.".into()
            }
            Self::Store(StoreError::Busy) => "The server is busy: send the request again in a second.".into(),
            Self::Store(StoreError::Full(_)) => {
                "The server's disk is full; nothing was stored. Ask the operator to make room, then send the request again.".into()
            }
            Self::Store(StoreError::ReadOnly(_)) => {
                "The server may not write to its database; nothing was stored. Ask the operator to make it writable, then send the request again.".into()
            }
            Self::Store(StoreError::Away(_)) => {
                "The server cannot reach its database: send the request again in a second.".into()
            }
            Self::Store(StoreError::Failed(_)) | Self::Internal(_) => {
                "The server failed; nothing was stored. Send the request again, and if it stays so ask the operator to read the log.".into()
            }
            other => other.to_string(),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        if status.is_server_error() {
            self.log();
        }
        let doc_url = format!("/docs/api#{code}");
        let detail = ErrorDetail {
            code: code.into(),
            message: self.message(),
            doc_url_for_sdks: doc_url.clone(),
            doc_url,
        };
        let mut response = (status, Json(ErrorBody { error: detail })).into_response();
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
