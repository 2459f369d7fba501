-- The last day, by the vendor's clock, on which a program's sales have filled a fund by themselves.
create table fund_round (
    fund_id text primary key,
    program_id text not null references program (id),
    vendor_id text not null,
    day bigint not null
);

-- What whoever was referred was given; a gift that is only promised is known by the commission it goes with.
create table gift (
    commission_id text primary key references commission (id),
    vendor_id text not null,
    program_id text not null references program (id),
    given_at bigint not null,
    given_by text not null,
    note text
);
