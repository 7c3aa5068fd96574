package io.offtake.bench;

import io.offtake.rules.CommandJson;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.Engine;
import io.offtake.rules.RuleBook;
import io.offtake.rules.RuleBookJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The measured world: 2,000 SKUs, schemes in force over sets of them (slabs, buy-x-get-y, combos) for segments and territories, and
/// carts of 30 lines of outlets all over. Seeded; plain rows here, so that every contender builds what it wants from them.
final class Scenario {
    static final int SKUS = 2_000, LINES = 30, CARTS = 200, TODAY = 20_550;
    static final List<String> CHANNELS = List.of("GT", "MT", "HORECA", "PHARMA"), CLASSES = List.of("A", "B", "C");
    static final int TERRITORIES = 20;

    enum Kind { SLAB, BUY_GET, COMBO }

    /// @param territories places of territories, none: everywhere; `channels` and `classes` likewise
    /// @param from        slab thresholds in pieces; BUY_GET: buy and get; COMBO: least distinct SKUs
    /// @param micros      percent of each slab, or of the combo, in millionths
    /// @param distributor only this distributor's; -1: everybody's
    record Offer(int number, Kind kind, int priority, int[] skus, int[] territories, int[] channels, int[] classes, int[] from, int[] micros, int distributor) {
        String id() {
            return Integer.toString(number);
        }

        String code() {
            return "K" + (100_000 + number);
        }
    }

    record Cart(int channel, int outletClass, int[] territories, int[] skus, int[] qty) {}

    final List<Offer> offers = new ArrayList<>();
    final List<Cart> carts = new ArrayList<>();
    final long[] pricePaise = new long[SKUS];

    /// @param schemes how many are in force
    /// @param distributors 0: all schemes are everybody's; else each belongs to one of so many
    Scenario(int schemes, int distributors) {
        var random = new Random(7);
        for (int sku = 0; sku < SKUS; sku++) pricePaise[sku] = 1_000 + random.nextInt(49_000);
        for (int at = 0; at < CARTS; at++) carts.add(cart(random));
        for (int number = 1; number <= schemes; number++) offers.add(offer(random, number, distributors == 0 ? -1 : number % distributors));
    }

    private static Cart cart(Random random) {
        var skus = distinct(random, LINES, SKUS);
        var qty = new int[LINES];
        for (int at = 0; at < LINES; at++) qty[at] = 1 + random.nextInt(60);
        return new Cart(random.nextInt(CHANNELS.size()), random.nextInt(CLASSES.size()), distinct(random, 2, TERRITORIES), skus, qty);
    }

    private static Offer offer(Random random, int number, int distributor) {
        int pick = random.nextInt(20);
        var kind = pick < 9 ? Kind.SLAB : pick < 16 ? Kind.BUY_GET : Kind.COMBO;
        var skus = distinct(random, kind == Kind.COMBO ? 4 + random.nextInt(9) : 1 + random.nextInt(12), SKUS);
        int[] from, micros;
        switch (kind) {
            case SLAB -> {
                from = new int[] {6 + random.nextInt(12), 24 + random.nextInt(12), 48 + random.nextInt(24)};
                micros = new int[] {10_000 + random.nextInt(10_000), 25_000 + random.nextInt(15_000), 45_000 + random.nextInt(20_000)};
            }
            case BUY_GET -> {
                from = new int[] {6 + random.nextInt(18), 1 + random.nextInt(2)};
                micros = new int[0];
            }
            default -> {
                from = new int[] {2};
                micros = new int[] {20_000 + random.nextInt(30_000)};
            }
        }
        return new Offer(number, kind, 1 + random.nextInt(9), skus, random.nextInt(10) < 3 ? new int[0] : distinct(random, 1 + random.nextInt(6), TERRITORIES),
                random.nextInt(10) < 3 ? new int[0] : distinct(random, 1 + random.nextInt(2), CHANNELS.size()), random.nextInt(2) == 0 ? new int[0] : distinct(random, 1 + random.nextInt(2), CLASSES.size()),
                from, micros, distributor);
    }

    private static int[] distinct(Random random, int count, int of) {
        return random.ints(0, of).distinct().limit(count).sorted().toArray();
    }

    static String sku(int sku) {
        return "S" + (10_000 + sku);
    }

    static String territory(int territory) {
        return "T" + territory;
    }

    // ---- as the engine reads it ----

    private static String list(int[] places, java.util.function.IntFunction<String> name) {
        var out = new StringBuilder("[");
        for (int place : places) out.append(out.length() > 1 ? "," : "").append('"').append(name.apply(place)).append('"');
        return out.append(']').toString();
    }

    private static String percent(int micros) {
        return "0." + Integer.toString(1_000_000 + micros).substring(1);
    }

    private static String money(long paise) {
        return paise / 100 + "." + (paise % 100 < 10 ? "0" : "") + paise % 100;
    }

    private static String scheme(Offer offer) {
        String mechanic = switch (offer.kind()) {
            case SLAB -> {
                var slabs = new StringBuilder();
                for (int at = 0; at < offer.from().length; at++)
                    slabs.append(at > 0 ? "," : "").append("{\"from\":\"").append(offer.from()[at]).append("\",\"reward\":{\"percent\":\"").append(percent(offer.micros()[at])).append("\"}}");
                yield "{\"type\":\"WHOLE_SLAB\",\"basis\":\"BASE_QTY\",\"slabs\":[" + slabs + "]}";
            }
            case BUY_GET -> "{\"type\":\"FREE_GOODS\",\"buy\":\"" + offer.from()[0] + "\",\"get\":\"" + offer.from()[1] + "\",\"repeat\":true}";
            case COMBO -> "{\"type\":\"COMBO\",\"minDistinct\":" + offer.from()[0] + ",\"reward\":{\"percent\":\"" + percent(offer.micros()[0]) + "\"}}";
        };
        var eligibility = new StringBuilder("{");
        if (offer.territories().length > 0) eligibility.append("\"territories\":").append(list(offer.territories(), Scenario::territory));
        if (offer.channels().length > 0) eligibility.append(eligibility.length() > 1 ? "," : "").append("\"channels\":").append(list(offer.channels(), CHANNELS::get));
        if (offer.classes().length > 0) eligibility.append(eligibility.length() > 1 ? "," : "").append("\"classes\":").append(list(offer.classes(), CLASSES::get));
        if (offer.distributor() >= 0) eligibility.append(eligibility.length() > 1 ? "," : "").append("\"distributorIds\":[\"D").append(offer.distributor()).append("\"]");
        return "{\"id\":\"" + offer.id() + "\",\"version\":1,\"code\":\"" + offer.code() + "\",\"name\":\"offer\",\"principalId\":\"P\",\"stage\":\""
                + switch (offer.kind()) { case SLAB -> "LINE"; case BUY_GET -> "FREE_GOODS"; case COMBO -> "GROUP"; } + "\",\"mechanic\":" + mechanic + ",\"products\":{\"skuIds\":"
                + list(offer.skus(), Scenario::sku) + "},\"eligibility\":" + eligibility + "},\"stacking\":\"CASCADE\",\"priority\":" + offer.priority()
                + ",\"principalShare\":\"1\",\"claimable\":true,\"claimRate\":\"PTS\",\"validFrom\":" + (TODAY - 30) + "}";
    }

    private static String head(String distributor) {
        return "{\"seller\":{\"distributorId\":\"" + distributor + "\",\"stateCode\":\"27\",\"registration\":\"REGULAR\"},\"currency\":{\"code\":\"INR\",\"scale\":2},"
                + "\"rounding\":{\"id\":\"R\",\"version\":1,\"document\":\"NEAREST_UNIT\"},\"validFrom\":" + (TODAY - 100) + ",\"validTo\":" + (TODAY + 100)
                + ",\"principals\":[{\"id\":\"P\",\"code\":\"P\",\"stateCode\":\"27\",\"registration\":\"REGULAR\"}]";
    }

    /// The whole book as one text.
    RuleBook book(String distributor) {
        var out = new StringBuilder(head(distributor)).append(",\"skus\":[");
        for (int sku = 0; sku < SKUS; sku++)
            out.append(sku > 0 ? "," : "").append("{\"id\":\"").append(sku(sku)).append("\",\"code\":\"").append(sku(sku))
                    .append("\",\"hsn\":\"340111\",\"principalId\":\"P\",\"baseUnit\":\"PCS\",\"qtyScale\":0,\"expiryTracked\":true,\"units\":[{\"code\":\"CASE\",\"num\":24}]}");
        out.append("],\"priceLists\":[{\"id\":\"N\",\"version\":1,\"code\":\"N\",\"level\":\"NATIONAL\",\"key\":{},\"taxInclusive\":false,\"validFrom\":").append(TODAY - 90).append(",\"lines\":[");
        for (int sku = 0; sku < SKUS; sku++) out.append(sku > 0 ? "," : "").append("{\"skuId\":\"").append(sku(sku)).append("\",\"price\":\"").append(money(pricePaise[sku])).append("\"}");
        out.append("]}],\"taxRates\":[{\"id\":\"T\",\"version\":1,\"hsn\":\"3401\",\"kind\":\"TAXABLE\",\"rate\":\"0.05\",\"validFrom\":").append(TODAY - 1000).append("}],\"schemes\":[");
        for (int at = 0; at < offers.size(); at++) out.append(at > 0 ? "," : "").append(scheme(offers.get(at)));
        return RuleBookJson.read(out.append("]}").toString());
    }

    /// What is one distributor's own: two hundred contract prices.
    RuleBook overlay(String distributor) {
        var out = new StringBuilder(head(distributor)).append(",\"skus\":[],\"taxRates\":[],\"schemes\":[],\"priceLists\":[{\"id\":\"own\",\"version\":1,\"code\":\"own\",\"level\":\"OUTLET\",\"key\":{\"outletId\":\"o-1\"},"
                + "\"taxInclusive\":false,\"validFrom\":").append(TODAY - 90).append(",\"lines\":[");
        for (int sku = 0; sku < 200; sku++)
            out.append(sku > 0 ? "," : "").append("{\"skuId\":\"").append(sku(sku * 10)).append("\",\"price\":\"").append(money(pricePaise[sku * 10] - 7)).append("\"}");
        return RuleBookJson.read(out.append("]}]}").toString());
    }

    List<DecideCommand> commands(Engine engine) {
        var commands = new ArrayList<DecideCommand>();
        for (var cart : carts) {
            var out = new StringBuilder("{\"kind\":\"INVOICE\",\"businessDate\":" + TODAY + ",\"saleType\":\"DELIVERY\",\"paymentMode\":\"CASH\",\"principalId\":\"P\",\"outlet\":{\"id\":\"o\",\"channel\":\""
                    + CHANNELS.get(cart.channel()) + "\",\"class\":\"" + CLASSES.get(cart.outletClass()) + "\",\"stateCode\":\"27\",\"registration\":\"REGULAR\",\"credit\":[],\"territories\":"
                    + list(cart.territories(), Scenario::territory) + "},\"batches\":[],\"approved\":[],\"lines\":[");
            for (int at = 0; at < LINES; at++)
                out.append(at > 0 ? "," : "").append("{\"line\":").append(at + 1).append(",\"skuId\":\"").append(sku(cart.skus()[at])).append("\",\"qty\":\"").append(cart.qty()[at]).append("\"}");
            commands.add(CommandJson.read(out.append("]}").toString(), engine.book()));
        }
        return commands;
    }
}
