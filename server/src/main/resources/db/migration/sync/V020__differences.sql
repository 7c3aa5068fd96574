-- Why: what the server decided differently from what a counter showed is recorded, never overwritten in silence (INV-05).
create schema sync;

create table sync.difference (
    distributor_id bigint         not null,
    document_id    uuid           not null,
    device_id      uuid           not null,
    kind           text           not null,
    expected       numeric(18, 2) not null,
    decided        numeric(18, 2) not null,
    recorded_at    timestamptz    not null,
    recorded_by    text           not null,
    constraint difference_pk primary key (distributor_id, document_id)
);
