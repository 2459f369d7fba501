//! Brings the schema up to date at every start, inside one transaction.

use super::value::params;
use super::{StoreError, Tx};

/// The migrations, in order. An entry, once released, is never changed.
const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_spine", include_str!("../../migrations/0001_spine.sql")),
    ("0002_reviews", include_str!("../../migrations/0002_reviews.sql")),
    ("0003_webhooks", include_str!("../../migrations/0003_webhooks.sql")),
    ("0004_providers", include_str!("../../migrations/0004_providers.sql")),
    ("0005_widget", include_str!("../../migrations/0005_widget.sql")),
    ("0006_installation", include_str!("../../migrations/0006_installation.sql")),
    ("0007_compat", include_str!("../../migrations/0007_compat.sql")),
    ("0008_import_mail", include_str!("../../migrations/0008_import_mail.sql")),
    ("0009_api", include_str!("../../migrations/0009_api.sql")),
    ("0010_funds", include_str!("../../migrations/0010_funds.sql")),
    ("0011_deals", include_str!("../../migrations/0011_deals.sql")),
    ("0012_people", include_str!("../../migrations/0012_people.sql")),
    ("0013_figures", include_str!("../../migrations/0013_figures.sql")),
    ("0014_points", include_str!("../../migrations/0014_points.sql")),
    ("0015_governance", include_str!("../../migrations/0015_governance.sql")),
    ("0016_lean", include_str!("../../migrations/0016_lean.sql")),
    ("0017_pages", include_str!("../../migrations/0017_pages.sql")),
    ("0018_programs", include_str!("../../migrations/0018_programs.sql")),
    ("0019_balances", include_str!("../../migrations/0019_balances.sql")),
    ("0020_completion_metadata", include_str!("../../migrations/0020_completion_metadata.sql")),
    ("0021_kept_days", include_str!("../../migrations/0021_kept_days.sql")),
    ("0022_applicants", include_str!("../../migrations/0022_applicants.sql")),
    ("0023_conversions", include_str!("../../migrations/0023_conversions.sql")),
    ("0024_statements", include_str!("../../migrations/0024_statements.sql")),
    ("0025_due", include_str!("../../migrations/0025_due.sql")),
    ("0026_packed_days", include_str!("../../migrations/0026_packed_days.sql")),
    ("0027_head_log", include_str!("../../migrations/0027_head_log.sql")),
    ("0028_tally_log", include_str!("../../migrations/0028_tally_log.sql")),
    ("0029_tally_week", include_str!("../../migrations/0029_tally_week.sql")),
];

/// Whether every migration of this version has been run, and none of a later one.
pub(super) fn is_current(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    Ok(names(tx)?.iter().map(String::as_str).eq(MIGRATIONS.iter().map(|(name, _)| *name)))
}

/// The migrations that have been run, in order.
fn names(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let rows = tx.rows("select name from migration order by name", &[])?;
    rows.into_iter().map(|mut row| row.next()).collect()
}

pub(super) fn run(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.script("create table if not exists migration (name text primary key)")?;
    for name in names(tx)? {
        if MIGRATIONS.iter().all(|(known, _)| *known != name) {
            return Err(StoreError::Failed(format!(
                "it is of a newer version than this program, which knows nothing of {name}: run that version, or restore a backup \
                 that was made before it"
            )));
        }
    }
    for &(name, sql) in MIGRATIONS {
        if tx.row("select name from migration where name = $1", params![name])?.is_none() {
            tracing::info!(migration = name, "bringing the database up to date");
            tx.script(sql)?;
            tx.execute("insert into migration (name) values ($1)", params![name])?;
        }
    }
    Ok(())
}
