-- What a vendor tells of partners, customers and links in its own words, and by which ids of its own it knows them. In tables of
-- their own, because few vendors tell it and the rows they are about are read all the time.

create table partner_profile (
    partner_id text primary key references partner (id),
    vendor_id text not null,
    country text,
    description text,
    image text
);

create table customer_profile (
    customer_id text primary key references customer (id),
    vendor_id text not null,
    avatar text,
    country text,
    stripe_customer_id text
);

create table link_profile (
    link_id text primary key references link (id),
    vendor_id text not null,
    external_id text,
    comments text,
    changed_at bigint not null,
    unique (vendor_id, external_id)
);

-- Who was bound by a link and has earned somebody a commission.
create index customer_converted on customer (link_id) where link_id is not null and first_commissioned_at is not null;
