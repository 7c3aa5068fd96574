-- Why: a counter's store is encrypted under a key that a PIN opens. Whoever forgets the PIN, or mistypes it too often, gets the key back
-- from the server by signing in with the password: the unsent queue is not lost with it (OFF-16). The key opens only what lies on that device.
create table sync.escrow (
    distributor_id bigint      not null,
    device_id      uuid        not null,
    user_id        bigint      not null,
    key            text        not null,
    stored_at      timestamptz not null,
    constraint escrow_pk primary key (distributor_id, device_id)
);
