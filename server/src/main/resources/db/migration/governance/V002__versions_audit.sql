-- Why: one row per part says which configuration is in force, read by every posting (DESIGN section 4); the audit chain
-- runs per distributor, distributor 0 being the network itself (INV-06, GOV-02): an entry's hash is
-- sha256(hash of the entry before || its own fields), so verify needs nothing but the rows.
create schema governance;

create table governance.config_version (
    part       text        not null,
    version    bigint      not null,
    changed_at timestamptz not null,
    constraint config_version_pk primary key (part)
);

create table governance.audit_head (
    distributor_id bigint not null,
    seq            bigint not null,
    hash           bytea  not null,
    constraint audit_head_pk primary key (distributor_id)
) with (fillfactor = 50);

create table governance.audit_entry (
    distributor_id bigint      not null,
    seq            bigint      not null,
    recorded_at    timestamptz not null,
    actor          text        not null,
    on_behalf_of   text,
    action         text        not null,
    document_type  text        not null,
    document_id    uuid,
    business_date  date,
    details        text        not null,
    hash           bytea       not null,
    constraint audit_entry_pk primary key (distributor_id, seq)
);
create index audit_entry_document on governance.audit_entry (distributor_id, document_id);
