-- Why: a device that works alone for days is known by name, holds its own number series, and is missed when it falls silent
-- (OFF-03, OFF-16). What it sent has one recorded outcome for each command, whatever the network did in between (OFF-06).
create table sync.device (
    distributor_id      bigint      not null,
    id                  uuid        not null,
    number              integer     not null,
    name                text        not null,
    kind                text        not null,
    user_id             bigint      not null,
    username            text        not null,
    secret_hash         bytea,
    public_key          text,
    state               text        not null default 'ACTIVE',
    state_reason        text,
    state_by            text,
    state_at            timestamptz,
    registered_at       timestamptz not null,
    version             integer     not null default 1,
    app_version         text,
    schema_version      integer     not null default 1,
    last_seen_at        timestamptz not null,
    last_sync_at        timestamptz,
    queue_length        integer     not null default 0,
    oldest_unsent_at    timestamptz,
    unsent_value        numeric(18, 2),
    storage_percent     numeric(5, 1),
    clock_drift_seconds bigint,
    series_left         text,
    persisted           boolean,
    constraint device_pk primary key (distributor_id, id),
    constraint device_number unique (distributor_id, number),
    constraint device_kind check (kind in ('COUNTER', 'FIELD')),
    constraint device_state check (state in ('ACTIVE', 'LOCKED', 'WIPE_REQUESTED', 'WIPED', 'REVOKED'))
) with (fillfactor = 70);

create table sync.lease (
    distributor_id bigint      not null,
    device_id      uuid        not null,
    document_type  text        not null,
    fiscal_year    integer     not null,
    series         text        not null,
    width          integer     not null,
    max_number     bigint      not null,
    state          text        not null default 'ACTIVE',
    leased_at      timestamptz not null,
    retired_at     timestamptz,
    retired_reason text,
    last_number    bigint,
    void_after     date,
    voided_at      timestamptz,
    constraint lease_pk primary key (distributor_id, device_id, document_type, fiscal_year),
    constraint lease_series unique (distributor_id, series, fiscal_year),
    constraint lease_state check (state in ('ACTIVE', 'RETIRED'))
);

create table sync.command_outcome (
    distributor_id bigint      not null,
    device_id      uuid        not null,
    command_id     uuid        not null,
    seq            bigint      not null,
    kind           text        not null,
    business_date  date        not null,
    body_hash      bytea       not null,
    outcome        text        not null,
    code           text,
    number         text,
    document_id    uuid,
    late           text,
    posting_date   date,
    differs        text,
    tries          integer     not null default 1,
    first_at       timestamptz not null,
    recorded_at    timestamptz not null,
    username       text        not null,
    constraint command_outcome_pk primary key (distributor_id, device_id, command_id),
    constraint command_outcome_outcome check (outcome in ('ACCEPTED', 'DIFFERS', 'REFUSED', 'WAITS', 'QUARANTINED'))
) with (fillfactor = 80);
create index command_outcome_recent on sync.command_outcome (distributor_id, recorded_at);

-- The content of what was not posted but must not be lost: another content under a known id, or a legal number that was refused.
create table sync.kept_command (
    distributor_id bigint      not null,
    device_id      uuid        not null,
    command_id     uuid        not null,
    body_hash      bytea       not null,
    command        text        not null,
    kept_at        timestamptz not null,
    constraint kept_command_pk primary key (distributor_id, device_id, command_id, body_hash)
);

-- The queue of a device that may not send any more, until a manager decides on it (OFF-16).
create table sync.rescue (
    distributor_id bigint      not null,
    id             uuid        not null,
    device_id      uuid        not null,
    user_id        bigint      not null,
    username       text        not null,
    permissions    text        not null,
    content_hash   bytea       not null,
    commands       integer     not null,
    body           text        not null,
    state          text        not null default 'HELD',
    uploaded_at    timestamptz not null,
    decided_by     text,
    decided_at     timestamptz,
    reason         text,
    constraint rescue_pk primary key (distributor_id, id),
    constraint rescue_once unique (distributor_id, device_id, content_hash),
    constraint rescue_state check (state in ('HELD', 'ACCEPTED', 'DISCARDED'))
);

create table sync.task (
    distributor_id bigint      not null,
    id             uuid        not null,
    kind           text        not null,
    document_id    uuid        not null,
    document_type  text        not null,
    number         text,
    outlet_id      uuid,
    device_id      uuid,
    owner_role     text        not null,
    evidence       text        not null,
    state          text        not null default 'OPEN',
    due_on         date        not null,
    created_at     timestamptz not null,
    made_by        text        not null,
    decision       text,
    note           text,
    decided_by     text,
    decided_at     timestamptz,
    constraint task_pk primary key (distributor_id, id),
    constraint task_once unique (distributor_id, document_id, kind),
    constraint task_state check (state in ('OPEN', 'DECIDED'))
);

create table sync.device_alert (
    distributor_id bigint      not null,
    device_id      uuid        not null,
    hours          integer     not null,
    raised_at      timestamptz not null,
    cleared_at     timestamptz,
    constraint device_alert_pk primary key (distributor_id, device_id, hours, raised_at)
);

create table sync.draft (
    distributor_id bigint      not null,
    id             uuid        not null,
    device_id      uuid        not null,
    document_type  text        not null,
    summary        text        not null,
    content        text        not null,
    evidence       text[]      not null,
    username       text        not null,
    updated_at     timestamptz not null,
    constraint draft_pk primary key (distributor_id, id)
);

-- When which field of an outlet was last changed, so that edits made without a network merge field by field (OFF-13).
create table sync.outlet_field (
    distributor_id bigint      not null,
    outlet_id      uuid        not null,
    field          text        not null,
    effective_at   timestamptz not null,
    command_id     uuid        not null,
    constraint outlet_field_pk primary key (distributor_id, outlet_id, field)
);
