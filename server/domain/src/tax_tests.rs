use super::*;

fn country(text: &str) -> Country {
    Country::parse("country", text).unwrap()
}

/// Numbers of every country as its tax office shows them.
#[test]
fn a_number_of_each_country_is_taken_and_its_neighbours_are_not() {
    for good in [
        "ATU12345678",
        "BE0123456789",
        "BG123456789",
        "CY12345678L",
        "CZ12345678",
        "DE 123 456 789",
        "DK12345678",
        "EE123456789",
        "EL123456789",
        "ESX1234567X",
        "ESB12345678",
        "FI12345678",
        "FRXX123456789",
        "FR12345678901",
        "HR12345678901",
        "HU12345678",
        "IE1234567WA",
        "IE1A23456B",
        "IT12345678901",
        "LT123456789",
        "LU12345678",
        "LV12345678901",
        "MT12345678",
        "NL001234567B01",
        "PL1234567890",
        "PT123456789",
        "RO12",
        "SE123456789001",
        "SI12345678",
        "SK1234567890",
        "XI123456789",
        "GB123456789",
        "GBGD123",
        "CHE-123.456.789 MWST",
        "NO123456789MVA",
    ] {
        assert!(VatNumber::parse(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "123456789",
        "DE12345678",
        "DE1234567890",
        "DEA23456789",
        "AT12345678",
        "BE2123456789",
        "FR1234567890",
        "NL001234567001",
        "GB12345678",
        "CHE12345678",
        "NO12345678",
        "US123456789",
        "ES12345678",
        "IE123456",
        "RO1",
        "GR123456789",
    ] {
        assert_eq!(VatNumber::parse(bad).unwrap_err().field, "vatNumber", "{bad}");
    }
    assert_eq!(VatNumber::parse("de 123.456-789").unwrap().as_str(), "DE123456789");
    assert_eq!(Country::parse("country", "Germany").unwrap_err().field, "country");
}

fn firm(place: &str, vat: Option<&str>) -> Profile {
    Profile {
        country: Some(country(place)),
        name: Some("Maya GmbH".into()),
        address: Some("Teeweg 1".into()),
        is_business: true,
        vat: vat.map(|text| VatNumber::parse(text).unwrap()),
        ..Profile::default()
    }
}

fn wanted(place: &str) -> Wanted {
    Wanted { required: true, country: Some(country(place)), ..Wanted::default() }
}

#[test]
fn what_is_missing_depends_on_who_pays_whom() {
    let missing = |profile: &Profile, payer: &str| profile.missing(&wanted(payer));
    assert_eq!(missing(&Profile::default(), "DE"), ["country", "name", "address"]);
    assert_eq!(missing(&firm("FR", None), "DE"), ["vatNumber"]);
    assert!(missing(&firm("GR", Some("EL123456789")), "DE").is_empty());
    assert!(missing(&Profile { is_exempt: true, ..firm("FR", None) }, "DE").is_empty());
    assert!(missing(&Profile { is_business: false, ..firm("FR", None) }, "DE").is_empty());
    assert!(missing(&firm("JP", None), "DE").is_empty(), "no format is known there");
    assert_eq!(missing(&firm("US", None), "DE"), ["form"]);
    let with = |place: &str, form| Profile { form: Some(form), is_business: false, ..firm(place, None) };
    assert!(missing(&with("US", Form::W9), "US").is_empty());
    assert_eq!(missing(&with("US", Form::W8), "US"), ["form"]);
    assert!(missing(&with("FR", Form::W8), "US").is_empty());
    assert_eq!(missing(&with("FR", Form::W9), "US"), ["form"]);
    assert!(firm("FR", None).holds_up(&wanted("DE")));
    assert!(!firm("FR", None).holds_up(&Wanted { required: false, ..wanted("DE") }));
}

#[test]
fn a_number_belongs_to_the_country_and_to_a_firm() {
    assert_eq!(firm("FR", Some("DE123456789")).checked().unwrap_err().field, "vatNumber");
    assert!(firm("CH", Some("CHE123456789MWST")).checked().is_ok());
    assert!(firm("GB", Some("XI123456789")).checked().is_ok(), "Northern Ireland");
    let person = Profile { is_business: false, ..firm("DE", Some("DE123456789")) };
    assert_eq!(person.checked().unwrap_err().field, "vatNumber");
}

/// 119.00 with 19 % are 100.00 and 19.00; 100.00 are 84.03 and 15.97 (15.966…, rounded).
#[test]
fn vat_is_within_the_amount_at_home_and_owed_by_the_payer_abroad() {
    let rate = Percentage::parse("19").unwrap();
    let payer = Wanted { domestic_vat: Some(rate), ..wanted("DE") };
    let home = firm("DE", Some("DE123456789"));
    assert_eq!(home.treatment(&payer, 11_900), Treatment::Included { rate, net: 10_000, vat: 1_900 });
    assert_eq!(home.treatment(&payer, 10_000), Treatment::Included { rate, net: 8_403, vat: 1_597 });
    assert_eq!(Profile { is_exempt: true, ..home.clone() }.treatment(&payer, 1), Treatment::None);
    assert_eq!(home.treatment(&wanted("DE"), 11_900), Treatment::None, "no rate is said");
    assert_eq!(firm("FR", Some("FRXX123456789")).treatment(&payer, 100), Treatment::ReverseCharge);
    assert_eq!(firm("CH", Some("CHE123456789")).treatment(&payer, 100), Treatment::None);
    assert_eq!(firm("FR", None).treatment(&payer, 100), Treatment::None);
    assert_eq!(firm("FR", Some("FRXX123456789")).treatment(&wanted("GB"), 100), Treatment::None);
}
