-- Why: a document that goes over a network is sent to an electronic address (BT-34, BT-49), which no tax number replaces. The row
-- without an outlet is the distributor's own.
create table tax.electronic_address (
    distributor_id bigint  not null,
    id             uuid    not null,
    outlet_id      uuid,
    scheme         text    not null,
    address        text    not null,
    version        integer not null default 1,
    constraint electronic_address_pk primary key (distributor_id, id),
    constraint electronic_address_party unique nulls not distinct (distributor_id, outlet_id),
    constraint electronic_address_outlet foreign key (distributor_id, outlet_id) references network.outlet (distributor_id, id)
);
