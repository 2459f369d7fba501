-- Tallies of seven days at once (store/tally/week.rs), by how many weeks they lie after that of 1 January 1970. Long ranges are added
-- up from these and from the days that are left.
create table tally_week (
    program bigint not null,
    dimension bigint not null,
    week bigint not null,
    item bigint not null,
    clicks bigint not null default 0,
    visitors bigint not null default 0,
    leads bigint not null default 0,
    sales bigint not null default 0,
    amount bigint not null default 0,
    gone bigint not null default 0,
    pending bigint not null default 0,
    processed bigint not null default 0,
    paid bigint not null default 0,
    primary key (program, dimension, week, item)
) /* clustered */;

-- The remainder of a day before 1970 is negative; its week is the one that began before it.
insert into tally_week (program, dimension, week, item, clicks, visitors, leads, sales, amount, gone, pending, processed, paid)
    select program, dimension, (day - (day % 7 + 7) % 7) / 7, item, cast(sum(clicks) as bigint), cast(sum(visitors) as bigint),
        cast(sum(leads) as bigint), cast(sum(sales) as bigint), cast(sum(amount) as bigint), cast(sum(gone) as bigint),
        cast(sum(pending) as bigint), cast(sum(processed) as bigint), cast(sum(paid) as bigint)
    from tally group by program, dimension, (day - (day % 7 + 7) % 7) / 7, item;
