-- Why: a posted document is decided again, years later, from its stored input and the very book that decided it (INV-06). A book is kept
-- when the first document is posted with it, in its parts (docs/adr/0022): what distributors have in common is kept once.
create table pricing.book_part (
    hash    text  not null,
    section text  not null,
    body    bytea not null,
    constraint book_part_pk primary key (hash)
);

-- `parts` are the hashes of a book's parts in their order.
create table pricing.book_archive (
    hash    text        not null,
    parts   text[]      not null,
    kept_at timestamptz not null,
    constraint book_archive_pk primary key (hash)
);
