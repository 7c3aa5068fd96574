-- Why: a supply to an SEZ unit is always inter-State and stands in a table of its own (IN-04, IN-50).
alter table network.outlet drop constraint outlet_registration;
alter table network.outlet add constraint outlet_registration check (registration in ('REGULAR', 'COMPOSITION', 'SEZ', 'UNREGISTERED'));
