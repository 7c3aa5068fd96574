package io.offtake.network;

/// What other modules' statements may join of the network: relations with the few columns that names and checks need
/// (docs/adr/0021). Each is an expression to stand behind `from` or `join`.
public final class NetworkRelations {
    private NetworkRelations() {}

    /// `id, code, name`
    public static final String PRINCIPALS = "(select id, code, name from network.principal)";

    /// `id, code, name, tax_regime, currency, registration`
    public static final String DISTRIBUTORS = "(select id, code, name, tax_regime, currency, registration from network.distributor)";

    /// `distributor_id, id, code, name, outlet_group`; join it on `distributor_id`, too.
    public static final String OUTLETS = "(select distributor_id, id, code, name, outlet_group from network.outlet)";

    /// `distributor_id, id, platform_outlet_id, gstin, phone, latitude, channel, outlet_class, outlet_group`; join it on `distributor_id`, too. `platform_outlet_id` is the same at every
    /// distributor who sells there (OUT-01).
    public static final String OUTLET_IDENTITIES = "(select distributor_id, id, platform_outlet_id, gstin, phone, latitude, channel, outlet_class, outlet_group from network.outlet)";
}
