package io.offtake.bench;

import io.offtake.rules.DecideCommand;
import java.util.ArrayList;
import java.util.List;
import org.kie.api.KieBase;
import org.kie.api.io.ResourceType;
import org.kie.internal.utils.KieHelper;

/// The same offers as one Drools rule each (10.x, Apache-2.0). It finds out only which offer is reached by how many pieces; the money
/// is then summed up beside it. So it does less than the other contenders, and is compared with them all the same.
public final class DroolsEvaluator {
    private final KieBase base;
    private final Scenario scenario;
    private final java.util.Map<String, Integer> skus = new java.util.HashMap<>();

    /// A line of the cart as a fact.
    public static final class CartLine {
        private final String sku;
        private final int qty;

        public CartLine(String sku, int qty) {
            this.sku = sku;
            this.qty = qty;
        }

        public String getSku() {
            return sku;
        }

        public int getQty() {
            return qty;
        }
    }

    /// The outlet as a fact.
    public static final class Buyer {
        private final DecideCommand.Outlet outlet;

        public Buyer(DecideCommand.Outlet outlet) {
            this.outlet = outlet;
        }

        public String getChannel() {
            return outlet.channel();
        }

        public String getOutletClass() {
            return outlet.outletClass();
        }

        public String getFirst() {
            return outlet.territories().get(0);
        }

        public String getSecond() {
            return outlet.territories().get(1);
        }
    }

    /// Collects what fires.
    public static final class Reached {
        private final List<int[]> rows = new ArrayList<>();

        public void add(int offer, Number counted) {
            rows.add(new int[] {offer, counted.intValue()});
        }
    }

    DroolsEvaluator(Scenario scenario) {
        this.scenario = scenario;
        for (int sku = 0; sku < Scenario.SKUS; sku++) skus.put(Scenario.sku(sku), sku);
        var drl = new StringBuilder("package offers;\nimport io.offtake.bench.DroolsEvaluator.CartLine;\nimport io.offtake.bench.DroolsEvaluator.Buyer;\nglobal io.offtake.bench.DroolsEvaluator.Reached reached;\n");
        for (var offer : scenario.offers) {
            var asked = new ArrayList<String>();
            if (offer.channels().length > 0) asked.add("channel in (" + names(offer.channels(), Scenario.CHANNELS::get) + ")");
            if (offer.classes().length > 0) asked.add("outletClass in (" + names(offer.classes(), Scenario.CLASSES::get) + ")");
            if (offer.territories().length > 0) {
                var in = names(offer.territories(), Scenario::territory);
                asked.add("(first in (" + in + ") || second in (" + in + "))");
            }
            var counted = offer.kind() == Scenario.Kind.COMBO ? "count(1)" : "sum($q)";
            drl.append("rule \"").append(offer.id()).append("\" when\n  Buyer(").append(String.join(", ", asked)).append(")\n  accumulate(CartLine(sku in (").append(names(offer.skus(), Scenario::sku))
                    .append("), $q : qty); $n : ").append(counted).append("; $n >= ").append(offer.from()[0]).append(")\nthen reached.add(").append(offer.number()).append(", $n); end\n");
        }
        base = new KieHelper().addContent(drl.toString(), ResourceType.DRL).build();
    }

    private static String names(int[] places, java.util.function.IntFunction<String> name) {
        var out = new StringBuilder();
        for (int place : places) out.append(out.isEmpty() ? "\"" : ", \"").append(name.apply(place)).append('"');
        return out.toString();
    }

    /// The sum of what the reached slabs and combos take off gross, and the value of the free goods, in paise.
    long evaluate(DecideCommand command) {
        var session = base.newKieSession();
        try {
            var reached = new Reached();
            session.setGlobal("reached", reached);
            session.insert(new Buyer(command.outlet()));
            for (var line : command.lines()) session.insert(new CartLine(line.skuId(), (int) (line.qty().milli() / 1000)));
            session.fireAllRules();
            long sum = 0;
            for (var row : reached.rows) {
                var offer = scenario.offers.get(row[0] - 1);
                for (var line : command.lines()) {
                    int sku = skus.get(line.skuId());
                    if (java.util.Arrays.binarySearch(offer.skus(), sku) < 0) continue;
                    long qty = line.qty().milli() / 1000;
                    sum += switch (offer.kind()) {
                        case SLAB -> {
                            int slab = offer.from().length - 1;
                            while (offer.from()[slab] > row[1]) slab--;
                            yield (scenario.pricePaise[sku] * qty * offer.micros()[slab] + 500_000) / 1_000_000;
                        }
                        case BUY_GET -> qty / offer.from()[0] * offer.from()[1] * scenario.pricePaise[sku];
                        case COMBO -> (scenario.pricePaise[sku] * qty * offer.micros()[0] + 500_000) / 1_000_000;
                    };
                }
            }
            return sum;
        } finally {
            session.dispose();
        }
    }
}
