-- Deals that partners registered. Whose a customer is follows from the keys of a registration and from what it protects.
create table registration (
    id text primary key,
    vendor_id text not null,
    program_id text not null references program (id),
    partner_id text not null references partner (id),
    customer_name text not null,
    -- A domain or an e-mail address, folded.
    contact text not null,
    -- By which the vendor knows the customer, if it said so.
    customer_external_id text,
    -- What the partner expects, minor units of the program's currency.
    amount bigint,
    -- 1, or 2 for a second registrant, who gets half.
    place bigint not null,
    status text not null,
    reason text not null,
    due_at bigint not null,
    asked_at bigint,
    protected_from bigint,
    protected_until bigint,
    extended bigint not null default 0,
    -- The stages it has reached, as a JSON list.
    reached text not null,
    won_for bigint,
    invoice_id text,
    created_at bigint not null
);
create index registration_by_vendor on registration (vendor_id, created_at);
create index registration_by_partner on registration (program_id, partner_id, created_at);
create index registration_ending on registration (vendor_id, protected_until) where status = 'approved';
create index registration_due on registration (vendor_id, due_at) where status = 'submitted';

create table registration_key (
    program_id text not null,
    key text not null,
    registration_id text not null references registration (id),
    primary key (program_id, key, registration_id)
);

create table registration_event (
    registration_id text not null references registration (id),
    place bigint not null,
    vendor_id text not null,
    status text not null,
    by text not null,
    note text,
    at bigint not null,
    primary key (registration_id, place)
);

-- What a registration has paid: each stage, and winning it, once.
create table registration_payment (
    registration_id text not null references registration (id),
    name text not null,
    commission_id text not null references commission (id),
    amount bigint not null,
    primary key (registration_id, name)
);

-- Periods that were settled: each once, by the version of the terms that was in force when it ended.
create table settlement (
    id text primary key,
    vendor_id text not null,
    program_id text not null references program (id),
    rule text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    version bigint not null,
    by text not null,
    at bigint not null,
    unique (program_id, rule, starts_at, ends_at)
);
create index settlement_by_vendor on settlement (vendor_id, at);

-- What a settlement posted to a partner for a period: its own, or an earlier one that it corrects. Never changed.
create table settlement_line (
    settlement_id text not null references settlement (id),
    partner_id text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    measured bigint not null,
    target bigint,
    earned bigint not null,
    cash bigint not null,
    coop bigint not null,
    commission_id text references commission (id),
    primary key (settlement_id, partner_id, starts_at)
);
