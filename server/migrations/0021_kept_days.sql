-- The journeys of a day that is over, as reports read them: events is how many leads or sales the day had when it was written, and a
-- day with another number of them, or with a sale that changed since, is read from its events again. Derived: losing it loses nothing.
create table journey_day (
    program bigint not null,
    -- 1 for sales, 0 for sign-ups.
    of_sales bigint not null,
    day bigint not null,
    events bigint not null,
    journeys text not null,
    -- The clicks that were part of them, each with its visitor.
    clicks text not null,
    primary key (program, of_sales, day)
) /* clustered */;

-- What a link has brought in all: the sum of its tallies, so that a list of partners need not add up every day of each.
create table link_total (
    program bigint not null,
    link bigint not null,
    clicks bigint not null default 0,
    leads bigint not null default 0,
    sales bigint not null default 0,
    amount bigint not null default 0,
    gone bigint not null default 0,
    pending bigint not null default 0,
    processed bigint not null default 0,
    paid bigint not null default 0,
    primary key (program, link)
) /* clustered */;

insert into link_total (program, link, clicks, leads, sales, amount, gone, pending, processed, paid)
select program, item, cast(sum(clicks) as bigint), cast(sum(leads) as bigint), cast(sum(sales) as bigint), cast(sum(amount) as bigint),
    cast(sum(gone) as bigint), cast(sum(pending) as bigint), cast(sum(processed) as bigint), cast(sum(paid) as bigint)
from tally where dimension = 1 group by program, item;

-- What a link brought by each kind of touchpoint is tallied too, by eight times the link's number and that of the kind.
insert into tally (program, dimension, day, item, leads, sales, amount, gone, pending, processed, paid)
select program, 8, at / 86400000, link * 8 + means, cast(sum(leads) as bigint), cast(sum(sales) as bigint), cast(sum(amount) as bigint),
    cast(sum(gone) as bigint), cast(sum(pending) as bigint), cast(sum(processed) as bigint), cast(sum(paid) as bigint)
from brought where link <> 0 group by program, at / 86400000, link * 8 + means;

-- What was earned by no lead, sale or completion: bonuses, visits.
create index commission_otherwise on commission (program_id, at) where reward_id is null or click_id is not null;
