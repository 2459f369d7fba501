use super::Source::{FirstPromoter, PartnerStack, Rewardful, Tapfiliate, Tolt};
use super::*;

fn reading(kind: Option<Kind>) -> Reading {
    Reading {
        source: Source::Rewardful,
        kind,
        currency: Currency::parse("usd").unwrap(),
        decimal: DecimalMark::Told,
        dates: DayOrder::Told,
        zone: Zone::default(),
        map: Vec::new(),
        most: 100,
    }
}

fn batch(text: &str) -> Batch {
    Batch::read(text.as_bytes(), &reading(None)).unwrap()
}

fn earned(batch: &Batch) -> Vec<&Earned> {
    // Rows are sorted by partner; tests speak of them in the order of the file.
    let mut rows: Vec<&Row> = batch.rows.iter().collect();
    rows.sort_by_key(|row| row.line);
    rows.into_iter()
        .filter_map(|row| if let Brought::Commission(earned) = &row.what { Some(&**earned) } else { None })
        .collect()
}

#[test]
fn where_a_commission_stands() {
    let read = |columns: &str, cells: &str| {
        let text = format!(
            "commission id,affiliate email,commission,created at,{columns}\n1,a@x.example,5,2024-01-15,{cells}\n"
        );
        earned(&batch(&text))[0].standing
    };
    assert_eq!(read("state", "due"), Standing::Payable);
    assert_eq!(read("status,is paid", "approved,true"), Standing::Paid);
    assert_eq!(read("status,is paid", "approved,false"), Standing::Payable);
    assert_eq!(read("status,is paid", "denied,true"), Standing::Voided);
    assert_eq!(read("status,paid at", "due,2024-02-01"), Standing::Paid);
    assert_eq!(read("status,paid at", "pending,"), Standing::Held);
    assert_eq!(read("approved", "true"), Standing::Payable);
    assert_eq!(read("approved", "false"), Standing::Voided);
    assert_eq!(read("paid at", ""), Standing::Held);
}

#[test]
fn a_fault_names_its_line_and_column() {
    let batch = batch(
        "Commission ID,Affiliate Email,Commission,State,Created At\n\
         1,a@x.example,free,due,2024-01-15\n2,a@x.example,5.00,perhaps,2024-01-15\n\n3,nobody,5.00,due,2024-01-15\n\
         4,,5.00,due,2024-01-15\n5,a@x.example,5.00,due,03/04/2024\n6,a@x.example,5.00,due,2024-01-15\n",
    );
    let told: Vec<_> = batch.refused.refused.iter().map(|r| (r.line, r.field.as_deref().unwrap())).collect();
    let expected =
        [(2, "Commission"), (3, "State"), (5, "Affiliate Email"), (6, "Affiliate Email"), (7, "Created At")];
    assert_eq!(told, expected);
    assert!(
        batch.refused.refused[0].message.starts_with("`Commission` must be an amount"),
        "{:?}",
        batch.refused.refused[0]
    );
    assert_eq!((batch.rows.len(), batch.refused.refused_count), (1, 5));
}

#[test]
fn rows_without_an_id_are_told_apart() {
    let text = "affiliate email,commission,state,created at,more\n\
                a@x.example,5,due,2024-01-15,x\na@x.example,5,due,2024-01-15,y\nb@x.example,5,due,2024-01-15,x\n";
    let keys = |text: &str| {
        let mut keys: Vec<_> = batch(text).rows.iter().map(|row| row.key.clone()).collect();
        keys.sort();
        keys
    };
    let first = keys(text);
    assert_eq!(first.iter().collect::<std::collections::HashSet<_>>().len(), 3, "{first:?}");
    assert_eq!(keys(text), first);
    assert_eq!(
        keys(&text.replace(",more", ",other").replace(",y", ",z")),
        first,
        "what is not read does not matter"
    );
}

#[test]
fn old_links_taken_apart() {
    let of = |text: &str, parameter: Option<&str>, source| {
        let Link { name, parameter, page } = Link::of(text, parameter, source);
        (name, parameter.unwrap_or_default(), page.unwrap_or_default())
    };
    let told = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(
        of("https://shop.example/?via=maya", None, Rewardful),
        told("maya", "via", "https://shop.example/")
    );
    assert_eq!(
        of("https://shop.example/tea?x=1&fpr=maya", None, FirstPromoter),
        told("maya", "fpr", "https://shop.example/tea?x=1")
    );
    assert_eq!(
        of("https://shop.example/?friend=maya", Some("friend"), Tolt),
        told("maya", "friend", "https://shop.example/")
    );
    assert_eq!(
        of("https://shop.example/?aff=maya", None, Tapfiliate),
        told("maya", "aff", "https://shop.example/")
    );
    assert_eq!(of("https://get.shop.example/maya", None, PartnerStack), told("maya", "", ""));
    assert_eq!(of("?via=maya", None, Rewardful), told("maya", "via", ""));
    assert_eq!(of("maya", None, Rewardful), told("maya", "", ""));
}

#[test]
fn partners_with_all_their_names() {
    let text = "id,email,first name,last name,token,coupon,link,campaign,paypal email,joined\n\
                p1,Maya@X.example,Maya,Lindholm,maya,TEA10 TEA20,\"https://shop.example/?via=maya, https://shop.example/?aff=m2\",Gold,pay@x.example,\"Jan 15, 2024\"\n\
                p2,b@x.example,,,,,,,,\n";
    let batch = batch(text);
    assert_eq!(batch.kind, Kind::Partners);
    assert_eq!(batch.parameters, ["via", "aff"]);
    let rows: Vec<_> = batch
        .rows
        .iter()
        .filter_map(
            |row| if let Brought::Partner(partner) = &row.what { Some(Arc::clone(partner)) } else { None },
        )
        .collect();
    assert_eq!(rows[0].name, "Maya Lindholm");
    assert_eq!(rows[0].names, ["maya", "TEA10", "TEA20", "m2"]);
    assert_eq!(rows[0].page.as_deref(), Some("https://shop.example/"));
    assert_eq!((rows[1].name.as_str(), rows[1].names.len(), rows[1].status), ("b", 0, Status::Approved));
    let names: Vec<_> = rows[0].names_for_rows().collect();
    let who = Who { code: Some("MAYA".into()), ..Who::default() };
    assert!(who.names().all(|name| names.contains(&name)), "{names:?}");
}

#[test]
fn another_currency_or_unit_is_refused() {
    let text = "affiliate email,commission,state,created at,currency,unit\n\
                a@x.example,5,due,2024-01-15,EUR,cash\na@x.example,5,due,2024-01-15,usd,points\na@x.example,€5,due,2024-01-15,USD,\n\
                a@x.example,5,due,2024-01-15,USD,cash\n";
    let batch = batch(text);
    let told: Vec<_> = batch.refused.refused.iter().map(|r| (r.line, r.field.as_deref().unwrap())).collect();
    assert_eq!(told, [(2, "currency"), (3, "unit"), (4, "commission")]);
}

#[test]
fn dates_of_a_column_tell_their_order_together() {
    let text = "affiliate email,commission,state,created at\na@x.example,5,due,03/04/2024\na@x.example,5,due,14/04/2024\n";
    let batch = batch(text);
    let at: Vec<_> = earned(&batch).iter().map(|earned| crate::time::show(earned.at)).collect();
    assert_eq!(at, ["2024-04-03T00:00:00.000Z", "2024-04-14T00:00:00.000Z"]);
}
