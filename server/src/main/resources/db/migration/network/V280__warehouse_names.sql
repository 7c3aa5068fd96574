-- Why: a scheme may be for chosen warehouses (SCH-09). Schemes are the network's, warehouses are rows of one distributor each,
-- which no network-wide list may see; so their codes and names are kept where every list can read them.
create table network.warehouse_name (
    id             uuid   not null,
    distributor_id bigint not null,
    code           text   not null,
    name           text   not null,
    status         text   not null default 'ACTIVE',
    constraint warehouse_name_pk primary key (id),
    constraint warehouse_name_code unique (distributor_id, code),
    constraint warehouse_name_distributor foreign key (distributor_id) references network.distributor (id)
);

alter table network.warehouse no force row level security;
insert into network.warehouse_name (id, distributor_id, code, name, status)
select w.id, w.distributor_id, w.code, w.name, w.status from network.warehouse w;
alter table network.warehouse force row level security;
