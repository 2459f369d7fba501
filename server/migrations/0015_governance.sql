-- The lot of a fund that a line of a settlement has put in.
alter table settlement_line add column lot_id text references lot (id);
