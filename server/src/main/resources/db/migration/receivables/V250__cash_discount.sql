-- Why: what may be deducted for early payment is said on the bill and given with the receipt (EX-18, P-17): the bill's item
-- carries the terms it was sold under, each settlement what was deducted. `amount` stays the money; the item falls by both.
alter table receivables.open_item add column cash_terms text;
alter table receivables.payment_allocation add column discount numeric(18, 2) not null default 0;
alter table receivables.payment_allocation add column scheme_id bigint;
alter table receivables.payment_allocation add column scheme_version integer;
alter table receivables.payment_allocation add constraint payment_allocation_discount check (discount >= 0);
