-- Why: a line of an MRP-linked list may name a SKU without a price; its price follows from the MRP of the batch (PX-02).
alter table pricing.price_list_line alter column price drop not null;
