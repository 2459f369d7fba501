//! What somebody typed, and what is wrong with it.

/// What somebody typed, without the blanks around it; what the form does not have is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The code wished for.
    pub code: String,
    /// Anything, if the terms were agreed to.
    pub terms: String,
    /// The number of an order somebody claims.
    pub invoice: String,
    /// What a post is called.
    pub label: String,
    /// Whom a deal is with.
    pub customer: String,
    /// The domain or address of whom a deal is with.
    pub contact: String,
    /// The names of the vendor's questions that must be answered and are not, with commas between.
    pub missing: String,
}

const FIELDS: [&str; 12] = [
    "name",
    "email",
    "code",
    "terms",
    "invoiceId",
    "note",
    "url",
    "label",
    "answers",
    "customerName",
    "contact",
    "amount",
];

/// Whether a form has such a field. The vendor's own questions are `answers.…`.
pub fn is_field(name: &str) -> bool {
    let head = name.split_once('.').map_or(name, |(head, _)| head);
    FIELDS.contains(&head)
}

impl Form {
    /// Everything that must be mended before the form of that name can be sent. The server checks again; this only saves a round trip.
    pub fn problems(&self, what: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut say = |field: &str, text: &str| found.push((field.to_owned(), text.to_owned()));
        let whole = what == "join" || what == "signup";
        if whole && self.name.is_empty() {
            say("name", "~nameMissing");
        } else if self.name.chars().count() > 100 {
            say("name", "~nameWrong");
        }
        if whole || what == "sign-in" {
            if self.email.is_empty() {
                say("email", "~emailMissing");
            } else if !is_email(&self.email) {
                say("email", "~emailWrong");
            }
        }
        let needs_code = what == "code" || !self.code.is_empty();
        if needs_code && !is_code(&self.code) {
            say("code", "~codeWrong");
        }
        if what == "join" && self.terms.is_empty() {
            say("terms", "~termsMissing");
        }
        if what == "claim" && self.invoice.is_empty() {
            say("invoiceId", "~invoiceMissing");
        }
        if what == "link" && self.label.is_empty() {
            say("label", "~answerMissing");
        }
        if what == "deal" && self.customer.is_empty() {
            say("customerName", "~answerMissing");
        }
        if what == "deal" && self.contact.is_empty() {
            say("contact", "~answerMissing");
        }
        for name in self.missing.split(',').filter(|name| !name.is_empty()) {
            say(name, "~answerMissing");
        }
        found
    }
}

/// Something, an `@`, and a name with a dot inside. Whether it exists only a mail can tell.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let dotted = domain.split_once('.').is_some() && domain.split('.').all(|label| !label.is_empty());
    let clean = text.bytes().all(|byte| byte > b' ') && domain.bytes().all(|byte| byte != b'@');
    !local.is_empty() && dotted && clean && text.len() <= 254
}

fn is_code(text: &str) -> bool {
    (3..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
