package io.offtake.network;

/// What other modules' statements may join of the network: relations with the few columns that names and checks need
/// (docs/adr/0021). Each is an expression to stand behind `from` or `join`.
public final class NetworkRelations {
    private NetworkRelations() {}

    /// `id, code, name`
    public static final String PRINCIPALS = "(select id, code, name from network.principal)";

    /// `id, code, name, tax_regime, currency, registration, time_zone`
    public static final String DISTRIBUTORS = "(select id, code, name, tax_regime, currency, registration, time_zone from network.distributor)";

    /// `id, code, warehouse, name, status, distributor_id, distributor`: the warehouses of all distributors. `code` is unique in the network, such as `D-1:MAIN`: the distributor's code
    /// and the warehouse's own.
    public static final String WAREHOUSES = """
            (select w.id, d.code || ':' || w.code as code, w.code as warehouse, w.name, w.status, w.distributor_id, d.code as distributor
               from network.warehouse_name w join network.distributor d on d.id = w.distributor_id)""";

    /// `distributor_id, id, code, name, outlet_group`; join it on `distributor_id`, too.
    public static final String OUTLETS = "(select distributor_id, id, code, name, outlet_group from network.outlet)";

    /// `distributor_id, id, platform_outlet_id, gstin, phone, latitude, channel, outlet_class, outlet_group`; join it on `distributor_id`, too. `platform_outlet_id` is the same at every
    /// distributor who sells there (OUT-01).
    public static final String OUTLET_IDENTITIES = "(select distributor_id, id, platform_outlet_id, gstin, phone, latitude, channel, outlet_class, outlet_group from network.outlet)";
}
