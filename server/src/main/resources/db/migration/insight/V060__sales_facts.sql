-- Why: what a bill means for sales, kept as the change feed goes by (DESIGN section 6): one row per posted document, so that
-- bills are counted and every figure opens down to its document, and one per day, outlet and SKU for the goods path. Both are
-- derived and can be rebuilt from the outbox. Money columns obey nsv = gross - scheme_discount - manual_discount - returned.
create schema insight;

create table insight.sales_document (
    distributor_id  bigint         not null,
    business_date   date           not null,
    id              uuid           not null,
    kind            text           not null,
    principal_id    bigint         not null,
    outlet_id       uuid           not null,
    number          text           not null,
    lines           integer        not null,
    nsv             numeric(18, 2) not null,
    gross           numeric(18, 2) not null,
    scheme_discount numeric(18, 2) not null,
    manual_discount numeric(18, 2) not null,
    returned        numeric(18, 2) not null,
    billed_qty      numeric(18, 3) not null,
    free_qty        numeric(18, 3) not null,
    returned_qty    numeric(18, 3) not null,
    cancelled       boolean        not null default false,
    constraint sales_document_pk primary key (distributor_id, business_date, id),
    constraint sales_document_kind check (kind in ('INVOICE', 'CREDIT_NOTE')),
    constraint sales_document_nsv check (nsv = gross - scheme_discount - manual_discount - returned)
);
create index sales_document_id on insight.sales_document (distributor_id, id);
create index sales_document_outlet on insight.sales_document (distributor_id, outlet_id, business_date);

-- Cancelled documents are taken out of these rows; a row without lines is removed.
create table insight.sales_daily (
    distributor_id  bigint         not null,
    business_date   date           not null,
    outlet_id       uuid           not null,
    sku_id          bigint         not null,
    principal_id    bigint         not null,
    bills           integer        not null,
    lines           integer        not null,
    nsv             numeric(18, 2) not null,
    gross           numeric(18, 2) not null,
    scheme_discount numeric(18, 2) not null,
    manual_discount numeric(18, 2) not null,
    returned        numeric(18, 2) not null,
    billed_qty      numeric(18, 3) not null,
    free_qty        numeric(18, 3) not null,
    returned_qty    numeric(18, 3) not null,
    constraint sales_daily_pk primary key (distributor_id, business_date, outlet_id, sku_id),
    constraint sales_daily_nsv check (nsv = gross - scheme_discount - manual_discount - returned)
) with (fillfactor = 90);
