package io.offtake.tax.india;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.offtake.network.GstinClass;
import io.offtake.tax.DocumentKind;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The vectors of spec/india and the cases of domain/05a that need no database.
@Tag("CMP-01") @Tag("LOC-01")
class IndiaVectorsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Law LAW = LawFixture.law();
    private static final BigDecimal CRORE = new BigDecimal(10_000_000);

    private static Stream<JsonNode> read(String file) {
        var found = new ArrayList<JsonNode>();
        JSON.readTree(Path.of("../spec/india/" + file).toFile()).forEach(found::add);
        return found.stream();
    }

    static Stream<JsonNode> rules() {
        return read("rule-cases.json");
    }

    static Stream<JsonNode> gstins() {
        return read("gstin-cases.json");
    }

    @ParameterizedTest
    @MethodSource("gstins")
    void in01Gstin(JsonNode one) {
        var text = one.path("gstin").asString();
        if (one.get("valid").isNull()) {
            // valid only where that class is allowed
            assertThat(GstinClass.check(text, Set.of(GstinClass.TAX_COLLECTOR))).isEqualTo(GstinClass.Verdict.VALID);
            assertThat(GstinClass.check(text, GstinClass.CUSTOMERS)).isEqualTo(GstinClass.Verdict.CLASS_NOT_ALLOWED);
            return;
        }
        assertThat(GstinClass.check(text, GstinClass.CUSTOMERS) == GstinClass.Verdict.VALID).as(one.path("why").asString()).isEqualTo(one.path("valid").asBoolean());
    }

    @ParameterizedTest
    @MethodSource("rules")
    @Tag("CMP-02") @Tag("CMP-03") @Tag("CMP-05") @Tag("BIL-04") @Tag("BIL-05")
    void rule(JsonNode one) {
        var given = one.get("given");
        var expected = one.get("expected");
        var name = one.path("id").asString() + " " + one.path("why").asString();
        switch (one.path("area").asString()) {
            case "document number" -> assertThat(Numbers.isDocumentNumber(given.path("number").asString())).as(name).isEqualTo(expected.path("valid").asBoolean());
            case "e-way bill needed" -> {
                var withTax = given.has("taxable") ? given.get("taxable").decimalValue() : BigDecimal.ZERO;
                var exempt = BigDecimal.ZERO;
                for (var line : given.path("lines")) {
                    if (line.has("value_with_tax")) withTax = withTax.add(line.get("value_with_tax").decimalValue());
                    if (line.has("exempt_value")) exempt = exempt.add(line.get("exempt_value").decimalValue());
                }
                var need = EwayBill.need(new EwayBill.Consignment(withTax, exempt, given.path("inter_state").asBoolean(), "27", false), LocalDate.of(2026, 5, 1), LAW);
                assertThat(need.needed()).as(name).isEqualTo(expected.path("needed").asBoolean());
            }
            case "e-way bill validity" -> {
                int days = EwayBill.days(given.path("distance_km").asInt(), given.path("over_dimensional").asBoolean(false), LocalDate.of(2022, 9, 16), LAW);
                if (expected.has("days")) assertThat(days).as(name).isEqualTo(expected.path("days").asInt());
                else assertThat(EwayBill.validUntil(ZonedDateTime.parse(given.path("generated").asString()), days).toOffsetDateTime()).as(name).isEqualTo(OffsetDateTime.parse(expected.path("valid_until").asString()));
            }
            case "GSTR-1 section" -> assertThat(section(given)).as(name).isEqualTo(expected.path("section").asString());
            case "GSTR-1 documents" -> {
                var cancelled = new ArrayList<String>();
                given.path("cancelled").forEach(number -> cancelled.add(number.asString()));
                var numbers = new ArrayList<Gstr1.Number>();
                for (int at = 1; at <= 5; at++) numbers.add(new Gstr1.Number(1, "INV", at, "INV/26/000" + at, cancelled.contains("INV/26/000" + at)));
                var runs = Gstr1.runs(numbers);
                assertThat(runs).as(name).containsExactly(new Gstr1.Issued(1, given.path("from").asString(), given.path("to").asString(), expected.path("total").asInt(), expected.path("cancelled").asInt()));
                assertThat(runs.getFirst().net()).isEqualTo(expected.path("net").asInt());
            }
            case "GSTR-1 naming series" -> assertThat(Numbers.seriesOf(given.path("a").asString()).equals(Numbers.seriesOf(given.path("b").asString()))).as(name).isEqualTo(expected.path("same_series").asBoolean());
            case "rate by date" -> {
                // a note keeps the rate of the original supply
                var on = LocalDate.parse(given.has("time_of_supply") ? given.path("time_of_supply").asString() : given.path("original_invoice_date").asString());
                assertThat(rate(given.path("hsn").asString(), on)).as(name).isEqualByComparingTo(expected.path("rate").asString());
            }
            case "dates" -> {
                var today = LocalDate.parse(given.path("today").asString());
                var span = given.path("span").asString().equals("this quarter") ? FiscalYears.quarter(today) : FiscalYears.quarterToLastMonth(today);
                assertThat(List.of(span.from().toString(), span.to().toString())).as(name).containsExactly(expected.path("range").get(0).asString(), expected.path("range").get(1).asString());
            }
            case "e-invoice cancel" -> assertThat(EInvoice.mayBeCancelled(instant(given, "now"), instant(given, "acknowledged"), given.path("active_e_way_bill").asBoolean(), LAW)).as(name)
                    .isEqualTo(expected.path("allowed").asBoolean());
            case "e-invoice need" -> {
                var turnover = given.get("aato_crore").decimalValue().multiply(CRORE);
                var on = LocalDate.of(2026, 5, 1);
                assertThat(EInvoice.isDue(turnover, DocumentKind.TAX_INVOICE, Customer.B2CS, on, LAW)).as(name).isEqualTo(expected.path("needed").asBoolean());
                assertThat(EInvoice.needsDynamicQr(turnover, Customer.B2CS, on, LAW)).as(name).isEqualTo(expected.path("dynamic_qr").asBoolean());
            }
            case "HSN digits" -> {
                boolean above = LAW.isAbove(Law.Key.HSN_DIGITS_TURNOVER, given.get("aato_crore").decimalValue().multiply(CRORE), LocalDate.of(2026, 5, 1));
                assertThat(Numbers.isHsn(given.path("hsn").asString(), above, given.path("buyer").asString().equals("registered"))).as(name).isEqualTo(expected.path("valid").asBoolean());
            }
            default -> throw new AssertionError("no test for " + one.path("area").asString());
        }
    }

    private static Instant instant(JsonNode given, String member) {
        return OffsetDateTime.parse(given.path(member).asString()).toInstant();
    }

    private static String section(JsonNode given) {
        var on = LocalDate.parse(given.path("date").asString("2026-05-10"));
        var document = given.path("document").asString("invoice");
        var paper = document.equals("financial credit note") ? Section.Paper.FINANCIAL_NOTE : document.equals("credit note") ? Section.Paper.NOTE : Section.Paper.INVOICE;
        var buyer = switch (given.path("buyer").asString("registered")) {
            case "unregistered" -> Section.Buyer.UNREGISTERED;
            case "foreign" -> Section.Buyer.FOREIGN;
            default -> Section.Buyer.REGISTERED;
        };
        boolean large = given.path("original_section").asString("").equals("B2CL");
        var value = given.has("invoice_value") ? given.get("invoice_value").decimalValue() : large ? new BigDecimal(300_000) : BigDecimal.TEN;
        return switch (Section.of(paper, buyer, large || given.path("inter_state").asBoolean(false), given.path("reverse_charge").asBoolean(false), given.path("with_payment").asBoolean(false), false, value, on, LAW)) {
            case B2B_REVERSE_CHARGE -> "B2B reverse charge (4B)";
            case EXPORT_WITHOUT_PAYMENT -> "EXP without payment (6A)";
            case CDNUR -> "CDNUR (9B)";
            case NOWHERE -> "nowhere";
            case Section other -> other.name();
        };
    }

    private static List<NamedCsvRecord> rates() {
        try (var csv = CsvReader.builder().ofNamedCsvRecord(Path.of("src/main/resources/tax/india/rates.csv"), StandardCharsets.UTF_8)) {
            return csv.stream().toList();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static BigDecimal rate(String hsn, LocalDate on) {
        return rates().stream().filter(row -> hsn.startsWith(row.getField("HSN")) && !LocalDate.parse(row.getField("From")).isAfter(on)
                        && (row.getField("To").isEmpty() || !LocalDate.parse(row.getField("To")).isBefore(on)))
                .max(Comparator.comparing((NamedCsvRecord row) -> row.getField("HSN").length())).map(row -> new BigDecimal(row.getField("Rate %"))).orElseThrow();
    }

    @Test
    @Tag("CMP-05")
    void in07RatesBeforeAndAfterEachChange() {
        var before = LocalDate.of(2025, 9, 21);
        var after = LocalDate.of(2025, 9, 22);
        for (var line : """
                34011190 18 5
                340130 18 18
                33051010 18 5
                33059011 18 5
                33059040 18 18
                33061010 12 5
                33061020 18 5
                330690 18 18
                960321 18 5
                96190030 12 5
                96190010 0 0
                340250 18 18
                190531 18 5
                170490 18 5
                200799 12 5
                220210 28 40
                22029920 12 5
                22029990 18 40
                040120 5 0
                300490 12 5
                """.strip().split("\n")) {
            var words = line.strip().split(" ");
            assertThat(rate(words[0], before)).as(line).isEqualByComparingTo(words[1]);
            assertThat(rate(words[0], after)).as(line).isEqualByComparingTo(words[2]);
        }
        for (var tobacco : List.of("21069020", "24012010", "24022010", "24039910", "24041100")) {
            assertThat(rate(tobacco, LocalDate.of(2026, 1, 31))).as(tobacco).isEqualByComparingTo("28");
            assertThat(rate(tobacco, LocalDate.of(2026, 2, 1))).as(tobacco).isEqualByComparingTo("40");
        }
        assertThat(rate("24031921", LocalDate.of(2026, 2, 1))).isEqualByComparingTo("18");
        var seen = new java.util.HashSet<String>();
        for (var row : rates()) assertThat(seen.add(row.getField("HSN") + row.getField("From"))).as(row.toString()).isTrue();
    }

    @Test
    void in03PlaceOfSupply() {
        assertThat(PlaceOfSupply.of(new PlaceOfSupply.Supply.Moved("27", "29", true, "27")).state()).isEqualTo("29");
        assertThat(PlaceOfSupply.of(new PlaceOfSupply.Supply.BillToShipTo("24")).state()).isEqualTo("24");
        assertThat(PlaceOfSupply.of(new PlaceOfSupply.Supply.AtRest("27")).state()).isEqualTo("27");
        assertThat(PlaceOfSupply.of(new PlaceOfSupply.Supply.Moved("27", "29", false, "24")).state()).isEqualTo("24");
        assertThat(PlaceOfSupply.of(new PlaceOfSupply.Supply.Moved("27", "29", false, null)).state()).isEqualTo("27");
        assertThat(PlaceOfSupply.of(new PlaceOfSupply.Supply.Service("27", true, "29")).state()).isEqualTo("29");
        assertThat(PlaceOfSupply.of(new PlaceOfSupply.Supply.Service("27", false, null)).state()).isEqualTo("27");
        // IN-04
        assertThat(PlaceOfSupply.isInterState("27", "27", false)).isFalse();
        assertThat(PlaceOfSupply.isInterState("27", "29", false)).isTrue();
        assertThat(PlaceOfSupply.isInterState("27", "27", true)).isTrue();
        assertThat(PlaceOfSupply.stateHead("26")).isEqualTo("UTGST");
        assertThat(PlaceOfSupply.stateHead("07")).isEqualTo("SGST");
    }

    @Test
    @Tag("CMP-04") @Tag("CMP-05")
    void in21AndIn22WhichNoteALaterDiscountTakes() {
        var regimes = List.of(new DiscountRegime("S15_3_B", true, true, "UNDERTAKING", LocalDate.of(2017, 7, 1), LocalDate.of(2024, 6, 25), "s.15(3)(b)"),
                new DiscountRegime("S15_3_B_IMS", true, true, "IMS", LocalDate.of(2025, 10, 1), null, "Circular 253/10/2025"),
                new DiscountRegime("FA_2026", false, true, "IMS", LocalDate.of(2027, 4, 1), null, "Finance Act 2026, on commencement"));
        var supplied = LocalDate.of(2026, 5, 10);
        var all = new DiscountRegime.Facts(supplied, supplied, true, true, true);
        assertThat(DiscountRegime.on(regimes, LocalDate.of(2026, 6, 1)).choose(all, LocalDate.of(2026, 6, 1), null)).isEqualTo(new DiscountRegime.Choice(DiscountRegime.Note.TAX_CREDIT_NOTE, List.of()));
        var later = new DiscountRegime.Facts(supplied, supplied.plusDays(1), true, true, true);
        assertThat(DiscountRegime.on(regimes, LocalDate.of(2026, 6, 1)).choose(later, LocalDate.of(2026, 6, 1), null).note()).isEqualTo(DiscountRegime.Note.FINANCIAL_CREDIT_NOTE);
        var notReversed = new DiscountRegime.Facts(supplied, supplied, true, true, false);
        assertThat(DiscountRegime.on(regimes, LocalDate.of(2026, 6, 1)).choose(notReversed, LocalDate.of(2026, 6, 1), null).why()).singleElement().asString().contains("IMS");
        // the agreement falls away once the Finance Act 2026 is commenced: one more row
        assertThat(DiscountRegime.on(regimes, LocalDate.of(2027, 4, 1)).choose(later, LocalDate.of(2027, 4, 1), null).note()).isEqualTo(DiscountRegime.Note.TAX_CREDIT_NOTE);
        // IN-22: 30 November after the year of the supply, or the annual return if that was earlier
        assertThat(FiscalYears.lastDayForTaxNote(supplied, null)).isEqualTo(LocalDate.of(2027, 11, 30));
        assertThat(FiscalYears.lastDayForTaxNote(LocalDate.of(2026, 3, 31), null)).isEqualTo(LocalDate.of(2026, 11, 30));
        assertThat(FiscalYears.lastDayForTaxNote(supplied, LocalDate.of(2027, 9, 1))).isEqualTo(LocalDate.of(2027, 9, 1));
        assertThat(DiscountRegime.on(regimes, LocalDate.of(2027, 12, 1)).choose(all, LocalDate.of(2027, 12, 1), null).why()).containsExactly("after 2027-11-30");
    }

    @Test
    @Tag("CMP-02")
    void in30ToIn36WhoRegistersWhatByWhen() {
        var on = LocalDate.of(2026, 5, 1);
        assertThat(EInvoice.isNotified(new BigDecimal("50000000"), on, LAW)).isFalse();
        assertThat(EInvoice.isNotified(new BigDecimal("50000000.01"), on, LAW)).isTrue();
        // the limit was ten crore before August 2023
        assertThat(EInvoice.isNotified(new BigDecimal("60000000"), LocalDate.of(2023, 7, 31), LAW)).isFalse();
        assertThat(EInvoice.isDue(CRORE.multiply(BigDecimal.TEN), DocumentKind.BILL_OF_SUPPLY, Customer.B2B, on, LAW)).isFalse();
        assertThat(EInvoice.isDue(CRORE.multiply(BigDecimal.TEN), DocumentKind.FINANCIAL_CREDIT_NOTE, Customer.B2B, on, LAW)).isFalse();
        assertThat(EInvoice.isDue(CRORE.multiply(BigDecimal.TEN), DocumentKind.CREDIT_NOTE, Customer.B2B, on, LAW)).isTrue();
        assertThat(EInvoice.reportBy(CRORE.multiply(BigDecimal.TEN), on, on, LAW)).isEqualTo(LocalDate.of(2026, 5, 31));
        assertThat(EInvoice.reportBy(CRORE.multiply(new BigDecimal(9)), on, on, LAW)).isNull();
        // IN-32
        assertThat(EInvoice.sha256("01AAAAA9999A19N2019-20INVABC01234")).isEqualTo("353c2677715ae97aa876a37262a38381a75c1d1184f6a803f703bb395971925f");
        assertThat(EInvoice.irn("27PQRST5678K1Z2", LocalDate.of(2026, 5, 1), "INV", "d1a26/000123")).isEqualTo("f8bbde3799ba7032832757b526f915d8f786bff12051633bac1f21988e3bbc13");
        // the two portals number their reasons differently
        assertThat(EInvoice.CancelReason.DATA_ENTRY.invoiceCode() + EInvoice.CancelReason.DATA_ENTRY.ewayCode()).isEqualTo("23");
        var qr = DynamicQr.of(new DynamicQr.Facts("27PQRST5678K1Z2", "Kesar Traders", "kesar@upi", "50200034001", "MARU0000001", "KT26/000001", on, new BigDecimal("105.00"), new BigDecimal("2.50"),
                new BigDecimal("2.50"), new BigDecimal("0.00"), new BigDecimal("0.00")));
        assertThat(qr).startsWith("upi://pay?").contains("pa=kesar%40upi", "am=105.00", "gstIn=27PQRST5678K1Z2", "invoiceNo=KT26%2F000001", "invoiceDate=2026-05-01", "CGST%3A2.50", "ifsc=MARU0000001");
    }

    @Test
    @Tag("CMP-03")
    void in40ThresholdsByStateAndDate() {
        var rows = List.of("27 2026-05-01 100000", "29 2026-05-01 50000", "19 2026-05-31 100000", "19 2026-06-01 50000", "08 2026-05-01 100000", "07 2026-05-01 100000");
        for (var line : rows) {
            var words = line.split(" ");
            var limit = new BigDecimal(words[2]);
            var on = LocalDate.parse(words[1]);
            assertThat(intra(words[0], limit, false, on).needed()).as(line).isFalse();
            assertThat(intra(words[0], limit.add(new BigDecimal("0.01")), false, on).needed()).as(line).isTrue();
        }
        assertThat(intra("08", new BigDecimal(150_000), true, LocalDate.of(2026, 5, 1)).needed()).isFalse();
        assertThat(intra("01", new BigDecimal(9_000_000), false, LocalDate.of(2026, 5, 1)).needed()).isFalse();
        assertThat(intra("24", new BigDecimal(60_000), false, LocalDate.of(2026, 5, 1)).goodsSpecific()).isTrue();
        // IN-41
        var on = LocalDate.of(2026, 5, 1);
        assertThat(EwayBill.days(201, false, on, LAW)).isEqualTo(2);
        assertThat(EwayBill.days(21, true, on, LAW)).isEqualTo(2);
        var end = Instant.parse("2026-05-02T18:29:00Z");
        assertThat(EwayBill.mayBeExtended(end.minusSeconds(8 * 3600), end, LAW)).isTrue();
        assertThat(EwayBill.mayBeExtended(end.plusSeconds(8 * 3600 + 1), end, LAW)).isFalse();
        assertThat(EwayBill.mayBeCancelled(end.plusSeconds(24 * 3600), end, false, LAW)).isTrue();
        assertThat(EwayBill.mayBeCancelled(end.plusSeconds(24 * 3600 + 1), end, false, LAW)).isFalse();
        assertThat(EwayBill.oldestDocument(on, LAW)).isEqualTo(on.minusDays(180));
        assertThat(EwayBill.lastDayOfExtensions(on, LAW)).isEqualTo(on.plusDays(360));
        assertThat(EwayBill.vehicleMayBeMissing(false, 50, true, on, LAW)).isTrue();
        assertThat(EwayBill.vehicleMayBeMissing(false, 51, true, on, LAW)).isFalse();
    }

    private static EwayBill.Need intra(String state, BigDecimal value, boolean city, LocalDate on) {
        return EwayBill.need(new EwayBill.Consignment(value, BigDecimal.ZERO, false, state, city), on, LAW);
    }

    @Test
    @Tag("BIL-02") @Tag("BIL-04")
    void titlesFollowFromSellerBuyerAndGoods() {
        assertThat(DocumentKind.of("INVOICE", "REGULAR", true, List.of("TAXABLE", "NIL"))).isEqualTo(DocumentKind.TAX_INVOICE);
        assertThat(DocumentKind.of("INVOICE", "REGULAR", false, List.of("TAXABLE", "EXEMPT"))).isEqualTo(DocumentKind.INVOICE_CUM_BILL_OF_SUPPLY);
        assertThat(DocumentKind.of("INVOICE", "REGULAR", false, List.of("NIL", "EXEMPT"))).isEqualTo(DocumentKind.BILL_OF_SUPPLY);
        assertThat(DocumentKind.of("INVOICE", "COMPOSITION", true, List.of())).isEqualTo(DocumentKind.BILL_OF_SUPPLY);
        assertThat(DocumentKind.of("INVOICE", "UNREGISTERED", true, List.of())).isEqualTo(DocumentKind.INVOICE);
        assertThat(DocumentKind.of("CREDIT_NOTE", "REGULAR", true, List.of("TAXABLE"))).isEqualTo(DocumentKind.CREDIT_NOTE);
        var on = LocalDate.of(2026, 5, 1);
        assertThat(Customer.of("29ABCDE1234F1ZW", "COMPOSITION", true, BigDecimal.TEN, on, LAW)).isEqualTo(Customer.B2B);
        assertThat(Customer.of("29ABCDE1234F1ZW", "SEZ", true, BigDecimal.TEN, on, LAW)).isEqualTo(Customer.SEZ);
        assertThat(Customer.of(null, "UNREGISTERED", true, new BigDecimal("100000.01"), on, LAW)).isEqualTo(Customer.B2CL);
        assertThat(Customer.of(null, "UNREGISTERED", true, new BigDecimal("250000"), LocalDate.of(2024, 7, 31), LAW)).isEqualTo(Customer.B2CS);
        assertThat(Customer.of(null, "UNREGISTERED", false, new BigDecimal("900000"), on, LAW)).isEqualTo(Customer.B2CS);
    }

    @Test
    void everyUnitHasACodeAndPinsLieInTheirStates() {
        assertThat(Uqc.of("PCS")).isEqualTo("PCS");
        assertThat(Uqc.of("KG")).isEqualTo("KGS");
        assertThat(Uqc.of("whatever")).isEqualTo("OTH");
        assertThat(PinCodes.mayLieIn("411001", "27")).isTrue();
        assertThat(PinCodes.mayLieIn("403001", "27")).isFalse();
        assertThat(PinCodes.mayLieIn("403001", "30")).isTrue();
        assertThat(PinCodes.mayLieIn("560034", "27")).isFalse();
    }
}
