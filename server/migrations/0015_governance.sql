-- The lot of a fund that a line of a settlement has put in.
alter table settlement_line add column lot_id text references lot (id);

-- How a sale is to be shared, proposed by a partner or the vendor. While one is open nothing of the sale is released or paid out.
create table split (
    id text primary key,
    vendor_id text not null,
    program_id text not null references program (id),
    sale_id text not null references sale (id),
    -- Who proposed it; null where the vendor did.
    partner_id text,
    status text not null,
    created_at bigint not null,
    due_at bigint not null,
    decided_at bigint
);
create index split_by_vendor on split (vendor_id, id);
create unique index split_open on split (sale_id) where status in ('proposed', 'agreed', 'disputed');
create index split_by_sale on split (sale_id);

create table split_part (
    split_id text not null references split (id),
    -- As the vendor decided, or as it was proposed.
    decided boolean not null,
    place bigint not null,
    partner_id text not null references partner (id),
    role text,
    weight bigint not null check (weight > 0),
    primary key (split_id, decided, partner_id)
);

-- What each of those concerned says.
create table split_consent (
    split_id text not null references split (id),
    place bigint not null,
    partner_id text not null references partner (id),
    answer text not null,
    primary key (split_id, partner_id)
);
create index split_consent_by_partner on split_consent (partner_id);

create table split_event (
    split_id text not null references split (id),
    place bigint not null,
    vendor_id text not null,
    status text not null,
    by text not null,
    -- Which partner, where it was one.
    partner_id text,
    note text,
    at bigint not null,
    primary key (split_id, place)
);

-- What tax law wants to know of a partner.
create table partner_tax (
    partner_id text primary key references partner (id),
    vendor_id text not null,
    country text,
    name text,
    address text,
    is_business boolean not null,
    vat text,
    is_exempt boolean not null,
    form text,
    self_billing boolean not null,
    changed_at bigint not null
);

-- Invoices that the vendor writes in partners' names: over payouts that were paid, and what undoes one whose payout came back. Numbered
-- by vendor without gaps, never changed; what they say is kept as it was, JSON.
create table self_invoice (
    vendor_id text not null,
    number bigint not null,
    program_id text not null references program (id),
    partner_id text not null,
    payout_id text not null references payout (id),
    -- The number that it undoes.
    undoes bigint,
    document text not null,
    at bigint not null,
    primary key (vendor_id, number)
);
create unique index self_invoice_once on self_invoice (payout_id, coalesce(undoes, 0));
create index self_invoice_by_partner on self_invoice (partner_id, number);

-- A claim can be about content instead of an order: then `invoice_id` holds its address, granted it pays a bonus.
alter table claim add column is_content boolean not null default false;
alter table claim add column file_id text references fund_file (id);
alter table claim add column commission_id text references commission (id);
create index claim_of_content on claim (program_id, invoice_id) where is_content;
