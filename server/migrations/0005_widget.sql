-- What the widget and the partners' own pages need.

-- What a program's widget looks like, asks and offers, as JSON.
alter table program add column widget text not null default '{}';

-- The answers to the program's questions, as JSON; the link that carries the partner's code, where it is not the first one;
-- and how often the code was changed.
alter table enrollment add column answers text not null default '{}';
alter table enrollment add column link_id text;
alter table enrollment add column code_changes bigint not null default 0;

-- The name others may see; the vendor's own id of the partner; when he or she had everything erased.
alter table partner add column shown_as text;
alter table partner add column tenant_id text;
alter table partner add column erased_at bigint;
create unique index partner_by_tenant on partner (vendor_id, tenant_id) where tenant_id is not null;

-- What a partner calls a link that was made for one post.
alter table link add column label text;
create unique index link_by_label on link (program_id, partner_id, label) where label is not null;

-- Partners who are signed in on our own origin; only the hash of the cookie is kept.
create table account_session (
    token_hash text primary key,
    vendor_id text not null references vendor (id),
    program_id text not null references program (id),
    partner_id text not null references partner (id),
    created_at bigint not null,
    expires_at bigint not null
);
create index account_session_by_partner on account_session (partner_id);
