-- Why: a VAT has one head of its own (domain/05b section 5b.1); documents under GST keep theirs and have 0 here.
alter table billing.invoice add column vat numeric(18, 2) not null default 0;
alter table billing.invoice drop constraint invoice_total;
alter table billing.invoice add constraint invoice_total check (payable = taxable + cgst + sgst + igst + cess + vat + rounding);
alter table billing.invoice_line add column vat numeric(18, 2) not null default 0;
