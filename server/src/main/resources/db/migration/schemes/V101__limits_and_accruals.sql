-- Why: a rupee of a scheme's budget is spent once (INV-07, PX-24). Each limit of a scheme is a row that a posting raises under guard,
-- in the same transaction as the bill. The scheme's total over all distributors is handed out in slices, so that no bill waits for a
-- row of the whole network (docs/adr/0031). Every row can be derived again from the movements.
create table schemes.limit_balance (
    distributor_id bigint         not null,
    scheme_id      bigint         not null,
    scope          text           not null,
    outlet_id      uuid           not null,
    period         text           not null,
    principal_id   bigint         not null,
    granted        numeric(18, 3) not null default 0,
    soft           numeric(18, 3) not null default 0,
    used           numeric(18, 3) not null default 0,
    soft_free      numeric(18, 3) not null default 0,
    used_free      numeric(18, 3) not null default 0,
    soft_times     integer        not null default 0,
    used_times     integer        not null default 0,
    constraint limit_balance_pk primary key (distributor_id, scheme_id, scope, outlet_id, period),
    constraint limit_balance_scope check (scope in ('TOTAL', 'DISTRIBUTOR', 'OUTLET')),
    constraint limit_balance_money check (granted >= 0 and soft >= 0 and used >= 0),
    constraint limit_balance_goods check (soft_free >= 0 and used_free >= 0 and soft_times >= 0 and used_times >= 0)
) with (fillfactor = 50);

-- What one document did to one limit. The grant of a slice, or its return, moves `granted` alone.
create table schemes.limit_movement (
    distributor_id bigint         not null,
    business_date  date           not null,
    document_id    uuid           not null,
    scheme_id      bigint         not null,
    scope          text           not null,
    period         text           not null,
    scheme_version integer        not null,
    document_type  text           not null,
    principal_id   bigint         not null,
    outlet_id      uuid           not null,
    order_id       uuid,
    granted        numeric(18, 3) not null default 0,
    soft           numeric(18, 3) not null default 0,
    used           numeric(18, 3) not null default 0,
    soft_free      numeric(18, 3) not null default 0,
    used_free      numeric(18, 3) not null default 0,
    soft_times     integer        not null default 0,
    used_times     integer        not null default 0,
    recorded_at    timestamptz    not null,
    constraint limit_movement_pk primary key (distributor_id, business_date, document_id, scheme_id, scope, period)
) partition by range (business_date);
create index limit_movement_order on schemes.limit_movement (distributor_id, order_id) where order_id is not null;
create index limit_movement_grant on schemes.limit_movement (distributor_id, scheme_id, recorded_at) where granted <> 0;

-- The undivided rest of a scheme's total: a row of the network (distributor 0), touched when a slice is handed out or taken back.
create table schemes.budget_pool (
    distributor_id bigint         not null,
    scheme_id      bigint         not null,
    principal_id   bigint         not null,
    total          numeric(18, 3) not null,
    granted        numeric(18, 3) not null default 0,
    constraint budget_pool_pk primary key (distributor_id, scheme_id),
    constraint budget_pool_network check (distributor_id = 0),
    constraint budget_pool_range check (granted >= 0)
);

create table schemes.budget_grant (
    distributor_id    bigint         not null,
    id                uuid           not null,
    scheme_id         bigint         not null,
    principal_id      bigint         not null,
    to_distributor_id bigint         not null,
    amount            numeric(18, 3) not null,
    recorded_at       timestamptz    not null,
    constraint budget_grant_pk primary key (distributor_id, id),
    constraint budget_grant_network check (distributor_id = 0)
);
create index budget_grant_holder on schemes.budget_grant (distributor_id, scheme_id, to_distributor_id, recorded_at);

-- What outlets have earned outside of the invoice (PX-20 M8, M9, M11, M12, and what is settled by credit note): one row for each
-- outlet, scheme, period and, where units are carried SKU by SKU, SKU (else 0); below it, what made it.
create table schemes.accrual (
    distributor_id bigint         not null,
    scheme_id      bigint         not null,
    outlet_id      uuid           not null,
    period         text           not null,
    sku_id         bigint         not null,
    principal_id   bigint         not null,
    scheme_version integer        not null,
    kind           text           not null,
    unit           text           not null,
    counted        numeric(18, 3) not null default 0,
    value          numeric(18, 2) not null default 0,
    accrued        numeric(18, 2) not null default 0,
    carry          numeric(18, 3) not null default 0,
    growth_base    numeric(18, 2),
    settled        numeric(18, 2) not null default 0,
    constraint accrual_pk primary key (distributor_id, scheme_id, outlet_id, period, sku_id)
) with (fillfactor = 50);

create table schemes.accrual_entry (
    distributor_id    bigint         not null,
    business_date     date           not null,
    document_id       uuid           not null,
    scheme_id         bigint         not null,
    period            text           not null,
    sku_id            bigint         not null,
    scheme_version    integer        not null,
    document_type     text           not null,
    principal_id      bigint         not null,
    outlet_id         uuid           not null,
    counted           numeric(18, 3) not null,
    value             numeric(18, 2) not null,
    amount            numeric(18, 2) not null,
    carry             numeric(18, 3) not null default 0,
    principal_share   numeric(18, 2) not null default 0,
    distributor_share numeric(18, 2) not null default 0,
    recorded_at       timestamptz    not null,
    constraint accrual_entry_pk primary key (distributor_id, business_date, document_id, scheme_id, period, sku_id)
) partition by range (business_date);
create index accrual_entry_scheme on schemes.accrual_entry (distributor_id, scheme_id, outlet_id);
