-- The people of the console: what proves them, whom they invited, and what people and keys have changed.

-- The secret of a person's authenticator, in force or only shown so far; and the step of the last code that was used, so that
-- none is used twice.
alter table person add column totp_secret text;
alter table person add column totp_pending text;
alter table person add column totp_step bigint not null default 0;

-- Codes that stand in for the authenticator, each once.
create table recovery_code (
    person_id text not null references person (id),
    hash text not null,
    primary key (person_id, hash)
);

-- Sessions have names and ages now. Those from before had neither.
delete from login;
alter table login add column id text not null default '';
alter table login add column used_at bigint not null default 0;
-- What the browser calls itself.
alter table login add column agent text not null default '';
create index login_by_person on login (person_id);

-- Somebody who was asked to join. The address is a person's once it is accepted.
create table invitation (
    id text primary key,
    vendor_id text not null references vendor (id),
    email text not null,
    email_folded text not null,
    role text not null,
    token_hash text not null unique,
    invited_by text not null,
    created_at bigint not null,
    expires_at bigint not null,
    unique (vendor_id, email_folded)
);

-- A wish for another password, by mail.
create table password_reset (
    token_hash text primary key,
    person_id text not null references person (id),
    expires_at bigint not null
);
create index password_reset_by_person on password_reset (person_id);

-- What a key is for, when it was last used, and when one that was rotated ends.
alter table api_key add column name text not null default '';
alter table api_key add column used_at bigint;
alter table api_key add column ends_at bigint;

-- What a person or a key has changed, written in the transaction that changed it. Never changed, never deleted.
create table audit_entry (
    id text primary key,
    -- The live vendor, whichever mode it was.
    vendor_id text not null references vendor (id),
    test boolean not null,
    at bigint not null,
    -- `person` or `key`, its id and its name at that time.
    actor_kind text not null,
    actor_id text not null,
    actor text not null,
    -- What was done, as in `program.changed`.
    action text not null,
    subject_kind text not null,
    subject_id text not null,
    -- What was otherwise before and after, as JSON; null where there was nothing, or nothing to show.
    before text,
    after text
);
create index audit_entry_by_vendor on audit_entry (vendor_id, id);
create index audit_entry_by_subject on audit_entry (vendor_id, subject_id, id);

-- What the vendor's people say of a partner among themselves.
create table partner_note (
    id text primary key,
    vendor_id text not null references vendor (id),
    partner_id text not null references partner (id),
    author text not null,
    text text not null,
    created_at bigint not null
);
create index partner_note_by_partner on partner_note (partner_id, id);
