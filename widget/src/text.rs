//! What the widget says. One file per language; `{}` marks where a value goes.

mod en;

/// Every sentence.
pub struct Words {
    /// Over the form to join; the vendor's name.
    pub join_title: &'static str,
    /// Percentage of each sale.
    pub earn_share: &'static str,
    /// Flat amount per sale.
    pub earn_sale: &'static str,
    /// Flat amount per sign-up.
    pub earn_lead: &'static str,
    /// After a reward: how many months.
    pub for_months: &'static str,
    /// After a reward: the first sale only.
    pub first_only: &'static str,
    /// Under the offer: how many days a commission is held.
    pub hold: &'static str,
    /// Where nobody can join.
    pub closed: &'static str,
    /// Labels of the fields.
    pub name: &'static str,
    /// A person's own name, in the form to sign up.
    pub email: &'static str,
    /// The code wished for.
    pub code: &'static str,
    /// After a label.
    pub optional: &'static str,
    /// Before the link to the terms.
    pub agree: &'static str,
    /// The link to the terms.
    pub terms: &'static str,
    /// After it; the version.
    pub version: &'static str,
    /// A link opens a new window.
    pub new_window: &'static str,
    /// Buttons.
    pub join: &'static str,
    /// Sends the form to sign up.
    pub sign_up: &'static str,
    /// While an answer is awaited.
    pub busy: &'static str,
    /// Before the button to sign in.
    pub already: &'static str,
    /// The button to sign in.
    pub sign_in: &'static str,
    /// Over the form to sign in.
    pub sign_in_title: &'static str,
    /// Under it.
    pub sign_in_hint: &'static str,
    /// Sends the form to sign in.
    pub send_link: &'static str,
    /// Back to the first form.
    pub back: &'static str,
    /// A mail is on its way.
    pub check_title: &'static str,
    /// Under it; the address.
    pub check_hint: &'static str,
    /// Just joined; the name.
    pub joined_title: &'static str,
    /// The partner's page; the name.
    pub me_title: &'static str,
    /// Ends the session.
    pub sign_out: &'static str,
    /// Unproven address, just joined; the address.
    pub prove_fresh: &'static str,
    /// Unproven address.
    pub prove: &'static str,
    /// The enrollment waits for review.
    pub pending: &'static str,
    /// The enrollment was refused.
    pub rejected: &'static str,
    /// The enrollment was ended.
    pub banned: &'static str,
    /// The partner's code.
    pub your_code: &'static str,
    /// The partner's link.
    pub your_link: &'static str,
    /// Copies it.
    pub copy: &'static str,
    /// For who cannot see: copies the code.
    pub copy_code: &'static str,
    /// For who cannot see: copies the link.
    pub copy_link: &'static str,
    /// The status line, once copied.
    pub copied_code: &'static str,
    /// The status line, once copied.
    pub copied_link: &'static str,
    /// Copying was not allowed.
    pub copy_failed: &'static str,
    /// For who cannot see the picture.
    pub qr: &'static str,
    /// Clicks, sign-ups, sales.
    pub figures: [&'static str; 3],
    /// Held, payable, paid.
    pub sums: [&'static str; 3],
    /// Over the figures.
    pub results: &'static str,
    /// Over the sums.
    pub earnings: &'static str,
    /// Over the list of commissions.
    pub latest: &'static str,
    /// Where there is none yet.
    pub none_yet: &'static str,
    /// The least that is paid out.
    pub min_payout: &'static str,
    /// A commission on a sale.
    pub for_sale: &'static str,
    /// A commission on a sign-up.
    pub for_lead: &'static str,
    /// A commission on a visit.
    pub for_click: &'static str,
    /// A commission's state; the date.
    pub held_until: &'static str,
    /// A commission's state.
    pub payable: &'static str,
    /// A commission's state.
    pub paid: &'static str,
    /// A commission's state.
    pub refunded: &'static str,
    /// A commission's state.
    pub canceled: &'static str,
    /// The state of a commission about which something must be found out first.
    pub waiting: &'static str,
    /// Over the form to sign up; the vendor's name.
    pub signup_title: &'static str,
    /// Under it; the code.
    pub signup_code: &'static str,
    /// Signed up; the vendor's name.
    pub done_title: &'static str,
    /// Under it.
    pub done_hint: &'static str,
    /// Test data.
    pub test: &'static str,
    /// What is missing or wrong.
    pub name_missing: &'static str,
    /// Too long.
    pub name_wrong: &'static str,
    /// No address.
    pub email_missing: &'static str,
    /// No such address.
    pub email_wrong: &'static str,
    /// No such code.
    pub code_wrong: &'static str,
    /// Not agreed.
    pub terms_missing: &'static str,
    /// The server did not answer.
    pub unreachable: &'static str,
    /// The session has ended.
    pub signed_out: &'static str,
    /// What the server refused without saying why.
    pub refused: &'static str,
}

/// The words of a language, by its BCP 47 tag. English stands in for what is not translated yet.
pub fn words(_lang: &str) -> &'static Words {
    &en::WORDS
}

/// Puts a value where `{}` stands.
pub fn fill(sentence: &str, value: &str) -> String {
    sentence.replacen("{}", value, 1)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_value_goes_where_the_mark_is_and_is_not_read_again() {
        assert_eq!(super::fill("Hi {}!", "{}"), "Hi {}!");
        assert_eq!(super::words("de-AT").join, super::words("en").join);
    }
}
