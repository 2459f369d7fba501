//! Joining a program from a page. The answer is the same for an address that is a partner's already: nobody learns by asking
//! who is one. Whoever joins under a known address gets a code of his or her own all the same, which earns for the partner
//! whose address it is, and sees what that code brings, as every newcomer does. The mail tells the rest to its owner alone.

use super::{VisitorQuery, one_time, page_to_return_to, show_to, sign_in_address};
use crate::app::{App, Shared};
use crate::auth::PageCaller;
use crate::document;
use crate::enrolling::{self, Newcomer};
use crate::error::Error;
use crate::http::{Body, Client, Query, header};
use crate::mails;
use crate::routes::clicks::check_visitor;
use crate::routes::find;
use crate::seeing::{self, Look};
use crate::store::{Answers, Contact, Link, Partner, Program, Purpose, Tx};
use crate::time::show;
use crate::token::{Guest, Token};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use goodword_domain::language::Language;
use goodword_domain::time::Instant;
use goodword_wire::{ErrorBody, JoinInput, JoinOutput};

/// How many links there may be of somebody who is joined again and again by others.
const MOST_LINKS: i64 = 200;

/// Join a program
///
/// Gives a code, a link and a token at once, and mails a link that proves the address. The answer is the same whether the address
/// was known before or not; an address that is a partner's already gets a mail that says so.
#[utoipa::path(post, path = "/v1/embed/join", tag = "embed", request_body = JoinInput,
    params(("pk" = String, Query, description = "The publishable key"), VisitorQuery),
    responses((status = 200, body = JoinOutput), (status = "4XX", body = ErrorBody)))]
pub async fn join(
    State(app): State<Shared>,
    page: PageCaller,
    client: Client,
    Query(query): Query<VisitorQuery>,
    headers: HeaderMap,
    Body(input): Body<JoinInput>,
) -> Result<Json<JoinOutput>, Error> {
    let newcomer = Newcomer::parse(input.name.as_ref(), input.email.as_ref(), input.code.as_ref())?;
    if input.terms_accepted != Some(true) {
        return Err(Error::field("termsAccepted", "must be true: agree to the terms to join."));
    }
    let visitor_id = input.visitor_id.clone().or(query.visitor_id).filter(|id| !id.is_empty());
    visitor_id.as_deref().map_or(Ok(()), check_visitor)?;
    let language = language(input.lang.as_deref(), &headers);
    app.limits.join(&client.address)?;
    app.limits.mail(&newcomer.email.folded())?;
    let (shared, real) = (app.clone(), app.world.now());
    let look = seeing::look(&app, &client, visitor_id.as_deref(), real).await?;
    let output = app.store.write(move |tx| {
        let program = find::program(tx, &page.vendor, input.program_id.as_deref())?;
        find::open(&program)?;
        check_terms(&program, &input)?;
        check_code(tx, &program, &newcomer)?;
        let answers =
            document::read_answers(&program.widget.questions, &input.answers.clone().unwrap_or_default())?;
        let back = page_to_return_to(tx, input.page.as_deref(), &program)?;
        let at = find::now(tx, &program.vendor, real)?;
        let (app, program, origin) = (&*shared, &program, &*page.origin);
        Joining { app, program, origin, back, language, answers, look, at, real }.run(tx, &newcomer)
    });
    Ok(Json(output.await?))
}

/// The language a newcomer is written to in: the page's, where it says one we know, or else the browser's.
fn language(told: Option<&str>, headers: &HeaderMap) -> Language {
    let accepted = header(headers, ACCEPT_LANGUAGE);
    told.and_then(Language::of_tag).or_else(|| accepted.and_then(Language::of_header)).unwrap_or_default()
}

fn check_terms(program: &Program, input: &JoinInput) -> Result<(), Error> {
    let shown = input.terms_version.as_deref().unwrap_or_default();
    if shown == program.terms_version {
        Ok(())
    } else {
        Err(Error::Conflict(format!(
            "The terms have changed: read version {} and agree to it (`termsVersion`).",
            program.terms_version
        )))
    }
}

/// Refuses a code by which a partner would pose as the vendor.
fn check_code(tx: &mut Tx<'_>, program: &Program, newcomer: &Newcomer) -> Result<(), Error> {
    match &newcomer.code {
        Some(code) => enrolling::check_reserved(tx, program, code),
        None => Ok(()),
    }
}

struct Joining<'a> {
    app: &'a App,
    program: &'a Program,
    origin: &'a str,
    back: String,
    language: Language,
    answers: Answers,
    look: Look,
    /// The vendor's clock.
    at: Instant,
    real: Instant,
}

impl Joining<'_> {
    fn run(&self, tx: &mut Tx<'_>, newcomer: &Newcomer) -> Result<JoinOutput, Error> {
        match newcomer.known(tx, self.program)? {
            None => self.welcome(tx, newcomer),
            Some(known) => self.meet_again(tx, newcomer, &known),
        }
    }

    fn welcome(&self, tx: &mut Tx<'_>, newcomer: &Newcomer) -> Result<JoinOutput, Error> {
        let (world, program) = (self.app.world, self.program);
        let partner = newcomer.become_partner(tx, world, program, self.at)?;
        let contact = Contact { language: self.language, page: Some(self.back.clone()) };
        tx.set_contact(&program.vendor, &partner.id, &contact)?;
        self.enroll(tx, newcomer, &partner)?;
        self.look.save(tx, (&program.vendor, &program.id, &partner.id), self.at)?;
        let secret = one_time(tx, world, program, &partner.id, Purpose::Prove, &self.back, self.real)?;
        let address = format!("{}/verify?token={secret}", self.app.public_url);
        mails::prove(tx, world, program, &partner, &address)?;
        self.output(tx, &self.token(&partner))
    }

    fn enroll(&self, tx: &mut Tx<'_>, newcomer: &Newcomer, partner: &Partner) -> Result<(), Error> {
        let wish = Newcomer { terms_version: self.program.terms_version.clone(), ..newcomer.clone() };
        let approve = self.program.auto_approve;
        let enrollment =
            enrolling::enroll(tx, self.app.world, self.program, partner, &wish, approve, self.at)?;
        if !self.answers.is_empty() {
            tx.set_answers(&enrollment.id, &self.answers)?;
        }
        Ok(())
    }

    /// A known address. Only a mail to it tells whether its owner is asking.
    fn meet_again(&self, tx: &mut Tx<'_>, newcomer: &Newcomer, known: &Partner) -> Result<JoinOutput, Error> {
        let link = if tx.enrollment(&self.program.id, &known.id)?.is_none() {
            self.enroll(tx, newcomer, known)?;
            let link = tx.main_link(&self.program.id, &known.id)?;
            link.ok_or_else(|| Error::internal("a partner without a link"))?
        } else {
            self.one_more_link(tx, newcomer, known)?
        };
        let (world, program) = (self.app.world, self.program);
        let address = sign_in_address(tx, self.app, program, known, &self.back, self.real)?;
        mails::joined_again(tx, world, program, known, &link.code, &address)?;
        let guest = Guest { link: link.id, name: newcomer.name.clone() };
        self.output(tx, &Token { guest: Some(guest), ..self.token(known) })
    }

    fn one_more_link(&self, tx: &mut Tx<'_>, newcomer: &Newcomer, known: &Partner) -> Result<Link, Error> {
        if tx.count_links(&self.program.id, &known.id)? >= MOST_LINKS {
            return Err(Error::TooMany("Too many mails to this address: look for one that came.".into()));
        }
        // A code made for the name that was typed, as a newcomer's is.
        let called = Partner { name: newcomer.name.clone(), ..known.clone() };
        let code = newcomer.code.as_ref();
        let link = enrolling::add_link(tx, self.app.world, self.program, &called, code, None, self.at)?;
        tx.set_label(&link.id, &link.code)?;
        Ok(link)
    }

    fn token(&self, partner: &Partner) -> Token {
        let (vendor, program) = (self.program.vendor.clone(), self.program.id.clone());
        Token::issue(vendor, program, partner.id.clone(), self.origin.to_owned(), self.real)
    }

    fn output(&self, tx: &mut Tx<'_>, token: &Token) -> Result<JoinOutput, Error> {
        let me = show_to(tx, &self.app.public_url, token, self.at)?;
        Ok(JoinOutput {
            status: "joined".into(),
            token: Some(token.sign(&self.app.token_key)),
            expires_at: Some(show(token.until)),
            me: Some(me),
        })
    }
}
