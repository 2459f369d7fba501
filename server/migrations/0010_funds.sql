-- Funds: money that comes in as lots, requests that commit it, claims that are paid from it.

-- An amount that came in at one instant. `remaining` is neither drawn nor gone; `gone` has expired or was taken away.
create table lot (
    id text primary key,
    vendor_id text not null,
    program_id text not null references program (id),
    -- What it lies in: the id of a fund.
    purse text not null,
    -- Whose; empty where it is set aside for all.
    partner_id text not null,
    kind text not null,
    currency text not null,
    amount bigint not null check (amount >= 0),
    remaining bigint not null check (remaining >= 0),
    gone bigint not null default 0 check (gone >= 0 and remaining + gone <= amount),
    -- Of what accrued: the first instant of the period whose purchases it is of.
    period_start bigint,
    note text not null,
    by text not null,
    at bigint not null,
    expires_at bigint
);
create index lot_by_purse on lot (purse, partner_id, expires_at);
create index lot_to_expire on lot (vendor_id, expires_at) where remaining > 0 and expires_at is not null;

-- What was drawn from a lot, by a request or by an allocation out of the budget, and how much of it was given back.
create table lot_draw (
    drawer text not null,
    lot_id text not null references lot (id),
    vendor_id text not null,
    place bigint not null,
    amount bigint not null check (amount > 0),
    back bigint not null default 0 check (back >= 0 and back <= amount),
    primary key (drawer, lot_id)
);
create index lot_draw_by_lot on lot_draw (lot_id);

create table fund_request (
    id text primary key,
    vendor_id text not null,
    program_id text not null references program (id),
    fund_id text not null,
    partner_id text not null,
    -- The fund as it was when the request came, as JSON.
    fund text not null,
    currency text not null,
    title text not null,
    cost bigint not null check (cost > 0),
    starts_at bigint,
    ends_at bigint,
    wanted bigint not null check (wanted > 0),
    status text not null,
    committed bigint not null default 0 check (committed >= 0 and committed <= wanted),
    paid bigint not null default 0 check (paid >= 0),
    released bigint not null default 0 check (released >= 0 and paid + released <= committed),
    claim_by bigint,
    created_at bigint not null,
    decided_at bigint
);
create index fund_request_by_vendor on fund_request (vendor_id, id);
create index fund_request_by_fund on fund_request (fund_id, partner_id, decided_at);
create index fund_request_by_partner on fund_request (program_id, partner_id, id);
create index fund_request_open on fund_request (vendor_id, claim_by) where status = 'approved';

create table fund_claim (
    id text primary key,
    vendor_id text not null,
    program_id text not null,
    request_id text not null references fund_request (id),
    fund_id text not null,
    partner_id text not null,
    -- `cost`, `reached` or `period`.
    kind text not null,
    -- What something has cost, or what the evidence has reached.
    figure bigint,
    last boolean not null,
    period_start bigint,
    period_end bigint,
    score text,
    due bigint not null check (due > 0),
    paid bigint not null default 0 check (paid >= 0 and paid <= due),
    status text not null,
    commission_id text references commission (id),
    created_at bigint not null,
    decided_at bigint,
    -- A period is due once.
    unique (request_id, period_start)
);
create index fund_claim_by_vendor on fund_claim (vendor_id, id);
create index fund_claim_by_request on fund_claim (request_id);
create index fund_claim_by_commission on fund_claim (commission_id) where commission_id is not null;

-- What happened to a request or a claim, in order.
create table fund_event (
    subject text not null,
    place bigint not null,
    vendor_id text not null,
    status text not null,
    by text not null,
    note text,
    at bigint not null,
    primary key (subject, place)
);

-- A file that proves something, once for each partner; `content` is base64.
create table fund_file (
    id text primary key,
    vendor_id text not null,
    program_id text not null references program (id),
    partner_id text not null,
    claim_id text references fund_claim (id),
    name text not null,
    media_type text not null,
    size bigint not null check (size > 0),
    sha256 text not null,
    content text not null,
    created_at bigint not null,
    unique (program_id, sha256, partner_id)
);
create index fund_file_by_claim on fund_file (claim_id) where claim_id is not null;
create index fund_file_by_partner on fund_file (partner_id, created_at);

-- A purchase that fills a partner's fund, by the number the vendor knows it by: as it stands now.
create table fund_purchase (
    id text primary key,
    vendor_id text not null,
    program_id text not null references program (id),
    fund_id text not null,
    partner_id text not null,
    external_id text not null,
    amount bigint not null check (amount >= 0),
    at bigint not null,
    unique (fund_id, external_id)
);
create index fund_purchase_by_partner on fund_purchase (fund_id, partner_id, at);
