-- Fewer indexes of commissions, for each is a page to write with every sale.

-- One that tells events from corrections and clicks, in the place of two.
drop index commission_event;
drop index commission_by_partner;
create index commission_by_partner on commission (program_id, partner_id, at, corrects, click_id);

-- One that finds what was earned on a sale or a lead, and keeps the first of each partner unique; corrections differ by their ids.
drop index commission_by_sale;
drop index commission_of_sale;
create unique index commission_of_sale on commission (sale_id, partner_id, (case when corrects is null then '' else id end))
    where sale_id is not null;
drop index commission_by_lead;
drop index commission_of_lead;
create unique index commission_of_lead on commission (lead_id, partner_id, (case when corrects is null then '' else id end))
    where lead_id is not null;
