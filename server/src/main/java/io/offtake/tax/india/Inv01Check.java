package io.offtake.tax.india;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.offtake.network.GstinClass;
import io.offtake.network.States;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Everything the portal would refuse, found here first and all at once (IN-33, IN-34, LESSONS 44): the schema, the numbers of
/// the parties, and the arithmetic within the portal's tolerance of one rupee.
public final class Inv01Check {
    private static final BigDecimal TOLERANCE = BigDecimal.ONE;
    private static final BigDecimal HUNDRED = new BigDecimal(100);
    private static final Set<String> RATES = Set.of("0", "0.1", "0.25", "1", "1.5", "3", "5", "6", "7.5", "12", "18", "28", "40");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd/MM/uuuu", java.util.Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final Schema SCHEMA = schema();

    private Inv01Check() {}

    /// @param sixDigits whether the supplier's turnover asks for HSN codes of six digits
    /// @param reportBy  the last day on which the portal takes it; null: none
    public record Terms(boolean sixDigits, LocalDate today, @Nullable LocalDate reportBy) {}

    /// All faults of a payload, the schema's first; empty when it may be sent.
    public static List<Fault> faults(JsonNode payload, Terms terms) {
        var faults = new ArrayList<Fault>();
        for (var error : SCHEMA.validate(payload)) {
            var pointer = error.getInstanceLocation().toString().replaceFirst("^\\$", "");
            if (error.getKeyword().equals("required")) {
                faults.add(Fault.at("IN-33", pointer + "/" + error.getProperty(), missing(pointer + "/" + error.getProperty()), null));
            } else if (error.getKeyword().equals("anyOf")) {
                faults.add(Fault.at("IN-33", pointer, "does not have the portal's form", null));
            } else {
                faults.add(Fault.at("IN-33", pointer, error.getMessage(), null));
            }
        }
        if (!faults.isEmpty()) return List.copyOf(faults);
        parties(payload, faults);
        document(payload, terms, faults);
        lines(payload, terms, faults);
        totals(payload, faults);
        return List.copyOf(faults);
    }

    /// Whether a text is a payload by the schema alone.
    public static boolean isOfTheSchema(String json) {
        return SCHEMA.validate(json, InputFormat.JSON).isEmpty();
    }

    private static String missing(String pointer) {
        var whose = pointer.startsWith("/SellerDtls") ? "the distributor's " : pointer.startsWith("/BuyerDtls") ? "the outlet's " : "";
        var what = switch (pointer.substring(pointer.lastIndexOf('/') + 1)) {
            case "Gstin" -> "GSTIN";
            case "LglNm" -> "legal name";
            case "Addr1" -> "address";
            case "Loc" -> "city";
            case "Pin" -> "PIN";
            case "Stcd" -> "State";
            default -> pointer.substring(pointer.lastIndexOf('/') + 1);
        };
        return whose + what + " is missing";
    }

    private static void parties(JsonNode payload, List<Fault> faults) {
        for (var side : List.of("SellerDtls", "BuyerDtls")) {
            var party = payload.get(side);
            var gstin = party.path("Gstin").asString();
            boolean export = payload.at("/TranDtls/SupTyp").asString().startsWith("EXP");
            if (export && side.equals("BuyerDtls")) {
                for (var member : List.of("Stcd", "Pos"))
                    if (!party.path(member).asString().equals("96")) faults.add(Fault.at("3061", "/BuyerDtls/" + member, "an export goes to no State of India", "96"));
                if (!gstin.equals("URP")) faults.add(Fault.at("3061", "/BuyerDtls/Gstin", "a buyer abroad has no GSTIN", "URP"));
            }
            if (gstin.equals("URP")) {
                if (!export) faults.add(Fault.at("3074", "/" + side + "/Gstin", "URP goes with an export only", "the buyer's GSTIN"));
                continue;
            }
            var verdict = GstinClass.check(gstin, side.equals("SellerDtls") ? Set.of(GstinClass.NORMAL) : GstinClass.CUSTOMERS);
            if (verdict != GstinClass.Verdict.VALID) {
                faults.add(Fault.at("3028", "/" + side + "/Gstin", "the GSTIN " + gstin + " is not valid (" + verdict + ")", "15 characters with the right check character"));
                continue;
            }
            var state = two(party.path("Stcd").asString());
            if (!gstin.startsWith(state)) faults.add(Fault.at("2265", "/" + side + "/Stcd", "State " + state + " is not that of GSTIN " + gstin, gstin.substring(0, 2)));
            if (!States.isState(state)) faults.add(Fault.at("3029", "/" + side + "/Stcd", state + " is no State code", null));
            var pin = party.path("Pin").asString();
            if (!pin.isEmpty() && !PinCodes.mayLieIn(pin, state)) faults.add(Fault.at("3039", "/" + side + "/Pin", "PIN " + pin + " does not lie in State " + state + " (" + States.name(state) + ")", null));
        }
        if (payload.at("/SellerDtls/Gstin").asString().equals(payload.at("/BuyerDtls/Gstin").asString()))
            faults.add(Fault.at("2211", "/BuyerDtls/Gstin", "supplier and buyer have the same GSTIN", "a delivery challan inside one registration"));
    }

    private static void document(JsonNode payload, Terms terms, List<Fault> faults) {
        LocalDate on;
        try {
            on = LocalDate.parse(payload.at("/DocDtls/Dt").asString(), DAY);
        } catch (DateTimeException _) {
            faults.add(Fault.at("IN-33", "/DocDtls/Dt", payload.at("/DocDtls/Dt").asString() + " is no date", "dd/mm/yyyy"));
            return;
        }
        if (on.isAfter(terms.today)) faults.add(Fault.at("2163", "/DocDtls/Dt", "the date lies in the future", terms.today));
        if (terms.reportBy != null && terms.today.isAfter(terms.reportBy))
            faults.add(Fault.at("2283", "/DocDtls/Dt", "the portal took this document until " + terms.reportBy + " only (IN-31)", "a document of a later date"));
    }

    private static void lines(JsonNode payload, Terms terms, List<Fault> faults) {
        var type = payload.at("/TranDtls/SupTyp").asString();
        boolean inter = PlaceOfSupply.isInterState(two(payload.at("/SellerDtls/Stcd").asString()), two(payload.at("/BuyerDtls/Pos").asString()), type.startsWith("SEZ") || type.startsWith("EXP"))
                || payload.at("/TranDtls/IgstOnIntra").asString().equals("Y");
        int at = 0;
        for (var line : payload.get("ItemList")) {
            var pointer = "/ItemList/" + at++;
            if (!Numbers.isHsn(line.path("HsnCd").asString(), terms.sixDigits, true))
                faults.add(Fault.at("2176", pointer + "/HsnCd", "HSN " + line.path("HsnCd").asString() + (terms.sixDigits ? " has too few digits for this turnover" : " is not valid"), terms.sixDigits ? "6 or 8 digits" : "4, 6 or 8 digits"));
            var unit = line.path("Unit").asString();
            if (!unit.isEmpty() && !Uqc.CODES.contains(unit)) faults.add(Fault.at("3038", pointer + "/Unit", unit + " is no unit code", "such as PCS, KGS, LTR"));
            var rate = amount(line, "GstRt");
            if (type.endsWith("WOP") && (rate.signum() != 0 || amount(line, "IgstAmt").signum() != 0))
                faults.add(Fault.at("2235", pointer + "/IgstAmt", "a supply of type " + type + " bears no tax", type.startsWith("SEZ") ? "0, or SEZWP" : "0, or EXPWP"));
            if (!RATES.contains(rate.stripTrailingZeros().toPlainString())) faults.add(Fault.at("2240", pointer + "/GstRt", rate.toPlainString() + " % is no rate of GST", String.join(", ", RATES.stream().sorted().toList())));
            var total = amount(line, "TotAmt");
            if (line.has("Qty")) same(faults, "2194", pointer + "/TotAmt", "TotAmt is not UnitPrice × Qty", total, amount(line, "UnitPrice").multiply(amount(line, "Qty")));
            var taxable = amount(line, "AssAmt");
            same(faults, "2193", pointer + "/AssAmt", "AssAmt is not TotAmt − Discount", taxable, total.subtract(amount(line, "Discount")));
            var tax = taxable.multiply(rate).divide(HUNDRED, 2, RoundingMode.HALF_UP);
            var half = taxable.multiply(rate).divide(new BigDecimal(200), 2, RoundingMode.HALF_UP);
            var igst = amount(line, "IgstAmt");
            var cgst = amount(line, "CgstAmt");
            var sgst = amount(line, "SgstAmt");
            if (cgst.compareTo(sgst) != 0) faults.add(Fault.at("2227", pointer + "/SgstAmt", "CGST and SGST differ", cgst.toPlainString()));
            if (inter) {
                if (cgst.signum() != 0 || sgst.signum() != 0) faults.add(Fault.at("2172", pointer + "/CgstAmt", "CGST and SGST are for supplies inside a State; this one is inter-State", "IGST"));
                same(faults, "2235", pointer + "/IgstAmt", "IGST is not AssAmt × GstRt", igst, tax);
            } else {
                if (igst.signum() != 0) faults.add(Fault.at("2172", pointer + "/IgstAmt", "IGST is for inter-State supplies; seller and place of supply are in one State", "CGST and SGST"));
                same(faults, "2234", pointer + "/CgstAmt", "CGST is not half of AssAmt × GstRt", cgst, half);
            }
            var value = taxable.add(igst).add(cgst).add(sgst).add(amount(line, "CesAmt")).add(amount(line, "CesNonAdvlAmt")).add(amount(line, "StateCesAmt")).add(amount(line, "StateCesNonAdvlAmt")).add(amount(line, "OthChrg"));
            same(faults, "2231", pointer + "/TotItemVal", "TotItemVal is not AssAmt and taxes and charges", amount(line, "TotItemVal"), value);
        }
    }

    private static void totals(JsonNode payload, List<Fault> faults) {
        var values = payload.get("ValDtls");
        var sums = new java.util.TreeMap<String, BigDecimal>();
        for (var line : payload.get("ItemList"))
            for (var member : List.of("AssAmt", "IgstAmt", "CgstAmt", "SgstAmt", "CesAmt", "CesNonAdvlAmt", "TotItemVal")) sums.merge(member, amount(line, member), BigDecimal::add);
        same(faults, "2182", "/ValDtls/AssVal", "AssVal is not the sum of AssAmt", amount(values, "AssVal"), sums.get("AssAmt"));
        same(faults, "2183", "/ValDtls/IgstVal", "IgstVal is not the sum of IgstAmt", amount(values, "IgstVal"), sums.get("IgstAmt"));
        same(faults, "2184", "/ValDtls/CgstVal", "CgstVal is not the sum of CgstAmt", amount(values, "CgstVal"), sums.get("CgstAmt"));
        same(faults, "2185", "/ValDtls/SgstVal", "SgstVal is not the sum of SgstAmt", amount(values, "SgstVal"), sums.get("SgstAmt"));
        same(faults, "2186", "/ValDtls/CesVal", "CesVal is not the sum of the cesses", amount(values, "CesVal"), sums.get("CesAmt").add(sums.get("CesNonAdvlAmt")));
        same(faults, "2189", "/ValDtls/TotInvVal", "TotInvVal is not the sum of the lines with charges, discount and rounding", amount(values, "TotInvVal"),
                sums.get("TotItemVal").add(amount(values, "OthChrg")).subtract(amount(values, "Discount")).add(amount(values, "RndOffAmt")));
    }

    private static void same(List<Fault> faults, String code, String pointer, String text, BigDecimal stated, BigDecimal worked) {
        if (stated.subtract(worked).abs().compareTo(TOLERANCE) > 0) faults.add(Fault.at(code, pointer, text + ": " + stated.toPlainString(), worked.setScale(2, RoundingMode.HALF_UP).toPlainString()));
    }

    private static BigDecimal amount(JsonNode node, String member) {
        var value = node.get(member);
        return value == null || value.isNull() ? BigDecimal.ZERO : value.decimalValue();
    }

    private static String two(String state) {
        return state.length() == 1 ? "0" + state : state;
    }

    private static Schema schema() {
        try (var file = Inv01Check.class.getResourceAsStream("/tax/india/inv01-v1.1.schema.json")) {
            if (file == null) throw new IllegalStateException("the INV-01 schema is missing");
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(new String(file.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
