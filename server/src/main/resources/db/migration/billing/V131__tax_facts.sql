-- Why: returns add up thousands of documents: where a supply took place and how its goods are taxed stand in columns, as they
-- stand in the stored decision (IN-50). Debit notes and financial credit notes are kept like credit notes (IN-21, IN-22).
alter table billing.invoice drop constraint invoice_kind;
alter table billing.invoice add constraint invoice_kind check (kind in ('INVOICE', 'CREDIT_NOTE', 'DEBIT_NOTE', 'FINANCIAL_CREDIT_NOTE'));
alter table billing.invoice add column place_of_supply text not null default '';
alter table billing.invoice add column inter_state boolean not null default false;
alter table billing.invoice add column seller_gstin text;
alter table billing.invoice add column buyer_gstin text;
alter table billing.invoice add column buyer_registration text not null default 'UNREGISTERED';
alter table billing.invoice_line add column tax_kind text not null default 'TAXABLE';
-- what the tax is worked out on where that is not the taxable value (goods valued at the retail price, IN-08)
alter table billing.invoice_line add column assessable numeric(18, 2);
create index invoice_original on billing.invoice (distributor_id, original_id) where original_id is not null;

-- Rows from before: from the document itself, by text, because parsing every decision takes minutes. The owner is bound by the
-- tables' own policies, so these step aside meanwhile.
alter table billing.invoice no force row level security;
alter table billing.invoice_line no force row level security;
update billing.invoice
   set place_of_supply = coalesce(substring(decision from '"placeOfSupply": ?"([^"]*)"'), ''), inter_state = coalesce(substring(decision from '"interState": ?(true|false)')::boolean, false),
       seller_gstin = printed::json -> 'seller' ->> 'gstin', buyer_gstin = printed::json -> 'buyer' ->> 'gstin',
       buyer_registration = coalesce(printed::json -> 'buyer' ->> 'registration', 'UNREGISTERED');
update billing.invoice_line l set tax_kind = t.kind from tax.tax_rate t where l.tax_rate = 0 and t.kind <> 'TAXABLE' and l.tax_rate_id = t.id::text;
alter table billing.invoice force row level security;
alter table billing.invoice_line force row level security;
