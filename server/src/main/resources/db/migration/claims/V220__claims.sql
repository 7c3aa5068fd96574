-- Why: a claim is made of posted benefits (domain/06 section 6.1). One sale stands in one claim of a type: the unique key over the
-- source says so, whatever code path writes. A claim's lines carry what the bill gave, what the rules leave and what was decided.
create schema claims;

create table claims.claim (
    distributor_id   bigint         not null,
    id               uuid           not null,
    principal_id     bigint         not null,
    number           text           not null,
    type             text           not null,
    scheme_id        bigint         not null,
    scheme_version   integer        not null,
    period           text           not null,
    period_from      date           not null,
    period_to        date           not null,
    currency         text           not null,
    status           text           not null default 'DRAFT',
    awaits           text           default 'DISTRIBUTOR',
    line_count       integer        not null default 0,
    fail_lines       integer        not null default 0,
    warn_lines       integer        not null default 0,
    entitled         numeric(18, 2) not null default 0,
    claimed          numeric(18, 2) not null default 0,
    netted           numeric(18, 2) not null default 0,
    allowed          numeric(18, 2),
    approved         numeric(18, 2),
    -- what the books say of it: taken into 1400, written off to 5120, paid by credit note
    submitted        numeric(18, 2) not null default 0,
    disallowed       numeric(18, 2) not null default 0,
    settled          numeric(18, 2) not null default 0,
    round            integer        not null default 1,
    validated_at     timestamptz,
    warn_score       integer        not null default 0,
    risk_score       numeric(5, 1),
    risk_band        text,
    risk_reasons     text           not null default '[]',
    straight_through boolean        not null default false,
    holdout          boolean        not null default false,
    batch            text,
    clock_started_at timestamptz,
    clock_days       integer        not null default 0,
    due_on           date,
    paused_on        date,
    escalated        integer        not null default 0,
    filing_until     date           not null,
    late             boolean        not null default false,
    waived           boolean        not null default false,
    queried_at       timestamptz,
    queries          integer        not null default 0,
    paused_days      integer        not null default 0,
    drafted_at       timestamptz    not null,
    submitted_at     timestamptz,
    submitted_by     text,
    submitted_id     bigint,
    proposed_at      timestamptz,
    proposed_by      text,
    proposed_id      bigint,
    proposed_reason  text,
    decided_at       timestamptz,
    decided_by       text,
    decided_id       bigint,
    first_decider_id bigint,
    disputed_at      timestamptz,
    disputes         integer        not null default 0,
    overturned       boolean        not null default false,
    settled_at       timestamptz,
    version          integer        not null default 1,
    constraint claim_pk primary key (distributor_id, id),
    constraint claim_number unique (distributor_id, number),
    constraint claim_type check (type in ('CT-1', 'CT-2')),
    constraint claim_status check (status in ('DRAFT', 'SUBMITTED', 'AUTO_VALIDATED', 'IN_REVIEW', 'QUERY', 'APPROVED', 'PARTLY_APPROVED', 'REJECTED', 'SETTLED', 'DISPUTED', 'WITHDRAWN')),
    -- SOD-1, SOD-5: who files a claim does not decide it, who proposes a decision does not confirm it
    constraint claim_maker_is_not_checker check (submitted_id is null or ((proposed_id is null or proposed_id <> submitted_id) and (decided_id is null or decided_id <> submitted_id))),
    constraint claim_two_people check (proposed_id is null or decided_id is null or proposed_id <> decided_id),
    constraint claim_money check (submitted - disallowed - settled = 0 or status not in ('SETTLED', 'WITHDRAWN') )
) with (fillfactor = 70);
create unique index claim_of_period on claims.claim (distributor_id, type, scheme_id, scheme_version, period_from) where status <> 'WITHDRAWN';
create index claim_open on claims.claim (distributor_id, status);

create table claims.claim_line (
    distributor_id bigint         not null,
    claim_id       uuid           not null,
    line           integer        not null,
    principal_id   bigint         not null,
    type           text           not null,
    scheme_id      bigint         not null,
    sort           text           not null,
    kind           text           not null,
    source_id      uuid           not null,
    source_line    integer        not null,
    source_part    integer        not null,
    source_period  text           not null default '',
    source_sku     bigint         not null default 0,
    sale_id        uuid           not null,
    bill_key       text           not null,
    business_date  date           not null,
    outlet_id      uuid           not null,
    channel        text           not null,
    outlet_class   text           not null,
    sku_id         bigint,
    qty            numeric(18, 3) not null default 0,
    free_qty       numeric(18, 3) not null default 0,
    rate           numeric(18, 6) not null default 0,
    entitled       numeric(18, 2) not null,
    claimed        numeric(18, 2) not null,
    allowed        numeric(18, 2),
    approved       numeric(18, 2),
    proposed       numeric(18, 2),
    booked         numeric(18, 2) not null default 0,
    settled        numeric(18, 2) not null default 0,
    worst          text           not null default 'PASS',
    reason         text,
    note           text,
    live           boolean        not null default true,
    constraint claim_line_pk primary key (distributor_id, claim_id, line),
    constraint claim_line_claim foreign key (distributor_id, claim_id) references claims.claim (distributor_id, id),
    constraint claim_line_sort check (sort in ('SALE', 'RETURN', 'RECOVERY')),
    constraint claim_line_approved check (approved is null or sort <> 'SALE' or approved <= least(claimed, entitled) or approved <= 0)
) with (fillfactor = 80);
-- one sale, one claim per type
create unique index claim_line_once on claims.claim_line (distributor_id, type, source_id, source_line, source_part, scheme_id, source_period, source_sku) where live;
create index claim_line_bill on claims.claim_line (distributor_id, scheme_id, outlet_id, bill_key) where live;

-- What the rules found: one row for each line and rule that did not pass, one count for each rule; a line without a row has passed.
create table claims.rule_result (
    distributor_id bigint         not null,
    claim_id       uuid           not null,
    round          integer        not null,
    rule           text           not null,
    line           integer        not null,
    principal_id   bigint         not null,
    result         text           not null,
    score          integer        not null default 0,
    cut            numeric(18, 2) not null default 0,
    numbers        text           not null default '{}',
    constraint rule_result_pk primary key (distributor_id, claim_id, round, rule, line),
    constraint rule_result_result check (result in ('WARN', 'FAIL', 'BLOCK'))
);

create table claims.rule_count (
    distributor_id bigint         not null,
    claim_id       uuid           not null,
    round          integer        not null,
    rule           text           not null,
    principal_id   bigint         not null,
    checked        integer        not null,
    warned         integer        not null,
    failed         integer        not null,
    blocked        integer        not null,
    cut            numeric(18, 2) not null,
    constraint rule_count_pk primary key (distributor_id, claim_id, round, rule)
);

-- CL-27: whether a person who decided agreed with the rule.
create table claims.rule_feedback (
    distributor_id bigint      not null,
    claim_id       uuid        not null,
    round          integer     not null,
    rule           text        not null,
    line           integer     not null,
    principal_id   bigint      not null,
    agreed         boolean     not null,
    said_at        timestamptz not null,
    said_by        text        not null,
    constraint rule_feedback_pk primary key (distributor_id, claim_id, round, rule, line)
);

create table claims.claim_event (
    distributor_id bigint      not null,
    claim_id       uuid        not null,
    seq            integer     not null,
    principal_id   bigint      not null,
    at             timestamptz not null,
    actor          text        not null,
    on_behalf_of   text,
    action         text        not null,
    from_status    text,
    to_status      text        not null,
    reason         text,
    note           text,
    details        text        not null default '{}',
    constraint claim_event_pk primary key (distributor_id, claim_id, seq)
);

create table claims.evidence (
    distributor_id bigint      not null,
    claim_id       uuid        not null,
    kind           text        not null,
    hash           text        not null,
    principal_id   bigint      not null,
    name           text        not null,
    note           text,
    added_at       timestamptz not null,
    added_by       text        not null,
    constraint evidence_pk primary key (distributor_id, claim_id, kind, hash),
    constraint evidence_kind check (kind in ('PAYOUT_PROOF', 'INVOICE_COPY', 'PHOTO', 'OTHER'))
);
create index evidence_hash on claims.evidence (distributor_id, hash);

-- The principal's credit note to the distributor: one may settle many claims (CL-25).
create table claims.settlement (
    distributor_id        bigint         not null,
    id                    uuid           not null,
    principal_id          bigint         not null,
    number                text           not null,
    treatment             text           not null,
    business_date         date           not null,
    currency              text           not null,
    amount                numeric(18, 2) not null,
    tax                   numeric(18, 2) not null,
    batch                 text,
    principal_note_number text,
    posted_at             timestamptz    not null,
    posted_by             text           not null,
    constraint settlement_pk primary key (distributor_id, id),
    constraint settlement_number unique (distributor_id, number),
    constraint settlement_treatment check (treatment in ('FIN_CN', 'TAX_CN'))
);

create table claims.settlement_claim (
    distributor_id bigint         not null,
    settlement_id  uuid           not null,
    claim_id       uuid           not null,
    principal_id   bigint         not null,
    amount         numeric(18, 2) not null,
    constraint settlement_claim_pk primary key (distributor_id, settlement_id, claim_id)
);
create index settlement_claim_claim on claims.settlement_claim (distributor_id, claim_id);

create table claims.settlement_tax (
    distributor_id bigint         not null,
    settlement_id  uuid           not null,
    rate           numeric(9, 6)  not null,
    principal_id   bigint         not null,
    taxable        numeric(18, 2) not null,
    cgst           numeric(18, 2) not null,
    sgst           numeric(18, 2) not null,
    igst           numeric(18, 2) not null,
    constraint settlement_tax_pk primary key (distributor_id, settlement_id, rate)
);

-- The trade-spend ledger after the bill: what was promised and accrued stands in the bills' own rows (docs/adr/0090).
create table claims.spend_entry (
    distributor_id bigint         not null,
    business_date  date           not null,
    document_id    uuid           not null,
    stage          text           not null,
    claim_id       uuid           not null,
    claim_line     integer        not null,
    principal_id   bigint         not null,
    scheme_id      bigint         not null,
    scheme_version integer        not null,
    outlet_id      uuid           not null,
    sku_id         bigint,
    sale_id        uuid           not null,
    amount         numeric(18, 2) not null,
    recorded_at    timestamptz    not null,
    constraint spend_entry_pk primary key (distributor_id, business_date, document_id, stage, claim_id, claim_line),
    constraint spend_entry_stage check (stage in ('CLAIMED', 'APPROVED', 'DISALLOWED', 'SETTLED'))
) partition by range (business_date);
create index spend_entry_scheme on claims.spend_entry (distributor_id, scheme_id);

-- Numbers of claims and of the credit notes that settle them; its row is what serialises drafting and settling.
create table claims.series (
    distributor_id bigint  not null,
    kind           text    not null,
    fiscal_year    integer not null,
    next_number    bigint  not null default 1,
    constraint series_pk primary key (distributor_id, kind, fiscal_year)
);

-- Accruals outside of the bill (QPS, TOD, rebates by credit note) as they were booked, day by day (P-15, CL-26).
create table claims.accrual_booking (
    distributor_id bigint         not null,
    business_date  date           not null,
    source_id      uuid           not null,
    scheme_id      bigint         not null,
    period         text           not null,
    sku_id         bigint         not null,
    principal_id   bigint         not null,
    scheme_version integer        not null,
    outlet_id      uuid           not null,
    amount         numeric(18, 2) not null,
    principal_share numeric(18, 2) not null,
    booking_id     uuid           not null,
    booked_on      date           not null,
    constraint accrual_booking_pk primary key (distributor_id, business_date, source_id, scheme_id, period, sku_id)
) partition by range (business_date);

-- What lapsed unclaimed, with whoever let it (CL-26).
create table claims.lapse (
    distributor_id bigint         not null,
    id             uuid           not null,
    principal_id   bigint         not null,
    scheme_id      bigint         not null,
    scheme_version integer        not null,
    amount         numeric(18, 2) not null,
    until          date           not null,
    reason         text           not null,
    posted_at      timestamptz    not null,
    posted_by      text           not null,
    constraint lapse_pk primary key (distributor_id, id)
);
