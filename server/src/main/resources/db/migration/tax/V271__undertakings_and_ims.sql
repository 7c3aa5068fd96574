-- Why: whether supplies to SEZ units and abroad bear integrated tax is decided by a letter of undertaking (form RFD-11, r.96A), a
-- dated paper of the distributor: configuration that decides money, so it changes by request only.
create table tax.undertaking (
    distributor_id bigint  not null,
    id             uuid    not null,
    number         text    not null,
    valid_from     date    not null,
    valid_to       date    not null,
    version        integer not null default 1,
    constraint undertaking_pk primary key (distributor_id, id),
    constraint undertaking_number unique (distributor_id, number),
    constraint undertaking_period check (valid_to >= valid_from)
);

-- Why: a registered recipient accepts, rejects or keeps pending each note in the invoice management system; a rejected credit note
-- adds its tax back to the supplier in the month it is rejected (IN-22). The day is in the row, as the note is found by it.
create table tax.ims_answer (
    distributor_id bigint      not null,
    document_id    uuid        not null,
    business_date  date        not null,
    status         text        not null,
    reversed       numeric(18, 2),
    answered_on    date        not null,
    recorded_at    timestamptz not null,
    recorded_by    text        not null,
    version        integer     not null default 1,
    constraint ims_answer_pk primary key (distributor_id, document_id),
    constraint ims_answer_status check (status in ('ACCEPTED', 'REJECTED', 'PENDING')),
    constraint ims_answer_reversed check (reversed is null or reversed >= 0 and status = 'ACCEPTED')
);
