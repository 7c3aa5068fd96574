-- Why: the example network is made once, goes on where it was cut off, and is topped up day by day: which day its history
-- began on, which day its stories are told of, and how far each distributor has come.
create schema example;

create table example.run (
    id           integer not null,
    began_on     date    not null,
    told_on      date    not null,
    distributors integer not null,
    outlets      integer not null,
    constraint run_pk primary key (id)
);

create table example.progress (
    distributor_id bigint not null,
    through        date   not null,
    constraint progress_pk primary key (distributor_id)
);
