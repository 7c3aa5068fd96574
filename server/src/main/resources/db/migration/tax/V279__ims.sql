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
