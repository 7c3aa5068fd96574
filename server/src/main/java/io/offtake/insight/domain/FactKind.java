package io.offtake.insight.domain;

/// Kinds of facts that a distributor may never send, or never record: of whoever never did, nothing is known, and unknown is not
/// zero (INV-11). Sales are no kind of their own: who has none has no facts at all.
public enum FactKind {
    /// Goods received from a principal: documents of the product, or FC-4.
    PRIMARY,
    /// Stock: the ledger of the product, or FC-2.
    STOCK,
    /// What outlets owe: the ledger of the product, or FC-6.
    MONEY,
    /// Orders: documents of the product, or FC-8.
    ORDERS,
    /// Visits to outlets (FC-8).
    VISITS,
    /// Targets set for a distributor.
    TARGETS;

    /// Whether its facts belong to a principal each.
    public boolean ofPrincipals() {
        return this != VISITS && this != TARGETS;
    }
}
