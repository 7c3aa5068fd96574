-- A document that came after the hard close of its month keeps its business date for the law and for schemes, and counts in the period in which
-- it came (OFF-08): the day it counts on, null for all that came in time.
alter table insight.sales_document add column posted_on date;
