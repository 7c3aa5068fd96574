package io.offtake.schemes.domain;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The mechanics of PX-20 by their type in the rule book, and how a form names other masters.
public final class Mechanics {
    /// What a member of a scheme names, where it is not a plain text.
    public enum Named { SKU, BRAND, CATEGORY, DISTRIBUTOR, WAREHOUSE }

    private static final Map<String, String> CODES = Map.ofEntries(Map.entry("DISCOUNT", "M1"), Map.entry("WHOLE_SLAB", "M2"), Map.entry("INCREMENTAL_SLAB", "M3"),
            Map.entry("FREE_GOODS", "M4"), Map.entry("CHEAPEST_FREE", "M4"), Map.entry("COMBO", "M5"), Map.entry("VALUE_SLAB", "M6"), Map.entry("BUNDLE_PRICE", "M7"),
            Map.entry("QPS", "M8"), Map.entry("TOD", "M8"), Map.entry("DISPLAY", "M9"), Map.entry("CASH_DISCOUNT", "M10"), Map.entry("PER_CASE_REBATE", "M11"),
            Map.entry("POINTS", "M12"));
    /// The stages each type may stand at, its usual one first.
    private static final Map<String, List<String>> STAGES = Map.ofEntries(Map.entry("DISCOUNT", List.of("LINE", "CONTRACT", "GROUP", "BILL")),
            Map.entry("WHOLE_SLAB", List.of("LINE", "CONTRACT", "GROUP", "BILL")), Map.entry("INCREMENTAL_SLAB", List.of("LINE", "CONTRACT", "GROUP", "BILL")),
            Map.entry("FREE_GOODS", List.of("FREE_GOODS")), Map.entry("CHEAPEST_FREE", List.of("LINE", "GROUP")), Map.entry("COMBO", List.of("GROUP", "BILL")),
            Map.entry("VALUE_SLAB", List.of("GROUP", "BILL")), Map.entry("BUNDLE_PRICE", List.of("GROUP", "BILL")), Map.entry("QPS", List.of("ACCRUAL")),
            Map.entry("TOD", List.of("ACCRUAL")), Map.entry("DISPLAY", List.of("ACCRUAL")), Map.entry("CASH_DISCOUNT", List.of("ACCRUAL")),
            Map.entry("PER_CASE_REBATE", List.of("LINE", "CONTRACT", "ACCRUAL")), Map.entry("POINTS", List.of("ACCRUAL")));
    private static final Set<String> ON_VALUE = Set.of("NET_VALUE", "GROSS_VALUE");

    private Mechanics() {}

    public static List<String> types() {
        return STAGES.keySet().stream().sorted().toList();
    }

    public static List<String> stagesOf(String type) {
        return STAGES.getOrDefault(type, List.of());
    }

    /// M1 to M12; a whole slab on value at GROUP or BILL is M6. Empty for an unknown type.
    public static String codeOf(JsonNode terms) {
        var type = terms.path("mechanic").path("type").asString("");
        var stage = terms.path("stage").asString("");
        if (type.equals("WHOLE_SLAB") && ON_VALUE.contains(terms.path("mechanic").path("basis").asString("")) && (stage.equals("GROUP") || stage.equals("BILL"))) return "M6";
        return CODES.getOrDefault(type, "");
    }

    /// What the member `name` names by id in the rule book and by code in a form; null for any other member.
    public static @org.jspecify.annotations.Nullable Named named(String name) {
        var lower = name.toLowerCase(java.util.Locale.ROOT);
        if (lower.endsWith("skuid") || lower.endsWith("skuids")) return Named.SKU;
        if (lower.endsWith("brandids")) return Named.BRAND;
        if (lower.endsWith("categoryids")) return Named.CATEGORY;
        if (lower.endsWith("distributorids")) return Named.DISTRIBUTOR;
        if (lower.endsWith("warehouseids")) return Named.WAREHOUSE;
        return null;
    }
}
