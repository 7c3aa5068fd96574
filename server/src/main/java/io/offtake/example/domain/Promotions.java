package io.offtake.example.domain;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/// Twenty-one schemes of every mechanic, some over, some running, one to come; with budgets that are well spent, a cap for each
/// outlet, and a quarter's purchases that add up (QPS).
public final class Promotions {
    private Promotions() {}

    /// @param products  of the scheme's JSON form (spec/README.md), `%s` standing for the id of the category `category`
    /// @param category  code of the category it is about, empty for none
    public record Promotion(String code, String name, String mechanic, String definition, String category, LocalDate from, LocalDate to) {

        /// The whole definition under an id.
        /// @param categories ids by code, as `skus`
        public String json(long id, long principalId, Map<String, Long> categories, Map<String, Long> skus) {
            var named = definition;
            for (var known : skus.entrySet()) named = named.replace(placeOfSku(known.getKey()), known.getValue().toString());
            for (var known : categories.entrySet()) named = named.replace(placeOfCategory(known.getKey()), known.getValue().toString());
            return json(id, principalId, categories.getOrDefault(category, 0L), named);
        }

        private String json(long id, long principalId, long categoryId, String definition) {
            return "{\"id\":\"" + id + "\",\"version\":1,\"code\":\"" + code + "\",\"name\":\"" + name + "\",\"principalId\":\"" + principalId + "\","
                    + (category.isEmpty() ? "\"products\":{}," : "\"products\":{\"categoryIds\":[\"" + categoryId + "\"]},") + definition
                    + ",\"validFrom\":" + from.toEpochDay() + ",\"validTo\":" + to.toEpochDay() + "}";
        }
    }

    private static final String FUNDED = "\"stacking\":\"CASCADE\",\"priority\":%d,\"principalShare\":\"1\",\"claimable\":true,\"claimRate\":\"PTS\"";

    private static String tail(String eligibility, int priority) {
        return "\"eligibility\":{" + eligibility + "}," + FUNDED.formatted(priority);
    }

    private static String slabs(String basis, String... fromAndReward) {
        var text = new StringBuilder("\"mechanic\":{\"type\":\"WHOLE_SLAB\",\"basis\":\"" + basis + "\",\"slabs\":[");
        for (int at = 0; at < fromAndReward.length; at += 2)
            text.append(at == 0 ? "" : ",").append("{\"from\":\"").append(fromAndReward[at]).append("\",\"reward\":{").append(fromAndReward[at + 1]).append("}}");
        return text.append("]}").toString();
    }

    private static String free(int buy, int get, int cap) {
        return "\"mechanic\":{\"type\":\"FREE_GOODS\",\"buy\":\"" + buy + "\",\"get\":\"" + get + "\",\"repeat\":true,\"inside\":false,\"capPerInvoice\":\"" + cap
                + "\",\"tax\":\"ZERO_PRICED\",\"ifShort\":\"VALUE_AT_PTR\"}";
    }

    private static String limits(String limits) {
        return ",\"limits\":{" + limits + "}";
    }

    private static String part(String placeholder, String member, int qty) {
        return "{\"products\":{\"categoryIds\":[\"" + placeholder + "\"]},\"" + member + "\":\"" + qty + "\"}";
    }

    private static String component(String sku, int qty) {
        return "{\"products\":{\"skuIds\":[\"" + placeOfSku(sku) + "\"]},\"qty\":\"" + qty + "\"}";
    }

    /// Stands in a definition for the id of the SKU with that code.
    static String placeOfSku(String code) {
        return "{sku:" + code + "}";
    }

    /// Stands in a definition for the id of the category with that code.
    static String placeOfCategory(String code) {
        return "{category:" + code + "}";
    }

    /// @param from first day of the history, `to` its last
    public static List<Promotion> between(LocalDate from, LocalDate to) {
        return List.of(
                new Promotion("GLU-SLAB", "Glucose biscuit volume slab", "M2", "\"stage\":\"LINE\","
                        + slabs("BASE_QTY", "24", "\"percent\":\"0.02\"", "72", "\"percent\":\"0.03\"", "144", "\"percent\":\"0.04\"") + "," + tail("", 10), "MAR-GLU", from, to.plusDays(60)),
                new Promotion("NAMKEEN-10-1", "Namkeen 10+1", "M4", "\"stage\":\"FREE_GOODS\"," + free(10, 1, 20) + "," + tail("", 20), "MAR-NMK", from.plusDays(60), from.plusDays(150)),
                new Promotion("NOODLE-12-1", "Noodles 12+1", "M4", "\"stage\":\"FREE_GOODS\"," + free(12, 1, 12) + "," + tail("", 20), "MAR-NDL", to.minusDays(75), to.plusDays(30)),
                new Promotion("COLA-SUMMER", "Summer: 1.00 off each drink", "M1", "\"stage\":\"LINE\",\"mechanic\":{\"type\":\"DISCOUNT\",\"reward\":{\"perUnit\":\"1.00\"}}," + tail("", 30),
                        "MAR-COL", to.minusDays(270), to.minusDays(150)),
                new Promotion("CHOC-FEST", "Festival: 5 % on chocolate", "M1", "\"stage\":\"LINE\",\"mechanic\":{\"type\":\"DISCOUNT\",\"reward\":{\"percent\":\"0.05\"}}," + tail("", 30),
                        "MAR-CHO", to.minusDays(50), to.minusDays(8)),
                new Promotion("MT-TERMS", "Modern trade terms 1 %", "M1", "\"stage\":\"CONTRACT\",\"mechanic\":{\"type\":\"DISCOUNT\",\"reward\":{\"percent\":\"0.01\"}},"
                        + tail("\"channels\":[\"MODERN_TRADE\"]", 1), "", from, to.plusDays(120)),
                new Promotion("SAUCE-VALUE", "Sauces by value", "M2", "\"stage\":\"GROUP\"," + slabs("GROSS_VALUE", "500", "\"percent\":\"0.03\"", "1500", "\"percent\":\"0.05\"") + ","
                        + tail("", 15), "MAR-KTP", to.minusDays(30), to.plusDays(60)),
                new Promotion("FRUIT-24-1", "Fruit drinks 24+1", "M4", "\"stage\":\"FREE_GOODS\"," + free(24, 1, 10) + "," + tail("\"classes\":[\"A\",\"B\",\"C\"]", 20), "MAR-JUI",
                        to.minusDays(100), to.plusDays(20)),
                new Promotion("BILL-2500", "On bills from 2,500", "M2", "\"stage\":\"BILL\"," + slabs("NET_VALUE", "2500", "\"percent\":\"0.01\"", "6000", "\"percent\":\"0.015\"") + ","
                        + tail("\"channels\":[\"GROCER\",\"WHOLESALE\"]", 40), "", to.minusDays(180), to.plusDays(90)),
                new Promotion("COFFEE-LAUNCH", "Coffee launch 3 %", "M1", "\"stage\":\"LINE\",\"mechanic\":{\"type\":\"DISCOUNT\",\"reward\":{\"percent\":\"0.03\"}}," + tail("", 30),
                        "MAR-COF", from.plusDays(20), from.plusDays(80)),
                new Promotion("DISH-CASH", "Dishwash 2 % for cash and UPI", "M1", "\"stage\":\"LINE\",\"mechanic\":{\"type\":\"DISCOUNT\",\"reward\":{\"percent\":\"0.02\"}},"
                        + tail("\"paymentModes\":[\"CASH\",\"UPI\"]", 30), "MAR-DSH", to.minusDays(120), to.plusDays(45)),
                new Promotion("COOKIE-NEWYEAR", "New Year: cookies 4 %", "M1", "\"stage\":\"LINE\",\"mechanic\":{\"type\":\"DISCOUNT\",\"reward\":{\"percent\":\"0.04\"}}," + tail("", 30),
                        "MAR-CKE", to.plusDays(7), to.plusDays(40)),
                // M3: each band its own rate
                new Promotion("SAVOURY-BANDS", "Namkeen: more on the upper pieces", "M3", "\"stage\":\"LINE\",\"mechanic\":{\"type\":\"INCREMENTAL_SLAB\",\"basis\":\"BASE_QTY\",\"slabs\":["
                        + "{\"from\":\"24\",\"reward\":{\"percent\":\"0.015\"}},{\"from\":\"60\",\"reward\":{\"percent\":\"0.03\"}}]}," + tail("", 12)
                        + limits("\"total\":{\"amount\":\"60000.00\"},\"whenCut\":\"PARTIAL\""), "MAR-NMK", to.minusDays(40), to.plusDays(35)),
                // M4: the cheapest of six is free
                new Promotion("COFFEE-6TH", "Coffee: of six the cheapest free", "M4", "\"stage\":\"GROUP\",\"mechanic\":{\"type\":\"CHEAPEST_FREE\",\"buy\":\"12\",\"get\":\"1\",\"repeat\":true,"
                        + "\"capPerInvoice\":\"2\"}," + tail("\"classes\":[\"A\",\"B\"]", 18), "MAR-COF", to.minusDays(45), to.plusDays(25)),
                // M5: an assortment of breakfast
                new Promotion("BREAKFAST-SET", "Breakfast set: biscuits and noodles", "M5", "\"stage\":\"GROUP\",\"mechanic\":{\"type\":\"COMBO\",\"minDistinct\":3,\"groups\":["
                        + part(placeOfCategory("MAR-GLU"), "min", 12) + "," + part(placeOfCategory("MAR-NDL"), "min", 6) + "],\"repeat\":false,\"reward\":{\"percent\":\"0.01\"}}," + tail("", 16)
                        + limits("\"perOutlet\":{\"amount\":\"150.00\",\"period\":\"MONTH\"}"), "", to.minusDays(30), to.plusDays(30)),
                // M7: one price for a set
                new Promotion("SNACK-PACK", "Snack pack: 4 Bhujia and 2 Cola for 41.00", "M7", "\"stage\":\"GROUP\",\"mechanic\":{\"type\":\"BUNDLE_PRICE\",\"components\":["
                        + component("NMK101", 4) + "," + component("COL101", 2) + "],\"price\":\"41.00\",\"repeat\":true,\"maxSets\":3}," + tail("\"saleTypes\":[\"COUNTER\"]", 17), "",
                        to.minusDays(25), to.plusDays(20)),
                // M11: freight support on full cases
                new Promotion("DISH-CASE", "Dishwash: 6.00 for each full case", "M11", "\"stage\":\"LINE\",\"mechanic\":{\"type\":\"PER_CASE_REBATE\",\"amount\":\"6.00\",\"unit\":\"CASE\"}," + tail("", 31),
                        "MAR-DSH", to.minusDays(60), to.plusDays(60)),
                // M1 with a budget that is as good as spent
                new Promotion("COOKIE-RUSH", "Cookies 3 %, while the budget lasts", "M1", "\"stage\":\"LINE\",\"mechanic\":{\"type\":\"DISCOUNT\",\"reward\":{\"percent\":\"0.03\"}}," + tail("", 29)
                        + limits("\"total\":{\"amount\":\"9000.00\"},\"perDistributor\":{\"amount\":\"2500.00\",\"period\":\"SCHEME\"},\"whenCut\":\"FULL_LAST\""), "MAR-CKE", to.minusDays(35), to.minusDays(1)),
                // M8: what a quarter adds up to
                new Promotion("QPS-QUARTER", "Quarterly purchase bonus", "M8", "\"stage\":\"ACCRUAL\",\"mechanic\":{\"type\":\"QPS\",\"basis\":\"NET_VALUE\",\"period\":\"QUARTER\",\"method\":\"WHOLE\",\"slabs\":["
                        + "{\"from\":\"15000.00\",\"reward\":{\"percent\":\"0.005\"}},{\"from\":\"40000.00\",\"reward\":{\"percent\":\"0.01\"}},{\"from\":\"90000.00\",\"reward\":{\"percent\":\"0.015\"}}]},"
                        + tail("\"channels\":[\"WHOLESALE\",\"MODERN_TRADE\"]", 50) + ",\"settlement\":\"CREDIT_NOTE\"", "", to.minusDays(70), to.plusDays(90)),
                // M10 and M12
                new Promotion("PAY-EARLY", "Cash discount: 1 % in 7 days", "M10", "\"stage\":\"ACCRUAL\",\"mechanic\":{\"type\":\"CASH_DISCOUNT\",\"terms\":[{\"days\":7,\"percent\":\"0.01\"}]},"
                        + tail("\"channels\":[\"MODERN_TRADE\"]", 60), "", to.minusDays(20), to.plusDays(70)),
                new Promotion("POINTS-GROCER", "Retail club points", "M12", "\"stage\":\"ACCRUAL\",\"mechanic\":{\"type\":\"POINTS\",\"basis\":\"NET_VALUE\",\"per\":\"200.00\",\"points\":\"1\",\"period\":\"QUARTER\"},"
                        + tail("\"channels\":[\"GROCER\"],\"classes\":[\"A\"]", 70), "", to.minusDays(20), to.plusDays(70)));
    }
}
