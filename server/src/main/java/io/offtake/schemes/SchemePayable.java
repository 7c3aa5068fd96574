package io.offtake.schemes;

import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What schemes owe outlets outside of their bills (P-15): accrued and not paid, of periods that are over.
public final class SchemePayable {
    private SchemePayable() {}

    /// Accrued and not paid of one account; below 0 where a return took back what was paid already (EX-16): later payouts make up for it.
    public record Part(String period, long skuId, BigDecimal amount) {}

    /// What one outlet is owed by one scheme.
    ///
    /// @param amount the sum of the parts, above 0
    public record Due(UUID outletId, long principalId, int schemeVersion, BigDecimal amount, List<Part> parts) {
        public Due {
            parts = List.copyOf(parts);
        }
    }

    private static final String SELECT = """
            select a.outlet_id, a.period, a.sku_id, a.principal_id, a.scheme_version, a.kind, a.accrued - a.settled, (select max(v.valid_to) from schemes.scheme_version v where v.scheme_id = ?)
              from schemes.accrual a
             where a.distributor_id = ? and a.scheme_id = ? and a.unit = 'MONEY' and a.accrued <> a.settled
             order by a.outlet_id, a.period, a.sku_id""";

    /// Locks the accounts of a scheme and reads what is payable on a day.
    public static Pipeline.Answer<List<Due>> lock(Pipeline load, long distributorId, long schemeId, LocalDate on) {
        return read(load, SELECT + " for update", distributorId, schemeId, on);
    }

    /// As [#lock], without locking.
    public static Pipeline.Answer<List<Due>> peek(Pipeline load, long distributorId, long schemeId, LocalDate on) {
        return read(load, SELECT, distributorId, schemeId, on);
    }

    private static Pipeline.Answer<List<Due>> read(Pipeline load, String sql, long distributorId, long schemeId, LocalDate on) {
        return load.query(sql, rows -> {
            var dues = new TreeMap<UUID, Due>();
            while (rows.next()) {
                var ends = end(rows.getString(2), rows.getString(6), rows.getObject(8, LocalDate.class));
                if (ends != null && !ends.isBefore(on)) continue;
                var part = new Part(rows.getString(2), rows.getLong(3), rows.getBigDecimal(7));
                var outlet = rows.getObject(1, UUID.class);
                dues.merge(outlet, new Due(outlet, rows.getLong(4), rows.getInt(5), part.amount, List.of(part)), (one, more) -> {
                    var parts = new ArrayList<>(one.parts);
                    parts.addAll(more.parts);
                    return new Due(outlet, one.principalId, Math.max(one.schemeVersion, more.schemeVersion), one.amount.add(more.amount), parts);
                });
            }
            return dues.values().stream().filter(due -> due.amount.signum() > 0).toList();
        }, schemeId, distributorId, schemeId);
    }

    /// The last day of a period; null where nothing is waited for: a benefit of one bill is owed at once.
    static @Nullable LocalDate end(String period, String kind, @Nullable LocalDate schemeEnds) {
        if (Map.of("CREDIT_NOTE", 1, "PAYOUT", 1, "RETRO", 1).containsKey(kind)) return null;
        if (period.equals(SchemeLimits.WHOLE)) return schemeEnds;
        if (period.startsWith("FY")) return LocalDate.of(Integer.parseInt(period.substring(2)) + 1, 3, 31);
        if (period.length() == 4) return LocalDate.of(Integer.parseInt(period), 12, 31);
        if (period.charAt(5) == 'Q') return YearMonth.of(Integer.parseInt(period.substring(0, 4)), Integer.parseInt(period.substring(6)) * 3).atEndOfMonth();
        return YearMonth.parse(period).atEndOfMonth();
    }

    /// Marks what was read under [#lock] as paid.
    public static void settle(Post post, long distributorId, long schemeId, Due due) {
        for (var part : due.parts)
            post.guarded("scheme accrual", 1, """
                    update schemes.accrual set settled = settled + ?
                     where distributor_id = ? and scheme_id = ? and outlet_id = ? and period = ? and sku_id = ? and accrued - settled = ?""",
                    part.amount, distributorId, schemeId, due.outletId, part.period, part.skuId, part.amount);
    }
}
