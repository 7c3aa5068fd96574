package io.offtake.schemes;

import io.offtake.rules.RuleBook;
import io.offtake.rules.Scheme;
import io.offtake.rules.Scheme.Mechanic;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which schemes of a rule book keep accounts that a posting must read and write: limits beyond the bill (PX-24), sums of a period
/// (M8, M11, M12), and what is settled off the bill. Most bills touch none of them and pay nothing for it.
public final class SchemeTerms {
    /// What schemes of a book may ask of a bill beside the usual facts.
    public enum Asks { TERRITORY, FIRST_ORDER, MSL, DAYPART, ORDER_SOURCE, WAREHOUSE }

    private static final int KEPT = 512;
    private static final Map<String, SchemeTerms> KNOWN = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SchemeTerms> eldest) {
            return size() > KEPT;
        }
    };

    private final Map<String, List<Scheme>> bySku;
    private final Set<Asks> asks;

    private SchemeTerms(Map<String, List<Scheme>> bySku, Set<Asks> asks) {
        this.bySku = bySku;
        this.asks = asks;
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
        var asks = EnumSet.noneOf(Asks.class);
        for (var scheme : book.schemes()) {
            var more = scheme.eligibility().more();
            if (!more.territories().isEmpty()) asks.add(Asks.TERRITORY);
            if (more.firstOrderOnly()) asks.add(Asks.FIRST_ORDER);
            if (more.mslCompliantOnly()) asks.add(Asks.MSL);
            if (!more.dayparts().isEmpty()) asks.add(Asks.DAYPART);
            if (!more.orderSources().isEmpty()) asks.add(Asks.ORDER_SOURCE);
            if (!more.warehouseIds().isEmpty()) asks.add(Asks.WAREHOUSE);
        }
        var keeping = book.schemes().stream().filter(scheme -> isLimited(scheme) || isCumulated(scheme) || isSettledLater(scheme)).toList();
        var bySku = new HashMap<String, List<Scheme>>();
        for (var sku : book.skus())
            for (var scheme : keeping)
                if (scheme.principalId().equals(sku.principalId()) && scheme.products().contains(sku)) bySku.computeIfAbsent(sku.id(), _ -> new ArrayList<>()).add(scheme);
        return new SchemeTerms(bySku, asks);
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

    public boolean asks(Asks what) {
        return asks.contains(what);
    }

    /// Whether it asks no more than `other`, so that what was loaded for that suffices.
    public boolean asksNoMoreThan(SchemeTerms other) {
        return other.asks.containsAll(asks);
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
