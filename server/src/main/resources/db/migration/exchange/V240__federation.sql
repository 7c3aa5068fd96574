-- Why: a distributor may keep another system and send its facts (domain 11, FED-02). Batches are kept with their answer, so
-- that a repeat is answered alike; records with every revision, so that a correction never overwrites; what cannot be
-- mapped waits here until somebody says what the code stands for.
create table exchange.feed_source (
    distributor_id bigint  not null,
    source_system  text    not null,
    name           text    not null,
    record_types   text    not null,
    cut_off        time    not null default '08:00',
    level          text    not null default 'BRONZE',
    active_from    date    not null,
    version        integer not null default 1,
    constraint feed_source_pk primary key (distributor_id, source_system),
    constraint feed_source_level check (level in ('BRONZE', 'SILVER', 'GOLD'))
);

create table exchange.code_map (
    distributor_id bigint      not null,
    source_system  text        not null,
    kind           text        not null,
    external_id    text        not null,
    outlet_id      uuid,
    sku_id         bigint,
    mapped_by      text        not null,
    mapped_at      timestamptz not null,
    constraint code_map_pk primary key (distributor_id, source_system, kind, external_id),
    constraint code_map_kind check (kind = 'OUTLET' and outlet_id is not null and sku_id is null or kind = 'SKU' and sku_id is not null and outlet_id is null)
);

create table exchange.feed_batch (
    distributor_id   bigint      not null,
    id               uuid        not null,
    source_system    text        not null,
    record_type      text        not null,
    contract_version text        not null,
    period_from      date        not null,
    period_to        date        not null,
    mode             text        not null,
    channel          text        not null,
    file_name        text,
    content_hash     bytea       not null,
    state            text        not null,
    record_count     integer     not null,
    accepted         integer     not null,
    unchanged        integer     not null,
    quarantined      integer     not null,
    rejected         integer     not null,
    warnings         integer     not null,
    late             text        not null,
    restatement      text,
    signed_off_by    text,
    facts_due        boolean     not null default false,
    answer           text        not null,
    generated_at     timestamptz not null,
    received_at      timestamptz not null,
    received_by      text        not null,
    constraint feed_batch_pk primary key (distributor_id, id),
    constraint feed_batch_state check (state in ('ACCEPTED', 'PARTIAL', 'BLOCKED', 'HELD'))
);
create index feed_batch_recent on exchange.feed_batch (distributor_id, received_at);
create index feed_batch_facts_due on exchange.feed_batch (received_at) where facts_due;

create table exchange.feed_record (
    distributor_id bigint         not null,
    source_system  text           not null,
    record_type    text           not null,
    record_key     text           not null,
    revision       integer        not null,
    batch_id       uuid           not null,
    line           integer        not null,
    state          text           not null,
    cancelled      boolean        not null,
    business_date  date           not null,
    snapshot_on    date           not null,
    doc            text           not null,
    outlet_id      uuid,
    sku_id         bigint,
    unknown_outlet text,
    unknown_sku    text,
    qty            numeric(18, 3) not null,
    value          numeric(18, 2) not null,
    suspect        boolean        not null,
    content_hash   bytea          not null,
    body           text           not null,
    recorded_at    timestamptz    not null,
    constraint feed_record_pk primary key (distributor_id, record_type, source_system, record_key, revision),
    constraint feed_record_state check (state in ('ACCEPTED', 'QUARANTINED', 'SUPERSEDED', 'HELD'))
);
create index feed_record_doc on exchange.feed_record (distributor_id, record_type, doc) where state = 'ACCEPTED';
create index feed_record_day on exchange.feed_record (distributor_id, record_type, business_date) where state = 'ACCEPTED';
create index feed_record_waiting on exchange.feed_record (distributor_id, source_system) where state in ('QUARANTINED', 'HELD');

create table exchange.feed_test (
    distributor_id bigint  not null,
    batch_id       uuid    not null,
    day            date    not null,
    part           text    not null,
    clause         text    not null,
    passed         integer not null,
    tested         integer not null,
    sample         text,
    constraint feed_test_pk primary key (distributor_id, batch_id, part, clause)
);
create index feed_test_day on exchange.feed_test (distributor_id, day);
