-- Commissions that are held no more, the latest first. Those in hold are not in it, so that a sale does not write to it; lists of
-- all and of those in hold go by `commission_by_program`.
create index commission_settled on commission (vendor_id, status, at, id) where status <> 'pending';

-- All days of a link at once, for lists of partners and links: clicks of a day only change rows that are there.
create index tally_of_link on tally (program, item, day) where dimension = 1;

-- Balances are sums of transfers; with the amounts beside the accounts nothing but these is read for them.
drop index transfer_by_debit;
drop index transfer_by_credit;
create index transfer_by_debit on transfer (debit_account, amount);
create index transfer_by_credit on transfer (credit_account, amount);
