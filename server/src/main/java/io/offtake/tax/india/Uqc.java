package io.offtake.tax.india;

import java.util.Map;
import java.util.Set;

/// Unit quantity codes of the tax portals (IN-50): every unit of measure has one.
public final class Uqc {
    /// The portals' list.
    public static final Set<String> CODES = Set.of("BAG", "BAL", "BDL", "BKL", "BOU", "BOX", "BTL", "BUN", "CAN", "CBM", "CCM", "CMS", "CTN", "DOZ", "DRM", "GGK", "GMS", "GRS", "GYD", "KGS",
            "KLR", "KME", "LTR", "MLT", "MTR", "MTS", "NOS", "PAC", "PCS", "PRS", "QTL", "ROL", "SET", "SQF", "SQM", "SQY", "TBS", "TGM", "THD", "TON", "TUB", "UGS", "UNT", "YDS", "OTH");
    private static final Map<String, String> OURS = Map.ofEntries(Map.entry("PC", "PCS"), Map.entry("PIECE", "PCS"), Map.entry("NO", "NOS"), Map.entry("EA", "NOS"), Map.entry("UNIT", "UNT"),
            Map.entry("KG", "KGS"), Map.entry("G", "GMS"), Map.entry("GM", "GMS"), Map.entry("L", "LTR"), Map.entry("LT", "LTR"), Map.entry("ML", "MLT"), Map.entry("CASE", "CTN"),
            Map.entry("CARTON", "CTN"), Map.entry("INNER", "PAC"), Map.entry("PACK", "PAC"), Map.entry("PKT", "PAC"), Map.entry("BOTTLE", "BTL"), Map.entry("TIN", "CAN"),
            Map.entry("DZ", "DOZ"), Map.entry("DOZEN", "DOZ"), Map.entry("PAIR", "PRS"), Map.entry("M", "MTR"), Map.entry("ROLL", "ROL"), Map.entry("TUBE", "TUB"), Map.entry("TABLET", "TBS"));

    private Uqc() {}

    /// The code of a unit of ours; OTH where there is none.
    public static String of(String unit) {
        var upper = unit.toUpperCase(java.util.Locale.ROOT);
        return CODES.contains(upper) ? upper : OURS.getOrDefault(upper, "OTH");
    }

    /// The unit a thousand times as large: a price per piece of six decimals fits the three of the portal there.
    static String thousandOf(String code) {
        return switch (code) {
            case "KGS" -> "MTS";
            case "GMS" -> "KGS";
            case "LTR" -> "KLR";
            case "MLT" -> "LTR";
            case "MTR" -> "KME";
            default -> "THD";
        };
    }
}
