-- A day's journeys are written down in a form that is read several times as fast, and the visitors apart from the clicks, which are
-- only asked for of late days and stand last. The days are written down anew: losing them loses nothing.
drop table journey_day;
create table journey_day (
    program bigint not null,
    -- 1 for sales, 0 for sign-ups.
    of_sales bigint not null,
    day bigint not null,
    -- How many leads or sales the day had when it was written.
    events bigint not null,
    journeys text not null,
    -- The visitors whose clicks were part of them, and those clicks.
    visitors text not null,
    clicks text not null,
    primary key (program, of_sales, day)
) /* clustered */;
