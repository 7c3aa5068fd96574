package io.offtake.billing;

import io.offtake.catalog.CatalogRelations;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.Pipeline;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Whether outlets keep their must-sell lists (KPI-28, as bought): every SKU that is listed for the outlet's channel and class on a
/// day was billed to it within the last 30 days before or on that day. The bill in hand does not count yet; an outlet for which
/// nothing is listed keeps no list.
public final class MustSell {
    /// How many days back a bill counts.
    public static final int WINDOW_DAYS = 30;

    private MustSell() {}

    /// `outlet_id, principal_id, missing` (`bigint[]`), a row for each outlet and principal with a list. Parameters: day, day, distributor,
    /// and with `some` the outlets, day, day, distributor, and with `some` the outlets again.
    public static String sql(boolean some) {
        return """
                select o.id as outlet_id, m.principal_id, coalesce(array_agg(distinct m.sku_id) filter (where b.sku_id is null), '{}') as missing
                  from\s""" + NetworkRelations.OUTLET_IDENTITIES + """
                   o
                  join\s""" + CatalogRelations.MUST_SELL + """
                   m on (m.channel is null or m.channel = o.channel) and (m.outlet_class is null or m.outlet_class = o.outlet_class) and m.valid_from <= ? and (m.valid_to is null or m.valid_to >= ?)
                  left join (select distinct i.outlet_id, l.sku_id
                               from billing.invoice i
                               join billing.invoice_line l on l.distributor_id = i.distributor_id and l.business_date = i.business_date and l.invoice_id = i.id
                              where i.distributor_id = ? %s and i.kind = 'INVOICE' and i.business_date between ?::date - 30 and ? and l.kind = 'BILLED'
                                and not exists (select 1 from billing.invoice_cancellation c where c.distributor_id = i.distributor_id and c.invoice_id = i.id)) b
                    on b.outlet_id = o.id and b.sku_id = m.sku_id
                 where o.distributor_id = ? %s
                 group by o.id, m.principal_id""".formatted(some ? "and i.outlet_id = any(?)" : "", some ? "and o.id = any(?)" : "");
    }

    /// What outlets lack of their lists on a day.
    public static final class Standing {
        private final Map<String, Set<Long>> missing = new HashMap<>();

        /// Whether the outlet keeps its list.
        public boolean keeps(UUID outletId, long principalId) {
            var lacking = missing.get(outletId + " " + principalId);
            return lacking != null && lacking.isEmpty();
        }

        /// Takes a bill in, for the next one.
        public void billed(UUID outletId, long principalId, Set<Long> skus) {
            var lacking = missing.get(outletId + " " + principalId);
            if (lacking != null) lacking.removeAll(skus);
        }
    }

    /// Reads it with the next run of a pipeline.
    public static Pipeline.Answer<Standing> standing(Pipeline load, long distributorId, UUID[] outlets, LocalDate on) {
        return load.query(sql(true), rows -> {
            var standing = new Standing();
            while (rows.next()) standing.missing.put(rows.getObject(1, UUID.class) + " " + rows.getLong(2), new HashSet<>(Set.of((Long[]) rows.getArray(3).getArray())));
            return standing;
        }, on, on, distributorId, outlets, on, on, distributorId, outlets);
    }
}
