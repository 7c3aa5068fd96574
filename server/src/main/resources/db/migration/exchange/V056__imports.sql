-- Why: an import is dry-run first, confirmed, run as a job, and continued with the corrected error file (UX section 7); its
-- file and its result are kept for the history. What a heading meant once is remembered for the next file.
create schema exchange;

create table exchange.import_run (
    id             uuid        not null,
    type           text        not null,
    distributor_id bigint,
    file_name      text        not null,
    content        bytea       not null,
    mapping        text        not null,
    state          text        not null,
    total_rows     integer     not null,
    new_rows       integer     not null,
    changed_rows   integer     not null,
    same_rows      integer     not null,
    bad_rows       integer     not null,
    written_rows   integer     not null default 0,
    preview        text        not null,
    error_file     bytea,
    continues_id   uuid,
    job_id         uuid,
    message        text,
    created_by     bigint      not null,
    created_name   text        not null,
    created_at     timestamptz not null,
    finished_at    timestamptz,
    constraint import_run_pk primary key (id),
    constraint import_run_state check (state in ('READY', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED'))
);
create index import_run_recent on exchange.import_run (created_at);

create table exchange.column_memory (
    type        text not null,
    heading     text not null,
    column_name text not null,
    constraint column_memory_pk primary key (type, heading)
);
