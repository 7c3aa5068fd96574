-- Why: super-stockist, distributor and sub-distributor are one chain (DST-05); each hop is a sale with its own invoice. Who
-- supplies whom is a fact of the master, so that figures can be asked by tier and by super-stockist.
alter table network.distributor add column tier text not null default 'DISTRIBUTOR';
alter table network.distributor add column supplier_id bigint;
alter table network.distributor add constraint distributor_tier check (tier in ('SUPER_STOCKIST', 'DISTRIBUTOR', 'SUB_DISTRIBUTOR'));
alter table network.distributor add constraint distributor_supplier foreign key (supplier_id) references network.distributor (id);
alter table network.distributor add constraint distributor_not_its_own check (supplier_id is null or supplier_id <> id and tier <> 'SUPER_STOCKIST');
