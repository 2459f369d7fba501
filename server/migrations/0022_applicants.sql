-- Who applies is compared with who is here already. The mailbox is where an address leads to, by its form; what was written before
-- this is taken for its own mailbox.
alter table partner add column mailbox text;
update partner set mailbox = email_folded where erased_at is null;
create index partner_by_mailbox on partner (vendor_id, mailbox) where mailbox is not null;

-- The mark of an address or a browser is the same for every partner of the program who uses it. 1 for a browser, 0 for an address.
alter table partner_seen add column mark bigint;
alter table partner_seen add column of_device bigint;
create index partner_seen_by_mark on partner_seen (mark) where mark is not null;
create index partner_seen_by_partner on partner_seen (partner_id);
