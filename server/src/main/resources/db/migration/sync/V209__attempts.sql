-- Why: a copy of a refused command that comes late must not be posted when its device has long taken it back (OFF-06): a refusal
-- is the answer to every copy of the same attempt.
alter table sync.command_outcome add column attempt integer;
alter table sync.command_outcome add column problem text;
