-- A statement adds up what moved before a month: by the index alone.
drop index transfer_by_debit;
drop index transfer_by_credit;
create index transfer_by_debit on transfer (debit_account, place, amount, at);
create index transfer_by_credit on transfer (credit_account, place, amount, at);
