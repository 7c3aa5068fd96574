-- Why: a decision on a dispute is not the last word (domain/02 section 2.10): within fifteen days the distributor appeals, and a panel of the regional manager and Finance, who have not
-- decided on the claim before, decides for good.
alter table claims.claim drop constraint claim_status;
alter table claims.claim add constraint claim_status check (status in ('DRAFT', 'SUBMITTED', 'AUTO_VALIDATED', 'IN_REVIEW', 'QUERY', 'APPROVED', 'PARTLY_APPROVED', 'REJECTED', 'SETTLED', 'DISPUTED', 'APPEALED', 'WITHDRAWN'));
alter table claims.claim add column appeals integer not null default 0;
alter table claims.claim add column appealed_at timestamptz;
alter table claims.claim add column second_decider_id bigint;
