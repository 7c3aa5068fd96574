package io.offtake.tax.india;

import io.offtake.tax.TaxDocument;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The e-invoice INV-01, schema 1.1, of a posted document (IN-33): made from the posted lines, so that it adds up to the paper
/// (LESSONS 40). Amounts of a note are positive, as on the note.
public final class Inv01 {
    /// Decimals as they are, without exponents.
    public static final JsonMapper JSON = JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES).build();
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("dd/MM/uuuu", java.util.Locale.ROOT);
    private static final BigDecimal ONE = BigDecimal.ONE;
    private static final BigDecimal ZERO = new BigDecimal("0.00");

    private Inv01() {}

    /// INV, CRN or DBN.
    public static String typeOf(String kind) {
        return switch (kind) {
            case "INVOICE" -> "INV";
            case "CREDIT_NOTE" -> "CRN";
            case "DEBIT_NOTE" -> "DBN";
            default -> throw new IllegalArgumentException("a " + kind + " is not registered");
        };
    }

    /// B2B, SEZWP, SEZWOP, EXPWP, EXPWOP or DEXP: whom it is for, and whether integrated tax is paid on it.
    static String supplyType(TaxDocument document) {
        return switch (document.buyer().registration()) {
            case "SEZ" -> document.isWithPayment() ? "SEZWP" : "SEZWOP";
            case "EXPORT" -> document.isWithPayment() ? "EXPWP" : "EXPWOP";
            case "DEEMED_EXPORT" -> "DEXP";
            default -> "B2B";
        };
    }

    public static String day(LocalDate on) {
        return DAY.format(on);
    }

    /// The payload as a JSON tree; what is missing in masters is left out, so that the check names it.
    public static ObjectNode of(TaxDocument document) {
        return of(document, null);
    }

    /// @param export what customs have said of an export so far; null: nothing
    public static ObjectNode of(TaxDocument document, @Nullable ExportDetails export) {
        var root = JSON.createObjectNode();
        root.put("Version", "1.1");
        var supply = root.putObject("TranDtls");
        supply.put("TaxSch", "GST").put("SupTyp", supplyType(document)).put("RegRev", "N").put("IgstOnIntra", "N");
        root.putObject("DocDtls").put("Typ", typeOf(document.kind())).put("No", Numbers.asCompared(document.number())).put("Dt", day(document.businessDate()));
        var seller = party(root.putObject("SellerDtls"), document.seller(), null);
        seller.remove("Pos");
        var buyer = party(root.putObject("BuyerDtls"), document.buyer(), document.placeOfSupply());
        // abroad there is neither a GSTIN nor a PIN
        if (document.buyer().registration().equals("EXPORT")) buyer.put("Gstin", "URP").put("Pin", 999_999);
        var items = root.putArray("ItemList");
        var sums = new BigDecimal[] {ZERO, ZERO, ZERO, ZERO, ZERO};
        var below = ZERO;
        int number = 0;
        for (var line : document.lines()) {
            var item = items.addObject();
            below = below.add(item(item, ++number, line));
            sums[0] = sums[0].add(item.get("AssAmt").decimalValue());
            sums[1] = sums[1].add(head(line, "CGST"));
            sums[2] = sums[2].add(head(line, "SGST"));
            sums[3] = sums[3].add(head(line, "IGST"));
            sums[4] = sums[4].add(head(line, "CESS"));
        }
        var values = root.putObject("ValDtls");
        values.put("AssVal", sums[0]).put("CgstVal", sums[1]).put("SgstVal", sums[2]).put("IgstVal", sums[3]).put("CesVal", sums[4]).put("StCesVal", ZERO);
        values.put("Discount", below).put("OthChrg", ZERO).put("RndOffAmt", document.totals().rounding()).put("TotInvVal", document.totals().payable());
        var original = document.original();
        if (original != null) root.putObject("RefDtls").putArray("PrecDocDtls").addObject().put("InvNo", Numbers.asCompared(original.number())).put("InvDt", day(original.businessDate()));
        if (export != null) {
            var details = root.putObject("ExpDtls");
            if (export.shippingBill() != null && export.shippedOn() != null) details.put("ShipBNo", export.shippingBill()).put("ShipBDt", day(export.shippedOn()));
            details.put("Port", export.portCode()).put("CntCode", export.country());
        }
        return root;
    }

    private static ObjectNode party(ObjectNode to, TaxDocument.Party party, @Nullable String placeOfSupply) {
        put(to, "Gstin", party.taxId());
        put(to, "LglNm", text(party.legalName().isBlank() ? party.name() : party.legalName(), 100));
        if (!party.name().isBlank() && !party.name().equals(party.legalName())) put(to, "TrdNm", text(party.name(), 100));
        if (placeOfSupply != null) put(to, "Pos", placeOfSupply);
        var address = text(party.address(), 200);
        if (!address.isEmpty()) {
            put(to, "Addr1", address.substring(0, Math.min(100, address.length())));
            if (address.length() > 102) put(to, "Addr2", address.substring(100));
        }
        if (!party.city().isBlank()) put(to, "Loc", text(party.city(), 50));
        if (party.pin().matches("[1-9][0-9]{5}")) to.put("Pin", Integer.parseInt(party.pin()));
        put(to, "Stcd", party.stateCode());
        var phone = party.phone().replaceAll("[^0-9]", "");
        if (phone.length() >= 6) put(to, "Ph", phone.substring(Math.max(0, phone.length() - 12)));
        return to;
    }

    private static void put(ObjectNode to, String member, @Nullable String value) {
        if (value != null && !value.isEmpty()) to.put(member, value);
    }

    /// The portal takes neither quotation marks nor backslashes.
    private static String text(String text, int most) {
        var clean = text.replace('"', '\'').replace('\\', '/').strip();
        return clean.length() <= most ? clean : clean.substring(0, most).strip();
    }

    /// One line. Goods valued at the retail price put the deemed value into AssAmt, and the difference to the price outside of the
    /// tax: above it into the line's other charges, below it into the bill's discount (IN-08).
    ///
    /// @return what goes into the bill's discount
    private static BigDecimal item(ObjectNode item, int number, TaxDocument.Line line) {
        var base = line.assessable() == null ? line.taxable() : line.assessable();
        var taxes = head(line, "CGST").add(head(line, "SGST")).add(head(line, "IGST")).add(head(line, "CESS"));
        var total = base;
        var discount = ZERO;
        if (line.assessable() == null && !line.free()) {
            var gross = line.inclusive() ? line.gross().divide(ONE.add(line.rate()), 2, RoundingMode.HALF_UP) : line.gross();
            if (gross.compareTo(base) >= 0) {
                total = gross;
                discount = gross.subtract(base);
            }
        }
        var above = line.taxable().subtract(base);
        var unit = Uqc.of(line.unit());
        var qty = line.qty();
        var price = line.inclusive() || total != line.gross() ? perUnit(total, qty) : line.unitPrice().setScale(3, RoundingMode.HALF_UP);
        if (price.multiply(qty).subtract(total).abs().compareTo(ONE) > 0) {
            // the portal's three decimals are too few for so many pieces: thousands of them
            unit = Uqc.thousandOf(unit);
            qty = qty.movePointLeft(3);
            price = qty.scale() <= 3 || qty.stripTrailingZeros().scale() <= 3 ? perUnit(total, qty) : price;
        }
        item.put("SlNo", Integer.toString(number)).put("PrdDesc", described(line)).put("IsServc", "N").put("HsnCd", line.hsn() == null ? "" : line.hsn());
        item.put("Qty", plain(qty)).put("Unit", unit).put("UnitPrice", price).put("TotAmt", total).put("Discount", discount).put("AssAmt", base);
        item.put("GstRt", plain(line.rate().movePointRight(2)));
        item.put("IgstAmt", head(line, "IGST")).put("CgstAmt", head(line, "CGST")).put("SgstAmt", head(line, "SGST"));
        var cess = head(line, "CESS");
        if (cess.signum() != 0) item.put("CesRt", cess.multiply(new BigDecimal(100)).divide(base.signum() == 0 ? ONE : base, 3, RoundingMode.HALF_UP)).put("CesAmt", cess);
        var charges = above.signum() > 0 ? above : ZERO;
        if (charges.signum() > 0) item.put("OthChrg", charges);
        item.put("TotItemVal", base.add(taxes).add(charges));
        if (line.batches().size() == 1 && line.batches().getFirst().length() >= 3 && line.batches().getFirst().length() <= 20) item.putObject("BchDtls").put("Nm", text(line.batches().getFirst(), 20));
        return above.signum() < 0 ? above.negate() : ZERO;
    }

    private static String described(TaxDocument.Line line) {
        var name = text(line.skuName(), 300);
        return name.length() >= 3 ? name : text(line.skuCode() + " " + line.skuName(), 300);
    }

    private static BigDecimal perUnit(BigDecimal total, BigDecimal qty) {
        return qty.signum() == 0 ? total.setScale(3, RoundingMode.HALF_UP) : total.divide(qty, 3, RoundingMode.HALF_UP);
    }

    private static BigDecimal plain(BigDecimal value) {
        var plain = value.stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }

    private static BigDecimal head(TaxDocument.Line line, String head) {
        return line.heads().getOrDefault(head, ZERO);
    }
}
