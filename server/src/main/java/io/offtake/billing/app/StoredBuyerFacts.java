package io.offtake.billing.app;

import io.offtake.billing.MustSell;
import io.offtake.billing.store.InvoiceStore;
import io.offtake.network.Printed;
import io.offtake.network.RuleOutlets;
import io.offtake.platform.Pipeline;
import io.offtake.rules.DecideCommand;
import io.offtake.schemes.BuyerFacts;
import io.offtake.schemes.SchemeTerms;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Answers from the bills.
@Component
class StoredBuyerFacts implements BuyerFacts {

    @Override
    public Read read(Pipeline load, long distributorId, Collection<Long> principals, UUID[] outlets, Collection<LocalDate> days, SchemeTerms terms) {
        var territories = terms.asks(SchemeTerms.Asks.TERRITORY) ? Printed.territories(load, distributorId) : null;
        var billed = new TreeMap<Long, Pipeline.Answer<Set<UUID>>>();
        if (terms.asks(SchemeTerms.Asks.FIRST_ORDER)) for (var principal : new TreeSet<>(principals)) billed.put(principal, InvoiceStore.billedBefore(load, distributorId, principal, outlets));
        var mustSell = new TreeMap<LocalDate, Pipeline.Answer<MustSell.Standing>>();
        if (terms.asks(SchemeTerms.Asks.MSL)) for (var day : new TreeSet<>(days)) mustSell.put(day, MustSell.standing(load, distributorId, outlets, day));
        return territories == null && billed.isEmpty() && mustSell.isEmpty() ? NOTHING : new Answers(territories, billed, mustSell);
    }

    /// No scheme asks.
    private static final Read NOTHING = new Read() {
        @Override
        public DecideCommand.Outlet of(DecideCommand.Outlet outlet, UUID outletId, long principalId, LocalDate on) {
            return outlet;
        }

        @Override
        public void billed(UUID outletId, long principalId, LocalDate on, Set<Long> skus) {}
    };

    private static final class Answers implements Read {
        private final Pipeline.@Nullable Answer<List<String>> territories;
        private final Map<Long, Pipeline.Answer<Set<UUID>>> billed;
        private final Map<LocalDate, Pipeline.Answer<MustSell.Standing>> mustSell;

        Answers(Pipeline.@Nullable Answer<List<String>> territories, Map<Long, Pipeline.Answer<Set<UUID>>> billed, Map<LocalDate, Pipeline.Answer<MustSell.Standing>> mustSell) {
            this.territories = territories;
            this.billed = new HashMap<>(billed);
            this.mustSell = new HashMap<>(mustSell);
        }

        @Override
        public DecideCommand.Outlet of(DecideCommand.Outlet outlet, UUID outletId, long principalId, LocalDate on) {
            var where = territories == null ? List.<String>of() : territories.get();
            var known = billed.get(principalId);
            boolean first = known != null && !known.get().contains(outletId);
            var standing = mustSell.get(on);
            boolean keeps = standing != null && standing.get().keeps(outletId, principalId);
            return where.isEmpty() && !first && !keeps ? outlet : RuleOutlets.with(outlet, where, first, keeps);
        }

        @Override
        public void billed(UUID outletId, long principalId, LocalDate on, Set<Long> skus) {
            var known = billed.get(principalId);
            if (known != null) known.get().add(outletId);
            mustSell.forEach((day, standing) -> {
                if (!on.isAfter(day) && !on.isBefore(day.minusDays(MustSell.WINDOW_DAYS))) standing.get().billed(outletId, principalId, skus);
            });
        }
    }
}
