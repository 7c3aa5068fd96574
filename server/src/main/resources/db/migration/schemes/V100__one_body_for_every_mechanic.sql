-- Why: twelve mechanics are one JSON body, as the rules read it; a column per mechanic would be a second, poorer form of it.
-- What lists sort and filter by is generated from the body, so it cannot disagree with it.
alter table schemes.scheme_version alter column definition type jsonb using definition::jsonb;
alter table schemes.scheme_version add column stage text generated always as (coalesce(definition ->> 'stage', '')) stored;
alter table schemes.scheme_version add column priority integer generated always as (coalesce((definition ->> 'priority')::integer, 100)) stored;
alter table schemes.scheme_version add column exclusion_group text generated always as (definition ->> 'exclusionGroup') stored;
create index scheme_version_period on schemes.scheme_version (valid_to, valid_from);
