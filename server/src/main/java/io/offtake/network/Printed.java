package io.offtake.network;

import io.offtake.platform.Pipeline;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who sells and who buys, as a posting reads them and a document prints them.
public final class Printed {
    private Printed() {}

    /// The distributor as supplier on a document.
    public record Seller(long distributorId, String code, String name, String legalName, String address, String city, String pin, String phone,
                         @Nullable String gstin, String registration, String stateCode, @Nullable String fssai, @Nullable String upiId, @Nullable String bank,
                         String timeZone, String currency, String status, @Nullable String taxRegime) {
        /// Documents printed before regimes were kept say only their currency.
        public Seller {
            if (taxRegime == null) taxRegime = currency.equals("INR") ? "IN_GST" : "NONE";
        }

        public ZoneId zone() {
            return ZoneId.of(timeZone);
        }
    }

    /// The outlet as buyer on a document.
    public record Buyer(UUID id, String code, String name, @Nullable String nameLocal, String channel, String outletClass, @Nullable String group,
                        @Nullable UUID parentId, @Nullable String gstin, String registration, String stateCode, String address, String city, String pin,
                        String phone, @Nullable String beat, @Nullable String salesman, String status) {}

    /// The codes of every territory that a distributor lies in, the nearest first; its outlets lie there, too.
    public static Pipeline.Answer<List<String>> territories(Pipeline load, long distributorId) {
        return load.query("""
                with recursive up as (
                  select t.code, t.parent_id, 1 as step from network.territory t where t.id = (select d.territory_id from network.distributor d where d.id = ?)
                  union all select t.code, t.parent_id, up.step + 1 from network.territory t join up on t.id = up.parent_id where up.step < 12)
                select code from up order by step""",
                rows -> {
                    var found = new ArrayList<String>();
                    while (rows.next()) found.add(rows.getString(1));
                    return found;
                }, distributorId);
    }

    /// Reads the distributor.
    public static Pipeline.Answer<Optional<Seller>> seller(Pipeline load, long distributorId) {
        return load.query("""
                select id, code, name, legal_name, address, city, pin, phone, gstin, registration, state_code, fssai, upi_id, bank, time_zone, currency, status, tax_regime
                  from network.distributor where id = ?""",
                rows -> rows.next() ? Optional.of(new Seller(rows.getLong(1), rows.getString(2), rows.getString(3), rows.getString(4), rows.getString(5),
                        rows.getString(6), rows.getString(7), rows.getString(8), rows.getString(9), rows.getString(10), rows.getString(11), rows.getString(12),
                        rows.getString(13), rows.getString(14), rows.getString(15), rows.getString(16), rows.getString(17),
                        rows.getString(18))) : Optional.empty(),
                distributorId);
    }

    /// Reads some outlets of the distributor, by id.
    public static Pipeline.Answer<Map<UUID, Buyer>> buyers(Pipeline load, long distributorId, UUID[] outletIds) {
        return load.query("""
                select o.id, o.code, o.name, o.name_local, o.channel, o.outlet_class, o.outlet_group, o.parent_outlet_id, o.gstin, o.registration,
                       o.state_code, o.address, o.city, o.pin, o.phone, b.name, b.salesman, o.status
                  from network.outlet o
                  left join network.beat b on b.distributor_id = o.distributor_id and b.id = o.beat_id
                 where o.distributor_id = ? and o.id = any(?)""",
                rows -> {
                    var found = new HashMap<UUID, Buyer>();
                    while (rows.next()) {
                        var buyer = new Buyer(rows.getObject(1, UUID.class), rows.getString(2), rows.getString(3), rows.getString(4), rows.getString(5),
                                rows.getString(6), rows.getString(7), rows.getObject(8, UUID.class), rows.getString(9), rows.getString(10), rows.getString(11),
                                rows.getString(12), rows.getString(13), rows.getString(14), rows.getString(15), rows.getString(16), rows.getString(17),
                                rows.getString(18));
                        found.put(buyer.id, buyer);
                    }
                    return found;
                }, distributorId, outletIds);
    }

    /// Which of the warehouses are the distributor's and open.
    public static Pipeline.Answer<Set<UUID>> openWarehouses(Pipeline load, long distributorId, UUID[] warehouseIds) {
        return load.query("select id from network.warehouse where distributor_id = ? and id = any(?) and status = 'ACTIVE'",
                rows -> {
                    var found = new HashSet<UUID>();
                    while (rows.next()) found.add(rows.getObject(1, UUID.class));
                    return found;
                }, distributorId, warehouseIds);
    }
}
