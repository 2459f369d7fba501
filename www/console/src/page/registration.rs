//! One registered deal: whom it is about, the trail, and what can be done.

use crate::action::use_action;
use crate::api::{self, Failure};
use crate::browser;
use crate::context::{Context, use_console};
use crate::part::badge::badge;
use crate::part::facts::facts;
use crate::part::form::{Ask, Field, Form, note};
use crate::part::head::Head;
use crate::part::link::Link;
use crate::part::rows::partner_link;
use crate::part::state::shown;
use crate::poll::use_poll;
use crate::route::{Route, encode};
use crate::text::{rich, t};
use crate::words::{Tone, deal as words, review};
use crate::{date, format};
use goodword_wire::{Registration, RegistrationConflict, RegistrationEvent, RegistrationStepInput};
use yew::prelude::*;

/// Which one.
#[derive(Properties, PartialEq)]
pub struct Props {
    pub id: AttrValue,
}

/// The page.
#[component]
pub fn RegistrationPage(props: &Props) -> Html {
    let context = use_console();
    let deal = use_poll::<Registration>(context.mode(), format!("/v1/registrations/{}", encode(&props.id)));
    let title =
        deal.data.as_ref().map_or_else(|| t("Registration").to_owned(), |deal| deal.customer_name.clone());
    let back = (context.to(Route::Registrations), t("Registrations"));
    html! {
        <>
            <Head {title} {back}>
                if let Some(deal) = deal.data.as_ref() { <Steps deal={(**deal).clone()} /> }
            </Head>
            { shown(&deal, 6, |deal| view(&context, deal)) }
        </>
    }
}

fn view(context: &Context, deal: &Registration) -> Html {
    let (word, tone) = words::registration(&deal.status);
    html! {
        <>
            <div class="about">
                <p class="badges">
                    { badge(&word, tone) }
                    if deal.overdue { { badge(t("Review overdue"), Tone::Bad) } }
                    if deal.place == 2 { { badge(t("Second registrant: gets half"), Tone::Waiting) } }
                    <span>{ words::registration_reason(&deal.reason) }</span>
                </p>
            </div>
            { for deal.conflicts.iter().map(|other| html! {
                <p class="note waiting" key={other.id.clone()}>
                    { same_customer(context, other) }
                </p>
            }) }
            <div class="columns">
                <section aria-labelledby="told-title">
                    <h2 id="told-title">{ t("The deal") }</h2>
                    { told(context, deal) }
                    { stages(deal) }
                </section>
                <section aria-labelledby="trail-title">
                    <h2 id="trail-title">{ t("What happened") }</h2>
                    <ol class="timeline">{ for deal.trail.iter().enumerate().map(|(place, event)| step(place, event)) }</ol>
                </section>
            </div>
        </>
    }
}

fn same_customer(context: &Context, other: &RegistrationConflict) -> Html {
    let to = context.to(Route::Registration(other.id.clone()));
    let partner = html! { <Link {to}>{ &other.partner.name }</Link> };
    let state = html! { words::registration(&other.status).0 };
    match &other.protected_until {
        Some(until) => {
            let until = html! { date::minute(until) };
            rich!(
                "The same customer: {partner} · {state} until {until}",
                partner = partner,
                state = state,
                until = until
            )
        }
        None => rich!("The same customer: {partner} · {state}", partner = partner, state = state),
    }
}

fn told(context: &Context, deal: &Registration) -> Html {
    let money = |amount: i64| html! { format::money(amount, &deal.currency) };
    let at =
        |at: &String| html! { <time datetime={at.clone()}>{ format!("{} UTC", date::minute(at)) }</time> };
    let waits = matches!(deal.status.as_str(), "submitted" | "more_information");
    let paid = deal.payments.iter().map(|paid| {
        let to = context.to(Route::Ledger).with("commission", &paid.commission_id);
        html! { <span key={paid.name.clone()}>{ words::paid_for(&paid.name) }{ ": " }<Link {to}>{ money(paid.amount) }</Link>{ " " }</span> }
    });
    facts([
        (t("Partner"), Some(partner_link(context, Some(&deal.partner)))),
        (t("Customer"), Some(html! { <code>{ &deal.contact }</code> })),
        (t("Known to you as"), deal.customer_external_id.as_ref().map(|id| html! { <code>{ id }</code> })),
        (t("Expected"), deal.amount.map(money)),
        (t("Review by"), waits.then(|| at(&deal.due_at))),
        (t("Protected until"), deal.protected_until.as_ref().map(at)),
        (t("Won for"), deal.won_for.map(money)),
        (t("Order"), deal.invoice_id.as_ref().map(|id| html! { <code>{ id }</code> })),
        (t("Paid"), (!deal.payments.is_empty()).then(|| html! { <>{ for paid }</> })),
    ])
}

fn stages(deal: &Registration) -> Html {
    if deal.stages.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3>{ t("Stages") }</h3>
            <ul>{ for deal.stages.iter().map(|stage| html! {
                <li key={stage.name.clone()}>
                    { &stage.name }{ " · " }{ format::money(stage.amount, &deal.currency) }
                    if stage.reached { { " " }{ badge(t("Reached"), Tone::Good) } }
                </li>
            }) }</ul>
        </>
    }
}

fn step(place: usize, event: &RegistrationEvent) -> Html {
    let word = if place == 0 { t("Filed").to_owned() } else { words::happened(&event.status) };
    let good = event.status == "won" || event.status == "approved";
    html! {
        <li key={place} class={classes!(good.then_some("good"))}>
            <p><strong>{ word }</strong>{ " · " }{ review::by(&event.by) }</p>
            if let Some(note) = &event.note { <p>{ note }</p> }
            <time datetime={event.at.clone()}>{ date::minute(&event.at) }</time>
        </li>
    }
}

/// Something that can be done: its step, the button, the question, and what it means.
struct Choice {
    step: &'static str,
    verb: &'static str,
    says: &'static str,
    /// What stands over the note, and whether it is needed.
    note: (&'static str, bool),
    danger: bool,
}

fn choice(step: &'static str, verb: &'static str, says: &'static str) -> Choice {
    Choice { step, verb, says, note: (t("Note, read by the partner (optional)"), false), danger: false }
}

/// What can be done about a registration, the likeliest first.
fn choices(deal: &Registration) -> Vec<Choice> {
    let why = (t("Why, read by the partner"), true);
    let approve =
        choice("approve", t("Approve"), t("The customer is protected for the partner from now on."));
    let ask = choice("ask", t("Ask"), t("The clock of the review stands still until the partner answers."));
    let ask = Choice { note: (t("What you want to know, read by the partner"), true), ..ask };
    let reject = choice("reject", t("Reject"), t("The customer stays free for others."));
    let reject = Choice { note: why, danger: true, ..reject };
    let win = choice("win", t("Win"), t("The customer bought: the bonus of the program is paid."));
    let advance = choice("advance", t("Reach a stage"), t("The stage is paid, once."));
    let extend = choice("extend", t("Extend"), t("The protection ends later, by the days the program says."));
    let lose = choice(
        "lose",
        t("Lose"),
        t("The customer did not buy, and is free for others. What stages paid stays paid."),
    );
    let none = choice(
        "disqualify",
        t("Disqualify"),
        t("Everything the deal has paid is taken back; what was paid out is owed."),
    );
    let none = Choice { note: why, danger: true, ..none };
    match deal.status.as_str() {
        "submitted" => vec![approve, ask, reject],
        "more_information" => vec![approve, reject],
        "approved" => {
            let more = deal.stages.iter().any(|stage| !stage.reached);
            let mut all = vec![win];
            all.extend(more.then_some(advance));
            all.extend((deal.extensions_left > 0).then_some(extend));
            all.extend([lose, none]);
            all
        }
        "expired" => vec![win, none],
        "won" | "lost" => vec![none],
        _ => Vec::new(),
    }
}

/// About which.
#[derive(Properties, PartialEq)]
struct StepsProps {
    deal: Registration,
}

#[component]
fn Steps(props: &StepsProps) -> Html {
    let asked = use_state_eq(|| None::<&'static str>);
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let all = choices(&props.deal);
    let buttons = all.iter().enumerate().map(|(place, choice)| {
        let (asked, step) = (asked.clone(), choice.step);
        let onclick = Callback::from(move |_: MouseEvent| asked.set(Some(step)));
        let kind = (place == 0).then_some("primary");
        html! { <button key={step} type="button" class={classes!("button", kind)} {onclick}>{ choice.verb }</button> }
    });
    html! {
        <>
            { for buttons }
            if let Some(step) = *asked { <Asked key={step} deal={props.deal.clone()} {step} close={close.clone()} /> }
        </>
    }
}

/// Which step of which.
#[derive(Properties, PartialEq)]
struct AskedProps {
    deal: Registration,
    step: &'static str,
    close: Callback<()>,
}

#[component]
fn Asked(props: &AskedProps) -> Html {
    let mode = use_console().mode();
    let key = use_memo((), |()| browser::unique_key());
    let id = props.deal.id.clone();
    let done = use_action(
        move |input: Result<RegistrationStepInput, Failure>| {
            let (path, key) = (format!("/v1/registrations/{}/step", encode(&id)), key.clone());
            async move { api::post_once::<Registration>(mode, &path, &key, &input?).await.map(|_| ()) }
        },
        props.close.clone(),
    );
    let run = {
        let (run, step, currency) = (done.run.clone(), props.step, props.deal.currency.clone());
        Callback::from(move |form: Form| run.emit(input(step, &form, &currency)))
    };
    let Some(choice) = choices(&props.deal).into_iter().find(|choice| choice.step == props.step) else {
        return Html::default();
    };
    html! {
        <Ask title={format!("{}: {}", choice.verb, props.deal.customer_name)} verb={choice.verb} danger={choice.danger} {run}
            progress={done.progress.clone()} close={props.close.clone()}>
            <p>{ choice.says }</p>
            { fields(&props.deal, props.step) }
            { note(choice.note.0, choice.note.1) }
        </Ask>
    }
}

fn fields(deal: &Registration, step: &str) -> Html {
    match step {
        "approve" => html! { <Field label={t("Your own id of the customer (optional)")} name="external" /> },
        "advance" => html! {
            <label class="field"><span>{ t("Stage") }</span>
                <select name="stage">{ for deal.stages.iter().filter(|stage| !stage.reached).enumerate().map(|(place, stage)| html! {
                    <option key={stage.name.clone()} value={stage.name.clone()} selected={place == 0}>{ &stage.name }</option>
                }) }</select>
            </label>
        },
        "win" => html! {
            <>
                <Field label={t("Number of the order, if its sale was reported")} name="invoice" />
                <Field label={t!("Won for, {currency} (optional with an order)", currency = deal.currency.to_ascii_uppercase())} name="amount"
                    value={deal.amount.map(|amount| format::units(amount, &deal.currency)).unwrap_or_default()} />
            </>
        },
        _ => Html::default(),
    }
}

fn input(step: &str, form: &Form, currency: &str) -> Result<RegistrationStepInput, Failure> {
    let invoice_id = form.text("invoice").filter(|_| step == "win");
    let told = step == "win" && form.text("amount").is_some() && invoice_id.is_none();
    Ok(RegistrationStepInput {
        step: Some(step.into()),
        note: form.text("note"),
        stage: form.text("stage").filter(|_| step == "advance"),
        amount: if told { Some(form.money("amount", currency)?) } else { None },
        invoice_id,
        at: None,
        customer_external_id: form.text("external"),
    })
}
