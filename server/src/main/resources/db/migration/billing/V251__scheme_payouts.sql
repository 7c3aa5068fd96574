-- Why: what outlets have earned outside of their bills (QPS, TOD, rebates, retrospective schemes) is paid by a credit note to the
-- outlet (P-15), one for each outlet and run; a run that is asked for again pays nothing twice.
create table billing.scheme_payout (
    distributor_id bigint         not null,
    id             uuid           not null,
    run_id         uuid           not null,
    principal_id   bigint         not null,
    outlet_id      uuid           not null,
    scheme_id      bigint         not null,
    scheme_version integer        not null,
    number         text           not null,
    business_date  date           not null,
    amount         numeric(18, 2) not null,
    periods        text           not null,
    recorded_at    timestamptz    not null,
    recorded_by    text           not null,
    constraint scheme_payout_pk primary key (distributor_id, id),
    constraint scheme_payout_amount check (amount > 0)
);
create unique index scheme_payout_run on billing.scheme_payout (distributor_id, run_id, scheme_id, outlet_id);
create index scheme_payout_scheme on billing.scheme_payout (distributor_id, scheme_id, outlet_id);
