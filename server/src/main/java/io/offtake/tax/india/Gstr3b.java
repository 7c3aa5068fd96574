package io.offtake.tax.india;

import io.offtake.tax.TaxRows;
import io.offtake.tax.india.Gstr1.Heads;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The totals of the summary return (IN-50): table 3.1 from the same documents as GSTR-1, 3.2 by place, and the input tax of
/// the books.
///
/// @param taxable   3.1(a): taxable supplies
/// @param zeroRated 3.1(b): to SEZ units and abroad, taxed or under a letter of undertaking
/// @param untaxed   3.1(c): nil-rated and exempt
/// @param nonGst    3.1(e)
/// @param toConsumers 3.2: inter-State to unregistered buyers, by place
/// @param toComposition 3.2: inter-State to composition buyers, by place
public record Gstr3b(Heads taxable, Heads zeroRated, BigDecimal untaxed, BigDecimal nonGst, List<Place> toConsumers, List<Place> toComposition) {

    public record Place(String place, BigDecimal taxable, BigDecimal igst) {}

    /// @param undone what earlier months stated and this one takes back
    public static Gstr3b of(List<TaxRows.Row> rows, List<TaxRows.Row> undone) {
        var taxable = Heads.NONE;
        var zero = Heads.NONE;
        var untaxed = new BigDecimal("0.00");
        var nonGst = new BigDecimal("0.00");
        var consumers = new TreeMap<String, Place>();
        var composition = new TreeMap<String, Place>();
        for (int at = 0; at < rows.size() + undone.size(); at++) {
            var row = at < rows.size() ? rows.get(at) : undone.get(at - rows.size());
            if (row.cancelled()) continue;
            int sign = row.kind().equals("CREDIT_NOTE") == at < rows.size() ? -1 : 1;
            var amount = row.taxable().multiply(BigDecimal.valueOf(sign));
            if (Gstr1.isZeroRated(row)) {
                zero = zero.plus(Heads.of(row), sign);
                continue;
            }
            switch (row.taxKind()) {
                case "TAXABLE" -> {
                    taxable = taxable.plus(Heads.of(row), sign);
                    if (!row.interState()) continue;
                    if (row.buyerGstin() == null) add(consumers, row, sign);
                    else if (row.buyerRegistration().equals("COMPOSITION")) add(composition, row, sign);
                }
                case "NON_GST" -> nonGst = nonGst.add(amount);
                default -> untaxed = untaxed.add(amount);
            }
        }
        return new Gstr3b(taxable, zero, untaxed, nonGst, List.copyOf(consumers.values()), List.copyOf(composition.values()));
    }

    private static void add(Map<String, Place> places, TaxRows.Row row, int sign) {
        var times = BigDecimal.valueOf(sign);
        places.merge(row.placeOfSupply(), new Place(row.placeOfSupply(), row.taxable().multiply(times), row.igst().multiply(times)),
                (one, other) -> new Place(one.place, one.taxable.add(other.taxable), one.igst.add(other.igst)));
    }
}
