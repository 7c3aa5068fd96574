-- Why: a posted document is decided again, years later, from its stored input and the very book that decided it (INV-06). A book is kept
-- when the first document is posted with it, in pieces by their hash: what distributors have in common is kept once.
create table pricing.book_piece (
    hash text  not null,
    body bytea not null,
    constraint book_piece_pk primary key (hash)
);

-- `pieces` names the members of the book in their order, with the hashes of what they hold.
create table pricing.book_archive (
    hash    text        not null,
    pieces  jsonb       not null,
    kept_at timestamptz not null,
    constraint book_archive_pk primary key (hash)
);
