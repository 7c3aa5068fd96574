package io.offtake.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tax rates by HSN prefix, and the place-of-supply rules of IN-03 to IN-05.
final class TaxIndex {
    private static final Fits NOTHING = new Fits(new RuleBook.TaxRate[0], false);
    private final Map<String, List<RuleBook.TaxRate>> byPrefix = new HashMap<>();
    private final Map<String, Fits> byHsn = new HashMap<>();
    final boolean vat;
    /// Some rate asks for more than the HSN.
    private final boolean anyConditional;

    /// Rates whose prefix fits, narrowest first; `conditional` if any asks more than the HSN.
    private record Fits(RuleBook.TaxRate[] rates, boolean conditional) {}

    TaxIndex(List<RuleBook.TaxRate> rates, List<RuleBook.Sku> skus, RuleBook.TaxSystem system) {
        vat = system.type() == RuleBook.TaxType.VAT;
        for (var rate : rates) byPrefix.computeIfAbsent(digits(rate.hsn()), prefix -> new ArrayList<>()).add(rate);
        for (var same : byPrefix.values())
            same.sort(Comparator.<RuleBook.TaxRate>comparingInt(rate -> -rate.terms().conditions()).thenComparing(Comparator.comparingInt(RuleBook.TaxRate::validFrom).reversed()));
        for (var sku : skus) byHsn.computeIfAbsent(sku.hsn() == null ? "" : sku.hsn(), this::candidates);
        boolean conditional = false;
        for (var rate : rates) conditional |= rate.terms().conditions() > 0;
        anyConditional = conditional;
    }

    /// Longest prefix first, then more conditions, then latest start.
    private Fits candidates(String hsn) {
        var digits = digits(hsn);
        var fits = new ArrayList<RuleBook.TaxRate>();
        for (int length = digits.length(); length >= 2; length--)
            fits.addAll(byPrefix.getOrDefault(digits.substring(0, length), List.of()));
        fits.addAll(byPrefix.getOrDefault("", List.of()));
        boolean conditional = false;
        for (var rate : fits) conditional |= rate.terms().conditions() > 0;
        return new Fits(fits.toArray(new RuleBook.TaxRate[0]), conditional);
    }

    private Fits fits(String hsn) {
        var fits = byHsn.get(hsn == null ? "" : hsn);
        return fits == null ? NOTHING : fits;
    }

    /// Whether the rate of these goods depends on more than the HSN.
    boolean isConditional(RuleBook.Sku sku) {
        return anyConditional && fits(sku.hsn()).conditional;
    }

    /// The rate in force on `on` for goods of a SKU (IN-06), or null. What is not known (null) meets no condition.
    RuleBook.TaxRate find(RuleBook.Sku sku, Money mrp, UnitPrice unit, RuleBook.Registration buyer, int on) {
        for (var rate : fits(sku.hsn()).rates)
            if (rate.validFrom() <= on && on <= rate.validTo() && (rate.terms() == RuleBook.TaxTerms.ORDINARY || fits(rate.terms(), sku, mrp, unit, buyer))) return rate;
        return null;
    }

    private static boolean fits(RuleBook.TaxTerms terms, RuleBook.Sku sku, Money mrp, UnitPrice unit, RuleBook.Registration buyer) {
        if (terms.taxClass() != null && !terms.taxClass().equals(sku.taxClass())) return false;
        if (terms.prepacked() != null && terms.prepacked() != sku.prepacked()) return false;
        if ((terms.mrpFrom() != null || terms.mrpTo() != null) && mrp == null) return false;
        if (terms.mrpFrom() != null && mrp.compareTo(terms.mrpFrom()) < 0 || terms.mrpTo() != null && mrp.compareTo(terms.mrpTo()) > 0) return false;
        if ((terms.priceFrom() != null || terms.priceTo() != null) && unit == null) return false;
        if (terms.priceFrom() != null && unit.compareTo(terms.priceFrom()) < 0 || terms.priceTo() != null && unit.compareTo(terms.priceTo()) > 0) return false;
        return terms.buyers().isEmpty() || terms.buyers().contains(buyer);
    }

    /// The rate of a charge by its own code, or null.
    RuleBook.TaxRate find(String hsn, int on) {
        if (hsn == null) return null;
        for (var rate : candidates(hsn).rates) if (rate.validFrom() <= on && on <= rate.validTo() && rate.terms().conditions() == 0) return rate;
        return null;
    }

    private static String digits(String hsn) {
        var out = new StringBuilder(hsn.length());
        for (int at = 0; at < hsn.length(); at++) {
            char c = hsn.charAt(at);
            if (c >= '0' && c <= '9') out.append(c);
        }
        return out.toString();
    }

    /// IN-03: where the goods' movement to the outlet ends; the seller's State if the outlet has no address State.
    static String placeOfSupply(RuleBook.Seller seller, DecideCommand.Outlet outlet) {
        if (outlet.stateCode() != null) return outlet.stateCode();
        if (outlet.gstin() != null && outlet.gstin().length() >= 2) return Gstin.stateCode(outlet.gstin());
        return seller.stateCode();
    }

    /// IN-04: another State, a special economic zone, or a buyer abroad.
    static boolean isInterState(RuleBook.Seller seller, DecideCommand.Outlet outlet, String placeOfSupply) {
        return outlet.registration().isZeroRated()
                || (seller.stateCode() != null && placeOfSupply != null && !seller.stateCode().equals(placeOfSupply));
    }

    /// The heads on one value, in smallest units (IN-10, PX-06). `assessable` is the value on which they were taken.
    static final class Heads {
        long taxable, assessable, cgst, sgst, igst, cess, vat;

        long taxes() {
            return cgst + sgst + igst + cess + vat;
        }
    }

    /// The heads of a line by its rate; null: no tax.
    /// @param value what the goods cost after all discounts, with the taxes if `inclusive`
    /// @param rsp   the retail sale price of all of them, for goods valued by it
    Heads heads(RuleBook.TaxRate rate, long value, boolean inclusive, boolean interState, long rsp, long qty, int scale) {
        if (rate == null) {
            var heads = new Heads();
            heads.taxable = heads.assessable = value;
            return heads;
        }
        long micros = rate.rate().micros(), cess = rate.cess().micros();
        var terms = rate.terms();
        if (terms == RuleBook.TaxTerms.ORDINARY) return inclusive ? insideInclusive(value, micros, cess, interState, vat) : onExclusive(value, micros, cess, interState, vat);
        long fixed = terms.cessPerUnit() == null ? 0 : Fixed.mulDivHalfUp(terms.cessPerUnit().micros(), qty, Fixed.power10(9 - scale));
        Heads heads;
        switch (terms.valuation()) {
            case RSP -> {
                heads = insideInclusive(rsp, micros, cess, interState, vat);
                heads.assessable = heads.taxable;
                heads.cess += fixed;
                heads.taxable = inclusive ? value - heads.taxes() : value;
            }
            case FRACTION -> {
                if (inclusive) {
                    long num = Math.multiplyExact(terms.baseNum(), micros), cessNum = Math.multiplyExact(terms.baseNum(), cess);
                    long whole = Math.addExact(Math.multiplyExact(terms.baseDen(), 1_000_000L), num + cessNum);
                    heads = new Heads();
                    split(heads, vat, interState, Fixed.mulDivHalfUp(value - fixed, num, interState || vat ? whole : Math.multiplyExact(2L, whole)));
                    heads.cess = Fixed.mulDivHalfUp(value - fixed, cessNum, whole) + fixed;
                    heads.taxable = value - heads.taxes();
                    heads.assessable = Fixed.mulDivHalfUp(heads.taxable, terms.baseNum(), terms.baseDen());
                } else {
                    heads = onExclusive(Fixed.mulDivHalfUp(value, terms.baseNum(), terms.baseDen()), micros, cess, interState, vat);
                    heads.cess += fixed;
                    heads.assessable = heads.taxable;
                    heads.taxable = value;
                }
            }
            default -> {
                heads = inclusive ? insideInclusive(value - fixed, micros, cess, interState, vat) : onExclusive(value, micros, cess, interState, vat);
                heads.cess += fixed;
            }
        }
        return heads;
    }

    private static void split(Heads heads, boolean vat, boolean interState, long amount) {
        if (vat) heads.vat = amount;
        else if (interState) heads.igst = amount;
        else heads.cgst = heads.sgst = amount;
    }

    /// IN-10: each head on the value before tax, rounded HALF_UP on its own; CGST = SGST by construction.
    static Heads onExclusive(long taxable, long rateMicros, long cessMicros, boolean interState, boolean vat) {
        var heads = new Heads();
        heads.taxable = heads.assessable = taxable;
        split(heads, vat, interState, interState || vat ? Fixed.fraction(taxable, rateMicros) : Fixed.mulDivHalfUp(taxable, rateMicros, 2_000_000));
        heads.cess = Fixed.fraction(taxable, cessMicros);
        return heads;
    }

    /// PX-06 (CGST r.35): each head out of a value that contains the taxes; the taxable value is what remains, so the sum is exact.
    static Heads insideInclusive(long inclusive, long rateMicros, long cessMicros, boolean interState, boolean vat) {
        var heads = new Heads();
        long whole = 1_000_000 + rateMicros + cessMicros;
        split(heads, vat, interState, Fixed.mulDivHalfUp(inclusive, rateMicros, interState || vat ? whole : 2 * whole));
        heads.cess = Fixed.mulDivHalfUp(inclusive, cessMicros, whole);
        heads.taxable = heads.assessable = inclusive - heads.taxes();
        return heads;
    }

    static Heads onExclusive(long taxable, long rateMicros, long cessMicros, boolean interState) {
        return onExclusive(taxable, rateMicros, cessMicros, interState, false);
    }

    static Heads insideInclusive(long inclusive, long rateMicros, long cessMicros, boolean interState) {
        return insideInclusive(inclusive, rateMicros, cessMicros, interState, false);
    }
}
