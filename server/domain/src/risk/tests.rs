use super::*;
use proptest::prelude::*;

const DOCUMENT: &str = include_str!("../../../../www/docs/signals.md");

/// Settings by which only `rule` is looked at.
fn only(rule: Rule) -> Settings {
    let word = |r| if r == rule { "hold" } else { "off" };
    let pairs = Rule::ALL.map(|r| (r.field(), Value::Word(word(r).to_owned())));
    Settings::default().with(&pairs).unwrap()
}

/// What a rule says of some facts; it is asked alone.
fn why(rule: Rule, facts: &Facts) -> Option<String> {
    let signals = evaluate(&only(rule), facts);
    assert!(signals.iter().all(|s| s.rule == rule && s.action == Action::Hold));
    signals.into_iter().next().map(|signal| signal.why)
}

fn says(rule: Rule, facts: &Facts, part: &str) {
    let why = why(rule, facts).unwrap_or_default();
    assert!(why.contains(part), "{rule:?} says: {why}");
}

fn is_silent(rule: Rule, facts: &Facts) {
    assert_eq!(why(rule, facts), None, "{facts:?}");
}

fn from(site: &str) -> Facts {
    Facts { referrer: Referrer::Site(site.to_owned()), ..Facts::default() }
}

#[test]
fn what_is_unknown_speaks_against_nobody() {
    let all = Rule::ALL.map(|r| (r.field(), Value::Word("block".to_owned())));
    assert_eq!(evaluate(&Settings::default().with(&all).unwrap(), &Facts::default()), []);
}

#[test]
fn words_and_names() {
    for rule in Rule::ALL {
        assert_eq!(Rule::parse(rule.word()), Ok(rule));
        assert!(rule.field().starts_with(rule.word()));
    }
    for (action, word) in Action::WORDS {
        assert_eq!((action.word(), Action::parse("action", word)), (word, Ok(action)));
    }
    assert!(Rule::parse("self_referral").unwrap_err().remedy.contains("`self_referral_email`"));
}

#[test]
fn self_referral_by_mail() {
    let between = |partner: Option<&str>, customer: &str| Facts {
        partner_email: partner.map(str::to_owned),
        customer_email: Some(customer.to_owned()),
        ..Facts::default()
    };
    let same = between(Some("maya@gmail.com"), "M.aya+shop@googlemail.com");
    says(Rule::SelfReferralEmail, &same, "two ways to write one mailbox");
    says(Rule::SelfReferralEmail, &between(Some("maya@x.com"), "maya@x.com"), "are the same");
    is_silent(Rule::SelfReferralEmail, &between(Some("maya@x.com"), "m.aya@x.com"));
    is_silent(Rule::SelfReferralEmail, &between(None, "maya@x.com"));
}

/// A reason is kept and shown; it must not keep an address that its owner has erased.
#[test]
fn a_reason_names_nobody() {
    let same = Facts {
        partner_email: Some("maya@mailinator.com".to_owned()),
        customer_email: Some("maya+1@mailinator.com".to_owned()),
        ..Facts::default()
    };
    let signals = evaluate(&Settings::default(), &same);
    assert_eq!(signals.len(), 2);
    assert!(signals.iter().all(|s| !s.why.contains("maya") && !s.why.contains('@')), "{signals:?}");
}

#[test]
fn self_referral_by_address_up_to_its_hours() {
    let used = |key, seconds_apart| Facts {
        click_address: Some(7),
        partner_addresses: vec![Use { key: 8, seconds_apart: 0 }, Use { key, seconds_apart }],
        ..Facts::default()
    };
    says(Rule::SelfReferralAddress, &used(7, 24 * 3_600), "1440 minutes from it; held within 24 hours");
    is_silent(Rule::SelfReferralAddress, &used(7, 24 * 3_600 + 1));
    is_silent(Rule::SelfReferralAddress, &used(9, 0));
}

#[test]
fn self_referral_by_device_up_to_its_days() {
    let used = |key, seconds_apart| Facts {
        click_device: Some(7),
        partner_devices: vec![Use { key, seconds_apart: 100 * 86_400 }, Use { key, seconds_apart }],
        ..Facts::default()
    };
    says(Rule::SelfReferralDevice, &used(7, 3_600), "1 hour from it; held within 60 days");
    says(Rule::SelfReferralDevice, &used(7, 60 * 86_400), "1440 hours");
    is_silent(Rule::SelfReferralDevice, &used(7, 60 * 86_400 + 1));
    is_silent(Rule::SelfReferralDevice, &used(8, 0));
}

#[test]
fn velocity_from_its_number() {
    let events = |hour, day| Facts {
        partner_events_hour: Some(hour),
        partner_events_day: Some(day),
        ..Facts::default()
    };
    is_silent(Rule::Velocity, &events(29, 199));
    says(Rule::Velocity, &events(30, 30), "number 30 in an hour; held from number 30");
    says(Rule::Velocity, &events(1, 200), "number 200 in 24 hours");
}

#[test]
fn disposable_mail_of_either() {
    let of = |customer: Option<&str>, partner: Option<&str>| Facts {
        customer_email: customer.map(str::to_owned),
        partner_email: partner.map(str::to_owned),
        ..Facts::default()
    };
    says(
        Rule::DisposableEmail,
        &of(Some("a@Box.Mailinator.com"), None),
        "customer's e-mail address is at mailinator.com",
    );
    says(
        Rule::DisposableEmail,
        &of(Some("a@x.com"), Some("b@yopmail.com")),
        "partner's e-mail address is at yopmail.com",
    );
    is_silent(Rule::DisposableEmail, &of(Some("a@gmail.com"), Some("b@xmailinator.com")));
    let trusting =
        only(Rule::DisposableEmail).with(&[("trustedSites", Value::Sites(vec!["mailinator.com".into()]))]);
    assert_eq!(evaluate(&trusting.unwrap(), &of(Some("a@box.mailinator.com"), None)), []);
}

#[test]
fn coupon_sites_ours_and_the_programs() {
    says(Rule::CouponSite, &from("shop.retailmenot.com"), "from retailmenot.com, a coupon site");
    is_silent(Rule::CouponSite, &from("blog.example"));
    let sites = |list: &'static str, site: &str| {
        only(Rule::CouponSite).with(&[(list, Value::Sites(vec![site.to_owned()]))]).unwrap()
    };
    assert_eq!(evaluate(&sites("couponSites", "blog.example"), &from("blog.example")).len(), 1);
    assert_eq!(evaluate(&sites("trustedSites", "retailmenot.com"), &from("shop.retailmenot.com")), []);
}

#[test]
fn a_code_leaks_from_its_number_of_sites() {
    let code =
        |sites, kind| Facts { code_coupon_sites: Some(sites), touchpoint: Some(kind), ..Facts::default() };
    says(Rule::CouponSite, &code(2, Kind::Code), "2 coupon sites; held from 2");
    is_silent(Rule::CouponSite, &code(1, Kind::Code));
    is_silent(Rule::CouponSite, &code(2, Kind::Click));
}

#[test]
fn instant_sales_without_a_page() {
    let instant = |change: fn(&mut Facts)| {
        let mut facts = Facts {
            referrer: Referrer::Absent,
            seconds_to_event: Some(0),
            partner_instant_sales: Some(5),
            touchpoint: Some(Kind::Click),
            ..Facts::default()
        };
        change(&mut facts);
        facts
    };
    says(
        Rule::NoReferrerInstant,
        &instant(|_| ()),
        "after 0 seconds and no page led there; it is the partner's sale number 5",
    );
    is_silent(Rule::NoReferrerInstant, &instant(|f| f.partner_instant_sales = Some(4)));
    is_silent(Rule::NoReferrerInstant, &instant(|f| f.partner_instant_sales = None));
    is_silent(Rule::NoReferrerInstant, &instant(|f| f.seconds_to_event = Some(1)));
    is_silent(Rule::NoReferrerInstant, &instant(|f| f.referrer = Referrer::Unknown));
    is_silent(Rule::NoReferrerInstant, &instant(|f| f.referrer = Referrer::Site("blog.example".into())));
    is_silent(Rule::NoReferrerInstant, &instant(|f| f.touchpoint = Some(Kind::Code)));
}

#[test]
fn paid_ads_once_they_are_looked_for() {
    let paid = Facts { ad_parameter: ad_parameter("https://shop.example/?gclid=secret"), ..Facts::default() };
    says(Rule::PaidAds, &paid, "carries `gclid`");
    assert_eq!(evaluate(&Settings::default(), &paid), []);
}

#[test]
fn refund_rate_from_its_percent_and_its_sales() {
    let sold = |sales, refunded| Facts {
        partner_sales: Some(sales),
        partner_refunded: Some(refunded),
        ..Facts::default()
    };
    says(
        Rule::RefundRate,
        &sold(10, 3),
        "3 of the partner's 10 sales in 90 days were refunded; held from 30 % of at least 10",
    );
    is_silent(Rule::RefundRate, &sold(10, 2));
    is_silent(Rule::RefundRate, &sold(101, 30));
    is_silent(Rule::RefundRate, &sold(9, 9));
    is_silent(Rule::RefundRate, &sold(0, 0));
}

#[test]
fn a_banned_source_blocks() {
    let banning = |site: &str| {
        Settings::default().with(&[("bannedSources", Value::Sites(vec![site.to_owned()]))]).unwrap()
    };
    let signals = evaluate(&banning("spam.example"), &from("deep.spam.example"));
    assert_eq!((signals.len(), strongest(&signals)), (1, Action::Block));
    assert!(signals[0].why.contains("from spam.example"));
    assert_eq!(evaluate(&banning("deep.spam.example"), &from("spam.example")), []);
}

#[test]
fn the_document_says_what_the_rules_do() {
    for rule in Rule::ALL {
        let row =
            format!("| `{}` | {} | {} |", rule.word(), rule.default_action().word(), rule.explanation());
        assert!(DOCUMENT.contains(&row), "www/docs/signals.md lacks: {row}");
    }
    for threshold in Threshold::ALL {
        let (low, high) = threshold.range();
        let row = format!("| `{}` | {} | {low} to {high} |", threshold.field(), threshold.default_figure());
        assert!(DOCUMENT.contains(&row), "www/docs/signals.md lacks: {row}");
    }
    for list in Sites::ALL {
        assert!(DOCUMENT.contains(&format!("| `{}` |", list.field())), "www/docs/signals.md lacks {list:?}");
    }
}

prop_compose! {
    fn facts()(
        customer in prop::option::of("(maya|maya\\+1|ben)@(x.com|mailinator.com)"),
        click_address in prop::option::of(0_i64..3),
        uses in prop::collection::vec((0_i64..3, 0_i64..200_000), 0..4),
        click_device in prop::option::of(0_i64..3),
        seconds_to_event in prop::option::of(0_i64..2),
        referrer in prop::sample::select(vec!["", "-", "retailmenot.com", "spam.example", "blog.example"]),
        paid: bool,
        code: bool,
        counts in prop::array::uniform6(prop::option::of(0_i64..400)),
    ) -> Facts {
        let uses: Vec<_> = uses.into_iter().map(|(key, seconds_apart)| Use { key, seconds_apart }).collect();
        Facts {
            partner_email: Some("maya@x.com".to_owned()),
            customer_email: customer,
            click_address,
            partner_addresses: uses.clone(),
            click_device,
            partner_devices: uses,
            seconds_to_event,
            referrer: match referrer {
                "" => Referrer::Unknown,
                "-" => Referrer::Absent,
                host => Referrer::Site(host.to_owned()),
            },
            ad_parameter: paid.then_some("gclid"),
            touchpoint: Some(if code { Kind::Code } else { Kind::Click }),
            partner_events_hour: counts[0],
            partner_events_day: counts[1],
            partner_instant_sales: counts[2],
            partner_sales: counts[3],
            partner_refunded: counts[4],
            code_coupon_sites: counts[5],
        }
    }
}

prop_compose! {
    fn settings()(
        actions in prop::array::uniform10(0_usize..3),
        figures in prop::array::uniform9(1_i64..=40),
    ) -> Settings {
        let actions = Rule::ALL.into_iter().zip(actions);
        let actions = actions.map(|(rule, a)| (rule.field(), Value::Word(Action::WORDS[a].1.to_owned())));
        let figures = Threshold::ALL.into_iter().zip(figures).map(|(t, n)| (t.field(), Value::Number(n)));
        let banned = ("bannedSources", Value::Sites(vec!["spam.example".to_owned()]));
        let pairs: Vec<_> = actions.chain(figures).chain([banned]).collect();
        Settings::default().with(&pairs).unwrap()
    }
}

fn rules(signals: &[Signal]) -> Vec<Rule> {
    signals.iter().map(|signal| signal.rule).collect()
}

proptest! {
    /// More evidence never silences a rule.
    #[test]
    fn more_evidence_never_silences(settings in settings(), less in facts(), more in 0_i64..50) {
        let add = |count: Option<i64>| count.map(|n| n + more);
        let grown = Facts {
            partner_addresses: [less.partner_addresses.clone(), vec![Use { key: 1, seconds_apart: more }]].concat(),
            partner_events_hour: add(less.partner_events_hour),
            partner_events_day: add(less.partner_events_day),
            partner_instant_sales: add(less.partner_instant_sales),
            partner_refunded: add(less.partner_refunded),
            code_coupon_sites: add(less.code_coupon_sites),
            ..less.clone()
        };
        let found = rules(&evaluate(&settings, &grown));
        prop_assert!(rules(&evaluate(&settings, &less)).iter().all(|rule| found.contains(rule)));
    }

    /// A rule speaks or not whatever the others are set to; being off only silences itself, and a signal's action is its
    /// rule's.
    #[test]
    fn rules_do_not_touch_each_other(settings in settings(), facts in facts(), off in 0_usize..10) {
        let off = Rule::ALL[off];
        let all = evaluate(&settings, &facts);
        let fewer = settings.clone().with(&[(off.field(), Value::Word("off".to_owned()))]).unwrap();
        let expected: Vec<_> = all.iter().filter(|signal| signal.rule != off).cloned().collect();
        prop_assert_eq!(evaluate(&fewer, &facts), expected);
        prop_assert!(all.iter().all(|s| s.action != Action::Off && s.action == settings.action(s.rule)));
        prop_assert!(rules(&all).is_sorted());
    }

    /// What somebody has cleared stays cleared, even when its rule is made stronger; the rest is found as before.
    #[test]
    fn cleared_stays_cleared(settings in settings(), facts in facts(), stronger: bool) {
        let first = evaluate(&settings, &facts);
        let (cleared, rest) = first.split_at(first.len() / 2);
        let cleared = rules(cleared);
        let block = Rule::ALL.map(|rule| (rule.field(), Value::Word("block".to_owned())));
        let now = if stronger { settings.with(&block).unwrap() } else { settings };
        let again = without_cleared(evaluate(&now, &facts), &cleared);
        prop_assert!(again.iter().all(|signal| !cleared.contains(&signal.rule)));
        prop_assert!(rest.iter().all(|signal| again.iter().any(|s| s.rule == signal.rule && s.why == signal.why)));
        prop_assert!(stronger || again == rest);
    }
}
