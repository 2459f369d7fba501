//! What came of a file, or would: counts, sums, faults by line, and figures that differ.

use crate::format;
use crate::part::badge::badge;
use crate::part::copy::Copy;
use crate::part::facts::figures;
use crate::part::table::{Column, Table, figure, row, text};
use crate::words::Tone;
use goodword_domain::import::Source;
use goodword_wire::{ImportDifference, ImportOutput, ImportRefusal};
use yew::prelude::*;

const FAULTS: [Column; 3] = [figure("Line"), text("Column"), text("What is wrong, and what to do")];
const REMARKS: [Column; 3] = [figure("Line"), text("Column"), text("Remark")];
const DIFFERENCES: [Column; 5] =
    [text("Partner"), text("Figure"), figure("There"), figure("Here"), figure("Difference")];

#[derive(Properties, PartialEq)]
pub struct Props {
    /// The file's.
    pub name: AttrValue,
    pub output: ImportOutput,
    /// Imports what was tried.
    pub go: Callback<()>,
    pub busy: bool,
}

/// The report.
#[component]
pub fn Report(props: &Props) -> Html {
    let output = &props.output;
    let onclick = props.go.reform(|_: MouseEvent| ());
    let brings = output.dry_run && output.kind != "balances" && output.made + output.changed > 0;
    html! {
        <section class="import-report" aria-labelledby="report-title">
            <div class="head-row">
                <h2 id="report-title" aria-live="polite">{ title(&props.name, output) }</h2>
                { outcome(output) }
            </div>
            { counts(output) }
            { sums(output) }
            if brings {
                <div class="controls">
                    <button type="button" class="button primary" {onclick} disabled={props.busy} aria-busy={props.busy.to_string()}>
                        { format!("Import {}", props.name) }
                    </button>
                    if output.refused_count > 0 {
                        <span class="quiet">{ "Lines with faults are left out. Mend them and import the file again: what is here stays as it is." }</span>
                    }
                </div>
            }
            { links(output) }
            { faults("Lines that are refused", output.refused_count, &output.refused, &FAULTS) }
            { faults("Remarks", output.remark_count, &output.remarks, &REMARKS) }
            { differences(output) }
            if !output.ignored_columns.is_empty() {
                <p class="quiet">{ format!("Columns that were not read: {}.", output.ignored_columns.join(", ")) }</p>
            }
        </section>
    }
}

fn title(name: &str, output: &ImportOutput) -> String {
    let source = Source::parse(&output.source).map_or(output.source.as_str(), |source| source.name());
    let verb = if output.dry_run { "What would come of" } else { "What came of" };
    format!("{verb} {name}: {} from {source}", output.kind)
}

fn outcome(output: &ImportOutput) -> Html {
    match (output.refused_count, output.differences.len()) {
        (0, 0) => badge("No fault", Tone::Good),
        (0, differing) => badge(&format::counted(count(differing), "difference"), Tone::Waiting),
        (refused, _) => badge(&format!("{} refused", format::counted(count(refused), "line")), Tone::Bad),
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn counts(output: &ImportOutput) -> Html {
    let shown = |n: usize| format::count(count(n));
    if output.kind == "balances" {
        return figures([
            ("Lines", shown(output.rows)),
            ("Compared", shown(output.compared)),
            ("Differ", shown(output.differences.len())),
            ("Refused", shown(output.refused_count)),
        ]);
    }
    figures([
        ("Lines", shown(output.rows)),
        ("New", shown(output.made)),
        ("Changed", shown(output.changed)),
        ("Known before", shown(output.known)),
        ("Refused", shown(output.refused_count)),
    ])
}

fn sums(output: &ImportOutput) -> Html {
    if output.kind != "commissions" {
        return Html::default();
    }
    let money = |minor| format::money(minor, &output.currency);
    figures([
        ("On hold", money(output.pending)),
        ("Payable", money(output.processed)),
        ("Paid before, and not paid again", money(output.paid)),
    ])
}

/// What the script must be told, so that old links are counted.
fn links(output: &ImportOutput) -> Html {
    if output.link_parameters.is_empty() {
        return Html::default();
    }
    let attribute = format!("data-params=\"{}\"", output.link_parameters.join(" "));
    html! {
        <div class="note">
            <p>{ "Links that are posted name the partner in another way than ours. Write this into the script’s tag, so that they go on earning:" }</p>
            <Copy text={attribute} what="the attribute" />
        </div>
    }
}

fn faults(title: &'static str, all: usize, rows: &[ImportRefusal], columns: &'static [Column]) -> Html {
    if all == 0 {
        return Html::default();
    }
    let id = if title == "Remarks" { "remarks-title" } else { "faults-title" };
    html! {
        <section aria-labelledby={id}>
            <h3 {id}>{ format!("{title}: {}", format::count(count(all))) }</h3>
            if all > rows.len() {
                <p class="quiet">{ format!("The first {} are listed.", rows.len()) }</p>
            }
            <Table caption={title} {columns}>
                { for rows.iter().enumerate().map(|(place, fault)| row(&place.to_string(), columns, vec![
                    html! { fault.line },
                    fault.field.as_ref().map_or_else(|| html! { "–" }, |field| html! { <code>{ field }</code> }),
                    html! { &fault.message },
                ])) }
            </Table>
        </section>
    }
}

fn differences(output: &ImportOutput) -> Html {
    if output.differences.is_empty() {
        return Html::default();
    }
    let cells = |d: &ImportDifference| {
        let money = |minor| html! { format::money(minor, &output.currency) };
        vec![
            html! { &d.partner_name },
            html! { figure_word(&d.figure) },
            money(d.theirs),
            money(d.ours),
            money(d.difference),
        ]
    };
    html! {
        <section aria-labelledby="differences-title">
            <h3 id="differences-title">{ "Figures that differ" }</h3>
            <Table caption="Figures that differ" columns={&DIFFERENCES[..]}>
                { for output.differences.iter().enumerate().map(|(place, d)| row(&place.to_string(), &DIFFERENCES, cells(d))) }
            </Table>
        </section>
    }
}

fn figure_word(word: &str) -> &str {
    match word {
        "pending" => "On hold",
        "payable" => "Payable",
        "paid" => "Paid",
        "earned" => "Earned in all",
        other => other,
    }
}

/// What came of a file, in a line.
pub fn in_short(output: &ImportOutput) -> String {
    if output.kind == "balances" {
        return format!("balances: {} compared, {} differ", output.compared, output.differences.len());
    }
    format!(
        "{}: {} new, {} changed, {} known before, {} refused",
        output.kind, output.made, output.changed, output.known, output.refused_count
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_of_in_words() {
        let output = ImportOutput {
            source: "firstpromoter".into(),
            kind: "partners".into(),
            dry_run: true,
            made: 3,
            refused_count: 1,
            ..ImportOutput::default()
        };
        assert_eq!(title("a.csv", &output), "What would come of a.csv: partners from FirstPromoter");
        assert_eq!(in_short(&output), "partners: 3 new, 0 changed, 0 known before, 1 refused");
        let balances = ImportOutput { kind: "balances".into(), compared: 2, dry_run: false, ..output };
        assert_eq!(title("b.csv", &balances), "What came of b.csv: balances from FirstPromoter");
        assert_eq!(in_short(&balances), "balances: 2 compared, 0 differ");
    }
}
