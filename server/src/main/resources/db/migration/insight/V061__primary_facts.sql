-- Why: primary sales stand beside secondary (ANA-01): what the principal billed to the distributor, by the day the goods
-- were received. The document rows make the feed safe against a receipt that is told twice.
create table insight.primary_document (
    distributor_id bigint not null,
    id             uuid   not null,
    business_date  date   not null,
    constraint primary_document_pk primary key (distributor_id, id)
);

create table insight.primary_daily (
    distributor_id bigint         not null,
    business_date  date           not null,
    sku_id         bigint         not null,
    principal_id   bigint         not null,
    lines          integer        not null,
    value          numeric(18, 2) not null,
    billed_qty     numeric(18, 3) not null,
    free_qty       numeric(18, 3) not null,
    constraint primary_daily_pk primary key (distributor_id, business_date, sku_id)
) with (fillfactor = 90);
