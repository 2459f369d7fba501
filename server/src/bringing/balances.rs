//! Balances of other programs: compared with what was brought, and nothing else.

use super::reading::BalanceRow;
use super::{Desk, Outcome};
use crate::error::Error;
use goodword_wire::ImportDifference;

impl Desk<'_, '_> {
    /// Compares a partner's figures there with what the commissions come to that were brought from there.
    pub(super) fn balance(&mut self, line: usize, row: &BalanceRow) -> Result<Outcome, Error> {
        let partner = self.whom(&row.who)?;
        let source = format!("import/{}", self.source.word());
        let currency = self.program.terms.currency;
        let sums = self.tx.imported_sums(&self.program.id, &partner, currency, &source)?;
        let known = self.tx.known_partner(&self.program.vendor, &self.program.id, &partner)?;
        let figures = [
            ("pending", row.pending, sums.held),
            ("payable", row.due, sums.payable),
            ("paid", row.paid, sums.paid),
            ("earned", row.earned, sums.held + sums.payable + sums.paid),
        ];
        self.output.compared += 1;
        for (figure, theirs, ours) in figures {
            if let Some(theirs) = theirs.filter(|theirs| *theirs != ours) {
                self.output.differences.push(ImportDifference {
                    line,
                    partner_id: partner.to_string(),
                    partner_name: known.name.clone(),
                    figure: figure.into(),
                    theirs,
                    ours,
                    difference: theirs - ours,
                });
            }
        }
        Ok(Outcome::Known)
    }
}
