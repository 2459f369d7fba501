//! Forms with files, as browsers send them (RFC 7578): fields and files of a body that is in memory already.

use crate::error::Error;

/// One part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// The field's name.
    pub name: String,
    /// The file's name, where it is a file.
    pub file: Option<String>,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// How many parts are read.
const MOST: usize = 64;

/// The parts of a body, by the `Content-Type` of its request.
pub fn read<'a>(content_type: Option<&str>, body: &'a [u8]) -> Result<Vec<Part<'a>>, Error> {
    let kind = content_type.unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
        return Err(Error::UnsupportedType("The form must be sent as `multipart/form-data`.".into()));
    }
    let boundary = parameter(kind, "boundary").filter(|b| !b.is_empty() && b.len() <= 70);
    let boundary = boundary.ok_or_else(|| broken("it has no boundary"))?;
    let (first, next) = (format!("--{boundary}"), format!("\r\n--{boundary}"));
    let mut rest =
        body.strip_prefix(first.as_bytes()).ok_or_else(|| broken("it does not begin with its boundary"))?;
    let mut parts = Vec::new();
    while let Some(after) = rest.strip_prefix(b"\r\n") {
        let end = find(after, next.as_bytes()).ok_or_else(|| broken("it ends too early"))?;
        parts.push(part(&after[..end])?);
        if parts.len() > MOST {
            return Err(broken("it has too many fields"));
        }
        rest = &after[end + next.len()..];
    }
    if rest.starts_with(b"--") { Ok(parts) } else { Err(broken("it ends too early")) }
}

fn broken(why: &str) -> Error {
    Error::BadRequest(format!("The form cannot be read: {why}. Send it again."))
}

fn part(bytes: &[u8]) -> Result<Part<'_>, Error> {
    let end = find(bytes, b"\r\n\r\n").ok_or_else(|| broken("a field has no head"))?;
    let head = std::str::from_utf8(&bytes[..end]).map_err(|_| broken("a field's head is not UTF-8"))?;
    let told = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    });
    let told = told.ok_or_else(|| broken("a field has no name"))?;
    let name = parameter(told, "name").ok_or_else(|| broken("a field has no name"))?;
    Ok(Part { name, file: parameter(told, "filename"), bytes: &bytes[end + 4..] })
}

/// A parameter of a header; in quotes, where browsers write a quote as `%22`.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once(';') {
        let (name, value) = after.split_once('=')?;
        let name = name.trim();
        if let Some(quoted) = value.strip_prefix('"') {
            let (value, behind) = quoted.split_once('"')?;
            if name.eq_ignore_ascii_case(wanted) {
                return Some(value.replace("%22", "\""));
            }
            rest = behind;
        } else {
            let end = value.find(';').unwrap_or(value.len());
            if name.eq_ignore_ascii_case(wanted) {
                return Some(value[..end].trim().to_owned());
            }
            rest = &value[end..];
        }
    }
    None
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: Option<&str> = Some("multipart/form-data; boundary=----x1");

    #[test]
    fn fields_and_files_as_browsers_send_them() {
        let body = b"------x1\r\nContent-Disposition: form-data; name=\"cost\"\r\n\r\n8400.00\r\n------x1\r\nContent-Disposition: form-data; \
                     name=\"file\"; filename=\"a;b %22c%22.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-\r\n\r\n--x\r\n------x1\r\n\
                     content-disposition: form-data; name=note\r\n\r\n\r\n------x1--\r\n";
        let parts = read(KIND, body).unwrap();
        let told: Vec<_> = parts.iter().map(|p| (p.name.as_str(), p.file.as_deref(), p.bytes)).collect();
        assert_eq!(
            told,
            [
                ("cost", None, &b"8400.00"[..]),
                ("file", Some("a;b \"c\".pdf"), b"%PDF-\r\n\r\n--x"),
                ("note", None, b""),
            ]
        );
        assert_eq!(read(KIND, b"------x1--").unwrap(), []);
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for (kind, body) in [
            (None, &b""[..]),
            (Some("application/x-www-form-urlencoded"), b"a=b"),
            (Some("multipart/form-data"), b"------x1--"),
            (KIND, b""),
            (KIND, b"------x1"),
            (KIND, b"------x1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb"),
            (KIND, b"------x1\r\nContent-Disposition: form-data; name=\"a\"\r\n------x1--"),
            (KIND, b"------x1\r\nX: y\r\n\r\nb\r\n------x1--"),
            (KIND, b"------x1\r\nContent-Disposition: form-data; name=\"a\r\n\r\nb\r\n------x1--"),
        ] {
            assert!(read(kind, body).is_err(), "{kind:?} {body:?}");
        }
        let many = "------x1\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n".repeat(65) + "------x1--";
        assert!(read(KIND, many.as_bytes()).is_err());
    }
}
