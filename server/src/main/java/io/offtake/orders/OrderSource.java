package io.offtake.orders;

/// How an order came in; schemes may ask for it (spec/README.md, `orderSources`).
public enum OrderSource {
    /// Taken by a salesman at the outlet.
    FIELD,
    /// Asked for at the distributor's counter.
    COUNTER,
    PHONE,
    /// Sent by the outlet itself.
    RETAILER,
    /// Sold from a van.
    VAN
}
