-- Why: whatever decides money changes by change request only (DESIGN section 10): proposed, checked, simulated, approved by
-- somebody else, in force from a date, never edited. The walls stand here too, so that no code path can put into force what
-- its own maker approved (SOD-1), or another content than the one that was approved (approval is bound to the hash).
-- All tables are local: few rows, read by the head office; row scope is the statement's (SCALE rule 8).
create table governance.change_request (
    id               uuid        not null,
    revision         integer     not null default 1,
    kind             text        not null,
    action           text        not null,
    title            text        not null,
    status           text        not null,
    origin           text        not null,
    origin_ref       text,
    emergency        boolean     not null default false,
    bootstrap        boolean     not null default false,
    owner_id         bigint      not null,
    distributor_ids  bigint[]    not null default '{}',
    principal_ids    bigint[]    not null default '{}',
    effective_from   date,
    reason           text,
    content_hash     text        not null,
    item_count       integer     not null,
    findings         text        not null default '[]',
    acknowledged     text        not null default '[]',
    errors           integer     not null default 0,
    warnings         integer     not null default 0,
    created_by       bigint      not null,
    created_name     text        not null,
    created_at       timestamptz not null,
    changed_by       bigint      not null,
    changed_name     text        not null,
    changed_at       timestamptz not null,
    submitted_by     bigint,
    submitted_name   text,
    submitted_at     timestamptz,
    due_at           timestamptz,
    decided_by       bigint,
    decided_name     text,
    decided_for      bigint,
    decided_for_name text,
    decided_at       timestamptz,
    decision_reason  text,
    approved_hash    text,
    in_force_at      timestamptz,
    superseded_by    uuid,
    superseded_at    timestamptz,
    review_due       timestamptz,
    reviewed_by      bigint,
    reviewed_name    text,
    reviewed_at      timestamptz,
    review_outcome   text,
    constraint change_request_pk primary key (id),
    constraint change_request_status check (status in ('DRAFT', 'SUBMITTED', 'APPROVED', 'IN_FORCE', 'SUPERSEDED', 'REJECTED', 'WITHDRAWN')),
    constraint change_request_origin check (origin in ('USER', 'IMPORT', 'BUNDLE', 'ROLLBACK', 'TEMPLATE')),
    constraint change_request_submitted check (status in ('DRAFT', 'WITHDRAWN') or submitted_by is not null),
    constraint change_request_decided check (status not in ('APPROVED', 'IN_FORCE', 'SUPERSEDED', 'REJECTED') or (decided_by is not null and decided_at is not null)),
    constraint change_request_hash check (status not in ('APPROVED', 'IN_FORCE', 'SUPERSEDED') or approved_hash = content_hash),
    constraint change_request_maker_is_not_checker check (
        status not in ('APPROVED', 'IN_FORCE', 'SUPERSEDED') or bootstrap or emergency
        or (decided_by <> created_by and decided_by <> changed_by and decided_by <> submitted_by)),
    constraint change_request_no_delegate_of_maker check (decided_for is null or (decided_for <> created_by and decided_for <> changed_by and decided_for <> submitted_by)),
    constraint change_request_reviewed check (reviewed_by is null or (emergency and reviewed_by <> created_by)),
    constraint change_request_outcome check (review_outcome in ('CONFIRMED', 'REVERSED'))
);
create index change_request_waiting on governance.change_request (status, kind);
create index change_request_day on governance.change_request (effective_from) where status = 'APPROVED';

-- content and before are JSON as the master's form writes it; target is null until a new one is in force.
create table governance.change_item (
    request_id    uuid    not null,
    item          integer not null,
    target_id     text,
    key           text    not null,
    base_version  integer,
    content       text    not null,
    before        text,
    superseded_by uuid,
    constraint change_item_pk primary key (request_id, item),
    constraint change_item_request foreign key (request_id) references governance.change_request (id)
);
create index change_item_target on governance.change_item (target_id);

create table governance.change_event (
    request_id uuid        not null,
    seq        integer     not null,
    at         timestamptz not null,
    actor      text        not null,
    action     text        not null,
    text       text,
    details    text        not null default '{}',
    constraint change_event_pk primary key (request_id, seq),
    constraint change_event_request foreign key (request_id) references governance.change_request (id)
);

create table governance.change_simulation (
    request_id   uuid        not null,
    content_hash text        not null,
    days         integer     not null,
    from_date    date        not null,
    to_date      date        not null,
    job_id       uuid,
    status       text        not null,
    result       text,
    created_by   text        not null,
    created_at   timestamptz not null,
    finished_at  timestamptz,
    constraint change_simulation_pk primary key (request_id),
    constraint change_simulation_request foreign key (request_id) references governance.change_request (id),
    constraint change_simulation_status check (status in ('RUNNING', 'DONE', 'FAILED', 'CANCELLED'))
);

-- Somebody decides for somebody else in these days; never his own or the other's requests.
create table governance.approval_delegation (
    id         uuid        not null,
    from_user  bigint      not null,
    from_name  text        not null,
    to_user    bigint      not null,
    to_name    text        not null,
    kinds      text[]      not null default '{}',
    valid_from date        not null,
    valid_to   date        not null,
    reason     text        not null,
    created_at timestamptz not null,
    revoked_at timestamptz,
    constraint approval_delegation_pk primary key (id),
    constraint approval_delegation_dates check (valid_to >= valid_from),
    constraint approval_delegation_parties check (from_user <> to_user)
);
create index approval_delegation_to on governance.approval_delegation (to_user);

-- What somebody let through although a rule or check spoke against it (GOV-12, GOV-17).
create table governance.override_entry (
    id                uuid        not null,
    owner_id          bigint      not null,
    at                timestamptz not null,
    actor             text        not null,
    rule              text        not null,
    what              text        not null,
    reason            text        not null,
    change_request_id uuid,
    constraint override_entry_pk primary key (id)
);
create index override_entry_at on governance.override_entry (at);
