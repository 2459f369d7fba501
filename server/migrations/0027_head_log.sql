-- Latest clicks that moved, as they came, where one thread writes: `visitor` takes them over a while later, for every one has a page
-- of its own there (store/heads.rs). The last row stays, so that no place is given twice.
create table head_log (
    place bigint primary key,
    -- Programs, visitors and clicks, packed (vlq.rs).
    heads text not null
);
