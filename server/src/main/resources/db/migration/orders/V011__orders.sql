-- Why: secondary orders and their batch allocation (domain/02 section 2.5).
create schema orders;

create table orders.sales_order (
    distributor_id bigint         not null,
    id             uuid           not null,
    principal_id   bigint         not null,
    outlet_id      uuid           not null,
    warehouse_id   uuid           not null,
    number         text           not null,
    business_date  date           not null,
    status         text           not null,
    hold_reason    text,
    indicative     numeric(18, 2) not null,
    note           text,
    recorded_at    timestamptz    not null,
    recorded_by    text           not null,
    changed_at     timestamptz    not null,
    version        integer        not null default 1,
    constraint sales_order_pk primary key (distributor_id, id),
    constraint sales_order_status check (status in ('BOOKED', 'ON_HOLD', 'ALLOCATED', 'PART_ALLOCATED', 'INVOICED', 'CANCELLED'))
);
create index sales_order_open on orders.sales_order (distributor_id, outlet_id) where status in ('BOOKED', 'ON_HOLD', 'ALLOCATED', 'PART_ALLOCATED');
create index sales_order_day on orders.sales_order (distributor_id, business_date);

create table orders.sales_order_line (
    distributor_id bigint         not null,
    order_id       uuid           not null,
    line           integer        not null,
    principal_id   bigint         not null,
    sku_id         bigint         not null,
    qty            numeric(18, 3) not null,
    rate           numeric(18, 6) not null,
    amount         numeric(18, 2) not null,
    constraint sales_order_line_pk primary key (distributor_id, order_id, line),
    constraint sales_order_line_qty check (qty > 0),
    constraint sales_order_line_order foreign key (distributor_id, order_id) references orders.sales_order (distributor_id, id)
);

create table orders.batch_allocation (
    distributor_id bigint         not null,
    order_id       uuid           not null,
    line           integer        not null,
    batch_id       uuid           not null,
    principal_id   bigint         not null,
    warehouse_id   uuid           not null,
    sku_id         bigint         not null,
    qty            numeric(18, 3) not null,
    unit_cost      numeric(18, 6) not null,
    constraint batch_allocation_pk primary key (distributor_id, order_id, line, batch_id),
    constraint batch_allocation_qty check (qty >= 0),
    constraint batch_allocation_order foreign key (distributor_id, order_id) references orders.sales_order (distributor_id, id)
);

create table orders.order_event (
    distributor_id bigint      not null,
    order_id       uuid        not null,
    seq            integer     not null,
    principal_id   bigint      not null,
    status         text        not null,
    reason         text,
    recorded_at    timestamptz not null,
    recorded_by    text        not null,
    constraint order_event_pk primary key (distributor_id, order_id, seq)
);
