-- Why: uniqueness of documents and of legal numbers lives in two small unpartitioned tables (DESIGN section 5), because a
-- partitioned table cannot give it. The outbox row commits with the posting and is the event; its sequence per
-- distributor is taken from the audit head, so that it is gapless and in commit order.
create schema if not exists platform;

create table platform.document_register (
    distributor_id bigint      not null,
    document_id    uuid        not null,
    type           text        not null,
    body_hash      bytea       not null,
    business_date  date        not null,
    recorded_at    timestamptz not null,
    constraint document_register_pk primary key (distributor_id, document_id)
);

create table platform.number_sequence (
    distributor_id bigint  not null,
    document_type  text    not null,
    series         text    not null,
    fiscal_year    integer not null,
    width          integer not null default 6,
    next_number    bigint  not null default 1,
    closed         boolean not null default false,
    constraint number_sequence_pk primary key (distributor_id, document_type, series, fiscal_year)
) with (fillfactor = 50);

create table platform.number_register (
    distributor_id bigint  not null,
    document_type  text    not null,
    series         text    not null,
    fiscal_year    integer not null,
    number         bigint  not null,
    document_id    uuid    not null,
    formatted      text    not null,
    fate           text    not null default 'POSTED',
    reason         text,
    constraint number_register_pk primary key (distributor_id, document_type, series, fiscal_year, number),
    constraint number_register_fate check (fate in ('POSTED', 'CANCELLED', 'VOID'))
);
create unique index number_register_document on platform.number_register (distributor_id, document_id);

create table platform.outbox (
    distributor_id bigint      not null,
    seq            bigint      not null,
    topic          text        not null,
    document_id    uuid        not null,
    business_date  date        not null,
    payload        text        not null,
    recorded_at    timestamptz not null,
    constraint outbox_pk primary key (distributor_id, seq)
);

create table platform.feed_cursor (
    distributor_id bigint      not null,
    consumer       text        not null,
    seq            bigint      not null,
    moved_at       timestamptz not null,
    constraint feed_cursor_pk primary key (distributor_id, consumer)
);

create table platform.job (
    id          uuid        not null,
    type        text        not null,
    title       text        not null,
    state       text        not null,
    done        bigint      not null default 0,
    total       bigint,
    message     text,
    result      text,
    created_by  bigint,
    created_at  timestamptz not null,
    finished_at timestamptz,
    constraint job_pk primary key (id),
    constraint job_state check (state in ('WAITING', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED'))
);
