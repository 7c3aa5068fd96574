-- Why: what was filed is never changed: a return is kept as it went out, document by document, so that what is cancelled or comes
-- in later goes into the amendment tables of a later month (IN-50), and 72 months later the same file can be shown (IN-80).
-- content: the return as JSON, gzip; file: what the portal took, gzip.
create table tax.gst_return (
    distributor_id bigint      not null,
    month          text        not null,
    gstin          text        not null,
    arn            text        not null,
    filed_on       date        not null,
    content        bytea       not null,
    file           bytea       not null,
    recorded_at    timestamptz not null,
    recorded_by    text        not null,
    constraint gst_return_pk primary key (distributor_id, month),
    constraint gst_return_month check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$')
);
