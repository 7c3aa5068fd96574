-- Why: a number series is opened, closed and imported like any master, so it has an id and a version; a posting, which only
-- moves next_number, changes neither.
alter table platform.number_sequence add column id uuid not null default gen_random_uuid();
alter table platform.number_sequence add column version integer not null default 1;
alter table platform.number_sequence add constraint number_sequence_id unique (distributor_id, id);
