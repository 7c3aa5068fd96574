-- Why: what a distributor is to the tax portals (turnover by year decides much, IN-26 to IN-36), and the state of every document
-- there. The portal is called after the posting, from the change feed; a time-out leaves a document UNKNOWN until the portal
-- was asked (IN-35, LESSONS 38, 42). One row per document and task, so a document can never have two numbers.
create table tax.fiscal_year (
    distributor_id         bigint  not null,
    year                   integer not null,
    turnover               numeric(18, 2) not null,
    annual_return_filed_on date,
    recorded_at            timestamptz not null,
    recorded_by            text    not null,
    version                integer not null default 1,
    constraint fiscal_year_pk primary key (distributor_id, year),
    constraint fiscal_year_turnover check (turnover >= 0)
);

-- e_invoice_from: the first business date whose documents this system registers; null: it does not.
create table tax.registration (
    distributor_id bigint  not null,
    e_invoice_from date,
    bank_account   text,
    bank_ifsc      text,
    transporter_id text,
    recorded_at    timestamptz not null,
    recorded_by    text    not null,
    version        integer not null default 1,
    constraint registration_pk primary key (distributor_id)
);

create table tax.portal_document (
    distributor_id bigint  not null,
    document_id    uuid    not null,
    task           text    not null,
    principal_id   bigint  not null,
    kind           text    not null,
    number         text    not null,
    business_date  date    not null,
    buyer          text    not null,
    payable        numeric(18, 2) not null,
    state          text    not null,
    reference      text,
    payload        text,
    request        text    not null default '{}',
    acknowledgement text,
    acknowledged_at timestamptz,
    valid_until    timestamptz,
    signed_document text,
    signed_qr      text,
    code           text,
    reason         text,
    faults         text    not null default '[]',
    cancel_reason  text,
    cancel_remark  text,
    cancelled_at   timestamptz,
    report_by      date,
    attempts       integer not null default 0,
    asked          integer not null default 0,
    next_try_at    timestamptz,
    created_at     timestamptz not null,
    changed_at     timestamptz not null,
    version        integer not null default 1,
    constraint portal_document_pk primary key (distributor_id, document_id, task),
    constraint portal_document_task check (task in ('E_INVOICE', 'E_WAY_BILL')),
    constraint portal_document_state check (state in ('BLOCKED', 'WAITING', 'SUBMITTED', 'UNKNOWN', 'REGISTERED', 'REJECTED', 'DIFFERS', 'CANCELLING', 'CANCELLED')),
    constraint portal_document_registered check (state not in ('REGISTERED', 'CANCELLING') or (reference is not null and acknowledged_at is not null))
);
create unique index portal_document_reference on tax.portal_document (distributor_id, task, reference) where reference is not null;
create index portal_document_due on tax.portal_document (distributor_id, next_try_at) where next_try_at is not null;
create index portal_document_day on tax.portal_document (distributor_id, business_date);

-- Every question and answer, so that a state can be explained and a portal's word be shown.
create table tax.portal_event (
    distributor_id bigint  not null,
    document_id    uuid    not null,
    task           text    not null,
    seq            integer not null,
    principal_id   bigint  not null,
    at             timestamptz not null,
    actor          text    not null,
    step           text    not null,
    state          text    not null,
    code           text,
    text           text    not null,
    answer         text,
    constraint portal_event_pk primary key (distributor_id, document_id, task, seq)
);
