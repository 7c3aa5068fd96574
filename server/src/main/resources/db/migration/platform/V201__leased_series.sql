-- Why: a device without a network gives legal numbers from a series of its own (OFF-03). The series stands among the others, so that
-- nobody opens it twice, but the server never takes its next number from it. A number that was never given is void from a day on
-- (GSTR-1 table 13), and has no document to tell its date.
alter table platform.number_sequence add column device_id uuid;
alter table platform.number_register add column voided_on date;
