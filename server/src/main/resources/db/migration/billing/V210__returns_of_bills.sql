-- Why: goods that come back are credited once. What of a line is left is one row that every note changes under guard, so that two at once cannot
-- credit it twice; what a return has done is kept as the rules said it, so that the next one goes on from there to the paisa (PX-41); what it takes
-- back of a scheme stands beside the benefit it belongs to, so that a claim nets it (CL-13).
create table billing.line_return (
    distributor_id bigint         not null,
    invoice_id     uuid           not null,
    line           integer        not null,
    part           integer        not null,
    principal_id   bigint         not null,
    sku_id         bigint         not null,
    sold           numeric(18, 3) not null,
    held           numeric(18, 3) not null default 0,   -- by returns on their way
    credited       numeric(18, 3) not null default 0,
    constraint line_return_pk primary key (distributor_id, invoice_id, line, part),
    constraint line_return_bounds check (held >= 0 and credited >= 0 and held + credited <= sold),
    constraint line_return_invoice foreign key (distributor_id, invoice_id) references billing.invoice (distributor_id, id)
);

create table billing.reversal (
    distributor_id bigint         not null,
    invoice_id     uuid           not null,
    ordinal        integer        not null,
    document_id    uuid           not null,
    principal_id   bigint         not null,
    outcome        text           not null,
    carry          numeric(18, 2) not null,
    recorded_at    timestamptz    not null,
    constraint reversal_pk primary key (distributor_id, invoice_id, ordinal),
    constraint reversal_document unique (distributor_id, document_id),
    constraint reversal_invoice foreign key (distributor_id, invoice_id) references billing.invoice (distributor_id, id)
);

create table billing.benefit_reversal (
    distributor_id    bigint         not null,
    business_date     date           not null,
    document_id       uuid           not null,
    line              integer        not null,
    part              integer        not null,
    scheme_id         bigint         not null,
    scheme_version    integer        not null,
    document_type     text           not null,
    invoice_id        uuid           not null,
    invoice_date      date           not null,
    principal_id      bigint         not null,
    outlet_id         uuid           not null,
    kind              text           not null,
    amount            numeric(18, 2) not null,
    principal_share   numeric(18, 2) not null,
    distributor_share numeric(18, 2) not null,
    free_sku_id       bigint,
    free_qty          numeric(18, 3) not null,
    claim_value       numeric(18, 2) not null,
    recorded_at       timestamptz    not null,
    constraint benefit_reversal_pk primary key (distributor_id, business_date, document_id, line, part, scheme_id),
    constraint benefit_reversal_kind check (kind in ('DISCOUNT', 'FREE_GOODS'))
) partition by range (business_date);
create index benefit_reversal_invoice on billing.benefit_reversal (distributor_id, invoice_id);

-- Notes from before count by SKU: they are laid onto the lines of the bill in their order, billed goods first.
alter table billing.invoice no force row level security;
alter table billing.invoice_line no force row level security;
insert into billing.line_return (distributor_id, invoice_id, line, part, principal_id, sku_id, sold, credited)
select distributor_id, invoice_id, line, part, principal_id, sku_id, sold, least(sold, back - before)
  from (select l.distributor_id, l.invoice_id, l.line, l.part, l.principal_id, l.sku_id, l.qty + l.free_qty as sold, n.back,
               coalesce(sum(l.qty + l.free_qty) over (partition by l.distributor_id, l.invoice_id, l.sku_id order by l.kind, l.line, l.part
                                                      rows between unbounded preceding and 1 preceding), 0) as before
          from (select n.distributor_id, n.original_id, c.sku_id, sum(c.qty) as back
                  from billing.invoice n
                  join billing.invoice_line c on c.distributor_id = n.distributor_id and c.business_date = n.business_date and c.invoice_id = n.id
                 where n.kind = 'CREDIT_NOTE' and n.original_id is not null
                 group by 1, 2, 3) n
          join billing.invoice_line l on l.distributor_id = n.distributor_id and l.invoice_id = n.original_id and l.sku_id = n.sku_id) laid
 where back > before;
alter table billing.invoice force row level security;
alter table billing.invoice_line force row level security;
