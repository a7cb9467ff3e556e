//! HTTP responses of the CRM. Only this module builds the JSON of its errors.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::{json, value::RawValue};

use crate::config::{Config, ErrorsForm, Locale, NotFoundForm};
use crate::fields::to_raw;
use crate::store::Key;

/// An HTTP response. As the `Err` of an [`ActionResult`] it is a refusal: the action was not done.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// The response of an action. `Err` is a response too: a refusal.
pub(crate) type ActionResult = Result<Response, Response>;

const JSON: &str = "application/json;charset=UTF-8";

impl Response {
    pub fn json(status: u16, json: impl Into<String>) -> Self {
        Self::new(status, Some(JSON), json.into())
    }

    /// Returns a response with a value as JSON.
    pub fn of<T: Serialize + ?Sized>(status: u16, value: &T) -> Self {
        Self::json(status, to_raw(value).get())
    }

    /// Returns a response with a JSON object of one key.
    pub fn keyed<T: Serialize + ?Sized>(status: u16, key: &str, value: &T) -> Self {
        Self::json(status, format!("{{{}:{}}}", to_raw(key), to_raw(value)))
    }

    pub fn text(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status, Some("text/html;charset=UTF-8"), body)
    }

    pub fn empty(status: u16) -> Self {
        Self::new(status, None, "")
    }

    /// Returns the web server's own page for an unknown address.
    pub fn no_such_page() -> Self {
        Self::text(404, "<!doctype html><title>404</title><h1>Nie znaleziono strony</h1>")
    }

    /// Returns the response to a method that the action does not allow.
    pub fn method_not_allowed(allowed: &str) -> Self {
        Self::empty(405).with_header("Allow", allowed)
    }

    pub fn bad_request(message: &str) -> Self {
        Self::of(400, &json!({"error": "bad_request", "message": message}))
    }

    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Checks that the headers are valid in HTTP.
    pub fn check_headers(&self) -> Result<(), String> {
        for (name, value) in &self.headers {
            HeaderName::try_from(name).map_err(|error| format!("header {name}: {error}"))?;
            HeaderValue::from_bytes(value.as_bytes()).map_err(|error| format!("header {name}: {error}"))?;
        }
        Ok(())
    }

    /// Converts to a response of axum; `wrap` makes its body.
    pub fn into_http(self, wrap: impl FnOnce(Vec<u8>) -> Body) -> axum::response::Response {
        let mut response = axum::response::Response::new(wrap(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_bytes(value.as_bytes())) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }

    fn new(status: u16, content_type: Option<&str>, body: impl Into<Vec<u8>>) -> Self {
        let headers = content_type.map(|value| ("Content-Type".to_owned(), value.to_owned())).into_iter().collect();
        Self { status, headers, body: body.into() }
    }
}

/// A failed SQL statement is a bug of the sandbox: the response shows its message.
impl From<rusqlite::Error> for Response {
    fn from(error: rusqlite::Error) -> Self {
        Self::of(500, &json!({"error": "sandbox", "message": error.to_string()}))
    }
}

/// Returns the error for required fields that are missing, in the configured form [I].
pub(crate) fn validation_failure(config: &Config, entity: &str, missing: &[String]) -> Response {
    let message = |field: &str| match config.locale {
        Locale::Pl => format!("Pole [{field}] encji [{entity}] nie może być puste"),
        Locale::En => format!("Property [{field}] of class [{entity}] cannot be null"),
    };
    let objects: Vec<_> =
        missing.iter().map(|field| field_error(entity, field, &to_raw(&()), &message(field))).collect();
    let messages: Vec<_> = missing.iter().map(|field| message(field)).collect();
    let status = config.validation_status;
    match config.errors_form {
        ErrorsForm::Objects => Response::keyed(status, "errors", &objects),
        ErrorsForm::Strings => Response::keyed(status, "errors", &messages),
        ErrorsForm::OneObject => Response::keyed(status, "errors", &objects[0]),
        ErrorsForm::OneString => Response::keyed(status, "errors", &messages[0]),
        ErrorsForm::SingleError => Response::keyed(status, "error", &messages[0]),
        ErrorsForm::SuccessFalse => Response::of(status, &json!({ "success": false, "message": messages[0] })),
    }
}

/// Returns the error for a field whose value cannot be read [G].
pub(crate) fn invalid_field(config: &Config, entity: &str, field: &str, value: &RawValue, message: &str) -> Response {
    Response::keyed(config.validation_status, "errors", &[field_error(entity, field, value, message)])
}

/// Returns the error for a record that does not exist.
pub(crate) fn not_found(config: &Config, entity: &str, key: &Key) -> Response {
    match config.not_found_form {
        NotFoundForm::Errors => {
            let text = config.locale.choose("Nie znaleziono rekordu", "Record not found");
            let error = field_error(entity, "id", &to_raw(key), &format!("{text}: {entity} {key}"));
            Response::keyed(404, "errors", &[error])
        }
        NotFoundForm::Empty => Response::empty(404),
        NotFoundForm::Null => Response::json(200, "null"),
        NotFoundForm::Object => Response::json(200, "{}"),
    }
}

/// One element of `errors`, in the form and key order of Grails [I].
#[derive(Serialize)]
struct FieldError<'a> {
    object: String,
    field: &'a str,
    #[serde(rename = "rejected-value")]
    rejected_value: Box<RawValue>,
    message: &'a str,
}

fn field_error(entity: &str, field: &str, rejected_value: &RawValue, message: &str) -> Box<RawValue> {
    to_raw(&FieldError {
        object: format!("pl.egito.{entity}"),
        field,
        rejected_value: rejected_value.to_owned(),
        message,
    })
}
