//! What the widget says. One file per language; `{}` marks where a value goes.

mod en;

/// The server's words, each with ours.
pub type Table = &'static [(&'static str, &'static str)];

/// Our word for one of the server's; its own where there is none.
pub fn look_up(table: Table, word: &str) -> String {
    table.iter().find(|(known, _)| *known == word).map_or(word, |(_, ours)| ours).to_owned()
}

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
    /// What a commission is on, by its `type`.
    pub kinds: Table,
    /// A commission's state, by its `status`; the date its hold ends.
    pub states: Table,
    /// A kind of touchpoint, a claim's state, and who said something about it, by the server's word.
    pub marks: Table,
    /// So many points.
    pub points: &'static str,
    /// Opens the explanation of a commission.
    pub why: &'static str,
    /// Opens the orders that were not credited.
    pub uncredited: &'static str,
    /// Opens the claims.
    pub claims: &'static str,
    /// The number of an order.
    pub invoice: &'static str,
    /// Why it was the partner's.
    pub note: &'static str,
    /// Files a claim.
    pub claim: &'static str,
    /// In an opened list with nothing in it.
    pub nothing: &'static str,
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
    /// No number of an order.
    pub invoice_missing: &'static str,
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

/// Puts a value where `{}` stands. It looks for single characters: the search for text costs a kilobyte.
pub fn fill(sentence: &str, value: &str) -> String {
    let Some((before, rest)) = sentence.split_once('{') else { return sentence.to_owned() };
    [before, value, rest.strip_prefix('}').unwrap_or(rest)].concat()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_word_nobody_knows_yet_is_shown_as_it_is() {
        let table = super::words("en").states;
        assert_eq!(super::look_up(table, "needs_rate"), "Waits for an exchange rate");
        assert_eq!(super::look_up(table, "lost_at_sea"), "lost_at_sea");
    }

    #[test]
    fn a_value_goes_where_the_mark_is_and_is_not_read_again() {
        assert_eq!(super::fill("Hi {}!", "{}"), "Hi {}!");
        assert_eq!(super::words("de-AT").join, super::words("en").join);
    }
}
