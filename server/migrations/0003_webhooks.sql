-- What happens, told to those who listen: endpoints, triggers, a developer's terminal.

create table webhook (
    id text primary key,
    vendor_id text not null references vendor (id),
    program_id text references program (id),
    url text not null,
    description text not null,
    -- Words of events between blanks, `*` for all but clicks.
    events text not null,
    secret text not null,
    -- The secret before it, which goes on signing for a while.
    old_secret text,
    old_secret_until bigint,
    -- Null while it is enabled: `by_hand`, `failing` or `gone`.
    disabled_reason text,
    disabled_at bigint,
    -- Since when it has taken nothing.
    failing_since bigint,
    created_at bigint not null,
    deleted_at bigint
);
create index webhook_by_vendor on webhook (vendor_id, id);

create table trigger_rule (
    id text primary key,
    vendor_id text not null references vendor (id),
    program_id text not null references program (id),
    name text not null,
    event text not null,
    -- The condition and the actions, as JSON of the wire.
    document text not null,
    enabled boolean not null,
    created_at bigint not null,
    deleted_at bigint
);
create index trigger_rule_by_vendor on trigger_rule (vendor_id, id);

create table listener (
    id text primary key,
    vendor_id text not null references vendor (id),
    program_id text references program (id),
    events text not null,
    -- How many events it has heard of.
    places bigint not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index listener_by_vendor on listener (vendor_id, expires_at);

-- What happened, written in the transaction that stores the fact, and only where somebody listens. Ids stand in the order
-- of time. A background step builds the body from what is stored, once, so that every attempt sends the same bytes.
create table outbox (
    id text primary key,
    vendor_id text not null,
    program_id text not null,
    kind text not null,
    -- The id of what it is about.
    subject text not null,
    -- What could not be found out later: what a commission was before, as JSON.
    detail text,
    -- How many triggers led to it.
    depth bigint not null,
    at bigint not null,
    body text,
    spread boolean not null
);
create index outbox_to_spread on outbox (id) where not spread;
create index outbox_by_vendor on outbox (vendor_id, id);

-- An event on its way to an endpoint: waiting, delivered or failed.
create table delivery (
    id text primary key,
    vendor_id text not null,
    webhook_id text not null references webhook (id),
    event_id text not null references outbox (id),
    status text not null,
    -- Why it was sent: `event`, `trigger`, `test` or `replay`.
    cause text not null,
    -- Attempts since it began or was replayed, and of all time.
    tries bigint not null,
    attempts bigint not null,
    next_attempt_at bigint not null,
    -- Until when an attempt may be under way; who finds it past takes over.
    busy_until bigint,
    created_at bigint not null,
    unique (webhook_id, event_id)
);
create index delivery_due on delivery (webhook_id, next_attempt_at) where status = 'waiting';
create index delivery_busy on delivery (webhook_id, busy_until) where busy_until is not null;
create index delivery_by_webhook on delivery (webhook_id, id);
create index delivery_by_event on delivery (event_id);

create table delivery_attempt (
    delivery_id text not null references delivery (id),
    place bigint not null,
    vendor_id text not null,
    at bigint not null,
    ms bigint not null,
    -- The status that came back, or why none did.
    code bigint,
    error text,
    primary key (delivery_id, place)
) /* clustered */;

-- What a listener has not fetched yet.
create table heard (
    listener_id text not null references listener (id),
    place bigint not null,
    vendor_id text not null,
    event_id text not null references outbox (id),
    primary key (listener_id, place)
) /* clustered */;
create index heard_by_event on heard (event_id);

-- What triggers did: each on one event once.
create table trigger_run (
    id text primary key,
    vendor_id text not null,
    trigger_id text not null references trigger_rule (id),
    event_id text not null references outbox (id),
    -- `done`, `partly`, `refused` or `too_deep`.
    outcome text not null,
    -- What was compared and what became of each action, as JSON of the wire.
    detail text not null,
    at bigint not null,
    unique (trigger_id, event_id)
);
create index trigger_run_by_trigger on trigger_run (trigger_id, id);
create index trigger_run_by_event on trigger_run (event_id);
