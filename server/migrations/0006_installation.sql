-- On which sites a vendor's key was used, or its script loaded, and when. Sites that may not are here too: their owner is told.
create table installation (
    vendor_id text not null,
    origin text not null,
    first_at bigint not null,
    last_at bigint not null,
    primary key (vendor_id, origin)
) /* clustered */;
create index installation_by_age on installation (last_at);
