-- Payment providers that tell of sales, refunds and disputes themselves.

-- A vendor's account at a provider. Secrets are needed as they are to check signatures, and are never given back.
create table integration (
    id text primary key,
    vendor_id text not null references vendor (id),
    provider text not null,
    active boolean not null,
    program_id text references program (id),
    -- What was signed with, as a JSON list; and what else was set, as JSON.
    secrets text not null,
    options text not null,
    created_at bigint not null,
    changed_at bigint not null,
    unique (vendor_id, provider)
);

-- What a provider sent, and what became of it: taken, noted, waiting, ignored or failed. The body stays while it may be needed:
-- as long as the event waits or has failed.
create table inbound_event (
    id text primary key,
    vendor_id text not null,
    integration_id text not null references integration (id),
    event_id text not null,
    type text not null,
    body text not null,
    headers text not null,
    outcome text not null,
    reason text not null,
    sale_id text,
    -- The name of what it waits for.
    awaits text,
    attempts bigint not null,
    next_attempt_at bigint,
    received_at bigint not null,
    decided_at bigint not null,
    unique (integration_id, event_id)
);
create index inbound_event_by_vendor on inbound_event (vendor_id, received_at);
create index inbound_event_waiting on inbound_event (next_attempt_at) where next_attempt_at is not null;
create index inbound_event_awaits on inbound_event (integration_id, awaits) where awaits is not null;
create index inbound_event_by_age on inbound_event (decided_at);

-- How often a provider sent what nobody asked for, by type.
create table inbound_ignored (
    integration_id text not null references integration (id),
    type text not null,
    vendor_id text not null,
    count bigint not null,
    last_at bigint not null,
    primary key (integration_id, type)
);

-- What events have told that others need: `order` (another name of an order), `code` (another name of a code), `buyer` (who bought,
-- and how he or she came, as JSON).
create table inbound_note (
    integration_id text not null references integration (id),
    kind text not null,
    name text not null,
    vendor_id text not null,
    value text not null,
    at bigint not null,
    primary key (integration_id, kind, name)
);
create index inbound_note_of_order on inbound_note (integration_id, value) where kind = 'order';
