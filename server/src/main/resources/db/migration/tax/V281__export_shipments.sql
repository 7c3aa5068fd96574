-- Why: customs' shipping bill and port of an export are known days after its bill, and are stated with it in table 6A of GSTR-1, in
-- table 9A where the month was filed before, and in the e-invoice where that is still to be sent (IN-33, IN-50). The bill itself is
-- never changed. The day is in the row, as a month's exports are found by it.
create table tax.export_shipment (
    distributor_id  bigint      not null,
    document_id     uuid        not null,
    business_date   date        not null,
    shipping_bill   text,
    shipped_on      date,
    port_code       text        not null,
    country         text        not null,
    recorded_at     timestamptz not null,
    recorded_by     text        not null,
    version         integer     not null default 1,
    constraint export_shipment_pk primary key (distributor_id, document_id),
    constraint export_shipment_bill check ((shipping_bill is null) = (shipped_on is null)),
    constraint export_shipment_country check (country ~ '^[A-Z]{2}$' and country <> 'IN')
);
create index export_shipment_month on tax.export_shipment (distributor_id, business_date);
