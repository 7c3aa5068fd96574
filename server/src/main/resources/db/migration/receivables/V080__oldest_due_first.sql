-- Why: every posting asks for the due date of an outlet's oldest unpaid bill; with the day in the index it is the first entry.
drop index receivables.open_item_open;
create index open_item_open on receivables.open_item (distributor_id, outlet_id, principal_id, due_on) where open_amount > 0;
