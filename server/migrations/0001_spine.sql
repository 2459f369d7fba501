-- Columns are bigint, text or boolean on both databases. Time is epoch milliseconds, money is minor units.
-- Every table below the vendor carries its vendor_id, and those of clicks the number of their program, so that the data
-- can be distributed by it. `/* clustered */` asks a database that can to keep the rows in the order of their key.

create table setting (
    name text primary key,
    value text not null
);

-- Changes whenever something does that a server keeps in memory: links, programs, enrollments, keys, clocks.
create table directory (
    id bigint primary key,
    version bigint not null
);
insert into directory (id, version) values (0, 0);

-- The tenant. Its sandbox is a vendor of its own (live_id points to the live one) with a clock of its own.
create table vendor (
    id text primary key,
    name text not null,
    live_id text unique references vendor (id),
    clock_offset bigint not null default 0,
    clock_frozen bigint,
    created_at bigint not null
);

create table allowed_origin (
    vendor_id text not null references vendor (id),
    origin text not null,
    primary key (vendor_id, origin)
);

create table api_key (
    id text primary key,
    vendor_id text not null references vendor (id),
    kind text not null,
    hash text not null unique,
    shown text not null,
    created_at bigint not null,
    revoked_at bigint
);

create table person (
    id text primary key,
    vendor_id text not null references vendor (id),
    email text not null,
    email_folded text not null unique,
    name text not null,
    role text not null,
    password_hash text not null,
    created_at bigint not null
);

create table login (
    token_hash text primary key,
    person_id text not null references person (id),
    created_at bigint not null,
    expires_at bigint not null
);

-- Clicks and tallies know a program and a link by number.
create table program (
    id text primary key,
    number bigint not null unique,
    vendor_id text not null references vendor (id),
    name text not null,
    url text not null,
    currency text not null,
    auto_approve boolean not null,
    open boolean not null,
    is_default boolean not null,
    terms_version text not null,
    terms_url text not null,
    link_parameters text not null,
    -- How many days clicks are kept, and up to which day they were deleted; null: for ever, and none.
    click_days bigint,
    clicks_deleted_before bigint,
    created_at bigint not null
);
create index program_by_vendor on program (vendor_id);

create table partner_group (
    id text primary key,
    vendor_id text not null references vendor (id),
    program_id text not null references program (id),
    name text not null,
    is_default boolean not null,
    unique (program_id, name)
);

-- What a program pays for and how it credits, as a document. Every version stays: an event goes by the one in force when it
-- happened, the first for all that was before.
create table program_version (
    program_id text not null references program (id),
    version bigint not null,
    vendor_id text not null references vendor (id),
    document text not null,
    since bigint not null,
    primary key (program_id, version)
);

create table partner (
    id text primary key,
    vendor_id text not null references vendor (id),
    name text not null,
    email text not null,
    email_folded text not null,
    proven_at bigint,
    created_at bigint not null,
    unique (vendor_id, email_folded)
);

create table enrollment (
    id text primary key,
    vendor_id text not null references vendor (id),
    program_id text not null references program (id),
    partner_id text not null references partner (id),
    group_id text not null references partner_group (id),
    status text not null,
    reason text not null,
    terms_version text not null,
    created_at bigint not null,
    unique (program_id, partner_id)
);
create index enrollment_by_vendor on enrollment (vendor_id, id);
create index enrollment_by_partner on enrollment (partner_id, id);

-- A link with its code. Keys are unique among live links, and among test links; codes are unique in the program.
create table link (
    id text primary key,
    number bigint not null unique,
    vendor_id text not null references vendor (id),
    program_id text not null references program (id),
    partner_id text not null references partner (id),
    test boolean not null,
    key text not null,
    key_folded text not null,
    code text not null,
    code_folded text not null,
    url text not null,
    created_at bigint not null,
    unique (test, key_folded),
    unique (program_id, code_folded)
);
create index link_by_key on link (key_folded);
create index link_by_vendor_key on link (vendor_id, key_folded);
create index link_by_vendor_code on link (vendor_id, code_folded);
create index link_by_partner on link (program_id, partner_id, id);

-- A visit through a link. The id is the time of the click and a count: rows stand in the order of time, and nothing else
-- needs an index. What must be found by browser or visitor is chained: each row points to the one before it.
create table click (
    id bigint primary key,
    program bigint not null,
    link bigint not null,
    -- A hash of what told the browser apart when it was stored: negative when met by address and agent, positive when the
    -- page knew it, null when nothing was known; and that browser's click before.
    browser bigint,
    previous bigint,
    -- The page's visitor, when it was named after it was stored; and that visitor's click before.
    visitor bigint,
    visitor_previous bigint,
    url bigint,
    referrer bigint,
    sub_id bigint,
    country bigint not null,
    device bigint not null,
    -- A hash of the address it came from, with the salt of its day; null where a server reported it.
    address bigint
);

-- The latest click of a browser or visitor. Keys of browsers met by address begin with the day and are deleted after it.
create table visitor (
    program bigint not null,
    id bigint not null,
    head bigint not null,
    primary key (program, id)
) /* clustered */;

-- Addresses, referrers and sub ids of a program's clicks, by a hash of the text.
create table word (
    program bigint not null,
    id bigint not null,
    text text not null,
    primary key (program, id)
) /* clustered */;

-- Figures by UTC day, kept in the transaction that stores the fact. Dimensions: 0 the program, 1 its links, 2 hours of the
-- day, 3 referring sites (words), 4 countries, 5 devices; all but the first two count clicks alone.
create table tally (
    program bigint not null,
    dimension bigint not null,
    day bigint not null,
    item bigint not null,
    clicks bigint not null default 0,
    visitors bigint not null default 0,
    leads bigint not null default 0,
    sales bigint not null default 0,
    amount bigint not null default 0,
    pending bigint not null default 0,
    processed bigint not null default 0,
    paid bigint not null default 0,
    primary key (program, dimension, day, item)
) /* clustered */;

-- From here on rows name their vendor, program, partner and link without a foreign key: those are never deleted, whoever
-- writes a fact has just read them, `goodword check` looks for strays, and a constraint would have every writer lock the
-- same few rows. Facts that follow from one another are tied.

-- A person known to the vendor, bound to a partner or not. bound_by is the kind of touchpoint that won.
create table customer (
    id text primary key,
    vendor_id text not null,
    program_id text not null,
    external_id text,
    name text,
    email text,
    email_folded text,
    partner_id text,
    link_id text,
    click_id text,
    bound_by text,
    -- Where a model shared the credit among several, all of them: `partner link click weight`, one a line.
    bound_shares text,
    first_commissioned_at bigint,
    created_at bigint not null,
    unique (vendor_id, external_id, program_id)
);
create index customer_by_email on customer (vendor_id, email_folded) where email_folded is not null;
-- Somebody known by address alone is one person.
create unique index customer_unnamed on customer (program_id, email_folded)
    where external_id is null and email_folded is not null;

create table lead (
    id text primary key,
    vendor_id text not null,
    program_id text not null,
    customer_id text not null references customer (id),
    partner_id text,
    link_id text,
    click_id text,
    event_name text not null,
    reason text not null,
    touchpoints text not null,
    grounds text not null,
    metadata text,
    at bigint not null,
    unique (customer_id, event_name)
);
create index lead_by_program on lead (program_id, at);
create index lead_by_vendor on lead (vendor_id, at);

create table sale (
    id text primary key,
    vendor_id text not null,
    program_id text not null,
    customer_id text references customer (id),
    partner_id text,
    link_id text,
    processor text not null,
    invoice_id text,
    event_name text not null,
    amount bigint not null check (amount >= 0),
    refunded bigint not null default 0 check (refunded >= 0 and refunded <= amount),
    -- What is disputed and not decided, or was lost.
    disputed bigint not null default 0 check (disputed >= 0 and disputed <= amount),
    currency text not null,
    -- What is left of it in the program's currency, and the rate by which; null while there is no rate.
    value_left bigint,
    rate text,
    rate_source text,
    rate_at bigint,
    reason text not null,
    touchpoints text not null,
    -- What else decided: the version of the program, the rewards, the signals; and the order's parts, as JSON.
    grounds text not null,
    detail text,
    metadata text,
    at bigint not null,
    -- One order is credited once, whatever the program. By the invoice first, so that it is found without its processor.
    unique (vendor_id, invoice_id, processor)
);
create index sale_by_program on sale (program_id, at);
create index sale_by_vendor on sale (vendor_id, at);
create index sale_without_rate on sale (vendor_id, currency) where value_left is null;
create index sale_by_customer on sale (customer_id) where customer_id is not null;

-- A partner who had a touchpoint and earned nothing by the sale, so that he or she can be told why.
create table passed_over (
    vendor_id text not null,
    program_id text not null,
    partner_id text not null,
    at bigint not null,
    sale_id text not null references sale (id),
    primary key (program_id, partner_id, at, sale_id)
) /* clustered */;

create table refund (
    id text primary key,
    vendor_id text not null,
    sale_id text not null references sale (id),
    external_id text not null,
    amount bigint not null check (amount > 0),
    at bigint not null,
    unique (sale_id, external_id)
);

-- A buyer's complaint to the bank: open, won (by the vendor) or lost.
create table dispute (
    id text primary key,
    vendor_id text not null,
    sale_id text not null references sale (id),
    external_id text not null,
    amount bigint not null check (amount > 0),
    status text not null,
    at bigint not null,
    closed_at bigint,
    unique (sale_id, external_id)
);

-- Units of one currency for one of another, as the vendor says, from an instant on.
create table exchange_rate (
    vendor_id text not null references vendor (id),
    base text not null,
    quote text not null,
    at bigint not null,
    rate text not null,
    source text not null,
    created_at bigint not null,
    primary key (vendor_id, base, quote, at)
);

-- earnings and status follow the ledger's transfers; `reason` says why the status is what it is. A commission that was sent
-- with a payout is never changed: what is taken back later is a commission of its own that `corrects` it.
create table commission (
    id text primary key,
    vendor_id text not null,
    program_id text not null,
    partner_id text not null,
    customer_id text references customer (id),
    link_id text,
    lead_id text references lead (id),
    sale_id text references sale (id),
    click_id text,
    corrects text references commission (id),
    reward_id text,
    version bigint not null,
    -- All figures it was computed by, as JSON.
    calculation text not null,
    amount bigint not null,
    refunded bigint not null default 0,
    earnings_at_first bigint not null,
    earnings bigint not null,
    currency text not null,
    status text not null,
    reason text not null,
    source text not null,
    -- What it counts for towards tiers: minor units of the program's currency, and units.
    volume bigint not null,
    units bigint not null,
    payout_id text,
    note text,
    at bigint not null,
    clears_at bigint not null,
    check (earnings >= 0 or corrects is not null or reward_id is null)
);
create unique index commission_of_lead on commission (lead_id, partner_id) where lead_id is not null and corrects is null;
create unique index commission_of_sale on commission (sale_id, partner_id) where sale_id is not null and corrects is null;
create unique index commission_of_click on commission (click_id) where click_id is not null and corrects is null;
create index commission_by_lead on commission (lead_id) where lead_id is not null;
create index commission_by_sale on commission (sale_id) where sale_id is not null;
create index commission_corrected on commission (corrects) where corrects is not null;
create index commission_by_program on commission (program_id, at);
create index commission_by_partner on commission (program_id, partner_id, at);
create index commission_event on commission (program_id, partner_id, at) where corrects is null and click_id is null;
create index commission_refunded on commission (program_id, partner_id, at) where refunded > 0;
create index commission_by_customer on commission (customer_id, reward_id) where customer_id is not null;
create index commission_to_release on commission (vendor_id, status, clears_at);
create index commission_by_payout on commission (payout_id) where payout_id is not null;
create index commission_due on commission (program_id, partner_id) where status = 'processed' and payout_id is null;

-- How a partner is paid, with the details as JSON, and whether the vendor holds the payouts back.
create table payee (
    partner_id text primary key references partner (id),
    vendor_id text not null,
    method text,
    details text not null default '{}',
    on_hold boolean not null default false,
    hold_reason text,
    changed_at bigint not null
);

-- How a vendor pays, as JSON: who approves, and what files say of the payer.
create table payout_setting (
    vendor_id text primary key references vendor (id),
    document text not null
);

-- Payouts that go out together: one program, one currency; draft, approved or canceled.
create table payout_batch (
    id text primary key,
    vendor_id text not null,
    program_id text not null references program (id),
    currency text not null,
    minimum bigint not null,
    status text not null,
    -- Who did it, by id and name: a person of the console or an API key.
    created_by text not null,
    created_by_name text not null,
    created_at bigint not null,
    decided_by text,
    decided_by_name text,
    decided_at bigint
);
create index payout_batch_by_vendor on payout_batch (vendor_id, id);

-- One for each partner of a batch, with the method of that day. `netted` is what the partner owed and the payout set off.
create table payout (
    id text primary key,
    vendor_id text not null,
    program_id text not null,
    batch_id text not null references payout_batch (id),
    partner_id text not null references partner (id),
    currency text not null,
    amount bigint not null check (amount > 0),
    netted bigint not null check (netted >= 0),
    status text not null,
    method text not null,
    details text not null,
    commissions bigint not null,
    period_start bigint not null,
    period_end bigint not null,
    note text,
    created_at bigint not null,
    initiated_at bigint,
    paid_at bigint,
    ended_at bigint,
    unique (batch_id, partner_id)
);
create index payout_by_vendor on payout (vendor_id, id);
create index payout_by_partner on payout (partner_id, id);

-- What a payout was made of. Stays when it does not arrive and its commissions go into another one.
create table payout_item (
    payout_id text not null references payout (id),
    commission_id text not null references commission (id),
    vendor_id text not null,
    earnings bigint not null,
    primary key (payout_id, commission_id)
);
create index payout_item_by_commission on payout_item (commission_id);

-- Money set aside for a program, or taken away again.
create table budget_change (
    id text primary key,
    vendor_id text not null,
    program_id text not null references program (id),
    amount bigint not null check (amount <> 0),
    currency text not null,
    note text not null,
    by text not null,
    at bigint not null
);

create table account (
    id text primary key,
    vendor_id text not null,
    program_id text not null,
    kind text not null,
    partner_id text not null,
    currency text not null,
    unique (program_id, kind, partner_id, currency)
);
create index account_by_partner on account (program_id, partner_id);

-- Never updated, never deleted. Each is chained to the one before it in its program by a hash over both, so that who changes
-- one must change all that follow, and `chain`.
create table transfer (
    id text primary key,
    vendor_id text not null,
    program_id text not null,
    place bigint not null,
    debit_account text not null references account (id),
    credit_account text not null references account (id),
    amount bigint not null check (amount > 0),
    currency text not null,
    kind text not null,
    -- The id of what caused it: a commission, a payout, a change of budget.
    cause text not null,
    at bigint not null,
    hash text not null,
    unique (program_id, place),
    check (debit_account <> credit_account)
);
create index transfer_by_debit on transfer (debit_account);
create index transfer_by_credit on transfer (credit_account);
create index transfer_by_cause on transfer (cause);

-- The last link of each program's chain of transfers.
create table chain (
    program_id text primary key,
    place bigint not null,
    hash text not null
);

-- What was asked under a key, and the first answer to it.
create table answered (
    program_id text not null,
    source text not null,
    external_id text not null,
    kind text not null,
    input_hash text not null,
    answer text not null,
    at bigint not null,
    primary key (program_id, source, external_id, kind)
);

-- Written in the transaction that gives the reason to write; sent by a background step.
create table mail (
    id text primary key,
    vendor_id text not null references vendor (id),
    recipient text not null,
    subject text not null,
    body text not null,
    attempts bigint not null default 0,
    next_attempt_at bigint not null,
    sent_at bigint,
    created_at bigint not null
);
create index mail_to_send on mail (sent_at, next_attempt_at);

-- One-time secrets: `prove` an address, `open` a partner's page from a mail, `ticket` to bring that to the page.
create table one_time (
    token_hash text primary key,
    vendor_id text not null references vendor (id),
    purpose text not null,
    program_id text not null references program (id),
    partner_id text not null references partner (id),
    page text not null,
    expires_at bigint not null,
    used_at bigint
);

-- The salt of the keyed hash of addresses, by day; yesterday's is deleted, and what it hashed can never be asked again.
create table daily_salt (
    day bigint primary key,
    salt text not null
);
