-- What a line of a plan's log says, as a key and what goes into it; empty where somebody typed it, null in lines of before.
alter table insight.plan_log add column says text;
