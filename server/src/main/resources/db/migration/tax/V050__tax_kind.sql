-- Why: nil-rated, exempt and non-GST goods all carry rate 0 but are reported apart (GSTR-1 table 8), so the kind is data.
alter table tax.tax_rate add column kind text not null default 'TAXABLE';
alter table tax.tax_rate add constraint tax_rate_kind check (kind in ('TAXABLE', 'NIL', 'EXEMPT', 'NON_GST'));
alter table tax.tax_rate add constraint tax_rate_period check (valid_to is null or valid_to >= valid_from);
