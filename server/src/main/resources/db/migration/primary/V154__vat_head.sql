-- Why: input tax under a VAT has a head of its own, and a return adds purchases by rate (domain/05b). Older lines get the rate that
-- their tax says.
alter table primary_sales.goods_receipt add column vat numeric(18, 2) not null default 0;
alter table primary_sales.goods_receipt_line add column tax_rate numeric(9, 6) not null default 0;
alter table primary_sales.goods_receipt_line no force row level security;
update primary_sales.goods_receipt_line set tax_rate = round(tax / taxable, 2) where taxable > 0 and tax > 0;
alter table primary_sales.goods_receipt_line force row level security;
