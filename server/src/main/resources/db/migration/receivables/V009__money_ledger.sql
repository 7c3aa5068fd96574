-- Why: the money ledger of the distributor's books (domain/03 section 3.2): every journal sums to zero; sub-ledgers by
-- outlet (account) and by document (open item). One account per outlet and principal carries the credit terms.
create schema receivables;

create table receivables.outlet_account (
    distributor_id  bigint         not null,
    principal_id    bigint         not null,
    outlet_id       uuid           not null,
    credit_limit    numeric(18, 2) not null default 0,
    credit_days     integer        not null default 0,
    balance         numeric(18, 2) not null default 0,
    version         integer        not null default 1,
    constraint outlet_account_pk primary key (distributor_id, principal_id, outlet_id),
    constraint outlet_account_terms check (credit_limit >= 0 and credit_days >= 0)
) with (fillfactor = 50);

-- What an outlet owes (invoices, debit notes) or is owed (on-account money, credit notes): open_amount falls to zero.
create table receivables.open_item (
    distributor_id bigint         not null,
    document_id    uuid           not null,
    principal_id   bigint         not null,
    outlet_id      uuid           not null,
    kind           text           not null,
    number         text,
    business_date  date           not null,
    due_on         date           not null,
    amount         numeric(18, 2) not null,
    open_amount    numeric(18, 2) not null,
    constraint open_item_pk primary key (distributor_id, document_id),
    constraint open_item_kind check (kind in ('INVOICE', 'DEBIT_NOTE', 'CREDIT_NOTE', 'ON_ACCOUNT', 'OPENING')),
    constraint open_item_range check (open_amount >= 0 and open_amount <= amount)
) with (fillfactor = 70);
create index open_item_open on receivables.open_item (distributor_id, outlet_id) where open_amount > 0;

create table receivables.journal_entry (
    distributor_id bigint         not null,
    business_date  date           not null,
    document_id    uuid           not null,
    line           integer        not null,
    document_type  text           not null,
    principal_id   bigint         not null,
    account        text           not null,
    outlet_id      uuid,
    amount         numeric(18, 2) not null,
    tax_head       text,
    tax_rate       numeric(9, 6),
    scheme_id      bigint,
    scheme_version integer,
    constraint journal_entry_pk primary key (distributor_id, business_date, document_id, line)
) partition by range (business_date);

create table receivables.collection (
    distributor_id bigint         not null,
    id             uuid           not null,
    principal_id   bigint         not null,
    outlet_id      uuid           not null,
    number         text           not null,
    business_date  date           not null,
    mode           text           not null,
    amount         numeric(18, 2) not null,
    on_account     numeric(18, 2) not null default 0,
    reference      text,
    bank           text,
    cheque_on      date,
    note           text,
    status         text           not null,
    recorded_at    timestamptz    not null,
    recorded_by    text           not null,
    constraint collection_pk primary key (distributor_id, id),
    constraint collection_mode check (mode in ('CASH', 'UPI', 'CHEQUE', 'NEFT')),
    constraint collection_amount check (amount > 0)
);
create index collection_day on receivables.collection (distributor_id, business_date);

create table receivables.payment_allocation (
    distributor_id bigint         not null,
    collection_id  uuid           not null,
    document_id    uuid           not null,
    amount         numeric(18, 2) not null,
    constraint payment_allocation_pk primary key (distributor_id, collection_id, document_id),
    constraint payment_allocation_amount check (amount > 0)
);
