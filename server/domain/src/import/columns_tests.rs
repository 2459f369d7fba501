use super::*;

fn headers(line: &str) -> Vec<String> {
    line.split(',').map(|header| header.trim().to_owned()).collect()
}

fn told(columns: &Columns) -> Vec<(&'static str, usize, bool)> {
    let mut told: Vec<_> = columns.read.iter().map(|c| (c.field.word(), c.place, c.minor)).collect();
    told.sort_by_key(|(_, place, _)| *place);
    told
}

#[track_caller]
fn check(kind: Kind, line: &str, expected: &[(&'static str, usize, bool)]) -> Columns {
    let columns = Columns::of(kind, &headers(line), &[]).unwrap();
    assert_eq!(told(&columns), expected, "{line}");
    columns
}

#[test]
fn words_name_one_field() {
    for (field, word) in Field::WORDS {
        assert_eq!((field.word(), Field::parse(word)), (*word, Ok(*field)));
    }
    assert!(Field::parse("colour").is_err());
}

#[test]
fn the_formats_that_are_documented() {
    // Rewardful's help, "How do I import data into Rewardful?".
    check(
        Kind::Customers,
        "stripe_customer_id,first_name,last_name,email,paypal_email,wise_email,token",
        &[("customer_id", 0, false), ("partner_email", 3, false), ("code", 6, false)],
    );
    check(
        Kind::Customers,
        "stripe_customer_id,email",
        &[("customer_id", 0, false), ("partner_email", 1, false)],
    );
    // FirstPromoter's API, "Create promoter".
    check(
        Kind::Partners,
        "email,first_name,last_name,cust_id,ref_id,promo_code",
        &[
            ("partner_email", 0, false),
            ("first_name", 1, false),
            ("last_name", 2, false),
            ("code", 4, false),
            ("coupon", 5, false),
        ],
    );
    // Tapfiliate's help, "Importing conversions in Bulk".
    check(
        Kind::Commissions,
        "external_id,amount,created_at,affiliate_email,program,currency,customer_id,commission_status,commission_amount",
        &[
            ("invoice_id", 0, false),
            ("sale_amount", 1, false),
            ("created_at", 2, false),
            ("partner_email", 3, false),
            ("currency", 5, false),
            ("customer_id", 6, false),
            ("status", 7, false),
            ("amount", 8, false),
        ],
    );
}

#[test]
fn case_order_and_more_columns_do_not_matter() {
    let columns = check(
        Kind::Partners,
        "Shoe size,E-MAIL,First name,LAST_NAME",
        &[("partner_email", 1, false), ("first_name", 2, false), ("last_name", 3, false)],
    );
    assert_eq!(columns.ignored, ["Shoe size"]);
    check(
        Kind::Commissions,
        "State,Amount Cents,Affiliate Email,Created At",
        &[("status", 0, false), ("amount", 1, true), ("partner_email", 2, false), ("created_at", 3, false)],
    );
}

#[test]
fn columns_can_be_told() {
    let map = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>()
    };
    let line = headers("Wer,Wann,Wieviel,Stand,amount");
    let columns = Columns::of(
        Kind::Commissions,
        &line,
        &map(&[
            ("wer", "partner_email"),
            ("Wann", "created_at"),
            ("Wieviel", "amount_minor"),
            ("Stand", "status"),
            ("amount", "ignore"),
        ]),
    );
    let columns = columns.unwrap();
    assert_eq!(
        told(&columns),
        [("partner_email", 0, false), ("created_at", 1, false), ("amount", 2, true), ("status", 3, false)]
    );
    assert_eq!(columns.ignored, ["amount"]);
    for bad in [("Wo", "status"), ("Wer", "person")] {
        assert_eq!(Columns::of(Kind::Commissions, &line, &map(&[bad])).unwrap_err().field, "map");
    }
}

#[test]
fn a_file_without_what_is_needed_is_refused() {
    let error = Columns::of(Kind::Commissions, &headers("email,amount,created_at"), &[]).unwrap_err();
    assert!(error.remedy.contains("where it stands"), "{}", error.remedy);
    assert!(Columns::of(Kind::Partners, &headers("name"), &[]).is_err());
}

#[test]
fn kinds_are_guessed() {
    for (line, kind) in [
        ("id,email,first_name,last_name,token", Some(Kind::Partners)),
        ("affiliate_email,coupon", Some(Kind::Codes)),
        ("partner email,param,value", Some(Kind::Links)),
        ("stripe_customer_id,email", Some(Kind::Customers)),
        ("Affiliate Email,Commission,State,Created", Some(Kind::Commissions)),
        ("reward_key,amount,reward_status,partner_key", Some(Kind::Commissions)),
        ("email,paid_balance,current_balance", Some(Kind::Balances)),
        ("colour,size", None),
    ] {
        assert_eq!(guess(&headers(line)), kind, "{line}");
    }
}

/// As in addresses that `PartnerStack` has made.
#[test]
fn keys_in_links() {
    assert_eq!(base64("troycooper1364"), "dHJveWNvb3BlcjEzNjQ");
    assert_eq!(base64("coreycohiehl1100"), "Y29yZXljb2hpZWhsMTEwMA");
    assert_eq!(base64("abc"), "YWJj");
    assert_eq!(names_from_id(Source::PartnerStack, "abc"), ["abc", "YWJj"]);
}
