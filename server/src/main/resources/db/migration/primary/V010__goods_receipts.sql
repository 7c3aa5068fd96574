-- Why: primary purchases enter by goods receipt against the principal's invoice (P-01).
create schema primary_sales;

create table primary_sales.goods_receipt (
    distributor_id            bigint         not null,
    id                        uuid           not null,
    principal_id              bigint         not null,
    warehouse_id              uuid           not null,
    number                    text           not null,
    business_date             date           not null,
    principal_invoice_number  text           not null,
    principal_invoice_on      date           not null,
    taxable                   numeric(18, 2) not null,
    cgst                      numeric(18, 2) not null,
    sgst                      numeric(18, 2) not null,
    igst                      numeric(18, 2) not null,
    cess                      numeric(18, 2) not null,
    total                     numeric(18, 2) not null,
    decision                  text           not null,
    recorded_at               timestamptz    not null,
    recorded_by               text           not null,
    constraint goods_receipt_pk primary key (distributor_id, id),
    constraint goods_receipt_principal_invoice unique (distributor_id, principal_id, principal_invoice_number)
);
create index goods_receipt_day on primary_sales.goods_receipt (distributor_id, business_date);

create table primary_sales.goods_receipt_line (
    distributor_id   bigint         not null,
    business_date    date           not null,
    goods_receipt_id uuid           not null,
    line             integer        not null,
    principal_id     bigint         not null,
    sku_id           bigint         not null,
    batch_id         uuid           not null,
    billed_qty       numeric(18, 3) not null,
    free_qty         numeric(18, 3) not null,
    good_qty         numeric(18, 3) not null,
    damaged_qty      numeric(18, 3) not null,
    short_qty        numeric(18, 3) not null,
    unit_cost        numeric(18, 6) not null,
    taxable          numeric(18, 2) not null,
    tax              numeric(18, 2) not null,
    constraint goods_receipt_line_pk primary key (distributor_id, business_date, goods_receipt_id, line)
) partition by range (business_date);
