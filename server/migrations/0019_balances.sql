-- What an account came to when its program's chain of transfers had so many links: `place` is a multiple of 4,096, and transfers
-- are never changed, so that a sum once made holds for ever. What came later is added when a balance is read.
create table balance (
    account_id text primary key references account (id),
    program_id text not null,
    place bigint not null,
    credits bigint not null,
    debits bigint not null
);

insert into balance (account_id, program_id, place, credits, debits)
select s.account, s.program_id, max(s.upto), cast(sum(s.credit) as bigint), cast(sum(s.debit) as bigint) from (
    select t.credit_account as account, t.program_id, t.amount as credit, 0 as debit, (c.place / 4096) * 4096 as upto
    from transfer t join chain c on c.program_id = t.program_id where t.place <= (c.place / 4096) * 4096
    union all
    select t.debit_account, t.program_id, 0, t.amount, (c.place / 4096) * 4096
    from transfer t join chain c on c.program_id = t.program_id where t.place <= (c.place / 4096) * 4096
) s group by s.account, s.program_id;

-- An account's transfers since then, and nothing but these is read for them.
drop index transfer_by_debit;
drop index transfer_by_credit;
create index transfer_by_debit on transfer (debit_account, place, amount);
create index transfer_by_credit on transfer (credit_account, place, amount);
