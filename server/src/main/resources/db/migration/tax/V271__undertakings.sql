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
