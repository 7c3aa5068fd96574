-- Why: posted documents are immutable (INV-04); the whole decision with the versions of every rule is kept with the
-- document (INV-06), so that it can be replayed: `command` and `decision` as the rules module writes them, `printed` with the names and
-- addresses as they stood on the paper. A credit note has the same shape and quotes its original invoice.
create schema billing;

create table billing.invoice (
    distributor_id   bigint         not null,
    id               uuid           not null,
    kind             text           not null,
    principal_id     bigint         not null,
    outlet_id        uuid           not null,
    warehouse_id     uuid           not null,
    order_id         uuid,
    original_id      uuid,
    series           text           not null,
    number           text           not null,
    business_date    date           not null,
    due_on           date           not null,
    sale_type        text           not null,
    payment_mode     text           not null,
    origin           text           not null default 'NATIVE',
    gross            numeric(18, 2) not null,
    scheme_discount  numeric(18, 2) not null,
    manual_discount  numeric(18, 2) not null,
    taxable          numeric(18, 2) not null,
    cgst             numeric(18, 2) not null,
    sgst             numeric(18, 2) not null,
    igst             numeric(18, 2) not null,
    cess             numeric(18, 2) not null,
    rounding         numeric(18, 2) not null,
    payable          numeric(18, 2) not null,
    cost             numeric(18, 2) not null,
    rule_book_hash   text           not null,
    config_version   text           not null,
    command          text           not null,
    decision         text           not null,
    printed          text           not null,
    recorded_at      timestamptz    not null,
    recorded_by      text           not null,
    constraint invoice_pk primary key (distributor_id, id),
    constraint invoice_kind check (kind in ('INVOICE', 'CREDIT_NOTE')),
    constraint invoice_sale_type check (sale_type in ('COUNTER', 'DELIVERY')),
    constraint invoice_total check (payable = taxable + cgst + sgst + igst + cess + rounding)
);
create index invoice_day on billing.invoice (distributor_id, business_date);
create index invoice_outlet on billing.invoice (distributor_id, outlet_id, business_date);

create table billing.invoice_line (
    distributor_id     bigint         not null,
    business_date      date           not null,
    invoice_id         uuid           not null,
    line               integer        not null,
    part               integer        not null,
    kind               text           not null,
    principal_id       bigint         not null,
    outlet_id          uuid           not null,
    sku_id             bigint         not null,
    mrp                numeric(18, 2) not null,
    qty                numeric(18, 3) not null,
    free_qty           numeric(18, 3) not null,
    unit_price         numeric(18, 6) not null,
    gross              numeric(18, 2) not null,
    scheme_discount    numeric(18, 2) not null,
    manual_discount    numeric(18, 2) not null,
    taxable            numeric(18, 2) not null,
    tax_rate           numeric(9, 6)  not null,
    cgst               numeric(18, 2) not null,
    sgst               numeric(18, 2) not null,
    igst               numeric(18, 2) not null,
    cess               numeric(18, 2) not null,
    cost               numeric(18, 2) not null,
    hsn                text           not null,
    price_list_id      text,
    price_list_version integer,
    tax_rate_id        text,
    scheme_ids         text           not null default '',
    constraint invoice_line_pk primary key (distributor_id, business_date, invoice_id, line, part)
) partition by range (business_date);

-- Every rupee and piece given by a scheme, by line: what claims are computed from (SCH-16, INV-08).
create table billing.scheme_benefit (
    distributor_id    bigint         not null,
    business_date     date           not null,
    invoice_id        uuid           not null,
    line              integer        not null,
    part              integer        not null,
    scheme_id         bigint         not null,
    scheme_version    integer        not null,
    principal_id      bigint         not null,
    kind              text           not null,
    amount            numeric(18, 2) not null,
    principal_share   numeric(18, 2) not null,
    distributor_share numeric(18, 2) not null,
    free_sku_id       bigint,
    free_qty          numeric(18, 3) not null default 0,
    claim_value       numeric(18, 2) not null default 0,
    constraint scheme_benefit_pk primary key (distributor_id, business_date, invoice_id, line, part, scheme_id)
) partition by range (business_date);

create table billing.invoice_cancellation (
    distributor_id bigint      not null,
    invoice_id     uuid        not null,
    id             uuid        not null,
    principal_id   bigint      not null,
    business_date  date        not null,
    reason         text        not null,
    recorded_at    timestamptz not null,
    recorded_by    text        not null,
    constraint invoice_cancellation_pk primary key (distributor_id, invoice_id)
);

-- Where dispatch is switched off an invoice is delivered in one step: IN_TRANSIT_OUT -> CUSTOMER (domain/02 section 2.5).
create table billing.delivery (
    distributor_id bigint      not null,
    invoice_id     uuid        not null,
    id             uuid        not null,
    principal_id   bigint      not null,
    business_date  date        not null,
    recorded_at    timestamptz not null,
    recorded_by    text        not null,
    constraint delivery_pk primary key (distributor_id, invoice_id)
);
