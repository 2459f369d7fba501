//! The naive server's tables: every id a text, every fact in its row, an index for every question.

/// Made at the start, with a hundred links.
pub const TABLES: &str = "
    create table link (id text primary key, key text not null unique, partner_id text not null, url text not null);
    create table click (
        id text primary key, link_id text not null, visitor text, url text, referrer text, agent text,
        at bigint not null
    );
    create index click_by_visitor on click (visitor, at);
    create index click_by_link on click (link_id, at);
    create table answered (key text primary key, answer text not null);
    create table customer (id text primary key, external_id text not null unique, email text);
    create table sale (
        id text primary key, customer_id text not null, partner_id text, amount bigint not null, invoice_id text,
        at bigint not null
    );
    create index sale_by_partner on sale (partner_id, at);
    create table commission (
        id text primary key, sale_id text not null, partner_id text not null, earnings bigint not null,
        at bigint not null
    );
    create index commission_by_partner on commission (partner_id, at);
    create table posting (id text primary key, commission_id text not null, account text not null, amount bigint not null);
    create index posting_by_account on posting (account);
    create table outbox (id text primary key, body text not null, sent_at bigint);
";

/// A click of Goodword's as it was stored when this was written: twelve integers, by number.
pub const CLICKS: &str = "
    create table click (
        id bigint primary key, program bigint not null, link bigint not null, browser bigint, previous bigint,
        visitor bigint, visitor_previous bigint, url bigint, referrer bigint, sub_id bigint, country bigint not null,
        device bigint not null
    );
";
