package io.offtake.schemes;

import io.offtake.platform.Post;
import io.offtake.rules.Periods;
import io.offtake.rules.RuleBook;
import io.offtake.rules.Scheme;
import io.offtake.rules.Scheme.Mechanic;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The bases that schemes of growth count from (EX-17): an outlet's purchases of the same goods in the same period a year before.
/// A base is set once and stays for the period: what is posted late into last year changes no promise of this one.
public final class SchemeGrowth {
    private SchemeGrowth() {}

    /// A base that is to be found: what was bought of these SKUs from `from` to `to`, both included.
    public record Wanted(Scheme scheme, String period, List<Long> skuIds, LocalDate from, LocalDate to) {}

    /// The bases that a book asks for on a day.
    public static List<Wanted> of(RuleBook book, LocalDate on) {
        var wanted = new ArrayList<Wanted>();
        int day = (int) on.toEpochDay();
        for (var scheme : book.schemes()) {
            if (!(scheme.mechanic() instanceof Mechanic.Qps qps) || qps.growth() == null || scheme.validFrom() > day || day > scheme.validTo()) continue;
            var from = start(qps.period(), on);
            var to = from == null ? null : end(qps.period(), from);
            if (from == null) {
                from = LocalDate.ofEpochDay(scheme.validFrom());
                to = LocalDate.ofEpochDay(scheme.validTo());
            }
            var skus = new ArrayList<Long>();
            for (var sku : book.skus()) if (sku.principalId().equals(scheme.principalId()) && scheme.products().contains(sku)) skus.add(Long.valueOf(sku.id()));
            wanted.add(new Wanted(scheme, Periods.key(qps.period(), day), List.copyOf(skus), from.minusYears(1), to.minusYears(1)));
        }
        return List.copyOf(wanted);
    }

    /// The first day of the period; null for one that lasts as long as the scheme.
    private static @Nullable LocalDate start(Scheme.Period period, LocalDate on) {
        return switch (period) {
            case MONTH -> on.withDayOfMonth(1);
            case QUARTER -> on.withDayOfMonth(1).withMonth((on.getMonthValue() - 1) / 3 * 3 + 1);
            case YEAR -> on.withDayOfYear(1);
            case FISCAL_YEAR -> (on.getMonthValue() >= 4 ? on : on.minusYears(1)).withDayOfMonth(1).withMonth(4);
            case SCHEME -> null;
        };
    }

    private static LocalDate end(Scheme.Period period, LocalDate start) {
        var next = switch (period) {
            case MONTH -> start.plusMonths(1);
            case QUARTER -> start.plusMonths(3);
            case YEAR, FISCAL_YEAR, SCHEME -> start.plusYears(1);
        };
        return next.minusDays(1);
    }

    /// Sets the bases of outlets that have none yet.
    ///
    /// @param bases net value by outlet, above 0
    public static void set(Post post, long distributorId, Wanted wanted, Map<UUID, BigDecimal> bases) {
        var kind = wanted.scheme.mechanic() instanceof Mechanic.Qps qps && qps.turnover() ? "TOD" : "QPS";
        post.rows("growth bases", """
                insert into schemes.accrual (distributor_id, scheme_id, outlet_id, period, sku_id, principal_id, scheme_version, kind, unit, growth_base)
                values\s""", Post.row(10), """

                on conflict (distributor_id, scheme_id, outlet_id, period, sku_id) do update set growth_base = coalesce(accrual.growth_base, excluded.growth_base)""",
                bases.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(base -> new @Nullable Object[] {distributorId, Long.parseLong(wanted.scheme.id()), base.getKey(),
                        wanted.period, 0L, Long.parseLong(wanted.scheme.principalId()), wanted.scheme.version(), kind, "MONEY", base.getValue()}).toList());
    }
}
