-- Why: a retrospective scheme pays for the bills before its approval by credit note (PX-42, EX-29); each distributor's bills are gone
-- through once for each version.
create table billing.retrospective_run (
    distributor_id bigint      not null,
    scheme_id      bigint      not null,
    scheme_version integer     not null,
    bills          integer     not null,
    done_at        timestamptz not null,
    constraint retrospective_run_pk primary key (distributor_id, scheme_id, scheme_version)
);
