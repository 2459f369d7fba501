-- How leads, sales and commissions came: by which kind of touchpoint, from which site and country, on which device, to which
-- page, and when the first touchpoint was; `store/origin.rs` says how it is written. Null: nobody has worked it out yet.
alter table lead add column origin text;
alter table sale add column origin text;
alter table commission add column origin text;
-- That of the touchpoint that bound the customer.
alter table customer add column origin text;

-- What was given back of sales or is disputed, minor units of the program's currency. From here on every dimension counts
-- everything but visitors; 6 are landing pages (words), 7 kinds of touchpoint.
alter table tally add column gone bigint not null default 0;

-- What each lead, sale and commission adds to the figures, with its origin as numbers: narrow rows in the order of time, for
-- what the tallies do not answer (several filters at once, cohorts, the time until somebody buys). Kept like the tallies in
-- the transaction of the fact.
create table brought (
    program bigint not null,
    at bigint not null,
    -- Of the lead, the sale or the commission.
    id text not null,
    -- The number of the link, 0 for none.
    link bigint not null,
    site bigint not null,
    country bigint not null,
    device bigint not null,
    page bigint not null,
    -- 0 nobody's, 1 click, 2 form, 3 code, 4 registration, 5 named by the vendor.
    means bigint not null,
    -- When the first touchpoint was, its calendar month counted from the year 0, and that of the event.
    first_at bigint,
    cohort bigint,
    month bigint not null,
    leads bigint not null,
    sales bigint not null,
    amount bigint not null,
    gone bigint not null,
    pending bigint not null,
    processed bigint not null,
    paid bigint not null,
    primary key (program, at, id)
) /* clustered */;

-- The figures of before are worked out day by day in the background; this is the day up to which that has come.
insert into setting (name, value) select 'figures_worked_out', '' where exists (select 1 from tally);
