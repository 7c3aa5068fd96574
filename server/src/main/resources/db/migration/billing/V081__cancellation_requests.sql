-- Why: one person asks for a bill to be cancelled, another confirms (domain/02 section 2.6); a refused request may be made again.
create table billing.cancellation_request (
    distributor_id bigint      not null,
    invoice_id     uuid        not null,
    id             uuid        not null,
    principal_id   bigint      not null,
    status         text        not null,
    reason         text        not null,
    requested_at   timestamptz not null,
    requested_by   text        not null,
    decided_at     timestamptz,
    decided_by     text,
    decision       text,
    constraint cancellation_request_pk primary key (distributor_id, invoice_id),
    constraint cancellation_request_status check (status in ('ASKED', 'CONFIRMED', 'KEPT')),
    constraint cancellation_request_maker_checker check (decided_by is null or decided_by <> requested_by),
    constraint cancellation_request_invoice foreign key (distributor_id, invoice_id) references billing.invoice (distributor_id, id)
);
