//! What our own pages say: the partner's account and the pages that mails lead to. A language is a file in `server/text`, with a line
//! for each text; a test compares their names and the words in braces, which are filled in.

use crate::app::Shared;
use crate::error::Error;
use crate::http::header;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use goodword_domain::language::Language;
use goodword_domain::payout::method::Kind;
use std::convert::Infallible;
use std::sync::OnceLock;

macro_rules! words {
    ($($name:ident,)*) => {
        /// The texts of one language.
        pub struct Words {
            /// Which.
            pub language: Language,
            $(pub $name: &'static str,)*
        }

        impl Words {
            fn read(language: Language, file: &'static str) -> Self {
                Self { language, $($name: find(file, stringify!($name)),)* }
            }

            /// All of them by name.
            #[cfg(test)]
            fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)*]
            }
        }
    };
}

words! {
    deals,
    deals_none,
    your_answer,
    answer,
    customer,
    contact,
    expected,
    register,
    period,
    done_registration,
    done_answer,
    back_to_page,
    account_title,
    sign_out,
    programs,
    earned_in,
    held,
    to_be_paid,
    on_its_way,
    paid,
    you,
    name,
    shown_name,
    shown_help,
    save,
    email,
    email_help,
    change_address,
    answers,
    answers_help,
    how_paid,
    not_said,
    now,
    method,
    kind_sepa,
    kind_gift_card,
    kind_credit_note,
    kind_manual,
    pay_email,
    either,
    holder,
    iban,
    bic,
    note_name,
    address,
    tax,
    statements,
    csv_of,
    your_data,
    data_help,
    download,
    erase,
    erase_help,
    unpaid,
    sure,
    sign_in_help,
    send_link,
    not_signed_in,
    mailbox_title,
    mailbox,
    signed_out_title,
    close_window,
    done_details,
    done_email,
    done_payout,
    done_answers,
    use_title,
    use_help,
    use_yes,
    used_title,
    used,
    erased_title,
    erased,
    erased_books,
    verify_title,
    verify_help,
    verify_yes,
    verified_title,
    verified,
    open_title,
    open_help,
    open_yes,
    late_title,
    late_help,
    unknown_title,
    unknown_help,
    failed_title,
    invalid,
    field_name,
    field_shown,
    field_email,
    field_method,
    field_holder,
    field_iban,
    field_bic,
    field_address,
    field_tax,
    field_sure,
    old_form,
    address_taken,
    too_often,
    failed,
    splits,
    splits_help,
    split_sale,
    split_code,
    split_part,
    split_why,
    split_propose,
    split_agree,
    split_dispute,
    split_withdraw,
    split_yours,
    split_proposed,
    split_agreed,
    split_disputed,
    split_approved,
    split_rejected,
    split_withdrawn,
    done_split,
    done_split_answer,
    tax_title,
    tax_help,
    tax_missing,
    tax_as,
    tax_person,
    tax_firm,
    tax_exempt,
    legal_name,
    country,
    vat_number,
    self_billing,
    done_tax,
    invoices,
    content_title,
    content_help,
    content_url,
    content_file,
    content_send,
    content_open,
    content_granted,
    content_refused,
    done_content,
    disclosure,
    f_title,
    f_account,
    f_none,
    f_available,
    f_committed,
    f_ask,
    f_what,
    f_first,
    f_last,
    f_more,
    f_send_request,
    f_requests,
    f_percent,
    f_proof,
    f_proof_optional,
    f_send_figure,
    f_claim,
    f_go_on,
    f_send_claim,
    f_take_back,
    f_without_end,
    f_until,
    f_cost_label,
    f_revenue_label,
    f_salary_label,
    f_pays_all,
    f_pays_share,
    f_pays_tranches,
    f_the_rest,
    f_step_amount,
    f_step_share,
    f_pays_month,
    f_pays_quarter,
    f_pays_year,
    f_gate,
    f_most,
    f_within,
    f_waits,
    f_approved,
    f_rejected,
    f_withdrawn,
    f_closed,
    f_expired,
    f_asked_for,
    f_rest_through,
    f_ended,
    f_claim_cost,
    f_claim_reached,
    f_due,
    f_held,
    f_not_accepted,
    f_cost_of,
    f_reached_of,
    f_period,
    f_was_paid,
    f_is_due,
    f_they_say,
    f_done_asked,
    f_done_claimed,
    f_done_withdrawn,
    f_button,
    d_submitted,
    d_more_information,
    d_approved,
    d_won,
    d_lost,
    d_expired,
    d_rejected,
    d_disqualified,
    d_asks,
    d_says_waiting,
    d_says_asked,
    d_says_protected,
    d_says_unreviewed,
    d_says_rejected,
    d_says_taken,
    d_says_won,
    d_says_lost,
    d_says_ended,
    d_says_disqualified,
    ahead,
    p_title,
    p_button,
    p_have,
    p_available,
    p_requested,
    p_redeemed,
    p_owed,
    p_through,
    p_first,
    p_no_level,
    p_elite,
    p_counts,
    p_next,
    p_history,
    p_from,
    p_place,
    p_places,
    p_prize,
    p_catalogue,
    p_none_left,
    p_no_more,
    p_lacking,
    p_left,
    p_price,
    p_redeem,
    p_redeem_for,
    p_past,
    p_fulfilled,
    p_refused,
    p_canceled,
    p_yours,
    p_take_back,
    p_completed,
    p_done_asked,
    p_done_canceled,
    s_title,
    s_of,
    s_program,
    s_paid_by,
    s_date,
    s_what,
    s_amount,
    s_payable,
    s_clawback,
    s_sent,
    s_for,
    s_opening,
    s_closing,
    s_credited,
    s_cleared,
    s_taken_back,
    s_restored,
    s_voided,
    s_netted,
    s_went_out,
    s_was_paid,
    s_returned,
    s_imported,
    s_expired,
    s_nothing,
}

const FILES: [&str; 7] = [
    include_str!("../../text/en.txt"),
    include_str!("../../text/fr.txt"),
    include_str!("../../text/de.txt"),
    include_str!("../../text/es.txt"),
    include_str!("../../text/pt.txt"),
    include_str!("../../text/ja.txt"),
    include_str!("../../text/ar.txt"),
];

/// What the account says of a form that is not its own, in English.
pub const OLD_FORM: &str = "This form is not from your account page, or is too old: open the page again.";

/// The text of a name; empty where there is none.
fn find(file: &'static str, name: &str) -> &'static str {
    let mut lines = file.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(known, _)| *known == name).map_or("", |(_, text)| text)
}

/// A text with a word filled in.
pub fn fill(text: &str, name: &str, value: &str) -> String {
    text.replace(&format!("{{{name}}}"), value)
}

impl Words {
    /// Those of a language.
    pub fn of(language: Language) -> &'static Self {
        static ALL: OnceLock<[Words; 7]> = OnceLock::new();
        let all = ALL.get_or_init(|| {
            let read = |(language, _): (Language, &str)| Self::read(language, FILES[language as usize]);
            Language::ALL.map(read)
        });
        &all[language as usize]
    }

    /// Those of the language that a browser prefers among ours.
    pub fn of_browser(headers: &HeaderMap) -> &'static Self {
        let accepted = header(headers, ACCEPT_LANGUAGE).and_then(Language::of_header);
        Self::of(accepted.unwrap_or_default())
    }

    /// The language's tag, for a page.
    pub fn tag(&self) -> &'static str {
        self.language.tag()
    }

    /// How it is written.
    pub fn dir(&self) -> &'static str {
        if self.language.is_rtl() { "rtl" } else { "ltr" }
    }

    /// The name in a text, such as that of a program. Where one reads from the right it keeps its own direction.
    pub fn with(&self, text: &str, name: &str, value: &str) -> String {
        if self.language.is_rtl() {
            return fill(text, name, &format!("\u{2068}{value}\u{2069}"));
        }
        fill(text, name, value)
    }

    /// What partners call a way of paying.
    pub fn method(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::PayPal => "PayPal",
            Kind::Wise => "Wise",
            Kind::Sepa => self.kind_sepa,
            Kind::GiftCard => self.kind_gift_card,
            Kind::CreditNote => self.kind_credit_note,
            Kind::Manual => self.kind_manual,
        }
    }

    /// A refusal in words that people read. What the server has only English for is said in general.
    pub fn refusal(&self, error: &Error) -> String {
        if let Error::Invalid(invalid) = error {
            let text = fill(self.invalid, "field", self.field(&invalid.field));
            return fill(&text, "remedy", &invalid.remedy);
        }
        if self.language == Language::En {
            return error.told().1;
        }
        let said = match error {
            Error::Forbidden(told) if told == OLD_FORM => self.old_form,
            Error::TooMany(_) => self.too_often,
            Error::Unauthorized(_) => self.not_signed_in,
            Error::Store(_) | Error::Halfway(_) | Error::Internal(_) => self.failed,
            _ => self.failed_title,
        };
        said.to_owned()
    }

    fn field<'a>(&self, name: &'a str) -> &'a str {
        match name {
            "iban" => self.field_iban,
            "bic" => self.field_bic,
            "holder" => self.field_holder,
            "taxId" => self.field_tax,
            "email" => self.field_email,
            "address" => self.field_address,
            "vatNumber" => self.vat_number,
            "country" => self.country,
            "method" => self.field_method,
            "shownAs" => self.field_shown,
            "sure" => self.field_sure,
            "name" => self.field_name,
            other => other,
        }
    }
}

/// The words for whoever asks.
pub struct Speech(pub &'static Words);

impl FromRequestParts<Shared> for Speech {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Infallible> {
        Ok(Self(Words::of_browser(&parts.headers)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn braces(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(word, _)| word).collect()
    }

    #[test]
    fn no_language_lacks_a_text() {
        let english = Words::of(Language::En).all();
        for (language, tag) in Language::ALL {
            let lines = FILES[language as usize].lines().filter(|line| !line.starts_with('#')).count();
            assert_eq!(lines, english.len(), "{tag} has texts nobody asks for, or one twice");
            for ((name, text), (_, original)) in Words::of(language).all().iter().zip(&english) {
                assert!(!text.is_empty(), "{tag} lacks {name}");
                // What the server has English for alone is said in general elsewhere.
                assert!(
                    *name == "invalid" || braces(text) == braces(original),
                    "{tag}: {name} fills in other words"
                );
            }
        }
    }

    #[test]
    fn a_refusal_names_the_field_in_the_language() {
        let error = Error::field("iban", "must be an IBAN.");
        assert_eq!(Words::of(Language::En).refusal(&error), "The IBAN must be an IBAN.");
        assert_eq!(Words::of(Language::De).refusal(&error), "Bitte prüfen Sie dieses Feld: IBAN.");
        let often = Error::TooMany("Wait a minute.".into());
        assert_eq!(Words::of(Language::En).refusal(&often), "Wait a minute.");
        assert!(Words::of(Language::Fr).refusal(&often).contains("trop souvent"));
    }
}
