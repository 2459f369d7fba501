//! What happens on the screen, step by step.

use super::{Action, CLAIMS, Effect, Field, Form, Kind, Problem, Said, Screen, State, Told, UNCREDITED};
use crate::model::{Config, Joined, Me};

fn ada() -> Form {
    Form { name: "Ada".into(), email: "ada@example.com".into(), terms: true, ..Form::default() }
}

fn at_form(kind: Kind) -> State {
    let mut state = State::new(kind);
    state.update(Action::Configured(Box::default(), false));
    state
}

#[track_caller]
fn check(state: &mut State, action: Action, effect: &Effect, screen: Screen) {
    assert_eq!(&state.update(action), effect);
    assert_eq!(state.screen, screen);
}

fn shown() -> Effect {
    Effect::Show(Box::new(Effect::None))
}

#[test]
fn each_element_opens_on_its_own_screen() {
    for (kind, screen) in
        [(Kind::Join, Screen::Form), (Kind::Share, Screen::SignIn), (Kind::Signup, Screen::Form)]
    {
        check(&mut State::new(kind), Action::Configured(Box::default(), false), &shown(), screen);
    }
}

#[test]
fn a_session_goes_straight_to_the_partners_page() {
    let mut state = State::new(Kind::Share);
    check(&mut state, Action::Configured(Box::default(), true), &Effect::Watch, Screen::Waiting);
    check(&mut state, Action::Me(Box::default()), &shown(), Screen::Me);
    check(&mut state, Action::Me(Box::default()), &Effect::None, Screen::Me);
}

#[test]
fn a_signup_form_ignores_the_partners_session() {
    let mut state = State::new(Kind::Signup);
    check(&mut state, Action::Configured(Box::default(), true), &shown(), Screen::Form);
    check(&mut state, Action::Session(true), &Effect::None, Screen::Form);
}

#[test]
fn joining_shows_the_page_and_keeps_the_token() {
    let mut state = at_form(Kind::Join);
    check(&mut state, Action::Submitted(ada()), &Effect::Join(ada()), Screen::Form);
    assert!(state.busy);
    let joined = Joined { status: "joined".into(), token: Some("pt_1".into()), me: Some(Me::default()) };
    check(&mut state, Action::Joined(Box::new(joined)), &Effect::Welcome("pt_1".into()), Screen::Me);
    assert!(state.fresh && !state.busy);
}

#[test]
fn a_known_address_must_check_its_mail() {
    let mut state = at_form(Kind::Join);
    state.update(Action::Submitted(ada()));
    let joined = Joined { status: "check_email".into(), ..Joined::default() };
    check(&mut state, Action::Joined(Box::new(joined)), &Effect::None, Screen::CheckMail);
    assert_eq!(state.email, "ada@example.com");
}

#[test]
fn a_second_press_while_waiting_does_nothing() {
    let mut state = at_form(Kind::Join);
    state.update(Action::Submitted(ada()));
    check(&mut state, Action::Submitted(ada()), &Effect::None, Screen::Form);
}

#[track_caller]
fn check_form(form: Form, expected: &[(Field, Problem)]) {
    let mut state = at_form(Kind::Join);
    assert_eq!(state.update(Action::Submitted(form)), Effect::None);
    assert_eq!(state.problems, expected);
    assert!(!state.busy);
}

#[test]
fn a_form_names_everything_that_is_wrong() {
    check_form(
        Form::default(),
        &[
            (Field::Name, Problem::Missing),
            (Field::Email, Problem::Missing),
            (Field::Terms, Problem::Missing),
        ],
    );
    check_form(Form { email: "ada@example".into(), ..ada() }, &[(Field::Email, Problem::Wrong)]);
    check_form(Form { email: "a da@example.com".into(), ..ada() }, &[(Field::Email, Problem::Wrong)]);
    check_form(Form { code: "AB".into(), ..ada() }, &[(Field::Code, Problem::Wrong)]);
    check_form(Form { code: "ADA'S".into(), ..ada() }, &[(Field::Code, Problem::Wrong)]);
    check_form(Form { name: "x".repeat(101), ..ada() }, &[(Field::Name, Problem::Wrong)]);
}

#[test]
fn editing_a_field_clears_its_problem_alone() {
    let mut state = at_form(Kind::Join);
    state.update(Action::Submitted(Form::default()));
    state.update(Action::Edited(Field::Name));
    assert_eq!(state.problem(Field::Name), None);
    assert_eq!(state.problem(Field::Email), Some(&Problem::Missing));
}

#[test]
fn a_refused_field_is_told_there_and_the_rest_in_the_status_line() {
    let mut state = at_form(Kind::Join);
    state.update(Action::Submitted(ada()));
    state.update(Action::Refused("`code` is taken: choose another.".into()));
    assert_eq!(state.problem(Field::Code), Some(&Problem::Said("is taken: choose another.".into())));
    state.update(Action::Submitted(ada()));
    state.update(Action::Refused("The program is closed.".into()));
    assert_eq!(state.said, Said::Refused("The program is closed.".into()));
    assert!(!state.busy);
}

#[test]
fn sign_in_asks_for_an_address_only() {
    let mut state = at_form(Kind::Join);
    check(&mut state, Action::Pressed("sign-in".into()), &Effect::None, Screen::SignIn);
    let form = Form { email: "ada@example.com".into(), ..Form::default() };
    check(&mut state, Action::Submitted(form.clone()), &Effect::SignIn(form), Screen::SignIn);
    check(&mut state, Action::Mailed, &Effect::None, Screen::CheckMail);
    check(&mut state, Action::Pressed("back".into()), &Effect::None, Screen::Form);
}

#[test]
fn a_lead_is_told_with_its_address() {
    let mut state = at_form(Kind::Signup);
    let form = Form { terms: false, ..ada() };
    check(&mut state, Action::Submitted(form.clone()), &Effect::Lead(form), Screen::Form);
    let told = Effect::Led("ada@example.com".into());
    check(&mut state, Action::Led, &told, Screen::Done);
}

#[test]
fn a_session_that_ends_returns_to_the_start() {
    let mut state = at_form(Kind::Share);
    check(&mut state, Action::Session(true), &Effect::Watch, Screen::SignIn);
    state.update(Action::Me(Box::default()));
    check(&mut state, Action::Pressed("sign-out".into()), &Effect::Forget, Screen::Me);
    check(&mut state, Action::Session(false), &shown(), Screen::SignIn);
    assert_eq!((state.me, state.said), (None, Said::SignedOut));
}

#[test]
fn lost_polls_are_borne_then_said_then_forgotten() {
    let mut state = at_form(Kind::Share);
    state.update(Action::Me(Box::default()));
    assert_eq!(state.poll_after(), 1_500);
    for _ in 0..3 {
        state.update(Action::Missed);
    }
    assert_eq!(state.said, Said::Unreachable);
    assert_eq!(state.poll_after(), 12_000);
    state.update(Action::Unchanged);
    assert_eq!((state.said.clone(), state.poll_after()), (Said::Nothing, 1_500));
}

#[test]
fn an_element_with_nothing_to_show_leaves_the_pages_own_content() {
    let mut state = State::new(Kind::Share);
    state.update(Action::Configured(Box::<Config>::default(), true));
    assert_eq!(state.update(Action::Missed), Effect::None);
    assert!(matches!(state.update(Action::Missed), Effect::Fail(..)));
    assert_eq!(state.screen, Screen::Waiting);
}

fn at_own_page() -> State {
    let mut state = at_form(Kind::Share);
    state.update(Action::Me(Box::default()));
    state
}

#[test]
fn a_panel_asks_each_time_it_opens_and_shows_what_comes() {
    let mut state = at_own_page();
    let toggle = || Action::Toggled(UNCREDITED.into());
    check(&mut state, toggle(), &Effect::Tell(UNCREDITED.into()), Screen::Me);
    assert_eq!(state.panel(UNCREDITED), Some(&Told::Waiting));
    state.update(Action::Told(UNCREDITED.into(), Told::Lost));
    assert_eq!(state.panel(UNCREDITED), Some(&Told::Lost));
    assert_eq!(state.panel(CLAIMS), None);
    check(&mut state, toggle(), &Effect::None, Screen::Me);
    assert_eq!(state.panel(UNCREDITED), None);
    check(&mut state, toggle(), &Effect::Tell(UNCREDITED.into()), Screen::Me);
}

#[test]
fn an_answer_to_a_closed_panel_opens_nothing() {
    let mut state = at_own_page();
    check(&mut state, Action::Told(CLAIMS.into(), Told::Lost), &Effect::None, Screen::Me);
    assert_eq!(state.panels, []);
}

#[test]
fn a_poll_leaves_open_what_is_open() {
    let mut state = at_own_page();
    state.update(Action::Toggled(CLAIMS.into()));
    state.update(Action::Told(CLAIMS.into(), Told::Entries(Vec::new())));
    state.update(Action::Me(Box::default()));
    assert_eq!(state.panel(CLAIMS), Some(&Told::Entries(Vec::new())));
}

#[test]
fn a_claim_needs_a_number_is_sent_once_and_shows_the_answer() {
    let mut state = at_own_page();
    state.update(Action::Toggled(CLAIMS.into()));
    state.update(Action::Told(CLAIMS.into(), Told::Entries(Vec::new())));
    check(&mut state, Action::Submitted(Form::default()), &Effect::None, Screen::Me);
    assert_eq!(state.problems, [(Field::Invoice, Problem::Missing)]);
    let form = Form { invoice: "A-1".into(), ..Form::default() };
    check(&mut state, Action::Submitted(form.clone()), &Effect::Claim(form.clone()), Screen::Me);
    check(&mut state, Action::Submitted(form), &Effect::None, Screen::Me);
    let claimed = Action::Claimed("It stays open.".into());
    check(&mut state, claimed, &Effect::Filed, Screen::Me);
    assert_eq!((state.busy, &state.said), (false, &Said::Claimed("It stays open.".into())));
    state.update(Action::Toggled(CLAIMS.into()));
    assert_eq!(state.said, Said::Nothing, "what was said then may not be so any more");
}

#[test]
fn a_refused_claim_is_told_at_its_field() {
    let mut state = at_own_page();
    state.update(Action::Submitted(Form { invoice: "A-1".into(), ..Form::default() }));
    state.update(Action::Refused("`invoiceId` is too long.".into()));
    assert_eq!(state.problem(Field::Invoice), Some(&Problem::Said("is too long.".into())));
    assert!(!state.busy);
}

#[test]
fn who_signs_out_leaves_nothing_open() {
    let mut state = at_own_page();
    state.update(Action::Toggled(CLAIMS.into()));
    state.update(Action::Session(false));
    assert_eq!(state.panels, []);
}
