-- What partners are due, kept summed up: whoever pays out need not add up every commission that waits. What is held back while a split
-- is agreed is in it. Points are never due.
create table due (
    vendor_id text not null references vendor (id),
    program_id text not null references program (id),
    partner_id text not null references partner (id),
    currency text not null,
    -- Minor units of what commissions earn, and of what those take back that are below zero.
    earned bigint not null,
    owed bigint not null,
    commissions bigint not null,
    primary key (program_id, partner_id, currency)
);
insert into due (vendor_id, program_id, partner_id, currency, earned, owed, commissions)
select vendor_id, program_id, partner_id, currency, cast(sum(case when earnings > 0 then earnings else 0 end) as bigint),
    cast(sum(case when earnings < 0 then -earnings else 0 end) as bigint), count(*) from commission
where status = 'processed' and payout_id is null and currency <> 'points' group by vendor_id, program_id, partner_id, currency;
-- The first of them and the last are found by the index; it names what it is kept of, or it would not be used.
drop index commission_due;
create index commission_due on commission (program_id, partner_id, currency, at, sale_id, status, payout_id)
    where status = 'processed' and payout_id is null;
