-- Why: after the first pull a device is sent what changed. The rows of a group are remembered by their hash alone: a change of any
-- kind, whoever made it, shows as another hash, and a row that is gone leaves a tombstone.
create table sync.feed_head (
    distributor_id bigint      not null,
    audience       text        not null,
    feed           text        not null,
    seq            bigint      not null,
    oldest_seq     bigint      not null,
    marker         text        not null,
    computed_at    timestamptz not null,
    constraint feed_head_pk primary key (distributor_id, audience, feed)
);

create table sync.feed_row (
    distributor_id bigint  not null,
    audience       text    not null,
    feed           text    not null,
    type           text    not null,
    key            text    not null,
    hash           bytea   not null,
    seq            bigint  not null,
    gone           boolean not null default false,
    constraint feed_row_pk primary key (distributor_id, audience, feed, type, key)
);

-- A pull's bytes while a device may still come back for the rest of them.
create table sync.pack (
    distributor_id bigint      not null,
    id             text        not null,
    piece          integer     not null,
    size           integer     not null,
    content        bytea       not null,
    made_at        timestamptz not null,
    constraint pack_pk primary key (distributor_id, id, piece)
);
