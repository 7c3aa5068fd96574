package io.offtake.claims.app;

import io.offtake.claims.store.Drafting;
import io.offtake.schemes.SchemeRelations;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// When the periods of schemes' accounts are over, by their keys ([io.offtake.rules.Periods]).
final class Periods {
    /// Kinds that each bill earns by itself: no period has to be over but the month.
    private static final Set<String> BILL_BY_BILL = Set.of("CREDIT_NOTE", "PAYOUT", "RETRO");

    private Periods() {}

    /// The last day of a period; null where the scheme's own end is it.
    static @Nullable LocalDate end(String key) {
        if (key.matches("\\d{4}-\\d{2}")) return YearMonth.parse(key).atEndOfMonth();
        if (key.matches("\\d{4}-Q[1-4]")) return YearMonth.of(Integer.parseInt(key.substring(0, 4)), 3 * (key.charAt(6) - '0')).atEndOfMonth();
        if (key.matches("\\d{4}")) return LocalDate.of(Integer.parseInt(key), 12, 31);
        if (key.matches("FY\\d{4}")) return LocalDate.of(Integer.parseInt(key.substring(2)) + 1, 3, 31);
        return null;
    }

    /// `scheme|period` of the earnings that may be claimed in a month that ends on `to`.
    static String[] closed(JdbcClient db, long distributorId, LocalDate since, LocalDate to) {
        var earnings = Drafting.earnings(db, distributorId, since, to);
        if (earnings.isEmpty()) return new String[0];
        var ends = new HashMap<Long, LocalDate>();
        record End(long schemeId, LocalDate to) {}
        db.sql("select v.scheme_id, max(v.valid_to) as \"to\" from " + SchemeRelations.VERSIONS + " v where v.scheme_id = any (:schemes) group by v.scheme_id")
                .param("schemes", earnings.stream().map(Drafting.Earning::schemeId).distinct().toArray(Long[]::new)).query(End.class).list().forEach(end -> ends.put(end.schemeId, end.to));
        var found = new ArrayList<String>();
        for (var earning : earnings) {
            var end = BILL_BY_BILL.contains(earning.kind()) ? to : end(earning.period());
            if (end == null) end = ends.getOrDefault(earning.schemeId(), LocalDate.MAX);
            var key = earning.schemeId() + "|" + earning.period();
            if (!end.isAfter(to) && !found.contains(key)) found.add(key);
        }
        return found.toArray(String[]::new);
    }
}
