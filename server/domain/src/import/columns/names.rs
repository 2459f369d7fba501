//! The names by which columns are known, as they are compared. Of a list the first that a file has is meant; and fields choose in the
//! order in which they stand here, so that `amount` is what a customer paid where there is a `commission_amount` besides.

use super::Field;
use crate::import::Kind;

/// Lists of names, each separated by blanks.
type Names = &'static [&'static str];

pub(super) const PARTNER_EMAIL: &str = "affiliateemail partneremail promoteremail partnershipemail affiliateemailaddress partneremailaddress \
    affiliatesemail owneremail";
const PARTNER_ID: &str = "affiliateid partnerid promoterid partnerkey partnershipkey";
const PARTNER_NAME: &str = "affiliatename partnername promotername affiliate partner promoter";
pub(super) const TOKEN: &str = "token linktoken affiliatetoken reftoken refid referralid referralcode refcode defaultrefid trackingparameter \
    affiliatecode partnercode linkvalue value slug ref via code";
pub(super) const LINK: &str = "referrallink affiliatelink partnerlink trackinglink reflink linkurl referralurl affiliateurl link links url";
pub(super) const COUPON: &str =
    "couponcode coupon coupons promocode customerpromocode promotioncode discountcode couponid";
const AT: &str = "createdat createdon datecreated createddate created joinedat joineddate datejoined joindate joined signedup \
    signedupat signupdate submittedon becameleadat date chargedat saledate timestamp";
const STATUS: &str = "status state";
pub(super) const CUSTOMER_ID: &str = "stripecustomerid customerid customerkey customerexternalkey customerexternalid externalkey importedid uid \
    referraluid leaduid";
pub(super) const CUSTOMER_EMAIL: &str =
    "customeremail referralemail leademail referredemail useremail customersemail";
const CUSTOMER_NAME: &str = "customername referralname leadname customer referral lead";

const PARTNERS: &[(Field, Names)] = &[
    (Field::Id, &["id key", PARTNER_ID]),
    (Field::PartnerEmail, &["email emailaddress emailid", PARTNER_EMAIL]),
    (Field::FirstName, &["firstname affiliatefirstname partnerfirstname promoterfirstname"]),
    (Field::LastName, &["lastname affiliatelastname partnerlastname promoterlastname surname"]),
    (Field::PartnerName, &["name fullname displayname", PARTNER_NAME]),
    (Field::Status, &[STATUS, "affiliatestatus partnerstatus promoterstatus approved"]),
    (Field::Coupon, &[COUPON]),
    (Field::Code, &[TOKEN]),
    (Field::Parameter, &["param parameter linkparam"]),
    (Field::Link, &[LINK]),
    (Field::Group, &["group groupname partnergroup campaign campaignname affiliategroup"]),
    (Field::PayPal, &["paypalemail paypalemailaddress paypal"]),
    (Field::At, &[AT]),
];

const LINKS: &[(Field, Names)] = &[
    (Field::PartnerEmail, &[PARTNER_EMAIL, "email emailaddress"]),
    (Field::PartnerId, &[PARTNER_ID]),
    (Field::PartnerName, &[PARTNER_NAME, "name"]),
    (Field::Coupon, &[COUPON]),
    (Field::Code, &[TOKEN]),
    (Field::Parameter, &["param parameter linkparam"]),
    (Field::Link, &[LINK]),
    (Field::At, &[AT]),
];

const CUSTOMERS: &[(Field, Names)] = &[
    (Field::CustomerId, &[CUSTOMER_ID, "externalid id key"]),
    (Field::PartnerEmail, &[PARTNER_EMAIL]),
    (Field::PartnerId, &[PARTNER_ID]),
    (Field::CustomerEmail, &[CUSTOMER_EMAIL, "email emailaddress"]),
    (Field::CustomerName, &[CUSTOMER_NAME, "name fullname"]),
    (Field::Code, &[TOKEN]),
    (Field::Link, &[LINK]),
    (Field::PartnerName, &[PARTNER_NAME]),
    (Field::At, &[AT]),
];

const BALANCES: &[(Field, Names)] = &[
    (Field::PartnerEmail, &[PARTNER_EMAIL, "email emailaddress"]),
    (Field::PartnerId, &[PARTNER_ID, "id key"]),
    (Field::Code, &[TOKEN]),
    (Field::PartnerName, &[PARTNER_NAME, "name"]),
    (Field::PendingSum, &["pending pendingamount pendingbalance pendingcommissions onhold upcoming held"]),
    (
        Field::DueSum,
        &["due dueamount amountdue unpaid unpaidamount unpaidcommissions currentbalance \
        outstandingbalance outstanding balance payable owed amountowed available"],
    ),
    (Field::PaidSum, &["paid paidamount amountpaid paidbalance totalpaid paidcommissions paidout"]),
    (Field::EarnedSum, &["earned totalearned totalearnings earningsbalance earnings totalcommissions total"]),
    (Field::Currency, &["currency currencycode"]),
];

const COMMISSIONS: &[(Field, Names)] = &[
    (Field::Id, &["commissionid rewardid rewardkey id key"]),
    (
        Field::Amount,
        &["commissionamount commission commissions rewardamount reward earnings affiliateearnings \
        amount payoutamount"],
    ),
    (
        Field::SaleAmount,
        &["saleamount conversionamount transactionamount orderamount chargeamount saletotal \
        originalsaleamount revenue sale amount price"],
    ),
    (Field::Currency, &["commissioncurrency currency currencycode rewardcurrency"]),
    (Field::Unit, &["unit rewardunit"]),
    (Field::Status, &["commissionstatus commissionstate rewardstatus payoutstatus", "status state approved"]),
    (Field::PaidAt, &["paidat datepaid paiddate paidon payoutdate"]),
    (Field::DueAt, &["dueat duedate dueon availableat clearsat"]),
    (Field::Paid, &["ispaid paid paidout commissionpaid"]),
    (Field::PartnerEmail, &[PARTNER_EMAIL, "email emailaddress"]),
    (Field::PartnerId, &[PARTNER_ID]),
    (Field::CustomerId, &[CUSTOMER_ID]),
    (Field::CustomerEmail, &[CUSTOMER_EMAIL]),
    (Field::Code, &[TOKEN]),
    (Field::Link, &[LINK]),
    (Field::PartnerName, &[PARTNER_NAME]),
    (Field::CustomerName, &[CUSTOMER_NAME]),
    (
        Field::Invoice,
        &["invoiceid stripechargeid chargeid orderid ordernumber transactionid transactionkey eventid \
        externalid saleid"],
    ),
    (Field::Note, &["note notes externalnote comment description"]),
    (Field::At, &[AT]),
];

/// The columns that a kind of rows may have.
pub(super) fn of(kind: Kind) -> &'static [(Field, Names)] {
    match kind {
        Kind::Partners => PARTNERS,
        Kind::Links | Kind::Codes => LINKS,
        Kind::Customers => CUSTOMERS,
        Kind::Commissions => COMMISSIONS,
        Kind::Balances => BALANCES,
    }
}
