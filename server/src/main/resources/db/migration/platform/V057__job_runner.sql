-- Why: a job survives its node: what it has to do is kept with it, and a heartbeat tells whether somebody still works on it.
alter table platform.job add column body text not null default '';
alter table platform.job add column distributor_id bigint;
alter table platform.job add column heartbeat_at timestamptz;
alter table platform.job add column cancel_requested boolean not null default false;
create index job_recent on platform.job (created_at);
