-- Why: a buyer abroad is supplied inter-State whatever the place, and zero-rated like an SEZ unit (IGST s.16); a deemed export
-- (CGST s.147) is taxed as usual and stated in a table of its own (IN-50, 6A and 6C).
alter table network.outlet drop constraint outlet_registration;
alter table network.outlet add constraint outlet_registration check (registration in ('REGULAR', 'COMPOSITION', 'SEZ', 'UNREGISTERED', 'EXPORT', 'DEEMED_EXPORT'));
