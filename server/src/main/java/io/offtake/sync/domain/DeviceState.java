package io.offtake.sync.domain;

/// What a device may do. ACTIVE works; LOCKED may hand in its queue and be unlocked; WIPE_REQUESTED hands in its queue and wipes itself;
/// WIPED and REVOKED are ends: a browser that comes back registers as another device, with series of its own.
public enum DeviceState {
    ACTIVE, LOCKED, WIPE_REQUESTED, WIPED, REVOKED
}
