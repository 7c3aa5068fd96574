package io.offtake.example.domain;

import java.time.LocalDate;
import java.util.List;

/// Twelve schemes of the mechanics M1, M2 and M4, some over, some running, one to come.
public final class Promotions {
    private Promotions() {}

    /// @param products  of the scheme's JSON form (spec/README.md), `%s` standing for the id of the category `category`
    /// @param category  code of the category it is about, empty for none
    public record Promotion(String code, String name, String mechanic, String definition, String category, LocalDate from, LocalDate to) {

        /// The whole definition under an id.
        public String json(long id, long principalId, long categoryId) {
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
                        "MAR-CKE", to.plusDays(7), to.plusDays(40)));
    }
}
