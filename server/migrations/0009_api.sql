-- Requests sent under an `Idempotency-Key`, and the first answer to each. One that has no answer yet is under way, or was when the
-- server ended.
create table keyed_request (
    whose text not null,
    key text not null,
    input_hash text not null,
    status bigint,
    answer text,
    at bigint not null,
    primary key (whose, key)
);
create index keyed_request_by_time on keyed_request (at);
