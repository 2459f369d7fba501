-- What other programs have exported, and what partners are told by mail.

-- An old name of a link, such as the `abc` of a `?fpr=abc` that was posted before: it leads to the link like the link's own code.
create table link_alias (
    program_id text not null references program (id),
    alias_folded text not null,
    vendor_id text not null,
    link_id text not null references link (id),
    -- As it was written.
    alias text not null,
    -- Where it comes from: `rewardful`, …
    source text not null,
    created_at bigint not null,
    primary key (program_id, alias_folded)
);
create index link_alias_by_vendor on link_alias (vendor_id, alias_folded);

-- How a partner is written to: the language, and the page the partner came from.
create table contact (
    partner_id text primary key references partner (id),
    vendor_id text not null,
    language text not null,
    page text
);

-- Kinds of mail that a partner does not want.
create table refused_mail (
    partner_id text not null references partner (id),
    kind text not null,
    vendor_id text not null,
    at bigint not null,
    primary key (partner_id, kind)
);

-- How far a program's partners have been told: of the transfers of its chain up to a place, on a day and in a month. While a
-- round is not done, some of the partners concerned have not been written to.
create table letter_round (
    program_id text primary key references program (id),
    vendor_id text not null,
    day bigint not null,
    day_from bigint not null,
    day_to bigint not null,
    day_done boolean not null,
    month bigint not null,
    month_from bigint not null,
    month_to bigint not null,
    month_done boolean not null
);
-- What happened before there were rounds is not news.
insert into letter_round (program_id, vendor_id, day, day_from, day_to, day_done, month, month_from, month_to, month_done)
    select p.id, p.vendor_id, 0, coalesce(c.place, 0), coalesce(c.place, 0), true, 0, coalesce(c.place, 0), coalesce(c.place, 0), true
    from program p left join chain c on c.program_id = p.id;

-- What a partner was told of a day or a month: once.
create table letter_sent (
    program_id text not null references program (id),
    partner_id text not null references partner (id),
    kind text not null,
    period bigint not null,
    vendor_id text not null,
    mail_id text not null,
    primary key (program_id, partner_id, kind, period)
);

alter table mail add column kind text not null default '';
alter table mail add column language text not null default 'en';
-- Whose name stands before the sender's address.
alter table mail add column sender text;
alter table mail add column html text;
-- Where the partner declines mails of this kind.
alter table mail add column unsubscribe text;
