//! Programs: what a vendor offers.

use super::{find, view};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::document;
use crate::error::Error;
use crate::http::{Body, Paging, Query, Turning};
use crate::origin;
use crate::store::{Group, Program, Tx};
use crate::world::World;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::Invalid;
use goodword_domain::attribution::{Model, Windows};
use goodword_domain::fund::Fund;
use goodword_domain::id::{FundId, GroupId, ProgramId, RewardId, VendorId};
use goodword_domain::money::Currency;
use goodword_domain::person::parse_name;
use goodword_domain::program::{MOST_REWARDS, Terms};
use goodword_domain::reward::Reward;
use goodword_domain::time::Instant;
use goodword_wire::{
    self as wire, ErrorBody, GroupInput, ProgramInput, Reward as RewardDocument, WidgetSettings,
};

/// List programs
#[utoipa::path(get, path = "/v1/programs", tag = "programs", params(Paging, Turning),
    responses((status = 200, body = Vec<wire::Program>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<wire::Program>>, Error> {
    let (page, after) = (paging.page(&turning)?, paging.after(ProgramId::parse)?);
    let programs = app.store.read(move |tx| {
        let rows = tx.programs(&caller.vendor, after.as_ref(), page)?;
        rows.iter().map(|p| view::program(tx, p)).collect()
    });
    Ok(Json(programs.await?))
}

/// One program
#[utoipa::path(get, path = "/v1/programs/{id}", tag = "programs", params(("id" = String, Path, description = "`prg_…`")),
    responses((status = 200, body = wire::Program), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<wire::Program>, Error> {
    let id = ProgramId::parse(&id)?;
    let program = app.store.read(move |tx| {
        let program = find::program_by_id(tx, &caller.vendor, &id)?;
        view::program(tx, &program)
    });
    Ok(Json(program.await?))
}

/// Create a program
///
/// The first one is the vendor's default program.
#[utoipa::path(post, path = "/v1/programs", tag = "programs", request_body = ProgramInput,
    responses((status = 200, body = wire::Program), (status = "4XX", body = ErrorBody)))]
pub async fn create(
    State(app): State<Shared>,
    caller: VendorCaller,
    Body(input): Body<ProgramInput>,
) -> Result<Json<wire::Program>, Error> {
    let (world, real) = (app.world, app.world.now());
    let program = app.store.write(move |tx| {
        let at = find::now(tx, &caller.vendor, real)?;
        let program = add(tx, world, &caller.vendor, &input, at)?;
        view::program(tx, &program)
    });
    Ok(Json(program.await?))
}

/// Adds a program with its groups.
pub fn add(
    tx: &mut Tx<'_>,
    world: World,
    vendor: &VendorId,
    input: &ProgramInput,
    at: Instant,
) -> Result<Program, Error> {
    let (sketch, groups) = sketch(world, vendor, input, at)?;
    let is_default = tx.default_program(vendor)?.is_none();
    let program = Program { is_default, number: tx.next_program_number()?, ..sketch };
    tx.insert_program(&program)?;
    groups.iter().try_for_each(|group| tx.insert_group(&program, group))?;
    Ok(program)
}

/// The program that `input` makes, and its groups, before it has a place in a database.
pub fn sketch(
    world: World,
    vendor: &VendorId,
    input: &ProgramInput,
    at: Instant,
) -> Result<(Program, Vec<Group>), Error> {
    let mut groups =
        vec![Group { id: GroupId::from_bits(world.bits()), name: "Everyone".into(), is_default: true }];
    groups.extend(missing_groups(world, input, &groups)?);
    Ok((new_program(world, vendor, input, at, &groups)?, groups))
}

/// How many groups a document may name.
const MOST_GROUPS: usize = 100;

/// The groups that are named and not there.
fn missing_groups(world: World, input: &ProgramInput, there: &[Group]) -> Result<Vec<Group>, Error> {
    let names = input.groups.as_deref().unwrap_or_default();
    if names.len() > MOST_GROUPS {
        return Err(Error::field("groups", format!("must be at most {MOST_GROUPS}.")));
    }
    let mut missing: Vec<Group> = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let path = format!("groups[{place}]");
        let name = parse_name("name", name).map_err(|e| Error::at(path.clone(), e.remedy))?;
        if names[..place].iter().any(|before| before.trim() == name) {
            return Err(Error::at(path, "is there twice: a name tells a group from the others."));
        }
        if !there.iter().any(|group| group.name == name) {
            missing.push(Group { id: GroupId::from_bits(world.bits()), name, is_default: false });
        }
    }
    Ok(missing)
}

/// Change a program
///
/// What is left out stays. Commissions credited before keep their rate and their dates.
#[utoipa::path(patch, path = "/v1/programs/{id}", tag = "programs", request_body = ProgramInput,
    params(("id" = String, Path, description = "`prg_…`")),
    responses((status = 200, body = wire::Program), (status = "4XX", body = ErrorBody)))]
pub async fn change(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Body(input): Body<ProgramInput>,
) -> Result<Json<wire::Program>, Error> {
    let id = ProgramId::parse(&id)?;
    let (world, real) = (app.world, app.world.now());
    let program = app.store.write(move |tx| {
        let old = find::program_by_id(tx, &caller.vendor, &id)?;
        check_currency(&old, &input)?;
        let now = find::now(tx, &caller.vendor, real)?;
        let program = save(tx, world, old, &input, now)?;
        view::program(tx, &program)
    });
    Ok(Json(program.await?))
}

/// Saves a program with what `input` says of it, and the groups it names.
fn save(
    tx: &mut Tx<'_>,
    world: World,
    old: Program,
    input: &ProgramInput,
    now: Instant,
) -> Result<Program, Error> {
    let mut groups = tx.groups(&old.id)?;
    let missing = missing_groups(world, input, &groups)?;
    groups.extend(missing.iter().cloned());
    let (funds, levels) = (old.terms.funds.clone(), old.terms.levels.clone());
    let program = changed(world, old, input, &groups)?;
    check_funds(tx, &funds, &program, now)?;
    missing.iter().try_for_each(|group| tx.insert_group(&program, group))?;
    tx.update_program(&program, now)?;
    if program.terms.levels != levels {
        tx.look_at_levels_of(&program.id)?;
    }
    find::program_by_id(tx, &program.vendor, &program.id)
}

/// A fund with money in it stays: whoever has some of it must be able to use it.
fn check_funds(tx: &mut Tx<'_>, before: &[Fund], program: &Program, now: Instant) -> Result<(), Error> {
    for fund in before.iter().filter(|fund| !program.terms.funds.iter().any(|f| f.id == fund.id)) {
        let sums = tx.fund_sums(&fund.id, None, now)?;
        if (sums.budget, sums.allocated, sums.committed, sums.requests) != (0, 0, 0, 0) {
            let remedy = format!(
                "must keep {} ({}): it has money or requests. End its lots and close its requests first.",
                fund.name, fund.id
            );
            return Err(Error::field("funds", remedy));
        }
    }
    Ok(())
}

/// Puts a whole document in the place of what a program says: what is left out takes its default. Rewards that say the same, or
/// have the same id, go on counting; partners, groups and the currency stay.
pub fn replace(
    tx: &mut Tx<'_>,
    world: World,
    old: Program,
    document: &ProgramInput,
    now: Instant,
) -> Result<Program, Error> {
    check_currency(&old, document)?;
    find::required("name", document.name.as_ref())?;
    find::required("url", document.url.as_ref())?;
    let (rewards, funds) = (old.terms.rewards, old.terms.funds);
    let terms = Terms { rewards, funds, ..Terms::default_for(old.terms.currency) };
    let blank = Program {
        terms,
        auto_approve: true,
        open: true,
        terms_version: String::new(),
        terms_url: String::new(),
        link_parameters: Vec::new(),
        click_days: None,
        widget: WidgetSettings::default(),
        ..old
    };
    let rewards = Some(document.rewards.clone().unwrap_or_default());
    let funds = Some(document.funds.clone().unwrap_or_default());
    save(tx, world, blank, &ProgramInput { rewards, funds, ..document.clone() }, now)
}

fn check_currency(program: &Program, input: &ProgramInput) -> Result<(), Error> {
    let ours = program.terms.currency.wire();
    if input.currency.as_deref().is_some_and(|c| !c.eq_ignore_ascii_case(&ours)) {
        return Err(Error::field("currency", "cannot be changed: create a program in the other currency."));
    }
    Ok(())
}

/// Add a group of partners to a program
#[utoipa::path(post, path = "/v1/programs/{id}/groups", tag = "programs", request_body = GroupInput,
    params(("id" = String, Path, description = "`prg_…`")),
    responses((status = 200, body = wire::Group), (status = "4XX", body = ErrorBody)))]
pub async fn add_group(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Body(input): Body<GroupInput>,
) -> Result<Json<wire::Group>, Error> {
    let id = ProgramId::parse(&id)?;
    let name = parse_name("name", find::required("name", input.name.as_ref())?)?;
    let world = app.world;
    let group = app.store.write(move |tx| {
        let program = find::program_by_id(tx, &caller.vendor, &id)?;
        if tx.groups(&id)?.iter().any(|g| g.name == name) {
            return Err(Error::Conflict(format!("There is a group {name} already: choose another name.")));
        }
        let group = Group { id: GroupId::from_bits(world.bits()), name: name.clone(), is_default: false };
        tx.insert_group(&program, &group)?;
        Ok(wire::Group { id: group.id.to_string(), name: group.name, default: false })
    });
    Ok(Json(group.await?))
}

fn new_program(
    world: World,
    vendor: &VendorId,
    input: &ProgramInput,
    at: Instant,
    groups: &[Group],
) -> Result<Program, Error> {
    let currency = Currency::parse(find::required("currency", input.currency.as_ref())?)?;
    let blank = Program {
        id: ProgramId::from_bits(world.bits()),
        number: 0,
        vendor: vendor.clone(),
        name: parse_name("name", find::required("name", input.name.as_ref())?)?,
        url: origin::parse_link_target("url", find::required("url", input.url.as_ref())?)?,
        terms: Terms::default_for(currency),
        versions: Vec::new(),
        auto_approve: true,
        open: true,
        is_default: false,
        terms_version: String::new(),
        terms_url: String::new(),
        link_parameters: Vec::new(),
        click_days: None,
        created_at: at,
        widget: WidgetSettings::default(),
    };
    changed(world, blank, input, groups)
}

/// A program with what `input` says of it.
fn changed(world: World, mut p: Program, input: &ProgramInput, groups: &[Group]) -> Result<Program, Error> {
    if let Some(name) = &input.name {
        p.name = parse_name("name", name)?;
    }
    if let Some(url) = &input.url {
        p.url = origin::parse_link_target("url", url)?;
    }
    if let Some(terms) = &input.terms {
        p.terms_version = find::text("terms.version", Some(&terms.version), 40)?.unwrap_or_default();
        p.terms_url = match terms.url.trim() {
            "" => String::new(),
            url => origin::parse_link_target("terms.url", url)?,
        };
    }
    if let Some(names) = &input.link_parameters {
        p.link_parameters = parse_parameters(names)?;
    }
    p.open = match input.status.as_deref() {
        None => p.open,
        Some("open") => true,
        Some("closed") => false,
        Some(_) => return Err(Error::field("status", "must be `open` or `closed`.")),
    };
    p.click_days = match input.click_retention_days {
        None => p.click_days,
        Some(0) => None,
        Some(days) => Some(days),
    };
    p.auto_approve = input.auto_approve.unwrap_or(p.auto_approve);
    if let Some(widget) = &input.widget {
        p.widget = document::read_widget(widget)?;
    }
    p.terms = changed_terms(world, p.terms, input, groups)?;
    check_retention(&p)?;
    Ok(p)
}

/// How long clicks can be kept at the most, if not for ever: a hundred years.
const MOST_CLICK_DAYS: i64 = 36_500;

/// A click must be kept as long as it can still earn.
fn check_retention(p: &Program) -> Result<(), Error> {
    match p.click_days {
        Some(days) if !(p.terms.windows.longest()..=MOST_CLICK_DAYS).contains(&days) => Err(Error::field(
            "clickRetentionDays",
            format!(
                "must be 0 (for ever) or {} (the attribution window) to {MOST_CLICK_DAYS}.",
                p.terms.windows.longest()
            ),
        )),
        _ => Ok(()),
    }
}

fn changed_terms(world: World, mut t: Terms, input: &ProgramInput, groups: &[Group]) -> Result<Terms, Error> {
    if let Some(model) = &input.attribution_model {
        t.model = Model::parse(model)?;
    }
    if let Some(rewards) = &input.rewards {
        t.rewards = parse_rewards(world, rewards, &t.rewards, groups)?;
    }
    if let Some(funds) = &input.funds {
        t.funds = parse_funds(world, funds, &t.funds)?;
    }
    if let Some(registrations) = &input.registrations {
        t.registrations = Some(document::read_registrations(registrations)?);
    }
    if let Some(settlements) = &input.settlements {
        t.settlements = document::read_settlements(settlements)?;
    }
    if let Some(points) = &input.points {
        t.points = document::read_points(points)?;
    }
    if let Some(catalogue) = &input.catalogue {
        t.catalogue = document::read_catalogue(catalogue)?;
    }
    if let Some(levels) = &input.levels {
        t.levels = document::read_levels(levels)?;
    }
    if let Some(prizes) = &input.prizes {
        t.prizes = document::read_prizes(prizes)?;
    }
    if let Some(signals) = &input.signals {
        t.signals = document::read_signals(t.signals, signals)?;
    }
    if let Some(days) = input.attribution_window_days {
        t.windows = Windows::all(days);
    }
    if let Some(windows) = &input.attribution_windows {
        t.windows = Windows {
            click: windows.click.unwrap_or(t.windows.click),
            form: windows.form.unwrap_or(t.windows.form),
            code: windows.code.unwrap_or(t.windows.code),
            registration: windows.registration.unwrap_or(t.windows.registration),
        };
    }
    t.new_customers_only = input.new_customers_only.unwrap_or(t.new_customers_only);
    t.budgeted = input.budgeted.unwrap_or(t.budgeted);
    t.hold_days = input.hold_days.unwrap_or(t.hold_days);
    t.min_payout = input.min_payout.unwrap_or(t.min_payout);
    Ok(t.checked()?)
}

/// Funds in the place of those before. One of the same name is the same, also without its id.
fn parse_funds(world: World, documents: &[wire::Fund], before: &[Fund]) -> Result<Vec<Fund>, Error> {
    let mut funds: Vec<Fund> = Vec::with_capacity(documents.len());
    for (place, input) in documents.iter().enumerate() {
        let at = format!("funds[{place}]");
        let fund = document::read_fund(input, Some(FundId::from_bits(world.bits())));
        let mut fund = fund.map_err(|e| e.within(&at))?;
        if input.id.is_some() && !before.iter().any(|b| b.id == fund.id) {
            let remedy = "is not a fund of this program: leave it out for a new one.";
            return Err(Error::at(format!("{at}.id"), remedy));
        }
        if let (None, Some(known)) = (&input.id, before.iter().find(|b| b.name == fund.name)) {
            fund.id = known.id.clone();
        }
        if funds.iter().any(|f| f.id == fund.id) {
            return Err(Error::at(at, "is there twice."));
        }
        funds.push(fund);
    }
    Ok(funds)
}

/// Rewards in the place of those before. One that says the same as one before is the same, also without its id.
fn parse_rewards(
    world: World,
    documents: &[RewardDocument],
    before: &[Reward],
    groups: &[Group],
) -> Result<Vec<Reward>, Error> {
    if documents.len() > MOST_REWARDS {
        return Err(Error::field("rewards", format!("must be at most {MOST_REWARDS}.")));
    }
    let mut rewards: Vec<Reward> = Vec::with_capacity(documents.len());
    for (place, input) in documents.iter().enumerate() {
        let at = format!("rewards[{place}]");
        let told = by_id(input, groups).map_err(|e| e.within(&at))?;
        let reward = document::read_reward(&told, Some(RewardId::from_bits(world.bits())));
        let mut reward = reward.map_err(|e| e.within(&at))?;
        if reward.group.as_ref().is_some_and(|id| !groups.iter().any(|g| g.id == *id)) {
            let remedy = "is not a group of this program: see `groups` of the program.";
            return Err(Error::at(format!("{at}.groupId"), remedy));
        }
        if input.id.is_some() && !before.iter().any(|b| b.id == reward.id) {
            let remedy = "is not a reward of this program: leave it out for a new one.";
            return Err(Error::at(format!("{at}.id"), remedy));
        }
        let same = |b: &&Reward| Reward { id: reward.id.clone(), ..(*b).clone() } == reward;
        if let (None, Some(known)) = (&input.id, before.iter().find(same)) {
            reward.id = known.id.clone();
        }
        if rewards.iter().any(|r| r.id == reward.id) {
            return Err(Error::at(at, "is there twice: an event is paid by the first that applies."));
        }
        rewards.push(reward);
    }
    Ok(rewards)
}

/// A reward that names its group by id, whichever way it was named.
fn by_id(reward: &RewardDocument, groups: &[Group]) -> Result<RewardDocument, Invalid> {
    let Some(name) = &reward.group else { return Ok(reward.clone()) };
    if reward.group_id.is_some() {
        return Err(Invalid::new("group", "and `groupId` name the same thing: leave one of them out."));
    }
    let group = groups.iter().find(|group| group.name == name.trim()).ok_or_else(|| {
        Invalid::new("group", "is not the name of a group of this program: add it to `groups`.")
    })?;
    Ok(RewardDocument { group: None, group_id: Some(group.id.to_string()), ..reward.clone() })
}

fn parse_parameters(names: &[String]) -> Result<Vec<String>, Error> {
    let good = |name: &String| (1..=32).contains(&name.len()) && crate::crediting::plain(name);
    if names.len() <= 10 && names.iter().all(good) {
        Ok(names.to_vec())
    } else {
        Err(Error::field(
            "linkParameters",
            "must be at most 10 words of 1 to 32 letters, digits, `_` and `-`.",
        ))
    }
}

/// The default program of a caller, for reading figures.
pub fn named(tx: &mut Tx<'_>, vendor: &VendorId, id: Option<&String>) -> Result<Program, Error> {
    find::program(tx, vendor, id.map(String::as_str))
}
