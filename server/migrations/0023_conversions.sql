-- How many people who were bound by the link have earned somebody a commission: lists of partners need not count them.
alter table link_total add column conversions bigint not null default 0;
insert into link_total (program, link, conversions)
select p.number, l.number, count(*) from customer c join program p on p.id = c.program_id join link l on l.id = c.link_id
where c.first_commissioned_at is not null group by p.number, l.number
on conflict (program, link) do update set conversions = excluded.conversions;
drop index customer_converted;
