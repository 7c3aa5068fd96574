package io.offtake.rules.oracle;

import static io.offtake.rules.oracle.JsonText.decimal;
import static io.offtake.rules.oracle.JsonText.map;

import java.math.BigDecimal;
import java.util.Map;

/// IN-04, IN-05, IN-08, IN-10, PX-06 and the one head of VAT: the taxes of one line.
final class SlowTax {
    private final Map<String, Object> seller, outlet;
    private final boolean vat;
    private final int scale;
    private final long on;

    SlowTax(Map<String, Object> book, Map<String, Object> command) {
        seller = map(book.get("seller"));
        outlet = map(command.get("outlet"));
        on = (Long) command.get("businessDate");
        vat = "VAT".equals(map(book.get("taxSystem")).get("type"));
        scale = ((Long) map(book.get("currency")).get("scale")).intValue();
    }

    /// @param assessable the value for tax where it is not `taxable`; null: it is
    record Heads(BigDecimal taxable, BigDecimal cgst, BigDecimal sgst, BigDecimal igst, BigDecimal cess, BigDecimal vat, BigDecimal assessable) {
        BigDecimal sum() {
            return cgst.add(sgst).add(igst).add(cess).add(vat);
        }
    }

    /// IN-03: where the goods go; an outlet of no known State buys where the seller is.
    String placeOfSupply() {
        return outlet.get("stateCode") != null ? (String) outlet.get("stateCode") : (String) seller.get("stateCode");
    }

    /// IN-04: another State, or a SEZ unit whatever its State; VAT knows no States.
    boolean interState() {
        return !vat && elsewhere();
    }

    private boolean elsewhere() {
        return !placeOfSupply().equals(seller.get("stateCode")) || zeroRatedBuyer();
    }

    private boolean zeroRatedBuyer() {
        return "SEZ".equals(outlet.get("registration")) || "EXPORT".equals(outlet.get("registration"));
    }

    /// Under a VAT goods that leave the country (or for an export zone) are zero-rated; under GST they, and goods for a SEZ, bear
    /// no tax while a letter of undertaking is in force.
    private boolean exported() {
        if (vat) return elsewhere();
        if (!zeroRatedBuyer() || seller.get("undertakings") == null) return false;
        for (var one : JsonText.maps(seller.get("undertakings")))
            if ((Long) one.get("validFrom") <= on && (one.get("validTo") == null || on <= (Long) one.get("validTo"))) return true;
        return false;
    }

    private boolean taxed(Map<String, Object> rate) {
        return !exported() && rate.getOrDefault("kind", "TAXABLE").equals("TAXABLE") && !"COMPOSITION".equals(seller.get("registration")) && !"UNREGISTERED".equals(seller.get("registration"));
    }

    /// The taxes of a line whose price is without them.
    /// @param retail IN-08: the retail sale prices of all its units, taxes included
    Heads exclusive(BigDecimal taxable, Map<String, Object> rate, BigDecimal qty, BigDecimal retail) {
        if (!taxed(rate)) return none(taxable);
        var extra = rate.get("cessPerUnit") == null ? BigDecimal.ZERO : round(qty.multiply(decimal(rate.get("cessPerUnit"))));
        if ("RSP".equals(rate.get("valuation")) && retail != null) {
            var heads = px06(retail, rate);
            return new Heads(taxable, heads.cgst(), heads.sgst(), heads.igst(), heads.cess().add(extra), heads.vat(), heads.taxable().compareTo(taxable) == 0 ? null : heads.taxable());
        }
        var assessable = taxable;
        if ("FRACTION".equals(rate.get("valuation")))
            assessable = Slow.divideRounded(taxable.multiply(BigDecimal.valueOf((Long) map(rate.get("base")).get("num"))), BigDecimal.valueOf((Long) map(rate.get("base")).get("den")), scale);
        var heads = in10(assessable, rate);
        return new Heads(taxable, heads.cgst(), heads.sgst(), heads.igst(), heads.cess().add(extra), heads.vat(), assessable.compareTo(taxable) == 0 ? null : assessable);
    }

    /// The taxes inside of a price that contains them.
    Heads inclusive(BigDecimal inclusive, Map<String, Object> rate) {
        return taxed(rate) ? px06(inclusive, rate) : none(inclusive);
    }

    /// IN-10: each head from the taxable value, half the rate for CGST and SGST each, so that they are equal by construction.
    private Heads in10(BigDecimal taxable, Map<String, Object> rate) {
        var percent = decimal(rate.get("rate"));
        var cess = round(taxable.multiply(SlowPrices.cess(rate)));
        if (vat) return new Heads(taxable, zero(), zero(), zero(), cess, round(taxable.multiply(percent)), null);
        if (interState()) return new Heads(taxable, zero(), zero(), round(taxable.multiply(percent)), cess, zero(), null);
        var half = round(taxable.multiply(percent).divide(BigDecimal.TWO));
        return new Heads(taxable, half, half, zero(), cess, zero(), null);
    }

    /// PX-06: per head inclusive × rate ÷ (1 + Σ rates); taxable is what the taxes leave.
    private Heads px06(BigDecimal inclusive, Map<String, Object> rate) {
        var percent = decimal(rate.get("rate"));
        var whole = Slow.ONE.add(percent).add(SlowPrices.cess(rate));
        var cess = Slow.divideRounded(inclusive.multiply(SlowPrices.cess(rate)), whole, scale);
        if (vat || interState()) {
            var head = Slow.divideRounded(inclusive.multiply(percent), whole, scale);
            return new Heads(inclusive.subtract(head).subtract(cess), zero(), zero(), vat ? zero() : head, cess, vat ? head : zero(), null);
        }
        var half = Slow.divideRounded(inclusive.multiply(percent).divide(BigDecimal.TWO), whole, scale);
        return new Heads(inclusive.subtract(half).subtract(half).subtract(cess), half, half, zero(), cess, zero(), null);
    }

    private Heads none(BigDecimal taxable) {
        return new Heads(taxable, zero(), zero(), zero(), zero(), zero(), null);
    }

    private BigDecimal round(BigDecimal exact) {
        return Slow.round(exact, scale);
    }

    private BigDecimal zero() {
        return BigDecimal.ZERO.setScale(scale);
    }
}
