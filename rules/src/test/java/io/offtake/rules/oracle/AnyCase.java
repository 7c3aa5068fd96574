package io.offtake.rules.oracle;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A seeded generator of rule books and commands: baskets, price levels, two MRPs, several rates, parties of every kind, and scheme
/// sets of every mechanic that touches a bill. One seed, one case.
///
/// It makes only what may be approved: schemes of one stage agree on their stacking (PX-23), those of an exclusion group on their
/// choice (PX-22), and no two lists tie at one level (PX-01), except where the tie is the point.
final class AnyCase {
    static final long TODAY = 20_550;
    private static final List<String> HSNS = List.of("340111", "190531", "340250", "22021010", "96190010", "3004", "24022010");
    private final Random random;
    private final long seed;
    private final List<Map<String, Object>> skus = new ArrayList<>();
    private final Map<String, BigDecimal> ptr = new LinkedHashMap<>();
    private final Map<String, List<BigDecimal>> mrps = new LinkedHashMap<>();
    private final Map<String, String> stacking = new LinkedHashMap<>();
    private boolean inclusive, mayTaxModes, floor, vat, anyFree;

    private AnyCase(long seed) {
        this.seed = seed;
        // Neighbouring seeds of java.util.Random start alike; spread them.
        random = new Random(seed * 0x9E3779B97F4A7C15L);
    }

    static Case of(long seed) {
        return new AnyCase(seed).make();
    }

    // ---- choices ----

    private int between(int from, int to) {
        return from + random.nextInt(to - from + 1);
    }

    private boolean oneIn(int of) {
        return random.nextInt(of) == 0;
    }

    @SafeVarargs
    private <T> T any(T... of) {
        return of[random.nextInt(of.length)];
    }

    private <T> T anyOf(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /// A tree from names and values; a null value leaves the member out.
    static Map<String, Object> tree(Object... namesAndValues) {
        var tree = new LinkedHashMap<String, Object>();
        for (int at = 0; at < namesAndValues.length; at += 2) if (namesAndValues[at + 1] != null) tree.put((String) namesAndValues[at], namesAndValues[at + 1]);
        return tree;
    }

    private static String money(BigDecimal value) {
        return value.setScale(2, RoundingMode.HALF_UP).toPlainString();
    }

    private static String paise(long paise) {
        return BigDecimal.valueOf(paise, 2).toPlainString();
    }

    private String percent(int from, int to) {
        return BigDecimal.valueOf(between(from, to), 4).stripTrailingZeros().toPlainString();
    }

    // ---- the case ----

    private Case make() {
        inclusive = oneIn(8);
        vat = oneIn(12);
        mayTaxModes = !inclusive;
        floor = oneIn(6);
        for (var stage : SlowSchemes.STAGES) stacking.put(stage, oneIn(4) ? "ADDITIVE" : "CASCADE");
        int count = between(2, 7);
        for (int at = 1; at <= count; at++) sku(at);
        var seller = tree("distributorId", "1", "stateCode", "27", "registration", oneIn(12) ? any("COMPOSITION", "UNREGISTERED") : "REGULAR", "zone", "WEST", "undertakings", undertakings());
        var schemes = new ArrayList<Map<String, Object>>();
        int schemeCount = oneIn(10) ? 0 : between(1, oneIn(4) ? 10 : 5);
        for (int at = 1; at <= schemeCount; at++) {
            var scheme = scheme(Integer.toString(at));
            schemes.add(scheme);
            if (oneIn(8)) schemes.add(otherVersion(scheme));
        }
        var book = tree("seller", seller, "currency", tree("code", "INR", "scale", 2L), "rounding", rounding(), "taxSystem", vat ? tree("type", "VAT", "name", "VAT") : null,
                "validFrom", TODAY - 200, "validTo", TODAY + 200, "principals", List.of(tree("id", "P", "code", "P", "stateCode", "27", "registration", "REGULAR")), "skus", skus,
                "priceLists", priceLists(), "schemes", schemes, "taxRates", taxRates(),
                "policy", tree("shelfLifeMinDays", 0L, "shelfLife", List.of(tree("channel", "MT", "minDays", 60L)), "nearExpiryDays", 30L,
                        "credit", tree("limit", "OFF", "overdue", "OFF", "overdueDaysMax", 0L, "modes", List.of("CREDIT")), "floor", floor ? "BLOCK" : "OFF", "mrpCeiling", oneIn(6) ? "BLOCK" : "OFF"));
        return new Case(seed, book, command(schemes));
    }

    /// None, one in force, one that begins today, one that ended yesterday: by the seed itself, so that nothing else of the case changes.
    private List<Map<String, Object>> undertakings() {
        return switch ((int) Math.floorMod(seed, 4L)) {
            case 0 -> null;
            case 1 -> List.of(tree("validFrom", TODAY - 30, "validTo", TODAY));
            case 2 -> List.of(tree("validFrom", TODAY - 400, "validTo", TODAY - 31), tree("validFrom", TODAY));
            default -> List.of(tree("validFrom", TODAY - 30, "validTo", TODAY - 1));
        };
    }

    private String special() {
        return List.of("SEZ", "EXPORT", "SEZ", "DEEMED_EXPORT", "EXPORT").get((int) Math.floorMod(seed / 4, 5L));
    }

    private Map<String, Object> rounding() {
        return switch (between(0, 5)) {
            case 0 -> tree("id", "R", "version", 1L, "document", "NONE");
            case 1 -> tree("id", "R", "version", 1L, "document", "NEAREST", "step", any("0.05", "1", "0.50", "5"), "mode", any("HALF_UP", "UP", "DOWN", null),
                    "paymentModes", oneIn(2) ? List.of("CASH") : null);
            default -> tree("id", "R", "version", 1L, "document", "NEAREST_UNIT");
        };
    }

    private void sku(int at) {
        boolean loose = oneIn(8);
        long price = oneIn(10) ? between(20, 300) : between(300, oneIn(3) ? 90_000 : 12_000);
        var id = Integer.toString(at);
        var hsn = anyOf(HSNS);
        var units = loose ? List.of(tree("code", "CASE", "num", 15L, "den", 1L), tree("code", "GRAM", "num", 1L, "den", 1000L))
                : List.of(tree("code", "CASE", "num", (long) any(10, 12, 24, 30, 48), "den", 1L), tree("code", "INNER", "num", (long) any(3, 6), "den", 1L));
        var mrp = BigDecimal.valueOf(price * between(115, 190) / 100, 2);
        ptr.put(id, BigDecimal.valueOf(price, 2));
        mrps.put(id, oneIn(3) ? List.of(mrp, mrp.add(BigDecimal.valueOf(between(1, 400), 2))) : List.of(mrp));
        skus.add(tree("id", id, "code", "S" + between(1, 30) + "-" + at, "hsn", hsn, "principalId", "P", "brandId", "B" + between(1, 3), "categoryId", "C" + between(1, 2),
                "baseUnit", loose ? "KG" : "PCS", "qtyScale", loose ? 3L : 0L, "units", units, "pts", oneIn(10) ? null : paise(Math.max(1, price * 95 / 100)), "mrp", money(mrp),
                "expiryTracked", !oneIn(3), "weight", oneIn(3) ? null : BigDecimal.valueOf(between(1, 2_000_000), 6).toPlainString(),
                "prepacked", oneIn(3) ? Boolean.TRUE : null));
    }

    private List<Map<String, Object>> priceLists() {
        var lists = new ArrayList<Map<String, Object>>();
        var national = new ArrayList<Map<String, Object>>();
        for (var sku : skus) {
            var id = (String) sku.get("id");
            // Free goods without a price are no question of the text's.
            if (!anyFree && oneIn(60)) continue;
            national.add(oneIn(4) ? tree("skuId", id, "price", money(ptr.get(id).multiply(perCase(sku)).add(BigDecimal.valueOf(between(0, 99), 2))), "unit", "CASE")
                    : tree("skuId", id, "price", ptr.get(id).add(oneIn(6) ? BigDecimal.valueOf(between(1, 9999), 6) : BigDecimal.ZERO).toPlainString()));
            if (mrps.get(id).size() > 1 && !oneIn(4)) national.add(tree("skuId", id, "mrp", money(mrps.get(id).getLast()), "price", money(ptr.get(id).add(BigDecimal.valueOf(between(1, 300), 2)))));
        }
        lists.add(list("N", 1, "NATIONAL", tree(), inclusive, TODAY - 150, null, national));
        if (oneIn(6)) lists.add(list("N", 2, "NATIONAL", tree(), inclusive, any(TODAY - 20, TODAY + 1), null, national.subList(0, national.size() / 2)));
        if (oneIn(4)) lists.add(list("Z", 1, "ZONE", tree("zone", any("WEST", "WEST", "EAST")), inclusive, TODAY - 100, oneIn(4) ? TODAY - 1 : null, some()));
        if (oneIn(4)) lists.add(list("D", 1, "DISTRIBUTOR", tree(), inclusive, TODAY - 100, null, some()));
        if (oneIn(3)) lists.add(list("C", 1, "CHANNEL_CLASS", any(tree("channel", "GT"), tree("class", any("A", "A", "B")), tree("channel", "GT", "class", any("A", "B"))), inclusive, TODAY - 90, null, some()));
        if (oneIn(6)) lists.add(list("C2", 1, "CHANNEL_CLASS", tree("class", "A"), inclusive, oneIn(12) ? TODAY - 90 : TODAY - 80, null, some()));
        if (oneIn(5)) lists.add(list("G", 1, "GROUP", tree("group", any("KEY", "OTHER")), inclusive, TODAY - 90, null, some()));
        if (oneIn(6)) lists.add(list("H", 1, "PARENT", tree("parentId", any("chain", "other")), inclusive, TODAY - 90, any(TODAY - 1, TODAY, null), some()));
        if (oneIn(6)) {
            var outlet = list("O", 1, "OUTLET", tree("outletId", any("o-1", "o-1", "o-2")), inclusive, TODAY - 30, any(TODAY - 1, null, null), some());
            if (oneIn(2)) outlet.put("protectOrderDays", (long) any(5, 10));
            lists.add(outlet);
        }
        if (oneIn(7)) {
            var linked = list("M", 1, "NATIONAL", tree(), false, TODAY - 120, null, List.of());
            linked.remove("lines");
            linked.put("mrpLink", tree("margin", any("0.10", "0.085", "0.2"), "basis", any("ON_PRICE", "ON_MRP"), "decimals", any(2L, 2L, 4L)));
            if (!inclusive) lists.add(linked);
        }
        return lists;
    }

    private Map<String, Object> list(String id, int version, String level, Map<String, Object> key, boolean inclusive, long from, Long to, List<Map<String, Object>> lines) {
        return tree("id", id, "version", (long) version, "code", id, "level", level, "key", key, "taxInclusive", inclusive, "validFrom", from, "validTo", to, "lines", lines);
    }

    private List<Map<String, Object>> some() {
        var lines = new ArrayList<Map<String, Object>>();
        for (var sku : skus) {
            if (oneIn(2)) continue;
            var id = (String) sku.get("id");
            var price = ptr.get(id).multiply(BigDecimal.valueOf(between(90, 101), 2)).setScale(2, RoundingMode.HALF_UP);
            if (price.signum() == 0) price = ptr.get(id);
            lines.add(tree("skuId", id, "mrp", oneIn(4) ? money(anyOf(mrps.get(id))) : null, "price", money(price)));
        }
        return lines;
    }

    private static BigDecimal perCase(Map<String, Object> sku) {
        return BigDecimal.valueOf((Long) JsonText.maps(sku.get("units")).getFirst().get("num"));
    }

    private List<Map<String, Object>> taxRates() {
        var rates = new ArrayList<Map<String, Object>>();
        rates.add(tree("id", "34", "version", 1L, "hsn", "34", "rate", "0.18", "cess", "0", "validFrom", TODAY - 1000));
        rates.add(tree("id", "3401", "version", 1L, "hsn", "3401", "rate", oneIn(2) ? "0.05" : "0.12", "cess", "0", "validFrom", TODAY - 100));
        if (oneIn(5)) rates.add(tree("id", "3401-new", "version", 1L, "hsn", "340111", "rate", "0.28", "cess", "0", "validFrom", TODAY + 1));
        if (oneIn(4)) rates.add(tree("id", "3401-packed", "version", 1L, "hsn", "3401", "prepacked", true, "rate", "0.15", "cess", "0", "validFrom", TODAY - 100));
        rates.add(tree("id", "1905", "version", 1L, "hsn", "1905", "rate", "0.05", "cess", "0", "validFrom", TODAY - 100));
        if (oneIn(4)) rates.add(tree("id", "1905-dear", "version", 1L, "hsn", "1905", "mrpFrom", "100.00", "rate", "0.18", "cess", "0", "validFrom", TODAY - 100));
        rates.add(tree("id", "2202", "version", 1L, "hsn", "2202", "rate", "0.40", "cess", oneIn(2) ? "0.12" : "0", "validFrom", TODAY - 100));
        rates.add(tree("id", "9619", "version", 1L, "hsn", "9619", "kind", any("NIL", "EXEMPT"), "rate", "0", "cess", "0", "validFrom", TODAY - 100));
        rates.add(tree("id", "3004", "version", 1L, "hsn", "3004", "rate", "0.05", "cess", "0", "validFrom", TODAY - 100));
        if (oneIn(4)) rates.add(tree("id", "3004-sez", "version", 1L, "hsn", "3004", "buyers", List.of("UNREGISTERED"), "rate", "0.12", "cess", "0", "validFrom", TODAY - 100));
        rates.add(tree("id", "2402", "version", 1L, "hsn", "2402", "rate", "0.40", "cess", "0", "valuation", inclusive || vat ? null : any("RSP", "RSP", null), "validFrom", TODAY - 100));
        rates.add(tree("id", "9965", "version", 1L, "hsn", "9965", "rate", "0.18", "cess", "0", "validFrom", TODAY - 100));
        return rates;
    }

    // ---- schemes ----

    private Map<String, Object> products() {
        return switch (between(0, 5)) {
            case 0 -> tree();
            case 1 -> tree("brandIds", List.of("B" + between(1, 3)), "excludedSkuIds", oneIn(3) ? List.of(skuId()) : null);
            case 2 -> tree("categoryIds", List.of("C" + between(1, 2)), "excludedBrandIds", oneIn(4) ? List.of("B1") : null);
            case 3 -> tree("skuIds", List.of(skuId()));
            default -> tree("skuIds", skuIds(between(1, 4)));
        };
    }

    private String skuId() {
        return (String) anyOf(skus).get("id");
    }

    private List<String> skuIds(int count) {
        var ids = new ArrayList<String>();
        for (int at = 0; at < count; at++) {
            var id = skuId();
            if (!ids.contains(id)) ids.add(id);
        }
        return ids;
    }

    private Map<String, Object> reward(boolean once) {
        return switch (between(0, once ? 4 : 3)) {
            case 0 -> tree("perUnit", BigDecimal.valueOf(between(1, 400), oneIn(4) ? 3 : 2).toPlainString());
            case 1 -> tree("fixed", paise(between(1, 9_000)));
            default -> tree("percent", percent(25, oneIn(8) ? 6_000 : 1_500));
        };
    }

    private Map<String, Object> scheme(String id) {
        Map<String, Object> mechanic;
        String stage;
        var products = products();
        boolean free = false;
        switch (between(0, 15)) {
            case 0, 1 -> {
                stage = any("CONTRACT", "LINE", "LINE", "GROUP", "BILL");
                mechanic = tree("type", "DISCOUNT", "reward", reward(true));
            }
            case 2, 3, 4 -> {
                stage = any("CONTRACT", "LINE", "LINE", "GROUP", "BILL");
                mechanic = slabs("WHOLE_SLAB");
            }
            case 5, 6 -> {
                stage = any("LINE", "LINE", "GROUP", "BILL");
                mechanic = slabs("INCREMENTAL_SLAB");
            }
            case 7, 8, 9 -> {
                stage = "FREE_GOODS";
                mechanic = freeGoods(products);
                free = true;
                anyFree = true;
            }
            case 10 -> {
                stage = any("LINE", "GROUP");
                int buy = between(2, 12);
                mechanic = tree("type", "CHEAPEST_FREE", "buy", Integer.toString(buy), "get", Integer.toString(between(1, Math.min(buy, 3))), "repeat", any(true, true, false, null),
                        "capPerInvoice", oneIn(4) ? Integer.toString(between(1, 5)) : null);
            }
            case 11 -> {
                stage = any("GROUP", "BILL");
                mechanic = combo(products);
            }
            case 12 -> {
                stage = any("GROUP", "BILL");
                var a = skuId();
                var b = skuId();
                products = a.equals(b) ? tree("skuIds", List.of(a)) : tree("skuIds", List.of(a, b));
                int qtyA = between(1, 12), qtyB = between(1, 6);
                var components = new ArrayList<Map<String, Object>>();
                components.add(tree("products", tree("skuIds", List.of(a)), "qty", Integer.toString(qtyA)));
                var worth = ptr.get(a).multiply(BigDecimal.valueOf(qtyA));
                if (!a.equals(b)) {
                    components.add(tree("products", tree("skuIds", List.of(b)), "qty", Integer.toString(qtyB)));
                    worth = worth.add(ptr.get(b).multiply(BigDecimal.valueOf(qtyB)));
                }
                mechanic = tree("type", "BUNDLE_PRICE", "components", components, "price", money(worth.multiply(BigDecimal.valueOf(between(70, 103), 2))), "repeat", any(true, false, null),
                        "maxSets", oneIn(3) ? (long) between(1, 3) : null);
            }
            case 13 -> {
                stage = any("CONTRACT", "LINE");
                mechanic = oneIn(3) ? tree("type", "PER_CASE_REBATE", "perKg", paise(between(1, 900))) : tree("type", "PER_CASE_REBATE", "unit", any("CASE", "INNER"), "amount", paise(between(50, 3_000)));
            }
            default -> {
                stage = "ACCRUAL";
                mechanic = accrual();
            }
        }
        if ("NET_VALUE".equals(mechanic.get("basis")) && List.of("GROUP", "BILL").contains(stage) && oneIn(3)) mechanic.put("netAfter", any("CONTRACT", "LINE"));
        var group = !stage.equals("ACCRUAL") && oneIn(2) ? any("X", "X", "Y") : null;
        var share = floor && free ? "1" : any("1", "1", "0.7", "0.5", "0", "0.333333");
        var scheme = tree("id", id, "version", (long) between(1, 3), "code", "K" + between(1, 99) + "-" + id, "name", "scheme " + id, "principalId", "P", "stage", stage, "mechanic", mechanic,
                "products", products, "eligibility", eligibility(), "stacking", stacking.get(stage), "exclusionGroup", group, "choice", group == null ? null : group.equals("X") ? "BEST_FOR_OUTLET" : choiceOfY(),
                "priority", (long) between(1, 4), "principalShare", share, "claimable", !oneIn(5), "claimRate", any("PTS", "PTR", mechanic.get("inside") == null ? "COST" : "PTS"), "validFrom", oneIn(25) ? TODAY + 1 : TODAY - between(0, 60),
                "validTo", oneIn(6) ? TODAY - (oneIn(4) ? 1 : 0) : null);
        if (oneIn(12)) scheme.put("approvedOn", TODAY + between(-1, 1));
        if (oneIn(3) && scheme.get("approvedOn") != null && !free) scheme.put("retrospective", true);
        if (!stage.equals("ACCRUAL") && !free && oneIn(12)) scheme.put("settlement", any("CREDIT_NOTE", "PAYOUT"));
        if (mechanic.get("type").equals("WHOLE_SLAB") && oneIn(5)) scheme.put("honour", "ORDERED_SLAB");
        if (!stage.equals("ACCRUAL") && oneIn(4)) scheme.put("limits", limits(free));
        return scheme;
    }

    /// A version before or after: of other days, other rewards, perhaps approved later.
    private Map<String, Object> otherVersion(Map<String, Object> scheme) {
        var other = new LinkedHashMap<>(scheme);
        other.put("version", (Long) scheme.get("version") + any(-1, 1, 1));
        if (!floor) other.put("principalShare", "0.9");
        other.put("priority", (long) between(1, 4));
        other.put("eligibility", eligibility());
        if (oneIn(3)) other.put("validFrom", TODAY + between(0, 1));
        if (oneIn(4)) other.put("approvedOn", TODAY + between(-1, 1));
        return other;
    }

    private String choiceOfY() {
        return stacking.computeIfAbsent("Y", name -> any("PRIORITY", "BEST_FOR_OUTLET"));
    }

    private Map<String, Object> slabs(String type) {
        boolean whole = type.equals("WHOLE_SLAB");
        var basis = any("BASE_QTY", "BASE_QTY", "GROSS_VALUE", "NET_VALUE", "CASES", "WEIGHT", whole ? "DISTINCT" : "BASE_QTY");
        var slabs = new ArrayList<Map<String, Object>>();
        BigDecimal from = BigDecimal.ZERO;
        int count = between(1, 3);
        boolean percent = !oneIn(4);
        for (int at = 0; at < count; at++) {
            from = from.add(switch (basis) {
                case "GROSS_VALUE", "NET_VALUE" -> BigDecimal.valueOf(between(50, 200_000), 2);
                case "CASES", "DISTINCT" -> BigDecimal.valueOf(between(1, 3));
                case "WEIGHT" -> BigDecimal.valueOf(between(1, 40_000), 3);
                default -> BigDecimal.valueOf(between(1, 40));
            });
            var reward = whole ? reward(true) : percent ? tree("percent", percent(25, 1_500)) : tree("perUnit", paise(between(1, 300)));
            if (whole && (basis.equals("CASES") || basis.equals("WEIGHT")) && oneIn(3)) reward = tree("perCount", paise(between(1, 600)));
            slabs.add(tree("from", from.toPlainString(), "reward", reward));
        }
        return tree("type", type, "basis", basis, "slabs", slabs);
    }

    private Map<String, Object> freeGoods(Map<String, Object> products) {
        boolean inside = oneIn(4);
        String reward = null;
        List<String> list = null;
        if (!inside && oneIn(2)) reward = skuId();
        else if (!inside && oneIn(5)) list = skuIds(3);
        var basis = any("BASE_QTY", "BASE_QTY", "BASE_QTY", inside ? "BASE_QTY" : "CASES", inside ? "BASE_QTY" : "GROSS_VALUE");
        var buy = basis.equals("GROSS_VALUE") ? paise(between(5_000, 150_000)) : Integer.toString(basis.equals("CASES") ? between(1, 3) : between(2, 24));
        boolean clean = mayTaxModes && !floor && !hasRsp(products) && (reward == null || !isRsp(reward)) && list == null;
        var ifShort = any("REFUSE", "VALUE_AT_PTR", "VALUE_AT_PTR", "SUBSTITUTE");
        return tree("type", "FREE_GOODS", "buy", buy, "get", Integer.toString(between(1, 3)), "basis", basis, "repeat", any(true, true, true, false, null), "inside", inside ? Boolean.TRUE : null,
                "rewardSkuId", reward, "rewardSkuIds", list, "capPerInvoice", oneIn(4) ? Integer.toString(between(1, 6)) : null,
                "tax", clean && oneIn(3) ? any("SINGLE_PRICE_ALLOCATED", "MIXED_SUPPLY") : "ZERO_PRICED", "ifShort", ifShort,
                "substituteSkuIds", ifShort.equals("SUBSTITUTE") ? skuIds(2) : null, "freeUnit", oneIn(10) && !inside && skus.stream().allMatch(sku -> sku.get("qtyScale").equals(0L)) ? "INNER" : null);
    }

    private boolean isRsp(String id) {
        for (var sku : skus) if (sku.get("id").equals(id)) return ((String) sku.get("hsn")).startsWith("2402");
        return false;
    }

    private boolean hasRsp(Map<String, Object> products) {
        for (var sku : skus) if (isRsp((String) sku.get("id")) && SlowSchemes.inProducts(sku, products)) return true;
        return false;
    }

    private Map<String, Object> combo(Map<String, Object> products) {
        var reward = reward(true);
        if (oneIn(2)) return tree("type", "COMBO", "minDistinct", (long) between(1, 4), "minEach", oneIn(2) ? Integer.toString(between(2, 12)) : null, "reward", reward);
        var one = skuId();
        var others = skuIds(2);
        others.remove(one);
        products.clear();
        var all = new ArrayList<>(others);
        all.add(one);
        products.put("skuIds", all);
        var groups = new ArrayList<Map<String, Object>>();
        groups.add(tree("products", tree("skuIds", List.of(one)), "min", Integer.toString(between(1, 12))));
        if (!others.isEmpty()) groups.add(tree("products", tree("skuIds", others), "min", Integer.toString(between(1, 12))));
        return tree("type", "COMBO", "minDistinct", oneIn(3) ? (long) between(1, 2) : null, "groups", groups, "repeat", any(true, false, null), "reward", reward);
    }

    private Map<String, Object> accrual() {
        return switch (between(0, 4)) {
            case 0, 1 -> {
                boolean growth = oneIn(4);
                var basis = growth ? "NET_VALUE" : any("NET_VALUE", "NET_VALUE", "BASE_QTY", "CASES", "GROSS_VALUE");
                var slabs = new ArrayList<Map<String, Object>>();
                BigDecimal from = BigDecimal.ZERO;
                for (int at = 0; at < between(1, 3) || at == 0; at++) {
                    from = from.add(growth ? BigDecimal.valueOf(between(1, 30), 2) : basis.endsWith("VALUE") ? BigDecimal.valueOf(between(10_000, 600_000), 2) : BigDecimal.valueOf(between(1, 150)));
                    slabs.add(tree("from", from.toPlainString(), "reward", growth || !oneIn(4) ? tree("percent", percent(50, 500)) : tree("perUnit", paise(between(1, 100)))));
                }
                yield tree("type", any("QPS", "TOD"), "basis", basis, "period", any("MONTH", "QUARTER", "YEAR", "FISCAL_YEAR", "SCHEME"), "method", growth ? "WHOLE" : any("WHOLE", "WHOLE", "INCREMENTAL"),
                        "slabs", slabs, "growth", growth ? tree("minBase", oneIn(2) ? "1000.00" : null, "floorBase", oneIn(2) ? "5000.00" : null) : null);
            }
            case 2 -> tree("type", "POINTS", "basis", any("NET_VALUE", "BASE_QTY"), "per", Integer.toString(between(5, 300)), "points", Integer.toString(between(1, 5)));
            case 3 -> tree("type", "PER_CASE_REBATE", "amount", paise(between(100, 3_000)), "unit", "CASE", "cumulative", true, "period", "MONTH");
            default -> tree("type", "CASH_DISCOUNT", "terms", List.of(tree("days", 7L, "percent", "0.02"), tree("days", 14L, "percent", "0.01")));
        };
    }

    private Map<String, Object> eligibility() {
        if (!oneIn(3)) return tree();
        return switch (between(0, 15)) {
            case 0 -> tree("channels", List.of(any("GT", "MT"), "HORECA"));
            case 1 -> tree("classes", List.of(any("A", "B")));
            case 2 -> tree("groups", List.of("KEY"));
            case 3 -> tree("outletIds", List.of(any("o-1", "o-2")));
            case 4 -> tree("excludedOutletIds", List.of(any("o-1", "o-2")));
            case 5 -> tree("territories", List.of("WEST", "EAST"));
            case 6 -> tree("stateCodes", List.of(any("27", "29")));
            case 7 -> tree("paymentModes", List.of(any("CREDIT", "CASH")), "channels", List.of(any("GT", "MT")));
            case 8 -> tree("saleTypes", List.of(any("COUNTER", "DELIVERY")));
            case 9 -> tree("orderSources", List.of(any("FIELD", "COUNTER")));
            case 10 -> tree("registrations", List.of(any("REGULAR", "UNREGISTERED"), "COMPOSITION"));
            case 11 -> tree("firstOrderOnly", true);
            case 12 -> tree("mslCompliantOnly", true, "parentIds", oneIn(2) ? List.of("chain") : null);
            case 13 -> tree("weekdays", List.of((long) between(1, 7), (long) between(1, 7), (long) between(1, 7)));
            case 14 -> tree("warehouseIds", oneIn(2) ? List.of(any("w-1", "w-2")) : List.of("w-1", "w-3"), "distributorIds", List.of("1"));
            default -> tree("dayparts", List.of(tree("from", "10:00", "to", "12:30"), tree("from", "17:00", "to", "19:00")));
        };
    }

    private Map<String, Object> limits(boolean free) {
        var limits = new LinkedHashMap<String, Object>();
        if (oneIn(2)) limits.put("perInvoice", limit(free, null));
        if (oneIn(2)) limits.put("perOutlet", limit(free, "MONTH"));
        if (oneIn(4)) limits.put("perDistributor", limit(free, "SCHEME"));
        if (oneIn(3) || limits.isEmpty()) limits.put("total", limit(free, null));
        limits.put("whenCut", any("PARTIAL", "PARTIAL", "NONE", "FULL_LAST", null));
        limits.values().removeIf(java.util.Objects::isNull);
        return limits;
    }

    private Map<String, Object> limit(boolean free, String period) {
        var limit = tree("period", period);
        if (free && oneIn(2)) limit.put("freeQty", Integer.toString(between(1, 8)));
        else limit.put("amount", paise(between(100, 30_000)));
        if (period != null && period.equals("MONTH") && oneIn(4)) limit.put("times", (long) between(1, 2));
        return limit;
    }

    // ---- the command ----

    private Map<String, Object> command(List<Map<String, Object>> schemes) {
        var lines = new ArrayList<Map<String, Object>>();
        int count = oneIn(5) ? 1 : between(2, 8);
        var batches = batches();
        for (int at = 1; at <= count; at++) {
            if (at > 1 && oneIn(12)) {
                lines.add(Case.with(anyOf(lines), "line", (long) at));
                continue;
            }
            var sku = anyOf(skus);
            var id = (String) sku.get("id");
            var qty = sku.get("qtyScale").equals(3L) && oneIn(2) ? BigDecimal.valueOf(between(1, 40_000), 3) : BigDecimal.valueOf(between(1, oneIn(3) ? 150 : 40));
            var line = tree("line", (long) at, "skuId", id, "qty", SlowSchemes.qty(qty));
            if (oneIn(15)) {
                line.put("manualPrice", money(inclusive ? ptr.get(id).multiply(new BigDecimal("1.02")).add(new BigDecimal("0.01")) : ptr.get(id)));
                line.put("manualReason", "agreed");
            }
            if (oneIn(12)) {
                line.put("manualDiscountPercent", any("1.5", "3", "10"));
                line.put("manualReason", "opening");
            }
            if (oneIn(12)) line.put("orderedQty", SlowSchemes.qty(qty.add(BigDecimal.valueOf(between(1, 30)))));
            if (oneIn(15)) {
                var own = batches.stream().filter(batch -> batch.get("skuId").equals(id) && !batch.get("batchId").equals("old-" + id)).toList();
                if (!own.isEmpty()) line.put("batchId", anyOf(own).get("batchId"));
            }
            lines.add(line);
        }
        var outlet = tree("id", "o-1", "channel", any("GT", "GT", "MT"), "class", any("A", "B", null), "group", any("KEY", null), "parentId", any("chain", null, null),
                "stateCode", any("27", "27", "27", "29", null), "registration", any("REGULAR", "REGULAR", "UNREGISTERED", "COMPOSITION", oneIn(3) ? special() : "REGULAR"), "blocked", false,
                "territories", any(List.of("IN", "WEST"), List.of("IN"), null), "firstOrder", any(true, null), "mslCompliant", any(true, false, null),
                "credit", List.of(tree("principalId", "P", "exposure", "0.00", "overdueDays", 0L, "termsDays", 14L)));
        return tree("kind", oneIn(8) ? "ORDER_PREVIEW" : "INVOICE", "businessDate", TODAY, "saleType", any("DELIVERY", "COUNTER"), "paymentMode", any("CREDIT", "CASH", "UPI"), "principalId", "P",
                "outlet", outlet, "lines", lines, "batches", batches, "approved", List.of(), "orderSource", any("FIELD", "COUNTER", null), "warehouseId", any("w-1", "w-1", "w-2", null), "minuteOfDay", any(615L, 750L, 1100L, null),
                "orderedOn", oneIn(6) ? TODAY - any(3, 5, 6, 12) : null, "limits", left(schemes), "cumulated", cumulated(schemes),
                "charges", oneIn(10) ? List.of(tree("code", "FREIGHT", "hsn", "9965", "amount", paise(between(100, 9_000)))) : null);
    }

    private List<Map<String, Object>> batches() {
        var batches = new ArrayList<Map<String, Object>>();
        int number = 0;
        for (var sku : skus) {
            var id = (String) sku.get("id");
            if (oneIn(60)) continue;
            for (var mrp : mrps.get(id)) {
                number++;
                // Some on the very day on which they may last be sold, to the one channel or the other.
                long expires = oneIn(8) ? any(TODAY, TODAY + 60, TODAY + 59) : TODAY + between(70, 300) * 8L + number % 8;
                batches.add(batch(id, "b-" + number, mrp, expires, TODAY - 10L * number - between(0, 9), oneIn(3) ? between(5, 60) : 5_000));
                if (oneIn(3)) batches.add(batch(id, "c-" + number, mrp, expires + 4_000, TODAY - 1_000 - 10L * number - between(0, 9), 5_000));
            }
            if (oneIn(8)) batches.add(batch(id, "old-" + id, mrps.get(id).getFirst(), TODAY - 1, TODAY - 3_000 - Long.parseLong(id), 5_000));
            if (!oneIn(20)) batches.add(batch(id, "z-" + id, mrps.get(id).getLast(), TODAY + 9_000 + Long.parseLong(id), TODAY - 9 - Long.parseLong(id), 5_000));
        }
        return batches;
    }

    private Map<String, Object> batch(String skuId, String id, BigDecimal mrp, Long expires, long received, int saleable) {
        return tree("batchId", id, "skuId", skuId, "batchNo", id.toUpperCase(java.util.Locale.ROOT), "mrp", money(mrp), "expiresOn", expires, "receivedOn", received, "saleable", Integer.toString(saleable),
                "unitCost", money(ptr.get(skuId).multiply(new BigDecimal("0.93")).max(new BigDecimal("0.01"))));
    }

    private List<Map<String, Object>> left(List<Map<String, Object>> schemes) {
        var left = new ArrayList<Map<String, Object>>();
        var seen = new java.util.HashSet<Object>();
        for (var scheme : schemes) {
            if (!seen.add(scheme.get("id"))) continue;
            var limits = JsonText.map(scheme.get("limits"));
            for (var scope : List.of("perOutlet", "perDistributor", "total")) {
                if (!limits.containsKey(scope) || oneIn(2)) continue;
                var limit = JsonText.map(limits.get(scope));
                left.add(tree("schemeId", scheme.get("id"), "scope", switch (scope) {
                    case "perOutlet" -> "OUTLET";
                    case "perDistributor" -> "DISTRIBUTOR";
                    default -> "TOTAL";
                }, "period", scope.equals("total") ? null : "2026-04", "amount", limit.containsKey("amount") ? paise(between(-200, 15_000)) : null,
                        "freeQty", limit.containsKey("freeQty") ? Integer.toString(between(0, 5)) : null, "times", limit.containsKey("times") ? (long) between(0, 1) : null));
            }
        }
        return left.isEmpty() ? null : left;
    }

    private List<Map<String, Object>> cumulated(List<Map<String, Object>> schemes) {
        var rows = new ArrayList<Map<String, Object>>();
        var seen = new java.util.HashSet<Object>();
        for (var scheme : schemes) {
            if (!seen.add(scheme.get("id"))) continue;
            var mechanic = JsonText.map(scheme.get("mechanic"));
            if (mechanic.get("type").equals("PER_CASE_REBATE") && Boolean.TRUE.equals(mechanic.get("cumulative")))
                for (var sku : skus) if (oneIn(2)) rows.add(tree("schemeId", scheme.get("id"), "skuId", sku.get("id"), "counted", Integer.toString(between(0, 9))));
            if (!List.of("QPS", "TOD").contains(mechanic.get("type")) || oneIn(3)) continue;
            boolean money = ((String) mechanic.get("basis")).endsWith("VALUE");
            var value = paise(between(0, 900_000));
            boolean accrued = oneIn(3);
            rows.add(tree("schemeId", scheme.get("id"), "counted", money ? value : Integer.toString(between(0, 200)), "value", value,
                    "accrued", accrued ? paise(between(0, 9_000)) : null, "growthBase", mechanic.get("growth") != null && !oneIn(3) ? paise(between(0, 900_000)) : null));
        }
        return rows.isEmpty() ? null : rows;
    }
}
