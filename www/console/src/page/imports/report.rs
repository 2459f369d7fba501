//! What came of a file, or would: counts, sums, faults by line, and figures that differ.

use super::asked;
use crate::format;
use crate::part::badge::badge;
use crate::part::copy::Copy;
use crate::part::facts::figures;
use crate::part::table::{Column, Table, figure, row, text};
use crate::text::{key, plural, t};
use crate::words::Tone;
use goodword_domain::import::Source;
use goodword_wire::{ImportDifference, ImportOutput, ImportRefusal};
use yew::prelude::*;

const FAULTS: [Column; 3] =
    [figure(key("Line")), text(key("Column")), text(key("What is wrong, and what to do"))];
const REMARKS: [Column; 3] = [figure(key("Line")), text(key("Column")), text(key("Remark"))];
const DIFFERENCES: [Column; 5] = [
    text(key("Partner")),
    text(key("Figure")),
    figure(key("There")),
    figure(key("Here")),
    figure(key("Difference")),
];

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
                        { t!("Import {name}", name = props.name) }
                    </button>
                    if output.refused_count > 0 {
                        <span class="quiet">{ t("Lines with faults are left out. Mend them and import the file again: what is here stays as it is.") }</span>
                    }
                </div>
            }
            { links(output) }
            { faults(t("Lines that are refused"), output.refused_count, &output.refused, &FAULTS) }
            { faults(t("Remarks"), output.remark_count, &output.remarks, &REMARKS) }
            { differences(output) }
            if !output.ignored_columns.is_empty() {
                <p class="quiet">{ t!("Columns that were not read: {columns}.", columns = output.ignored_columns.join(", ")) }</p>
            }
        </section>
    }
}

fn title(name: &str, output: &ImportOutput) -> String {
    let source = Source::parse(&output.source).map_or(output.source.as_str(), |source| source.name());
    let kind = asked::kind(&output.kind);
    if output.dry_run {
        t!("What would come of {name}: {kind} from {source}", name, kind, source)
    } else {
        t!("What came of {name}: {kind} from {source}", name, kind, source)
    }
}

fn outcome(output: &ImportOutput) -> Html {
    match (output.refused_count, output.differences.len()) {
        (0, 0) => badge(t("No fault"), Tone::Good),
        (0, differing) => {
            badge(&plural!("one={n} difference|{n} differences", count(differing)), Tone::Waiting)
        }
        (refused, _) => badge(&plural!("one={n} line refused|{n} lines refused", refused), Tone::Bad),
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn counts(output: &ImportOutput) -> Html {
    let shown = |n: usize| format::count(count(n));
    if output.kind == "balances" {
        return figures([
            (t("Lines"), shown(output.rows)),
            (t("Compared"), shown(output.compared)),
            (t("Differ"), shown(output.differences.len())),
            (t("Refused"), shown(output.refused_count)),
        ]);
    }
    figures([
        (t("Lines"), shown(output.rows)),
        (t("New"), shown(output.made)),
        (t("Changed"), shown(output.changed)),
        (t("Known before"), shown(output.known)),
        (t("Refused"), shown(output.refused_count)),
    ])
}

fn sums(output: &ImportOutput) -> Html {
    if output.kind != "commissions" {
        return Html::default();
    }
    let money = |minor| format::money(minor, &output.currency);
    figures([
        (t("On hold"), money(output.pending)),
        (t("Payable"), money(output.processed)),
        (t("Paid before, and not paid again"), money(output.paid)),
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
            <p>{ t("Links that are posted name the partner in another way than ours. Write this into the script’s tag, so that they go on earning:") }</p>
            <Copy text={attribute} what={t("the attribute")} />
        </div>
    }
}

fn faults(title: &'static str, all: usize, rows: &[ImportRefusal], columns: &'static [Column]) -> Html {
    if all == 0 {
        return Html::default();
    }
    let id = if columns == REMARKS { "remarks-title" } else { "faults-title" };
    html! {
        <section aria-labelledby={id}>
            <h3 {id}>{ format!("{title}: {}", format::count(count(all))) }</h3>
            if all > rows.len() {
                <p class="quiet">{ t!("The first {n} are listed.", n = rows.len()) }</p>
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
            <h3 id="differences-title">{ t("Figures that differ") }</h3>
            <Table caption={t("Figures that differ")} columns={&DIFFERENCES[..]}>
                { for output.differences.iter().enumerate().map(|(place, d)| row(&place.to_string(), &DIFFERENCES, cells(d))) }
            </Table>
        </section>
    }
}

fn figure_word(word: &str) -> &str {
    match word {
        "pending" => t("On hold"),
        "payable" => t("Payable"),
        "paid" => t("Paid"),
        "earned" => t("Earned in all"),
        other => other,
    }
}

/// What came of a file, in a line.
pub fn in_short(output: &ImportOutput) -> String {
    if output.kind == "balances" {
        return t!(
            "balances: {compared} compared, {differences} differ",
            compared = output.compared,
            differences = output.differences.len()
        );
    }
    t!(
        "{kind}: {made} new, {changed} changed, {known} known before, {refused} refused",
        kind = asked::kind(&output.kind),
        made = output.made,
        changed = output.changed,
        known = output.known,
        refused = output.refused_count
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
