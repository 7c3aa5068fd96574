-- Why: credit terms are set and imported like any master, so an account has an id; a posting moves its balance only.
alter table receivables.outlet_account add column id uuid not null default gen_random_uuid();
alter table receivables.outlet_account add constraint outlet_account_id unique (distributor_id, id);
