-- A statement adds up what moved before a month: by the index alone.
drop index transfer_by_debit;
drop index transfer_by_credit;
create index transfer_by_debit on transfer (debit_account, place, amount, at);
create index transfer_by_credit on transfer (credit_account, place, amount, at);

-- What is due is added up by the index alone; it names what it is kept of, or it would not be.
drop index commission_due;
create index commission_due on commission (program_id, partner_id, currency, earnings, at, sale_id, status, payout_id)
    where status = 'processed' and payout_id is null;
-- The clicks of a day's journeys are written down in another way; the days are written down anew.
delete from journey_day;
