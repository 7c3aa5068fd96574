package io.offtake.tax.vat;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.rules.CommandJson;
import io.offtake.rules.Decision;
import io.offtake.rules.Engine;
import io.offtake.rules.Journal;
import io.offtake.rules.Money;
import io.offtake.rules.RuleBookJson;
import io.offtake.tax.DocumentKind;
import io.offtake.tax.TaxPacks;
import io.offtake.tax.vat.ControlUnit.Answer;
import io.offtake.tax.vat.ControlUnit.Stamp;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every tax pack must pass (domain/05b section 5b.1), for the generic VAT: with Kenya's rates, in its currency and in
/// currencies of other scales.
@Tag("LOC-01")
@Tag("LOC-07")
class PackConformanceTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 26);

    /// A book of one VAT country.
    private record Book(String currency, int scale, String rounding, boolean inclusive, String rates, String schemes) {
        Engine engine() {
            return Engine.of(RuleBookJson.read("""
                    {"seller":{"distributorId":"1","stateCode":"KE","registration":"REGULAR"},"currency":{"code":"%s","scale":%d},"taxSystem":{"type":"VAT","name":"VAT"},"rounding":%s,
                     "validFrom":17000,"validTo":25000,"principals":[{"id":"1","code":"P","stateCode":"KE","registration":"REGULAR"}],
                     "skus":[{"id":"1","code":"S1","hsn":"340111","principalId":"1","brandId":"1","categoryId":"1","baseUnit":"PCS","expiryTracked":false,"units":[]},
                             {"id":"2","code":"S2","hsn":"110220","principalId":"1","brandId":"1","categoryId":"1","baseUnit":"PCS","expiryTracked":false,"units":[]},
                             {"id":"3","code":"S3","hsn":"96190010","principalId":"1","brandId":"1","categoryId":"1","baseUnit":"PCS","expiryTracked":false,"units":[]}],
                     "priceLists":[{"id":"7","version":1,"code":"NAT","level":"NATIONAL","key":{},"taxInclusive":%s,"validFrom":17000,"lines":[
                        {"skuId":"1","price":"%s"},{"skuId":"2","price":"150"},{"skuId":"3","price":"45.50"}]}],
                     "schemes":[%s],"taxRates":[%s],"policy":{"floor":"OFF","mrpCeiling":"OFF","credit":{"limit":"OFF","overdue":"OFF","modes":["CREDIT"]}}}"""
                    .formatted(currency, scale, rounding, inclusive, inclusive ? "1160" : "1000", schemes, rates)));
        }
    }

    private static final String KENYA = """
            {"id":"1","version":1,"hsn":"","kind":"TAXABLE","rate":"0.14","cess":"0","validFrom":18353,"validTo":18627},
            {"id":"2","version":1,"hsn":"","kind":"TAXABLE","rate":"0.16","cess":"0","validFrom":18628},
            {"id":"3","version":1,"hsn":"110220","kind":"ZERO_RATED","rate":"0","cess":"0","validFrom":17000},
            {"id":"4","version":1,"hsn":"96190010","kind":"EXEMPT","rate":"0","cess":"0","validFrom":17000}""";
    private static final String NONE = "{\"id\":\"1\",\"version\":1,\"document\":\"NONE\"}";

    private static Book kes(boolean inclusive) {
        return new Book("KES", 2, NONE, inclusive, KENYA, "");
    }

    private static Decision.Decided decide(Book book, LocalDate on, String country, String mode, String... pairs) {
        var engine = book.engine();
        var lines = new StringBuilder();
        for (int at = 0; at < pairs.length; at += 2) lines.append(at == 0 ? "" : ",").append("{\"line\":").append(at / 2 + 1).append(",\"skuId\":\"").append(pairs[at]).append("\",\"qty\":\"").append(pairs[at + 1]).append("\"}");
        var batches = String.join(",", IntStream.rangeClosed(1, 3).mapToObj(sku -> "{\"batchId\":\"b" + sku + "\",\"skuId\":\"" + sku + "\",\"batchNo\":\"B\",\"saleable\":\"1000000\",\"unitCost\":\"1\"}").toList());
        var command = """
                {"kind":"INVOICE","businessDate":%d,"saleType":"COUNTER","paymentMode":"%s","principalId":"1","outlet":{"id":"o","channel":"GT","class":"A","stateCode":"%s","registration":"UNREGISTERED","blocked":false,
                 "credit":[{"principalId":"1","exposure":"0","overdueDays":0,"termsDays":14}]},"lines":[%s],"batches":[%s],"approved":[]}""".formatted(on.toEpochDay(), mode, country, lines, batches);
        var decision = engine.decide(CommandJson.read(command, engine.book()));
        assertThat(decision).isInstanceOf(Decision.Decided.class);
        return (Decision.Decided) decision;
    }

    private static String text(Money money) {
        return money.toString();
    }

    @Test
    @Tag("CMP-05")
    void theRateChangesAtMidnight() {
        assertThat(text(decide(kes(false), LocalDate.of(2020, 12, 31), "KE", "CASH", "1", "1").totals().vat())).isEqualTo("140.00");
        assertThat(text(decide(kes(false), LocalDate.of(2021, 1, 1), "KE", "CASH", "1", "1").totals().vat())).isEqualTo("160.00");
    }

    @Test
    void inclusive1160IsTheSameAsExclusive1000() {
        var inside = decide(kes(true), DAY, "KE", "CASH", "1", "1").totals();
        assertThat(text(inside.taxable()) + " + " + text(inside.vat())).isEqualTo("1000.00 + 160.00");
        assertThat(decide(kes(false), DAY, "KE", "CASH", "1", "1").totals().payable()).isEqualTo(inside.payable());
    }

    @Test
    void zeroRatedAndExemptGoodsCarryNoTaxAndAreToldApart() {
        var bill = decide(kes(false), DAY, "KE", "CASH", "1", "1", "2", "2", "3", "2");
        assertThat(text(bill.totals().vat())).isEqualTo("160.00");
        assertThat(bill.lines().stream().map(line -> line.taxKind().name())).containsExactly("TAXABLE", "ZERO_RATED", "EXEMPT");
        assertThat(bill.lines().stream().filter(line -> !line.cgst().isZero() || !line.igst().isZero())).isEmpty();
        assertThat(bill.interState()).isFalse();
    }

    @Test
    void anExportIsZeroRatedWhateverTheGoods() {
        var bill = decide(kes(false), DAY, "UG", "CASH", "1", "1", "3", "2");
        assertThat(text(bill.totals().vat())).isEqualTo("0.00");
        assertThat(bill.lines().stream().map(line -> line.taxKind().name()).distinct()).containsExactly("ZERO_RATED");
    }

    @Test
    void aDiscountOnAMixedBillIsSharedOverTheRates() {
        var scheme = """
                {"id":"13","version":1,"code":"BILL","name":"Bill","principalId":"1","stage":"BILL","mechanic":{"type":"DISCOUNT","reward":{"fixed":"100.00"}},"products":{},"eligibility":{},
                 "stacking":"CASCADE","priority":10,"principalShare":"1","claimable":true,"claimRate":"COST","validFrom":17000}""";
        var bill = decide(new Book("KES", 2, NONE, false, KENYA, scheme), DAY, "KE", "CASH", "1", "1", "2", "4");
        // 1000 and 600: 62.50 and 37.50
        assertThat(bill.lines().stream().map(line -> text(line.taxable()))).containsExactly("937.50", "562.50");
        assertThat(text(bill.totals().vat())).isEqualTo("150.00");
        assertThat(text(bill.totals().payable())).isEqualTo("1650.00");
    }

    @Test
    void freeGoodsAreALineOfNoValueInTheirOwnCategory() {
        var scheme = """
                {"id":"14","version":1,"code":"TEN","name":"10+1","principalId":"1","stage":"FREE_GOODS","mechanic":{"type":"FREE_GOODS","buy":"10","get":"1","repeat":true,"tax":"ZERO_PRICED","ifShort":"REFUSE"},
                 "products":{"skuIds":["1"]},"eligibility":{},"stacking":"CASCADE","priority":10,"principalShare":"1","claimable":true,"claimRate":"COST","validFrom":17000}""";
        var bill = decide(new Book("KES", 2, NONE, false, KENYA, scheme), DAY, "KE", "CASH", "1", "10");
        assertThat(bill.freeLines()).hasSize(1);
        assertThat(text(bill.freeLines().getFirst().vat())).isEqualTo("0.00");
        assertThat(text(bill.totals().vat())).isEqualTo("1600.00");
    }

    @Test
    void aThousandLinesRoundOneByOneAndTheJournalBalances() {
        var random = new Random(7);
        var pairs = IntStream.range(0, 1000).boxed().flatMap(at -> List.of(Integer.toString(1 + at % 3), Integer.toString(1 + random.nextInt(40))).stream()).toArray(String[]::new);
        var bill = decide(new Book("KES", 2, NONE, false, KENYA.replace("0.16", "0.1575"), ""), DAY, "KE", "CREDIT", pairs);
        var sum = bill.lines().stream().map(line -> new BigDecimal(line.taxable().toString()).multiply(new BigDecimal(line.taxRate().toString())).setScale(2, java.math.RoundingMode.HALF_UP)).reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(new BigDecimal(bill.totals().vat().toString())).isEqualByComparingTo(sum);
        var entries = Journal.forInvoice(bill).entries();
        assertThat(entries.stream().filter(entry -> entry.taxHead() == Journal.TaxHead.VAT).map(entry -> new BigDecimal(entry.amount().toString())).reduce(BigDecimal.ZERO, BigDecimal::add)).isEqualByComparingTo(sum.negate());
    }

    /// Whole dong, fils, and cash to the five cents: scale and rounding come from the currency and its policy.
    @ParameterizedTest
    @CsvSource(textBlock = """
            VND, 0, '{"id":"1","version":1,"document":"NONE"}',                                                        CASH,   7, 7000, 1120, 8120
            VND, 0, '{"id":"1","version":1,"document":"NEAREST","step":"500"}',                                        CASH,   7, 7000, 1120, 8000
            KWD, 3, '{"id":"1","version":1,"document":"NONE"}',                                                        CASH,   7, 7000.000, 1120.000, 8120.000
            CHF, 2, '{"id":"1","version":1,"document":"NEAREST","step":"0.05","paymentModes":["CASH"]}',               CASH,   1, 1000.00, 160.00, 1160.00
            """)
    void currenciesOfOtherScalesAndRoundings(String currency, int scale, String rounding, String mode, String qty, String taxable, String vat, String payable) {
        var bill = decide(new Book(currency, scale, rounding, false, KENYA, ""), DAY, "KE", mode, "1", qty).totals();
        assertThat(List.of(text(bill.taxable()), text(bill.vat()), text(bill.payable()))).containsExactly(taxable, vat, payable);
    }

    @Test
    void cashIsRoundedToFiveCentsAndCreditIsNot() {
        var rounding = "{\"id\":\"1\",\"version\":1,\"document\":\"NEAREST\",\"step\":\"0.05\",\"paymentModes\":[\"CASH\"]}";
        var cash = decide(new Book("CHF", 2, rounding, false, KENYA, ""), DAY, "KE", "CASH", "1", "1", "3", "1.0").totals();
        assertThat(text(cash.payable())).isEqualTo("1205.50");
        var odd = KENYA.replace("0.16", "0.1601");
        assertThat(text(decide(new Book("CHF", 2, rounding, false, odd, ""), DAY, "KE", "CASH", "1", "1").totals().rounding())).isEqualTo("0.00");
        var more = KENYA.replace("0.16", "0.16012");
        assertThat(text(decide(new Book("CHF", 2, rounding, false, more, ""), DAY, "KE", "CASH", "1", "1").totals().rounding())).isEqualTo("-0.02");
        assertThat(text(decide(new Book("CHF", 2, rounding, false, more, ""), DAY, "KE", "CREDIT", "1", "1").totals().rounding())).isEqualTo("0.00");
    }

    @ParameterizedTest
    @CsvSource({"P051234567X,true", "A000111222Z,true", "X051234567X,false", "P05123456X,false", "P051234567,false", "p051234567x,false", "P051234567XY,false"})
    void aPinHasItsForm(String pin, boolean good) {
        assertThat(VatCountries.of("KE_VAT").orElseThrow().isTaxId(pin)).isEqualTo(good);
    }

    @Test
    void packsAreFoundAsServicesAndNameTheirPapers() {
        assertThat(TaxPacks.regimes()).contains("IN_GST", "KE_VAT", "NONE");
        var kenya = TaxPacks.of("KE_VAT");
        assertThat(kenya.paper("INVOICE", "REGULAR", true).title()).isEqualTo(DocumentKind.TAX_INVOICE);
        assertThat(kenya.paper("INVOICE", "UNREGISTERED", false).title()).isEqualTo(DocumentKind.INVOICE);
        assertThat(kenya.paper("INVOICE", "UNREGISTERED", false).heads()).isEmpty();
        assertThat(kenya.paper("CREDIT_NOTE", "REGULAR", true).titleText()).isEqualTo("Credit note");
        assertThat(kenya.lastDayForTaxNote(LocalDate.of(2026, 5, 31), null)).contains(LocalDate.of(2026, 11, 30));
    }

    @Test
    @Tag("INT-13")
    void anAnswerMovesADocumentOnlyWhereItMay() {
        var stamp = new Stamp("KRACU1", 17, "I", "S", Instant.EPOCH);
        assertThat(EtimsState.after(new Answer.Stamped(stamp, "K/1", ""), "K/1")).extracting(EtimsState.Next::state, EtimsState.Next::stamp).containsExactly(EtimsState.STAMPED, stamp);
        assertThat(EtimsState.after(new Answer.Stamped(stamp, "K/2", ""), "K/1").state()).as("an answer about another document").isEqualTo(EtimsState.UNKNOWN);
        assertThat(EtimsState.after(new Answer.Refused(ControlUnit.DUPLICATE, ""), "K/1").state()).as("a duplicate is looked up").isEqualTo(EtimsState.UNKNOWN);
        assertThat(EtimsState.after(new Answer.Refused("912", "no PIN"), "K/1").state()).isEqualTo(EtimsState.REJECTED);
        assertThat(EtimsState.after(new Answer.NotReached("down"), "K/1").state()).isEqualTo(EtimsState.PENDING);
        assertThat(EtimsState.after(new Answer.NoAnswer("lost"), "K/1").state()).isEqualTo(EtimsState.UNKNOWN);
        assertThat(EtimsState.after(new Answer.Absent(), "K/1").sendAgain()).isTrue();
        assertThat(Duration.between(Instant.EPOCH, EtimsState.retryAt(Instant.EPOCH, 1))).isEqualTo(Duration.ofSeconds(5));
        assertThat(Duration.between(Instant.EPOCH, EtimsState.retryAt(Instant.EPOCH, 50))).isEqualTo(Duration.ofMinutes(30));
    }
}
