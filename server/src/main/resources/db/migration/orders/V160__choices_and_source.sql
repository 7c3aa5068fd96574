-- Why: an outlet picks its free goods when it orders, and a scheme may ask how the order came in; both must be what the bill is
-- decided with, whoever bills it later. Null: nothing was picked, or nobody said.
alter table orders.sales_order
    add column source  text constraint sales_order_source check (source in ('FIELD', 'COUNTER', 'PHONE', 'RETAILER', 'VAN')),
    add column choices jsonb;
