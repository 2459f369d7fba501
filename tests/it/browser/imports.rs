//! The console's page for what other programs have exported.

use super::role::Marketer;
use super::world::World;
use goodword_wire::{Commission, Partner};
use std::path::{Path, PathBuf};

const PARTNERS: &str =
    "email,first name,ref_id\nmaya@x.example,Maya,maya_tea\nbert@x.example,Bert,abc\nnobody,Nobody,zzz\n";

const COMMISSIONS: &str = "id,promoter email,amount,sale amount,currency,status,created at,event_id\n\
    c1,maya@x.example,$15.60,$78.00,USD,approved,2024-03-01,ch_1\n\
    c2,maya@x.example,$10.00,$50.00,USD,strange,2024-03-02,ch_2\n\
    c3,eve@x.example,$10.00,$50.00,USD,approved,2024-03-03,ch_3\n";

impl Marketer<'_> {
    /// Chooses a file as it comes from `FirstPromoter`, says what it has (or nothing), and tries it.
    async fn tries(&self, file: &Path, kind: &str) {
        self.browser.pick("select[name=source]", "firstpromoter").await;
        self.browser.pick("select[name=kind]", kind).await;
        self.browser.choose("input[name=file]", file).await;
        self.browser.click("button[type=submit]", "Dry run").await;
    }
}

fn file(world: &World, name: &str, text: &str) -> PathBuf {
    let path = world.server.folder().join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_tried_and_then_imported() {
    let world = World::open().await;
    let owner = Marketer::logged_in(&world).await;
    let before = world.backend().all::<Partner>("/v1/partners", 100).len();
    owner.goes_to("Imports").await;
    owner.browser.see("main .empty", "Begin with partners").await;

    owner.tries(&file(&world, "partners.csv", PARTNERS), "").await;
    owner.browser.see("main h2", "What would come of partners.csv: partners from FirstPromoter").await;
    owner.browser.see("main .badge", "1 line refused").await;
    // What is wrong stands with its line and column.
    owner.browser.see("main tbody th", "4").await;
    owner.browser.see("main tbody code", "email").await;
    owner.browser.see("main .note", "data-params=\"fpr fp_ref\"").await;
    assert_eq!(world.backend().all::<Partner>("/v1/partners", 100).len(), before, "a dry run stores nothing");

    owner.browser.click("main button", "Import partners.csv").await;
    owner.browser.see("main h2", "What came of partners.csv").await;
    owner.browser.see("main .files li", "partners: 2 new, 0 changed, 0 known before, 1 refused").await;
    assert_eq!(world.backend().all::<Partner>("/v1/partners", 100).len(), before + 2);
    assert!(!owner.browser.sees("main button", "Import partners.csv").await, "it is done");

    // Once more it is all known, and there is nothing to import.
    owner.tries(&file(&world, "partners.csv", PARTNERS), "").await;
    owner.browser.see("main h2", "What would come of partners.csv").await;
    assert!(!owner.browser.sees("main button", "Import partners.csv").await);
    owner.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commissions_come_with_their_sums_and_faults_by_line() {
    let world = World::open().await;
    let owner = Marketer::logged_in(&world).await;
    owner.goes_to("Imports").await;
    owner.tries(&file(&world, "partners.csv", PARTNERS), "").await;
    owner.browser.click("main button", "Import partners.csv").await;
    owner.browser.see("main h2", "What came of partners.csv").await;

    owner.tries(&file(&world, "commissions.csv", COMMISSIONS), "").await;
    owner.browser.see("main h2", "What would come of commissions.csv: commissions").await;
    owner.browser.see("main .figures", "$15.60").await;
    owner.browser.see("main tbody code", "status").await;
    owner.browser.see("main tbody code", "promoter email").await;
    owner.browser.click("main button", "Import commissions.csv").await;
    owner.browser.see("main .files li", "commissions: 1 new, 0 changed, 0 known before, 2 refused").await;
    let earned: Vec<Commission> = world.backend().commissions();
    assert_eq!(
        earned.iter().map(|c| (c.earnings, c.status.as_str())).collect::<Vec<_>>(),
        [(1_560, "processed")]
    );
    owner.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_told_and_a_name_for_a_column_mends_it() {
    let world = World::open().await;
    let owner = Marketer::logged_in(&world).await;
    owner.goes_to("Imports").await;
    let odd = file(&world, "odd.csv", "Wer,Post\nMaya,maya@x.example\n");
    owner.tries(&odd, "partners").await;
    owner.browser.see("main [role=alert]", "column").await;
    owner.browser.click("summary", "If something is read wrongly").await;
    owner.browser.fill("textarea[name=map]", "Wer").await;
    owner.browser.click("button[type=submit]", "Dry run").await;
    owner.browser.see("main [role=alert]", "must read “Their column = our word”").await;
    owner.browser.fill("textarea[name=map]", "Wer = partner_name\nPost = partner_email").await;
    owner.browser.click("button[type=submit]", "Dry run").await;
    owner.browser.see("main .badge", "No fault").await;
    assert!(!owner.browser.sees("main [role=alert]", "").await, "what was wrong is mended");
    owner.browser.assert_quiet().await;
}
