-- Figures that were counted and that `tally` does not have yet (store/tally/log.rs): a row for each program of a group of clicks or
-- sales. The tallies take them over a while later, each tally changed once for many groups.
create table tally_log (
    program bigint not null,
    place bigint not null,
    -- Days, items and figures, packed (vlq.rs).
    sums text not null,
    primary key (program, place)
) /* clustered */;
