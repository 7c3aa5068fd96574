-- Why: an audit may find that a settled claim was wrong (domain/02 section 2.10): Finance takes the money back by a debit note, two people, by line and with a reason.
alter table claims.claim drop constraint claim_status;
alter table claims.claim add constraint claim_status check (status in ('DRAFT', 'SUBMITTED', 'AUTO_VALIDATED', 'IN_REVIEW', 'QUERY', 'APPROVED', 'PARTLY_APPROVED', 'REJECTED', 'SETTLED', 'DISPUTED', 'APPEALED', 'CLAWED_BACK', 'WITHDRAWN'));
alter table claims.claim add column clawed numeric(18, 2) not null default 0;
alter table claims.settlement drop constraint settlement_treatment;
alter table claims.settlement add constraint settlement_treatment check (treatment in ('FIN_CN', 'TAX_CN', 'DEBIT_NOTE'));
