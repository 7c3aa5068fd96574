-- Why: double-entry stock (INV-01, INV-02). Entries are append-only and partitioned by quarter of the business date;
-- the balance row of an owned bucket is kept in the posting's transaction and can be re-derived (verify). It repeats the
-- batch's fixed facts, so that a posting reads its stock in one statement and without a join.
create schema stock;

create table stock.entry (
    distributor_id bigint         not null,
    business_date  date           not null,
    document_id    uuid           not null,
    line           integer        not null,
    leg            integer        not null,
    document_type  text           not null,
    principal_id   bigint         not null,
    warehouse_id   uuid           not null,
    sku_id         bigint         not null,
    batch_id       uuid           not null,
    bucket         text           not null,
    qty            numeric(18, 3) not null,
    unit_cost      numeric(18, 6) not null,
    constraint entry_pk primary key (distributor_id, business_date, document_id, line, leg)
) partition by range (business_date);

create table stock.balance (
    distributor_id bigint         not null,
    warehouse_id   uuid           not null,
    sku_id         bigint         not null,
    batch_id       uuid           not null,
    bucket         text           not null,
    principal_id   bigint         not null,
    qty            numeric(18, 3) not null,
    unit_cost      numeric(18, 6) not null,
    batch_no       text           not null,
    mrp            numeric(18, 2) not null,
    expires_on     date,
    received_on    date           not null,
    constraint balance_pk primary key (distributor_id, warehouse_id, sku_id, batch_id, bucket),
    constraint balance_not_negative check (qty >= 0)
) with (fillfactor = 50);
