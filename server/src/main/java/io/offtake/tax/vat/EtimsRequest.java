package io.offtake.tax.vat;

import io.offtake.tax.TaxDocument;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A document as the control unit wants it (eTIMS OSCU, sales transaction): made from posted lines, and it adds up before it
/// is sent (LESSONS 40).
final class EtimsRequest {
    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final BigDecimal HUNDRED = new BigDecimal(100);

    private EtimsRequest() {}

    /// Why a document cannot be told to the unit at all.
    static final class NotReportable extends RuntimeException {
        private final String code;

        NotReportable(String code, String text) {
            super(text, null, false, false);
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    /// @param invoiceNo  the unit's running number of this seller
    /// @param originalNo that of the document a credit note corrects; null for none
    /// @throws NotReportable if a rate has no tax letter, or the document does not add up
    static String of(TaxDocument document, VatCountry country, long invoiceNo, @Nullable Long originalNo, String user, ZoneId zone) {
        var moment = MOMENT.format(document.postedAt().atZone(zone));
        var taxables = new TreeMap<String, BigDecimal>();
        var taxes = new TreeMap<String, BigDecimal>();
        for (var code : country.codes()) {
            taxables.put(code.code(), zero(document));
            taxes.put(code.code(), zero(document));
        }
        var root = JSON.createObjectNode();
        var items = JSON.createArrayNode();
        var net = zero(document);
        for (var line : document.lines()) {
            var letter = letter(country, line);
            taxables.merge(letter, line.taxable(), BigDecimal::add);
            taxes.merge(letter, line.tax(), BigDecimal::add);
            net = net.add(line.total());
            var supply = line.inclusive() ? line.taxable() : line.gross();
            var off = supply.subtract(line.taxable());
            items.add(JSON.createObjectNode().put("itemSeq", items.size() + 1).put("itemCd", line.skuCode()).put("itemClsCd", line.hsn() == null ? "" : line.hsn()).put("itemNm", cut(line.skuName(), 200))
                    .put("pkgUnitCd", "NT").put("pkg", line.qty()).put("qtyUnitCd", line.unit().equals("KG") ? "KG" : "U").put("qty", line.qty())
                    .put("prc", line.qty().signum() == 0 ? zero(document) : supply.divide(line.qty(), 2, java.math.RoundingMode.HALF_UP)).put("splyAmt", supply)
                    .put("dcRt", supply.signum() == 0 ? BigDecimal.ZERO : off.multiply(HUNDRED).divide(supply, 2, java.math.RoundingMode.HALF_UP)).put("dcAmt", off)
                    .put("taxTyCd", letter).put("taxblAmt", line.taxable()).put("taxAmt", line.tax()).put("totAmt", line.total()));
        }
        var totals = document.totals();
        if (net.add(totals.rounding()).compareTo(totals.payable()) != 0) throw new NotReportable("TOTALS", "The lines add up to " + net.toPlainString() + ", the document to " + totals.payable().subtract(totals.rounding()).toPlainString());
        root.put("trdInvcNo", document.number()).put("invcNo", invoiceNo).put("orgInvcNo", originalNo == null ? 0 : originalNo);
        if (document.buyer().taxId() != null) root.put("custTin", document.buyer().taxId());
        root.put("custNm", cut(document.buyer().name(), 60)).put("salesTyCd", "N").put("rcptTyCd", document.isCredit() ? "R" : "S").put("pmtTyCd", payment(document.paymentMode())).put("salesSttsCd", "02")
                .put("cfmDt", moment).put("salesDt", DAY.format(document.businessDate()));
        if (document.isCredit()) root.put("rfdDt", moment).put("rfdRsnCd", "06");
        root.put("totItemCnt", document.lines().size());
        put(root, "taxblAmt", taxables);
        put(root, "taxRt", rates(country));
        put(root, "taxAmt", taxes);
        root.put("totTaxblAmt", totals.taxable()).put("totTaxAmt", totals.tax()).put("totAmt", totals.taxable().add(totals.tax())).put("prchrAcptcYn", "N");
        if (document.note() != null) root.put("remark", cut(document.note(), 400));
        root.put("regrId", cut(user, 20)).put("regrNm", cut(user, 60)).put("modrId", cut(user, 20)).put("modrNm", cut(user, 60));
        var receipt = root.putObject("receipt").put("rcptPbctDt", moment).put("trdeNm", cut(document.seller().name(), 60)).put("adrs", cut(document.seller().address(), 200)).put("prchrAcptcYn", "N");
        if (document.buyer().taxId() != null) receipt.put("custTin", document.buyer().taxId());
        root.set("itemList", items);
        return JSON.writeValueAsString(root);
    }

    private static String letter(VatCountry country, TaxDocument.Line line) {
        var kind = line.kind() == null ? "NON_GST" : line.kind().equals("ZERO_RATED") ? "NIL" : line.kind();
        return country.code(kind, line.rate()).orElseThrow(() -> new NotReportable("NO_TAX_CODE", "There is no tax code for " + kind + " at " + line.rate().multiply(HUNDRED).stripTrailingZeros().toPlainString() + " % ("
                + line.skuCode() + ")"));
    }

    private static Map<String, BigDecimal> rates(VatCountry country) {
        var rates = new LinkedHashMap<String, BigDecimal>();
        for (var code : country.codes()) rates.put(code.code(), code.rate().multiply(HUNDRED).setScale(2, java.math.RoundingMode.HALF_UP));
        return rates;
    }

    private static void put(ObjectNode root, String prefix, Map<String, BigDecimal> byLetter) {
        byLetter.forEach((letter, amount) -> root.put(prefix + letter, amount));
    }

    private static String payment(String mode) {
        return switch (mode) {
            case "CASH" -> "01";
            case "CREDIT" -> "02";
            case "CHEQUE" -> "04";
            case "UPI" -> "06";     // mobile money
            default -> "07";
        };
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }

    private static BigDecimal zero(TaxDocument document) {
        return BigDecimal.ZERO.setScale(document.scale());
    }
}
