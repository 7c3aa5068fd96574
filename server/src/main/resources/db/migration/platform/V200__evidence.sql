-- Why: a claim or a return stands on its pictures and papers. They are kept by what they are (SHA-256), so that a repeat is harmless
-- and nobody can exchange one; a device on a thin line sends them in pieces, after the documents that name them (OFF-05, OFF-13).
create table platform.evidence (
    distributor_id bigint      not null,
    hash           text        not null,
    media_type     text        not null,
    size           bigint      not null,
    received       bigint      not null default 0,
    complete       boolean     not null default false,
    stored_by      text        not null,
    stored_at      timestamptz not null,
    constraint evidence_pk primary key (distributor_id, hash),
    constraint evidence_hash check (hash ~ '^[0-9a-f]{64}$'),
    constraint evidence_size check (size > 0 and received between 0 and size and (received = size or not complete))
);

create table platform.evidence_piece (
    distributor_id bigint not null,
    hash           text   not null,
    starts_at      bigint not null,
    content        bytea  not null,
    constraint evidence_piece_pk primary key (distributor_id, hash, starts_at)
);
