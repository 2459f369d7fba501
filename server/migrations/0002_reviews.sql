-- Signals, the reviews they ask for, and claims.

-- What speaks against a commission, as JSON, and what somebody decided about it: `cleared` or `rejected`.
create table review (
    commission_id text primary key references commission (id),
    vendor_id text not null,
    program_id text not null,
    partner_id text not null,
    -- The names of the rules, each between blanks.
    rules text not null,
    signals text not null,
    opened_at bigint not null,
    decided_at bigint,
    decision text,
    by text,
    note text
);
create index review_by_vendor on review (vendor_id, decision, opened_at);

-- Signals about a customer and a partner that somebody has cleared: they hold nothing of the two any more.
create table cleared_signal (
    customer_id text not null references customer (id),
    partner_id text not null,
    rule text not null,
    vendor_id text not null,
    at bigint not null,
    primary key (customer_id, partner_id, rule)
) /* clustered */;

-- Sales that followed at once a click no page had led to.
create table instant_sale (
    program_id text not null,
    partner_id text not null,
    at bigint not null,
    commission_id text not null references commission (id),
    vendor_id text not null,
    primary key (program_id, partner_id, at, commission_id)
) /* clustered */;

-- Coupon sites that people came from who used a link's code.
create table code_site (
    link_id text not null,
    site text not null,
    vendor_id text not null,
    primary key (link_id, site)
) /* clustered */;

-- Addresses and browsers that partners used themselves, by a hash over partner, program and the hash a click would have.
create table partner_seen (
    id bigint primary key,
    vendor_id text not null,
    partner_id text not null,
    first_at bigint not null,
    last_at bigint not null
);
create index partner_seen_by_age on partner_seen (last_at);

-- An order a partner says he or she brought: open, granted or refused. Somebody names an order as it was told to him or her.
create table claim (
    id text primary key,
    vendor_id text not null,
    program_id text not null,
    partner_id text not null,
    invoice_id text not null,
    ordered_at bigint,
    amount bigint,
    status text not null,
    -- Why it was granted or refused, in a word; empty while it is open.
    reason text not null,
    sale_id text references sale (id),
    created_at bigint not null,
    unique (program_id, partner_id, invoice_id)
);
create index claim_by_vendor on claim (vendor_id, created_at);

-- What happened to a claim, in order.
create table claim_event (
    claim_id text not null references claim (id),
    place bigint not null,
    vendor_id text not null,
    status text not null,
    by text not null,
    note text,
    at bigint not null,
    primary key (claim_id, place)
);
