package io.offtake.schemes;

import io.offtake.rules.RuleBook;
import io.offtake.rules.Scheme;
import io.offtake.rules.Scheme.Mechanic;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which schemes of a rule book keep accounts that a posting must read and write: limits beyond the bill (PX-24), sums of a period
/// (M8, M11, M12), and what is settled off the bill. Most bills touch none of them and pay nothing for it.
public final class SchemeTerms {
    private static final SchemeTerms NOTHING = new SchemeTerms(Map.of());
    private static final int KEPT = 512;
    private static final Map<String, SchemeTerms> KNOWN = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SchemeTerms> eldest) {
            return size() > KEPT;
        }
    };

    private final Map<String, List<Scheme>> bySku;

    private SchemeTerms(Map<String, List<Scheme>> bySku) {
        this.bySku = bySku;
    }

    /// Those of a compiled book, worked out once for each.
    /// @param hash of the book's text
    public static SchemeTerms of(String hash, RuleBook book) {
        synchronized (KNOWN) {
            var known = KNOWN.get(hash);
            if (known != null) return known;
        }
        var made = made(book);
        synchronized (KNOWN) {
            KNOWN.put(hash, made);
        }
        return made;
    }

    private static SchemeTerms made(RuleBook book) {
        var keeping = book.schemes().stream().filter(scheme -> isLimited(scheme) || isCumulated(scheme) || isSettledLater(scheme)).toList();
        if (keeping.isEmpty()) return NOTHING;
        var bySku = new HashMap<String, List<Scheme>>();
        for (var sku : book.skus())
            for (var scheme : keeping)
                if (scheme.principalId().equals(sku.principalId()) && scheme.products().contains(sku)) bySku.computeIfAbsent(sku.id(), _ -> new ArrayList<>()).add(scheme);
        return new SchemeTerms(bySku);
    }

    /// Whether a limit of it outlives the bill.
    public static boolean isLimited(Scheme scheme) {
        return scheme.terms().limits().stream().anyMatch(limit -> limit.scope() != Scheme.Scope.INVOICE);
    }

    /// Whether it looks at what earlier bills of its period have counted.
    public static boolean isCumulated(Scheme scheme) {
        return periodOf(scheme) != null;
    }

    private static boolean isSettledLater(Scheme scheme) {
        return scheme.terms().settlement() != Scheme.Settlement.ON_INVOICE || scheme.terms().retrospective();
    }

    /// Over what it adds up; null if it does not.
    public static Scheme.@Nullable Period periodOf(Scheme scheme) {
        return switch (scheme.mechanic()) {
            case Mechanic.Qps qps -> qps.period();
            case Mechanic.Points points -> points.period();
            case Mechanic.PerCaseRebate rebate when rebate.cumulative() -> rebate.period();
            default -> null;
        };
    }

    /// Whether any scheme of the book keeps accounts; if not, an order can hold nothing either.
    public boolean isEmpty() {
        return bySku.isEmpty();
    }

    /// The schemes that may concern bills of these SKUs on these days, each version once.
    public List<Scheme> concerning(Collection<Long> skuIds, Collection<LocalDate> days) {
        if (bySku.isEmpty()) return List.of();
        var found = new LinkedHashMap<String, Scheme>();
        for (var sku : skuIds)
            for (var scheme : bySku.getOrDefault(Long.toString(sku), List.of()))
                if (days.stream().anyMatch(day -> scheme.validFrom() <= day.toEpochDay() && day.toEpochDay() <= scheme.validTo())) found.put(name(scheme), scheme);
        return List.copyOf(found.values());
    }

    static String name(Scheme scheme) {
        return scheme.id() + "." + scheme.version();
    }
}
