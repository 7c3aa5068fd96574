-- Credit notes without tax are trade spend, not negative sales (KPI-01): a row per note and SKU.
create table insight.note_line (
    distributor_id bigint         not null,
    business_date  date           not null,
    id             uuid           not null,
    sku_id         bigint         not null,
    principal_id   bigint         not null,
    outlet_id      uuid           not null,
    beat_id        uuid,
    channel        text           not null,
    outlet_class   text           not null,
    number         text           not null,
    value          numeric(18, 2) not null,
    cancelled      boolean        not null default false,
    source         text           not null default 'LIVE',
    quality        text           not null default 'OK',
    version        bigint         not null,
    constraint note_line_pk primary key (distributor_id, business_date, id, sku_id)
);
create index note_line_id on insight.note_line (distributor_id, id);
create index note_line_version on insight.note_line (distributor_id, version);
