-- Why: Kenya's control unit gives every document a number and a signature (TPA s.23A). The state of each document there is a row
-- of its own, moved only forward and only with what was heard; a request that got no answer is looked up, never guessed.
create table tax.etims_unit (
    distributor_id  bigint      not null,
    branch          text        not null,
    serial          text        not null,
    adapter         text        not null,
    next_invoice_no bigint      not null default 1,
    feed_seq        bigint      not null,
    registered_at   timestamptz not null,
    registered_by   text        not null,
    constraint etims_unit_pk primary key (distributor_id),
    constraint etims_unit_adapter check (adapter in ('SIMULATOR', 'OSCU'))
);

create table tax.etims_document (
    distributor_id  bigint      not null,
    document_id     uuid        not null,
    principal_id    bigint      not null,
    kind            text        not null,
    number          text        not null,
    business_date   date        not null,
    state           text        not null,
    invoice_no      bigint      not null,
    attempts        integer     not null default 0,
    next_attempt_at timestamptz not null,
    request         text,
    answer          text,
    serial          text,
    receipt_no      bigint,
    internal_data   text,
    signature       text,
    stamped_at      timestamptz,
    code            text,
    message         text,
    queued_at       timestamptz not null,
    changed_at      timestamptz not null,
    constraint etims_document_pk primary key (distributor_id, document_id),
    constraint etims_document_invoice_no unique (distributor_id, invoice_no),
    constraint etims_document_state check (state in ('PENDING', 'UNKNOWN', 'STAMPED', 'REJECTED', 'WITHDRAWN')),
    constraint etims_document_stamped check ((state = 'STAMPED') = (signature is not null))
);
create index etims_document_due on tax.etims_document (distributor_id, next_attempt_at) where state in ('PENDING', 'UNKNOWN');

-- What the control unit in the box remembers, so that it answers after a restart as a real one would.
create table tax.etims_simulated (
    distributor_id bigint      not null,
    invoice_no     bigint      not null,
    content        text        not null,
    receipt_no     bigint      not null,
    internal_data  text        not null,
    signature      text        not null,
    stamped_at     timestamptz not null,
    constraint etims_simulated_pk primary key (distributor_id, invoice_no)
);
