-- Why: one set of facts for every KPI and for both engines. Facts carry where they come from and how good they are, the outlet's
-- place on their business date (an outlet that changes its beat keeps its past), and a version that rises with every change of a
-- distributor's facts: who keeps a copy reads what is newer. Everything here is derived; the feed makes it again from its beginning.
create table insight.facts_head (
    distributor_id bigint      not null,
    version        bigint      not null,
    epoch          bigint      not null default 0,
    moved_at       timestamptz not null,
    filed_at       timestamptz,
    constraint facts_head_pk primary key (distributor_id)
) with (fillfactor = 50);

create table insight.outlet_place (
    distributor_id     bigint  not null,
    outlet_id          uuid    not null,
    from_on            date    not null,
    to_on              date,
    since              date    not null,
    platform_outlet_id uuid    not null,
    beat_id            uuid,
    channel            text    not null,
    outlet_class       text    not null,
    status             text    not null,
    name               text    not null,
    version            bigint  not null,
    constraint outlet_place_pk primary key (distributor_id, outlet_id, from_on)
);
create index outlet_place_version on insight.outlet_place (distributor_id, version);

drop table insight.sales_document;
create table insight.sales_document (
    distributor_id  bigint         not null,
    business_date   date           not null,
    id              uuid           not null,
    kind            text           not null,
    principal_id    bigint         not null,
    outlet_id       uuid           not null,
    beat_id         uuid,
    channel         text           not null,
    outlet_class    text           not null,
    number          text           not null,
    order_id        uuid,
    delivered_on    date,
    reason          text,
    lines           integer        not null,
    nsv             numeric(18, 2) not null,
    gross           numeric(18, 2) not null,
    scheme_discount numeric(18, 2) not null,
    manual_discount numeric(18, 2) not null,
    returned        numeric(18, 2) not null,
    billed_qty      numeric(18, 3) not null,
    free_qty        numeric(18, 3) not null,
    returned_qty    numeric(18, 3) not null,
    cost            numeric(18, 2) not null,
    payable         numeric(18, 2) not null,
    cancelled       boolean        not null default false,
    source          text           not null default 'LIVE',
    quality         text           not null default 'OK',
    version         bigint         not null,
    constraint sales_document_pk primary key (distributor_id, business_date, id),
    constraint sales_document_kind check (kind in ('INVOICE', 'CREDIT_NOTE')),
    constraint sales_document_source check (source in ('LIVE', 'FILE')),
    constraint sales_document_quality check (quality in ('OK', 'ESTIMATED', 'SUSPECT')),
    constraint sales_document_nsv check (nsv = gross - scheme_discount - manual_discount - returned)
);
create index sales_document_id on insight.sales_document (distributor_id, id);
create index sales_document_outlet on insight.sales_document (distributor_id, outlet_id, business_date);
create index sales_document_order on insight.sales_document (distributor_id, order_id) where order_id is not null;
create index sales_document_version on insight.sales_document (distributor_id, version);

-- A row whose documents were all cancelled stays, with lines 0.
drop table insight.sales_daily;
create table insight.sales_daily (
    distributor_id  bigint         not null,
    business_date   date           not null,
    outlet_id       uuid           not null,
    sku_id          bigint         not null,
    source          text           not null default 'LIVE',
    quality         text           not null default 'OK',
    principal_id    bigint         not null,
    beat_id         uuid,
    channel         text           not null,
    outlet_class    text           not null,
    bills           integer        not null,
    lines           integer        not null,
    invoice_lines   integer        not null,
    priced_lines    integer        not null,
    nsv             numeric(18, 2) not null,
    gross           numeric(18, 2) not null,
    scheme_discount numeric(18, 2) not null,
    manual_discount numeric(18, 2) not null,
    returned        numeric(18, 2) not null,
    billed_qty      numeric(18, 3) not null,
    free_qty        numeric(18, 3) not null,
    returned_qty    numeric(18, 3) not null,
    cost            numeric(18, 2) not null,
    version         bigint         not null,
    constraint sales_daily_pk primary key (distributor_id, business_date, outlet_id, sku_id, source),
    constraint sales_daily_source check (source in ('LIVE', 'FILE')),
    constraint sales_daily_nsv check (nsv = gross - scheme_discount - manual_discount - returned)
) with (fillfactor = 90);
create index sales_daily_version on insight.sales_daily (distributor_id, version);

-- By SKU and month (business_date is its first day): whole months of a whole network are answered from it.
create table insight.sales_month (
    distributor_id  bigint         not null,
    business_date   date           not null,
    sku_id          bigint         not null,
    source          text           not null,
    principal_id    bigint         not null,
    nsv             numeric(18, 2) not null,
    gross           numeric(18, 2) not null,
    scheme_discount numeric(18, 2) not null,
    manual_discount numeric(18, 2) not null,
    returned        numeric(18, 2) not null,
    billed_qty      numeric(18, 3) not null,
    free_qty        numeric(18, 3) not null,
    returned_qty    numeric(18, 3) not null,
    cost            numeric(18, 2) not null,
    invoice_lines   integer        not null,
    priced_lines    integer        not null,
    version         bigint         not null,
    constraint sales_month_pk primary key (distributor_id, business_date, sku_id, source)
) with (fillfactor = 80);
create index sales_month_version on insight.sales_month (distributor_id, version);

create table insight.scheme_use (
    distributor_id bigint         not null,
    business_date  date           not null,
    id             uuid           not null,
    scheme_id      bigint         not null,
    sku_id         bigint         not null,
    kind           text           not null,
    principal_id   bigint         not null,
    outlet_id      uuid           not null,
    beat_id        uuid,
    channel        text           not null,
    outlet_class   text           not null,
    number         text           not null,
    benefit        numeric(18, 2) not null,
    claim          numeric(18, 2) not null,
    cancelled      boolean        not null default false,
    source         text           not null default 'LIVE',
    quality        text           not null default 'OK',
    version        bigint         not null,
    constraint scheme_use_pk primary key (distributor_id, business_date, id, scheme_id, sku_id)
);
create index scheme_use_id on insight.scheme_use (distributor_id, id);
create index scheme_use_version on insight.scheme_use (distributor_id, version);

create table insight.return_line (
    distributor_id bigint         not null,
    business_date  date           not null,
    id             uuid           not null,
    sku_id         bigint         not null,
    reason         text           not null,
    principal_id   bigint         not null,
    outlet_id      uuid           not null,
    beat_id        uuid,
    channel        text           not null,
    outlet_class   text           not null,
    number         text           not null,
    value          numeric(18, 2) not null,
    qty            numeric(18, 3) not null,
    cancelled      boolean        not null default false,
    source         text           not null default 'LIVE',
    quality        text           not null default 'OK',
    version        bigint         not null,
    constraint return_line_pk primary key (distributor_id, business_date, id, sku_id)
);
create index return_line_id on insight.return_line (distributor_id, id);
create index return_line_version on insight.return_line (distributor_id, version);

drop table insight.primary_daily;
create table insight.primary_daily (
    distributor_id bigint         not null,
    business_date  date           not null,
    sku_id         bigint         not null,
    source         text           not null default 'LIVE',
    quality        text           not null default 'OK',
    principal_id   bigint         not null,
    lines          integer        not null,
    value          numeric(18, 2) not null,
    billed_qty     numeric(18, 3) not null,
    free_qty       numeric(18, 3) not null,
    short_qty      numeric(18, 3) not null,
    version        bigint         not null,
    constraint primary_daily_pk primary key (distributor_id, business_date, sku_id, source)
) with (fillfactor = 90);
create index primary_daily_version on insight.primary_daily (distributor_id, version);
truncate insight.primary_document;

create table insight.order_line (
    distributor_id bigint         not null,
    business_date  date           not null,
    id             uuid           not null,
    line           integer        not null,
    principal_id   bigint         not null,
    outlet_id      uuid           not null,
    beat_id        uuid,
    channel        text           not null,
    outlet_class   text           not null,
    sku_id         bigint         not null,
    ordered_qty    numeric(18, 3) not null,
    delivered_qty  numeric(18, 3) not null,
    rate           numeric(18, 6) not null,
    promise_on     date           not null,
    delivered_on   date,
    state          text           not null,
    reason         text,
    source         text           not null default 'LIVE',
    quality        text           not null default 'OK',
    version        bigint         not null,
    constraint order_line_pk primary key (distributor_id, business_date, id, line),
    constraint order_line_state check (state in ('OPEN', 'DELIVERED', 'CANCELLED_CUSTOMER', 'CANCELLED_SUPPLIER'))
);
create index order_line_id on insight.order_line (distributor_id, id);
create index order_line_version on insight.order_line (distributor_id, version);

-- What a day changed in saleable and reserved stock; today's balance less what came after is the closing of any day.
create table insight.stock_daily (
    distributor_id bigint         not null,
    business_date  date           not null,
    sku_id         bigint         not null,
    source         text           not null default 'LIVE',
    quality        text           not null default 'OK',
    principal_id   bigint         not null,
    qty            numeric(18, 3) not null,
    value          numeric(18, 2) not null,
    issued_cost    numeric(18, 2) not null,
    version        bigint         not null,
    constraint stock_daily_pk primary key (distributor_id, business_date, sku_id, source)
) with (fillfactor = 80);
create index stock_daily_version on insight.stock_daily (distributor_id, version);

-- By month (business_date is its first day): month ends need no days.
create table insight.stock_month (
    distributor_id bigint         not null,
    business_date  date           not null,
    sku_id         bigint         not null,
    source         text           not null,
    principal_id   bigint         not null,
    qty            numeric(18, 3) not null,
    value          numeric(18, 2) not null,
    issued_cost    numeric(18, 2) not null,
    version        bigint         not null,
    constraint stock_month_pk primary key (distributor_id, business_date, sku_id, source)
) with (fillfactor = 80);
create index stock_month_version on insight.stock_month (distributor_id, version);

-- What a day changed in what outlets owe: charged to them, credited to them, paid by them.
create table insight.receivable_daily (
    distributor_id bigint         not null,
    business_date  date           not null,
    outlet_id      uuid           not null,
    source         text           not null default 'LIVE',
    quality        text           not null default 'OK',
    principal_id   bigint         not null,
    beat_id        uuid,
    channel        text           not null,
    outlet_class   text           not null,
    charged        numeric(18, 2) not null,
    credited       numeric(18, 2) not null,
    collected      numeric(18, 2) not null,
    version        bigint         not null,
    constraint receivable_daily_pk primary key (distributor_id, business_date, outlet_id, principal_id, source)
) with (fillfactor = 80);
create index receivable_daily_version on insight.receivable_daily (distributor_id, version);

-- Facts that only files bring: what the product's own ledgers hold for distributors who keep their books here.
create table insight.file_line (
    distributor_id  bigint         not null,
    business_date   date           not null,
    document_id     uuid           not null,
    line            integer        not null,
    principal_id    bigint         not null,
    sku_id          bigint         not null,
    qty             numeric(18, 3) not null,
    free_qty        numeric(18, 3) not null,
    gross           numeric(18, 2) not null,
    scheme_discount numeric(18, 2) not null,
    manual_discount numeric(18, 2) not null,
    cost            numeric(18, 2) not null,
    priced          boolean        not null,
    constraint file_line_pk primary key (distributor_id, business_date, document_id, line)
);
create index file_line_document on insight.file_line (distributor_id, document_id);

create table insight.file_receipt_line (
    distributor_id bigint         not null,
    business_date  date           not null,
    document_id    uuid           not null,
    line           integer        not null,
    principal_id   bigint         not null,
    sku_id         bigint         not null,
    quality        text           not null,
    billed_qty     numeric(18, 3) not null,
    free_qty       numeric(18, 3) not null,
    short_qty      numeric(18, 3) not null,
    value          numeric(18, 2) not null,
    constraint file_receipt_line_pk primary key (distributor_id, business_date, document_id, line)
);
create index file_receipt_line_document on insight.file_receipt_line (distributor_id, document_id);

create table insight.stock_batch (
    distributor_id bigint         not null,
    line           integer        not null,
    sku_id         bigint         not null,
    principal_id   bigint         not null,
    batch_no       text           not null,
    bucket         text           not null,
    qty            numeric(18, 3) not null,
    unit_cost      numeric(18, 6) not null,
    expires_on     date,
    as_of          date           not null,
    quality        text           not null,
    constraint stock_batch_pk primary key (distributor_id, line)
);

create table insight.receivable_item (
    distributor_id bigint         not null,
    document_id    uuid           not null,
    principal_id   bigint         not null,
    outlet_id      uuid           not null,
    kind           text           not null,
    number         text           not null,
    business_date  date           not null,
    due_on         date           not null,
    amount         numeric(18, 2) not null,
    open_amount    numeric(18, 2) not null,
    as_of          date           not null,
    quality        text           not null,
    constraint receivable_item_pk primary key (distributor_id, document_id)
);

create table insight.visit (
    distributor_id bigint  not null,
    business_date  date    not null,
    id             uuid    not null,
    outlet_id      uuid    not null,
    beat_id        uuid,
    channel        text    not null,
    outlet_class   text    not null,
    rep            text    not null,
    planned        boolean not null,
    done           boolean not null,
    productive     boolean not null,
    skus           integer not null,
    in_fence       boolean,
    source         text    not null default 'FILE',
    quality        text    not null default 'OK',
    version        bigint  not null,
    constraint visit_pk primary key (distributor_id, business_date, id)
);
create index visit_id on insight.visit (distributor_id, id);
create index visit_version on insight.visit (distributor_id, version);

create table insight.target (
    distributor_id bigint         not null,
    metric         text           not null,
    business_date  date           not null,
    value          numeric(18, 2) not null,
    source         text           not null default 'FILE',
    version        bigint         not null,
    constraint target_pk primary key (distributor_id, metric, business_date),
    constraint target_month check (extract(day from business_date) = 1)
);
create index target_version on insight.target (distributor_id, version);

create table insight.saved_view (
    owner_id   bigint      not null,
    id         uuid        not null,
    owner_name text        not null,
    name       text        not null,
    question   text        not null,
    look       text        not null,
    pinned     boolean     not null,
    position   integer     not null,
    shared     boolean     not null,
    changed_at timestamptz not null,
    version    integer     not null default 1,
    constraint saved_view_pk primary key (owner_id, id)
);

alter table platform.feed_cursor no force row level security;
update platform.feed_cursor set seq = 0 where consumer = 'insight';
alter table platform.feed_cursor force row level security;
