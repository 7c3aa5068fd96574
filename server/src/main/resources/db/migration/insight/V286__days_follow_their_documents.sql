-- Days of stock and accounts are no longer summed again for every bill: what a bill moved is added to them. Days written before may
-- hold bills that the feed had not told of yet; a distributor whose days are not exact has those with news summed again once.
alter table insight.facts_head add column exact boolean not null default false;
