//! What happens on the screen, step by step.

use super::{Form, Screen, State};

fn ada() -> Form {
    Form { name: "Ada".into(), email: "ada@example.com".into(), terms: "on".into(), ..Form::default() }
}

fn at_form(kind: &str) -> State {
    let mut state = State::new(kind);
    state.update("configured", "");
    state.effects.clear();
    state
}

fn at_own_page() -> State {
    let mut state = at_form("share");
    state.update("me", "");
    state.effects.clear();
    state
}

#[track_caller]
fn check(state: &mut State, what: &str, value: &str, effects: &[(&str, &str)], screen: Screen) {
    state.update(what, value);
    check_state(state, effects, screen);
}

#[track_caller]
fn check_submit(state: &mut State, what: &str, form: &Form, effects: &[(&str, &str)], screen: Screen) {
    state.submit(what, form);
    check_state(state, effects, screen);
}

#[track_caller]
fn check_state(state: &mut State, effects: &[(&str, &str)], screen: Screen) {
    let asked: Vec<_> = state.effects.iter().map(|(what, value)| (what.as_str(), value.as_str())).collect();
    assert_eq!(asked, effects);
    assert_eq!(state.screen, screen);
    state.effects.clear();
}

#[test]
fn each_element_opens_on_its_own_screen() {
    for (kind, screen) in [
        ("join", Screen::Form),
        ("share", Screen::SignIn),
        ("signup", Screen::Form),
        ("offer", Screen::Form),
        ("leaderboard", Screen::Form),
    ] {
        check(&mut State::new(kind), "configured", "", &[("show", "")], screen);
    }
}

#[test]
fn a_session_goes_straight_to_the_partners_page() {
    let mut state = State::new("share");
    check(&mut state, "configured", "pt_1", &[("watch", "")], Screen::Waiting);
    check(&mut state, "me", "", &[("show", "")], Screen::Me);
    check(&mut state, "me", "", &[], Screen::Me);
}

#[test]
fn what_is_no_partners_element_ignores_the_partners_session() {
    for kind in ["signup", "offer", "leaderboard"] {
        let mut state = State::new(kind);
        check(&mut state, "configured", "pt_1", &[("show", "")], Screen::Form);
        check(&mut state, "session", "pt_1", &[], Screen::Form);
    }
}

#[test]
fn joining_shows_the_page() {
    let mut state = at_form("join");
    check_submit(&mut state, "join", &ada(), &[("join", "")], Screen::Form);
    assert!(state.busy);
    check(&mut state, "joined", "approved", &[], Screen::Me);
    assert!(state.fresh && !state.busy);
    assert_eq!(state.email, "ada@example.com");
}

#[test]
fn who_must_first_check_the_mail_is_told_so() {
    let mut state = at_form("join");
    state.submit("join", &ada());
    check(&mut state, "joined", "", &[("join", "")], Screen::CheckMail);
    assert_eq!(state.email, "ada@example.com");
}

#[test]
fn a_second_press_while_waiting_does_nothing() {
    let mut state = at_form("join");
    check_submit(&mut state, "join", &ada(), &[("join", "")], Screen::Form);
    check_submit(&mut state, "join", &ada(), &[], Screen::Form);
}

#[track_caller]
fn check_form(what: &str, form: &Form, expected: &[(&str, &str)]) {
    let mut state = at_form("join");
    state.submit(what, form);
    let problems: Vec<_> =
        state.problems.iter().map(|(field, text)| (field.as_str(), text.as_str())).collect();
    assert_eq!(problems, expected);
    assert_eq!(state.busy, expected.is_empty());
}

#[test]
fn a_form_names_everything_that_is_wrong() {
    check_form(
        "join",
        &Form::default(),
        &[("name", "~nameMissing"), ("email", "~emailMissing"), ("terms", "~termsMissing")],
    );
    for email in ["ada@example", "a da@example.com", "ada@@example.com", "@example.com", "ada@.com", "ada"] {
        check_form("join", &Form { email: email.into(), ..ada() }, &[("email", "~emailWrong")]);
    }
    for code in ["AB", "ADA'S", &"x".repeat(33)] {
        check_form("join", &Form { code: code.into(), ..ada() }, &[("code", "~codeWrong")]);
    }
    check_form("join", &Form { name: "x".repeat(101), ..ada() }, &[("name", "~nameWrong")]);
    check_form("join", &Form { name: "ä".repeat(100), ..ada() }, &[]);
    let missing = Form { missing: "answers.site,answers.size".into(), ..ada() };
    check_form("join", &missing, &[("answers.site", "~answerMissing"), ("answers.size", "~answerMissing")]);
}

#[test]
fn each_form_needs_its_own() {
    let email = Form { email: "ada@example.com".into(), ..Form::default() };
    check_form("sign-in", &email, &[]);
    check_form("signup", &Form { terms: String::new(), ..ada() }, &[]);
    check_form("claim", &Form::default(), &[("invoiceId", "~invoiceMissing")]);
    check_form("claim", &Form { invoice: "A-1".into(), ..Form::default() }, &[]);
    check_form("code", &Form::default(), &[("code", "~codeWrong")]);
    check_form("link", &Form::default(), &[("label", "~answerMissing")]);
}

#[test]
fn editing_a_field_clears_its_problem_alone() {
    let mut state = at_form("join");
    state.submit("join", &Form::default());
    state.update("edit", "name");
    assert_eq!(state.problems[0].0, "email");
}

#[test]
fn a_refused_field_is_told_there_and_the_rest_in_the_status_line() {
    let mut state = at_form("join");
    state.submit("join", &ada());
    state.update("refused", "`code` is taken: choose another.");
    assert_eq!(state.problems, [("code".to_owned(), "is taken: choose another.".to_owned())]);
    assert!(!state.busy && !state.bad);
    state.submit("join", &ada());
    state.update("refused", "`answers.site` must be an address.");
    assert_eq!(state.problems[0].0, "answers.site");
    for (message, said) in [
        ("The program is closed.", "The program is closed."),
        ("", "~refused"),
        ("`pk` is unknown.", "`pk` is unknown."),
    ] {
        state.submit("join", &ada());
        state.update("refused", message);
        assert_eq!((state.said.as_str(), state.bad, state.busy), (said, true, false));
    }
}

#[test]
fn sign_in_asks_for_an_address_only() {
    let mut state = at_form("join");
    check(&mut state, "sign-in", "", &[], Screen::SignIn);
    let form = Form { email: "ada@example.com".into(), ..Form::default() };
    check_submit(&mut state, "sign-in", &form, &[("sign-in", "")], Screen::SignIn);
    check(&mut state, "mailed", "", &[], Screen::CheckMail);
    check(&mut state, "back", "", &[], Screen::Form);
}

#[test]
fn a_session_that_ends_returns_to_the_start() {
    let mut state = at_form("share");
    check(&mut state, "session", "pt_1", &[("watch", "")], Screen::SignIn);
    state.update("me", "");
    state.update("open", "embed/claims");
    state.effects.clear();
    check(&mut state, "sign-out", "", &[("forget", "")], Screen::Me);
    check(&mut state, "session", "", &[("show", "")], Screen::SignIn);
    assert_eq!((state.said.as_str(), state.open.len()), ("~signedOut", 0));
    check(&mut state, "session", "", &[], Screen::SignIn);
}

#[test]
fn lost_polls_are_borne_then_said_then_forgotten() {
    let mut state = at_own_page();
    assert_eq!(state.poll_after(), 1_500);
    state.update("missed", "");
    state.update("missed", "");
    assert_eq!(state.said, "");
    state.update("missed", "");
    assert_eq!((state.said.as_str(), state.bad, state.poll_after()), ("~unreachable", true, 12_000));
    state.update("unchanged", "");
    assert_eq!((state.said.as_str(), state.poll_after()), ("", 1_500));
    assert_eq!(at_form("join").poll_after(), 4_000);
}

#[test]
fn an_element_with_nothing_to_show_leaves_the_pages_own_content() {
    let mut state = State::new("share");
    state.update("configured", "pt_1");
    state.update("missed", "");
    state.effects.clear();
    check(&mut state, "missed", "", &[("fail", "the server does not answer")], Screen::Waiting);
}

#[test]
fn a_panel_asks_each_time_it_opens() {
    let mut state = at_own_page();
    check(&mut state, "open", "embed/claims", &[("tell", "embed/claims")], Screen::Me);
    state.update("me", "");
    assert_eq!(state.open, ["embed/claims"]);
    check(&mut state, "open", "embed/claims", &[], Screen::Me);
    assert!(state.open.is_empty());
    check(&mut state, "open", "embed/claims", &[("tell", "embed/claims")], Screen::Me);
}

#[test]
fn a_claim_is_sent_once_and_what_is_said_of_it_goes_with_the_next_step() {
    let mut state = at_own_page();
    let form = Form { invoice: "A-1".into(), ..Form::default() };
    check_submit(&mut state, "claim", &form, &[("claim", "")], Screen::Me);
    check_submit(&mut state, "claim", &form, &[], Screen::Me);
    state.update("say", "It stays open.");
    assert_eq!((state.busy, state.said.as_str(), state.bad), (false, "It stays open.", false));
    state.update("open", "embed/uncredited");
    assert_eq!(state.said, "", "what was said then may not be so any more");
}

#[test]
fn views_can_read_all_of_it() {
    let mut state = at_form("join");
    state.submit("join", &Form { missing: "answers.site".into(), ..Form::default() });
    state.update("open", "embed/claims");
    let fields = state.fields();
    let get = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!((get("kind"), get("screen"), get("busy")), (Some("join"), Some("form"), Some("")));
    assert_eq!(
        (get("bad-email"), get("bad-answers-site"), get("open-embed/claims")),
        (Some("~emailMissing"), Some("~answerMissing"), Some("true"))
    );
}
