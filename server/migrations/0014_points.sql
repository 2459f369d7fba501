-- Points: lots of what was earned, what partners have completed, redemptions, levels and prizes.

-- The commission a lot of points is of, and how much of the lot was taken back though it was redeemed.
alter table lot add column commission_id text;
alter table lot add column owed bigint not null default 0;
create index lot_by_commission on lot (commission_id) where commission_id is not null;

-- What a partner has completed; a badge of an event once for each.
create table completion (
    id text primary key,
    vendor_id text not null,
    program_id text not null references program (id),
    partner_id text not null references partner (id),
    event_name text not null,
    -- The event and the badge, folded; null where it has none.
    badge_key text,
    badge text,
    external_id text,
    commission_id text references commission (id),
    at bigint not null,
    unique (program_id, partner_id, badge_key)
);
create index completion_by_partner on completion (partner_id, at);
create index completion_by_commission on completion (commission_id) where commission_id is not null;

-- An article of a catalogue that a partner has asked for; from which lots its points came is told by `lot_draw`.
create table redemption (
    id text primary key,
    vendor_id text not null,
    program_id text not null references program (id),
    partner_id text not null references partner (id),
    -- The article's key, and the article as it was when it was asked for, as JSON.
    article_key text not null,
    article text not null,
    price bigint not null check (price > 0),
    status text not null,
    reference text,
    created_at bigint not null,
    decided_at bigint
);
create index redemption_by_vendor on redemption (vendor_id, id);
create index redemption_by_partner on redemption (program_id, partner_id, id);
create index redemption_by_article on redemption (program_id, article_key);

-- What happened to a redemption, in order.
create table redemption_event (
    redemption_id text not null references redemption (id),
    place bigint not null,
    vendor_id text not null,
    status text not null,
    by text not null,
    note text,
    at bigint not null,
    primary key (redemption_id, place)
);

-- When to look at a partner's level again: at once where points have changed, else when some of them stop counting.
create table level_look (
    program_id text not null references program (id),
    partner_id text not null references partner (id),
    vendor_id text not null,
    look_at bigint not null,
    primary key (program_id, partner_id)
);
create index level_look_due on level_look (vendor_id, look_at);

-- A change of a partner's level, in order; an empty name is none.
create table level_change (
    program_id text not null references program (id),
    partner_id text not null references partner (id),
    place bigint not null,
    vendor_id text not null,
    level text not null,
    points bigint not null,
    at bigint not null,
    primary key (program_id, partner_id, place)
);

-- Periods whose prizes were given, each once.
create table prize_period (
    program_id text not null references program (id),
    prize text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    vendor_id text not null,
    name text not null,
    at bigint not null,
    primary key (program_id, prize, starts_at)
);
create index prize_period_by_vendor on prize_period (vendor_id, starts_at);

-- Who got what for which place. Never changed.
create table prize_line (
    program_id text not null,
    prize text not null,
    starts_at bigint not null,
    partner_id text not null references partner (id),
    vendor_id text not null,
    rank bigint not null,
    points bigint not null,
    amount bigint not null,
    commission_id text references commission (id),
    primary key (program_id, prize, starts_at, partner_id),
    foreign key (program_id, prize, starts_at) references prize_period (program_id, prize, starts_at)
);
create index prize_line_by_commission on prize_line (commission_id) where commission_id is not null;
