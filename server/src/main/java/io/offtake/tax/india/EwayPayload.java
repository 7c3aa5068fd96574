package io.offtake.tax.india;

import io.offtake.tax.DocumentKind;
import io.offtake.tax.TaxDocument;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The e-way bill of a posted invoice (EWB-01, IN-41) and what the portal would refuse in it.
public final class EwayPayload {
    private static final int LINES_MAX = 250;
    private static final BigDecimal HUNDRED = new BigDecimal(100);

    private EwayPayload() {}

    /// How the goods travel.
    ///
    /// @param distanceKm    1 to 4000
    /// @param vehicle       such as MH12AB1234; null while a transporter will say it (part B)
    /// @param transporterId GSTIN or enrolment number, null for own transport
    public record Transport(int distanceKm, @Nullable String vehicle, @Nullable String transporterId, @Nullable String transporterName) {}

    public static ObjectNode of(TaxDocument document, DocumentKind kind, Transport transport) {
        var root = Inv01.JSON.createObjectNode();
        boolean abroad = document.buyer().registration().equals("EXPORT");
        root.put("supplyType", "O").put("subSupplyType", abroad ? "3" : "1").put("docType", kind == DocumentKind.BILL_OF_SUPPLY ? "BIL" : "INV").put("docNo", Numbers.asCompared(document.number()))
                .put("docDate", Inv01.day(document.businessDate()));
        party(root, "from", document.seller(), document.seller().stateCode());
        party(root, "to", document.buyer(), document.placeOfSupply());
        if (abroad) root.put("toPincode", 999_999);
        root.put("transactionType", 1);
        var heads = new java.util.TreeMap<String, BigDecimal>();
        for (var line : document.lines()) line.heads().forEach((head, amount) -> heads.merge(head, amount, BigDecimal::add));
        root.put("totalValue", document.totals().taxable()).put("cgstValue", amount(heads.get("CGST"))).put("sgstValue", amount(heads.get("SGST"))).put("igstValue", amount(heads.get("IGST")))
                .put("cessValue", amount(heads.get("CESS"))).put("totInvValue", document.totals().payable());
        root.put("transMode", "1").put("transDistance", Integer.toString(transport.distanceKm));
        if (transport.vehicle != null) root.put("vehicleNo", plate(transport.vehicle)).put("vehicleType", "R");
        if (transport.transporterId != null) root.put("transporterId", transport.transporterId);
        if (transport.transporterName != null) root.put("transporterName", transport.transporterName);
        var items = root.putArray("itemList");
        for (var line : document.lines()) {
            var percent = line.rate().multiply(HUNDRED).stripTrailingZeros();
            var half = percent.divide(new BigDecimal(2));
            items.addObject().put("productName", line.skuName()).put("hsnCode", line.hsn() == null ? "" : line.hsn()).put("quantity", line.qty()).put("qtyUnit", Uqc.of(line.unit()))
                    .put("cgstRate", document.interState() ? BigDecimal.ZERO : half).put("sgstRate", document.interState() ? BigDecimal.ZERO : half)
                    .put("igstRate", document.interState() ? percent : BigDecimal.ZERO).put("cessRate", BigDecimal.ZERO).put("taxableAmount", line.taxable());
        }
        return root;
    }

    public static String plate(String vehicle) {
        return vehicle.replaceAll("[^A-Za-z0-9]", "").toUpperCase(java.util.Locale.ROOT);
    }

    private static void party(ObjectNode root, String side, TaxDocument.Party party, String state) {
        root.put(side + "Gstin", party.taxId() == null ? "URP" : party.taxId()).put(side + "TrdName", party.name()).put(side + "Addr1", party.address()).put(side + "Place", party.city());
        if (party.pin().matches("[1-9][0-9]{5}")) root.put(side + "Pincode", Integer.parseInt(party.pin()));
        root.put("act" + Character.toUpperCase(side.charAt(0)) + side.substring(1) + "StateCode", number(party.stateCode())).put(side + "StateCode", number(side.equals("to") ? state : party.stateCode()));
    }

    private static int number(String state) {
        return state.matches("[0-9]{2}") ? Integer.parseInt(state) : 0;
    }

    private static BigDecimal amount(@Nullable BigDecimal value) {
        return value == null ? new BigDecimal("0.00") : value;
    }

    /// All faults; empty when it may be sent.
    public static List<Fault> faults(TaxDocument document, Transport transport, java.time.LocalDate today, Law law) {
        var faults = new ArrayList<Fault>();
        if (transport.distanceKm < 1 || transport.distanceKm > 4000) faults.add(Fault.at("IN-41", "/transDistance", transport.distanceKm + " km is no distance of an e-way bill", "1 to 4000"));
        if (transport.vehicle == null && transport.transporterId == null) faults.add(Fault.at("IN-41", "/vehicleNo", "neither a vehicle nor a transporter is named", "a vehicle number, or the transporter's id"));
        if (transport.vehicle != null && !plate(transport.vehicle).matches("[A-Z0-9]{4,20}")) faults.add(Fault.at("IN-41", "/vehicleNo", transport.vehicle + " is no vehicle number", "such as MH12AB1234"));
        if (document.lines().size() > LINES_MAX) faults.add(Fault.at("IN-41", "/itemList", document.lines().size() + " lines", "250 at most"));
        if (!Numbers.isDocumentNumber(document.number())) faults.add(Fault.at("IN-27", "/docNo", document.number() + " is no document number for the portal", "16 characters of A-Z, 0-9, - and /"));
        if (document.businessDate().isBefore(EwayBill.oldestDocument(today, law)))
            faults.add(Fault.at("IN-40", "/docDate", "the document is too old for a new e-way bill", "not before " + EwayBill.oldestDocument(today, law)));
        pin(faults, document.seller(), "/SellerDtls/Pin", "the distributor");
        if (!document.buyer().registration().equals("EXPORT")) pin(faults, document.buyer(), "/BuyerDtls/Pin", "the outlet");
        int at = 0;
        for (var line : document.lines()) {
            var hsn = line.hsn() == null ? "" : line.hsn();
            if (!Numbers.isHsn(hsn, false, true)) faults.add(Fault.at("IN-26", "/itemList/" + at + "/HsnCd", "HSN \"" + hsn + "\" is not valid", "4, 6 or 8 digits"));
            at++;
        }
        return List.copyOf(faults);
    }

    private static void pin(List<Fault> faults, TaxDocument.Party party, String pointer, String whose) {
        if (!party.pin().matches("[1-9][0-9]{5}")) faults.add(Fault.at("IN-41", pointer, whose + " has no PIN", "six digits"));
        else if (!PinCodes.mayLieIn(party.pin(), party.stateCode())) faults.add(Fault.at("IN-41", pointer, "PIN " + party.pin() + " does not lie in State " + party.stateCode(), null));
    }
}
