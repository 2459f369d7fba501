//! What somebody typed, and what is wrong with it.

/// A field of a form; its name in the markup is that of [`Field::name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The name.
    Name,
    /// The e-mail address.
    Email,
    /// The code wished for.
    Code,
    /// The agreement to the terms.
    Terms,
    /// The number of an order somebody claims.
    Invoice,
    /// Why it was his or hers.
    Note,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Name, Self::Email, Self::Code, Self::Terms, Self::Invoice, Self::Note];

    /// The name and id of the input.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Code => "code",
            Self::Terms => "terms",
            Self::Invoice => "invoiceId",
            Self::Note => "note",
        }
    }

    /// The field of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// Why a field cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is empty.
    Missing,
    /// It cannot be right.
    Wrong,
    /// The server's own words.
    Said(String),
}

/// What somebody typed, without the blanks around it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The code wished for; may be empty.
    pub code: String,
    /// Whether the terms were agreed to.
    pub terms: bool,
    /// The number of an order somebody claims.
    pub invoice: String,
    /// Why it was his or hers; may be empty.
    pub note: String,
}

impl Form {
    /// What must be mended in a claim first; how long its fields may be, the markup knows.
    pub fn claim_problems(&self) -> Vec<(Field, Problem)> {
        if self.invoice.is_empty() { vec![(Field::Invoice, Problem::Missing)] } else { Vec::new() }
    }

    /// Everything that must be mended in the other forms first. The server checks again; this only saves a round trip.
    pub fn problems(&self, whole: bool, needs_terms: bool) -> Vec<(Field, Problem)> {
        let mut found = Vec::new();
        if whole && self.name.is_empty() {
            found.push((Field::Name, Problem::Missing));
        } else if self.name.chars().count() > 100 {
            found.push((Field::Name, Problem::Wrong));
        }
        if self.email.is_empty() {
            found.push((Field::Email, Problem::Missing));
        } else if !is_email(&self.email) {
            found.push((Field::Email, Problem::Wrong));
        }
        if !self.code.is_empty() && !is_code(&self.code) {
            found.push((Field::Code, Problem::Wrong));
        }
        if needs_terms && !self.terms {
            found.push((Field::Terms, Problem::Missing));
        }
        found
    }
}

/// Something, an `@`, and a name with a dot inside. Whether it exists only a mail can tell.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let dotted = domain.split('.').count() > 1 && domain.split('.').all(|label| !label.is_empty());
    !local.is_empty() && dotted && text.len() <= 254 && !text.chars().any(char::is_whitespace)
}

fn is_code(text: &str) -> bool {
    (3..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
