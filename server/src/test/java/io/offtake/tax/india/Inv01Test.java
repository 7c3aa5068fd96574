package io.offtake.tax.india;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.tax.TaxDocument;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Payloads of INV-01 against the schema, the worked invoices of spec/india, and the portal's own arithmetic (IN-33, IN-34).
@Tag("CMP-02") @Tag("BIL-08")
class Inv01Test {
    private static final LocalDate ON = LocalDate.of(2026, 5, 4);
    private static final Inv01Check.Terms TERMS = new Inv01Check.Terms(false, ON.plusDays(3), null);
    private static final TaxDocument.Party SELLER = new TaxDocument.Party(null, "D1", "Kesar Traders", "Kesar Traders Pvt Ltd", "27PQRST5678K1Z2", "REGULAR", "27", "1 Station Road", "Pune", "411001", "9820011201");
    private static final TaxDocument.Party NEAR = new TaxDocument.Party(UUID.randomUUID(), "O1", "Anand Stores", "Anand Stores", "27ABCDE1234F1Z0", "REGULAR", "27", "4 Market Yard", "Pune", "411002", "");
    private static final TaxDocument.Party FAR = new TaxDocument.Party(UUID.randomUUID(), "O3", "Sagar \"Super\" Bazar", "Sagar Bazar", "29ABCDE1234F1ZW", "REGULAR", "29", "7 Main Road", "Bengaluru", "560034", "9845012345");

    static Stream<JsonNode> invoices() {
        var found = new ArrayList<JsonNode>();
        Inv01.JSON.readTree(Path.of("../spec/india/invoice-arithmetic-cases.json").toFile()).forEach(found::add);
        return found.stream();
    }

    private static BigDecimal decimal(JsonNode node, String member) {
        return new BigDecimal(node.path(member).asString("0"));
    }

    private static TaxDocument document(boolean interState, List<TaxDocument.Line> lines, BigDecimal payable) {
        var total = lines.stream().map(TaxDocument.Line::total).reduce(BigDecimal.ZERO, BigDecimal::add);
        var taxable = lines.stream().map(TaxDocument.Line::taxable).reduce(BigDecimal.ZERO, BigDecimal::add);
        return new TaxDocument(UUID.randomUUID(), "INVOICE", "D1A26/000123", "D1A26/", ON, Instant.EPOCH, ON, "DELIVERY", "CREDIT", 1, 1, null, null, false, interState ? "29" : "27", interState, "IN_GST", "INR", 2,
                SELLER, interState ? FAR : NEAR, null, "kesar@upi", lines, new TaxDocument.Totals(taxable, taxable, total.subtract(taxable), payable.subtract(total), payable));
    }

    private static TaxDocument.Line line(int number, BigDecimal qty, BigDecimal price, BigDecimal discount, BigDecimal percent, BigDecimal cessPercent, boolean interState) {
        var gross = price.multiply(qty).setScale(2, RoundingMode.HALF_UP);
        var taxable = gross.subtract(discount);
        var heads = new HashMap<String, BigDecimal>();
        var rate = percent.movePointLeft(2);
        if (interState) heads.put("IGST", taxable.multiply(rate).setScale(2, RoundingMode.HALF_UP));
        else for (var head : List.of("CGST", "SGST")) heads.put(head, taxable.multiply(rate).divide(new BigDecimal(2), 2, RoundingMode.HALF_UP));
        var cess = taxable.multiply(cessPercent).divide(new BigDecimal(100), 2, RoundingMode.HALF_UP);
        if (cess.signum() > 0) heads.put("CESS", cess);
        heads.values().removeIf(amount -> amount.signum() == 0);
        var tax = heads.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return new TaxDocument.Line(number, 1, price.signum() == 0, number, "S" + number, "Goods " + number, "PCS", "340111", qty, price, false, gross, List.of(), taxable, percent.signum() == 0 ? "NIL" : "TAXABLE", rate,
                heads, taxable.add(tax), List.of("A101"));
    }

    @ParameterizedTest
    @MethodSource("invoices")
    void t01ToT13WorkedInvoices(JsonNode one) {
        var given = one.get("given");
        boolean interState = given.path("inter_state").asBoolean();
        var lines = new ArrayList<TaxDocument.Line>();
        for (var line : given.get("lines"))
            lines.add(line(lines.size() + 1, decimal(line, "qty"), decimal(line, "unit_price"), decimal(line, "discount"), decimal(line, "gst_rate"), decimal(line, "cess_rate"), interState));
        var expected = one.get("expected");
        if (given.toString().contains("cess_non_advol") || given.toString().contains("tax_inclusive")) return;
        var payload = Inv01.of(document(interState, lines, decimal(expected, "TotInvVal")));
        var text = Inv01.JSON.writeValueAsString(payload);
        assertThat(Inv01Check.isOfTheSchema(text)).isTrue();
        assertThat(Inv01Check.faults(Inv01.JSON.readTree(text), TERMS)).as(one.path("title").asString()).isEmpty();
        int at = 0;
        for (var line : expected.get("lines")) {
            var ours = payload.get("ItemList").get(at++);
            for (var member : List.of("TotAmt", "Discount", "AssAmt", "GstRt", "IgstAmt", "CgstAmt", "SgstAmt", "TotItemVal"))
                assertThat(ours.get(member).decimalValue()).as(one.path("id").asString() + " line " + at + " " + member).isEqualByComparingTo(line.path(member).asString());
        }
        for (var member : List.of("AssVal", "IgstVal", "CgstVal", "SgstVal", "RndOffAmt", "TotInvVal"))
            assertThat(payload.at("/ValDtls/" + member).decimalValue()).as(one.path("id").asString() + " " + member).isEqualByComparingTo(expected.path(member).asString());
    }

    /// IN-33: whom it is for and whether integrated tax is paid decide the type; every type fits the schema and the portal's arithmetic.
    @Test
    @Tag("CMP-01")
    void in33EveryTypeOfSupply() {
        var sez = new TaxDocument.Party(UUID.randomUUID(), "O5", "Deccan Zone Unit", "Deccan Zone Unit", "27ABCDE1234F1Z0", "SEZ", "27", "Plot 9, SEZ", "Pune", "411057", "");
        var deemed = new TaxDocument.Party(UUID.randomUUID(), "O6", "Export Unit", "Export Unit", "27ABCDE1234F1Z0", "DEEMED_EXPORT", "27", "EOU 3", "Pune", "411057", "");
        var abroad = new TaxDocument.Party(UUID.randomUUID(), "O7", "Colombo Stores", "Colombo Stores", null, "EXPORT", "96", "12 Galle Road, Sri Lanka", "Colombo", "00300", "");
        for (var one : List.of(new Object[] {sez, true, "SEZWP"}, new Object[] {sez, false, "SEZWOP"}, new Object[] {abroad, true, "EXPWP"}, new Object[] {abroad, false, "EXPWOP"}, new Object[] {deemed, true, "DEXP"})) {
            var buyer = (TaxDocument.Party) one[0];
            boolean paid = (boolean) one[1];
            var lines = List.of(line(1, new BigDecimal(72), new BigDecimal("34.63"), new BigDecimal("0.00"), new BigDecimal(paid ? 5 : 0), BigDecimal.ZERO, buyer != deemed)).stream()
                    .map(line -> paid ? line : new TaxDocument.Line(line.line(), 1, false, line.skuId(), line.skuCode(), line.skuName(), line.unit(), line.hsn(), line.qty(), line.unitPrice(), false, line.gross(), List.of(), line.taxable(),
                            "ZERO_RATED", line.rate(), line.heads(), line.total(), line.batches())).toList();
            var total = lines.getFirst().total();
            var of = document(buyer != deemed, lines, total);
            var document = new TaxDocument(of.id(), of.kind(), of.number(), of.series(), of.businessDate(), of.postedAt(), of.dueOn(), of.saleType(), of.paymentMode(), 1, 1, null, null, false, buyer == abroad ? "96" : "27", buyer != deemed, "IN_GST",
                    "INR", 2, SELLER, buyer, null, null, lines, of.totals());
            var payload = Inv01.JSON.readTree(Inv01.JSON.writeValueAsString(Inv01.of(document)));
            assertThat(payload.at("/TranDtls/SupTyp").asString()).isEqualTo(one[2]);
            assertThat(Inv01Check.isOfTheSchema(payload.toString())).isTrue();
            assertThat(Inv01Check.faults(payload, TERMS)).as((String) one[2]).isEmpty();
            if (buyer == abroad) {
                assertThat(payload.at("/BuyerDtls/Gstin").asString() + payload.at("/BuyerDtls/Pos").asString() + payload.at("/BuyerDtls/Pin").asInt()).isEqualTo("URP96999999");
                ((ObjectNode) payload.get("BuyerDtls")).put("Pos", "29");
                assertThat(Inv01Check.faults(payload, TERMS)).anySatisfy(fault -> assertThat(fault.code()).isEqualTo("3061"));
            }
            // e-way bill: sub-supply 3 is an export
            var eway = EwayPayload.of(document, io.offtake.tax.DocumentKind.TAX_INVOICE, new EwayPayload.Transport(120, "MH12AB1234", null, null));
            assertThat(eway.path("subSupplyType").asString()).isEqualTo(buyer == abroad ? "3" : "1");
            assertThat(EwayPayload.faults(document, new EwayPayload.Transport(120, "MH12AB1234", null, null), ON, LawFixture.law())).isEmpty();
            if (!paid) {
                ((ObjectNode) payload.at("/ItemList/0")).put("GstRt", 5).put("IgstAmt", new BigDecimal("124.67"));
                assertThat(Inv01Check.faults(payload, TERMS)).anySatisfy(fault -> assertThat(fault.detail()).contains("bears no tax"));
            }
        }
    }

    /// 300 invoices of any shape: every payload fits the schema and adds up.
    @Test
    void everyPayloadFitsTheSchema() {
        long seed = Long.getLong("seed", 20260504L);
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            boolean interState = random.nextBoolean();
            var lines = new ArrayList<TaxDocument.Line>();
            int count = 1 + random.nextInt(40);
            for (int at = 1; at <= count; at++) {
                var qty = BigDecimal.valueOf(1 + random.nextInt(random.nextInt(10) == 0 ? 90_000 : 300));
                var price = BigDecimal.valueOf(random.nextInt(90_000_000), 6);
                var gross = price.multiply(qty).setScale(2, RoundingMode.HALF_UP);
                var discount = random.nextBoolean() ? new BigDecimal("0.00") : gross.multiply(BigDecimal.valueOf(random.nextInt(100), 2)).setScale(2, RoundingMode.HALF_UP);
                var percent = new BigDecimal(List.of("0", "5", "18", "40").get(random.nextInt(4)));
                lines.add(line(at, qty, price, discount, percent, BigDecimal.ZERO, interState));
            }
            var total = lines.stream().map(TaxDocument.Line::total).reduce(BigDecimal.ZERO, BigDecimal::add);
            var payload = Inv01.of(document(interState, lines, total.setScale(0, RoundingMode.HALF_UP).setScale(2)));
            assertThat(Inv01Check.faults(Inv01.JSON.readTree(Inv01.JSON.writeValueAsString(payload)), TERMS)).as("seed " + seed + " round " + round).isEmpty();
        }
    }

    @Test
    @Tag("CMP-05")
    void in08RetailPriceValuedGoodsKeepTheDifferenceOutsideOfTheTax() {
        // RSP 190 at 40 %: deemed value 135.71 a piece, sold at 120 and at 150
        for (var price : List.of("120.00", "150.00")) {
            var qty = BigDecimal.TEN;
            var taxable = new BigDecimal(price).multiply(qty);
            var heads = Map.of("CGST", new BigDecimal("271.43"), "SGST", new BigDecimal("271.43"));
            var line = new TaxDocument.Line(1, 1, false, 1, "T1", "Pan masala", "PCS", "21069020", qty, new BigDecimal(price), false, taxable, List.of(), taxable, "TAXABLE", new BigDecimal("0.40"), heads,
                    taxable.add(new BigDecimal("542.86")), List.of(), new BigDecimal("1357.14"));
            var payload = Inv01.of(document(false, List.of(line), taxable.add(new BigDecimal("542.86"))));
            assertThat(Inv01Check.faults(payload, TERMS)).as(price).isEmpty();
            assertThat(payload.at("/ItemList/0/AssAmt").decimalValue()).isEqualByComparingTo("1357.14");
            assertThat(payload.at("/ValDtls/TotInvVal").decimalValue()).isEqualByComparingTo(taxable.add(new BigDecimal("542.86")));
        }
    }

    private record Mutation(String code, String name, java.util.function.Consumer<ObjectNode> change) {}

    private static void set(ObjectNode root, String pointer, Object value) {
        int slash = pointer.lastIndexOf('/');
        var parent = (ObjectNode) root.at(pointer.substring(0, slash));
        var member = pointer.substring(slash + 1);
        switch (value) {
            case String text -> parent.put(member, text);
            case BigDecimal number -> parent.put(member, number);
            case Integer number -> parent.put(member, number);
            default -> throw new IllegalArgumentException();
        }
    }

    private static final List<Mutation> MUTATIONS = List.of(
            new Mutation("IN-33", "no version", root -> root.remove("Version")), new Mutation("IN-33", "no seller address", root -> ((ObjectNode) root.get("SellerDtls")).remove("Addr1")),
            new Mutation("IN-33", "no buyer PIN is allowed by the schema, but no city is not", root -> ((ObjectNode) root.get("BuyerDtls")).remove("Loc")),
            new Mutation("IN-33", "number begins with 0", root -> set(root, "/DocDtls/No", "0123")), new Mutation("IN-33", "number of 17 characters", root -> set(root, "/DocDtls/No", "D1A26/00000000123")),
            new Mutation("IN-33", "quotation mark", root -> set(root, "/BuyerDtls/LglNm", "Sagar \"Super\" Bazar")), new Mutation("IN-33", "unknown type", root -> set(root, "/DocDtls/Typ", "BOS")),
            new Mutation("IN-33", "unknown supply", root -> set(root, "/TranDtls/SupTyp", "B2C")), new Mutation("IN-33", "PIN of five digits", root -> set(root, "/SellerDtls/Pin", 41100)),
            new Mutation("IN-33", "rounding of 100", root -> set(root, "/ValDtls/RndOffAmt", new BigDecimal("100.00"))), new Mutation("IN-33", "no lines", root -> root.putArray("ItemList")),
            new Mutation("IN-33", "HSN of five digits", root -> set(root, "/ItemList/0/HsnCd", "34011")), new Mutation("IN-33", "negative discount", root -> set(root, "/ItemList/0/Discount", new BigDecimal("-1.00"))),
            new Mutation("IN-33", "a date that is none", root -> set(root, "/DocDtls/Dt", "31/02/2026")),
            new Mutation("3028", "seller's check character", root -> set(root, "/SellerDtls/Gstin", "27PQRST5678K1Z3")), new Mutation("3028", "buyer's check character", root -> set(root, "/BuyerDtls/Gstin", "27ABCDE1234F1Z1")),
            new Mutation("3028", "a tax collector as buyer", root -> set(root, "/BuyerDtls/Gstin", "35SONPS6227O6CS")), new Mutation("3074", "URP at home", root -> set(root, "/BuyerDtls/Gstin", "URP")),
            new Mutation("2265", "State not of the GSTIN", root -> set(root, "/BuyerDtls/Stcd", "29")), new Mutation("3039", "PIN of another State", root -> set(root, "/BuyerDtls/Pin", 560034)),
            new Mutation("2211", "sold to oneself", root -> set(root, "/BuyerDtls/Gstin", "27PQRST5678K1Z2")), new Mutation("2163", "tomorrow", root -> set(root, "/DocDtls/Dt", "08/05/2026")),
            new Mutation("IN-33", "HSN of zeros alone", root -> set(root, "/ItemList/0/HsnCd", "000000")), new Mutation("3038", "unknown unit", root -> set(root, "/ItemList/0/Unit", "XYZ")),
            new Mutation("2240", "a rate that is none", root -> set(root, "/ItemList/0/GstRt", new BigDecimal("6.5"))), new Mutation("2194", "total is not price by quantity", root -> set(root, "/ItemList/0/Qty", new BigDecimal("60"))),
            new Mutation("2193", "discount left out", root -> set(root, "/ItemList/0/Discount", new BigDecimal("0.00"))), new Mutation("2227", "heads differ", root -> set(root, "/ItemList/0/SgstAmt", new BigDecimal("61.50"))),
            new Mutation("2234", "tax at another rate", root -> set(root, "/ItemList/0/GstRt", new BigDecimal("18"))), new Mutation("2172", "IGST inside a State", root -> set(root, "/ItemList/0/IgstAmt", new BigDecimal("5.00"))),
            new Mutation("2172", "place in another State", root -> set(root, "/BuyerDtls/Pos", "29")), new Mutation("2231", "line total", root -> set(root, "/ItemList/0/TotItemVal", new BigDecimal("9.00"))),
            new Mutation("2182", "sum of values", root -> set(root, "/ValDtls/AssVal", new BigDecimal("9.00"))), new Mutation("2183", "sum of IGST", root -> set(root, "/ValDtls/IgstVal", new BigDecimal("9.00"))),
            new Mutation("2184", "sum of CGST", root -> set(root, "/ValDtls/CgstVal", new BigDecimal("9.00"))), new Mutation("2185", "sum of SGST", root -> set(root, "/ValDtls/SgstVal", new BigDecimal("9.00"))),
            new Mutation("2186", "cess", root -> set(root, "/ValDtls/CesVal", new BigDecimal("9.00"))), new Mutation("2189", "rounding left out", root -> set(root, "/ValDtls/RndOffAmt", new BigDecimal("3.00"))),
            new Mutation("2189", "bill discount without effect", root -> set(root, "/ValDtls/Discount", new BigDecimal("5.00"))), new Mutation("2189", "total", root -> set(root, "/ValDtls/TotInvVal", new BigDecimal("9.00"))));

    /// Each of 40 damaged payloads is refused, for its own reason.
    @Test
    void everyDamageIsFoundBeforeItIsSent() {
        var whole = Inv01.of(document(false, List.of(line(1, new BigDecimal(72), new BigDecimal("34.63"), new BigDecimal("93.36"), new BigDecimal(5), BigDecimal.ZERO, false),
                line(2, new BigDecimal(24), new BigDecimal("8.66"), new BigDecimal("0.00"), new BigDecimal(5), BigDecimal.ZERO, false)), new BigDecimal("2738.23")));
        assertThat(Inv01Check.faults(whole, TERMS)).isEmpty();
        for (var mutation : MUTATIONS) {
            var damaged = (ObjectNode) whole.deepCopy();
            mutation.change.accept(damaged);
            assertThat(Inv01Check.faults(damaged, TERMS)).as(mutation.name).extracting(Fault::code).contains(mutation.code);
        }
        // IN-26: six digits above five crore; IN-31: thirty days
        var short4 = (ObjectNode) whole.deepCopy();
        set(short4, "/ItemList/0/HsnCd", "3401");
        assertThat(Inv01Check.faults(short4, TERMS)).isEmpty();
        assertThat(Inv01Check.faults(short4, new Inv01Check.Terms(true, ON, null))).extracting(Fault::code, Fault::where).containsExactly(org.assertj.core.groups.Tuple.tuple("2176", "SKU"));
        assertThat(Inv01Check.faults(whole, new Inv01Check.Terms(false, ON.plusDays(31), ON.plusDays(30)))).extracting(Fault::code).containsExactly("2283");
    }

    @Test
    void whatIsMissingInMastersIsNamed() {
        var bare = new TaxDocument.Party(UUID.randomUUID(), "O9", "Bare Stores", "Bare Stores", "27ABCDE1234F1Z0", "REGULAR", "27", "", "", "", "");
        var full = document(false, List.of(line(1, BigDecimal.TEN, BigDecimal.TEN, new BigDecimal("0.00"), new BigDecimal(5), BigDecimal.ZERO, false)), new BigDecimal("105.00"));
        var document = new TaxDocument(full.id(), full.kind(), full.number(), full.series(), full.businessDate(), full.postedAt(), full.dueOn(), full.saleType(), full.paymentMode(), 1, 1, null, null, false, "27", false,
                "IN_GST", "INR", 2, SELLER, bare, null, null, full.lines(), full.totals());
        var faults = Inv01Check.faults(Inv01.of(document), TERMS);
        assertThat(faults).extracting(Fault::where).containsOnly("OUTLET");
        assertThat(faults).extracting(Fault::detail).contains("the outlet's address is missing", "the outlet's city is missing");
    }
}
