package io.offtake.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tax rates by HSN prefix, and the place-of-supply rules of IN-03 to IN-05.
final class TaxIndex {
    private static final RuleBook.TaxRate[] NONE = {};
    private final Map<String, List<RuleBook.TaxRate>> byPrefix = new HashMap<>();
    private final Map<String, RuleBook.TaxRate[]> byHsn = new HashMap<>();

    TaxIndex(RuleBook book) {
        for (var rate : book.taxRates()) byPrefix.computeIfAbsent(digits(rate.hsn()), prefix -> new ArrayList<>()).add(rate);
        for (var rates : byPrefix.values()) rates.sort(Comparator.comparingInt(RuleBook.TaxRate::validFrom).reversed());
        for (var sku : book.skus()) if (sku.hsn() != null) byHsn.computeIfAbsent(sku.hsn(), this::candidates);
    }

    /// Rates whose prefix fits, longest prefix first, then latest start.
    private RuleBook.TaxRate[] candidates(String hsn) {
        var digits = digits(hsn);
        var fits = new ArrayList<RuleBook.TaxRate>();
        for (int length = digits.length(); length >= 2; length--)
            fits.addAll(byPrefix.getOrDefault(digits.substring(0, length), List.of()));
        return fits.toArray(NONE);
    }

    /// The rate in force on `on` (IN-06), or null.
    RuleBook.TaxRate find(String hsn, int on) {
        if (hsn == null) return null;
        var fits = byHsn.get(hsn);
        if (fits == null) return null;
        for (var rate : fits) if (rate.validFrom() <= on && on <= rate.validTo()) return rate;
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

    /// IN-04: another State, or a special economic zone.
    static boolean isInterState(RuleBook.Seller seller, DecideCommand.Outlet outlet, String placeOfSupply) {
        return outlet.registration() == RuleBook.Registration.SEZ
                || (seller.stateCode() != null && placeOfSupply != null && !seller.stateCode().equals(placeOfSupply));
    }

    /// The four heads on one value, in smallest units (IN-10, PX-06).
    static final class Heads {
        long taxable, cgst, sgst, igst, cess;

        long taxes() {
            return cgst + sgst + igst + cess;
        }
    }

    /// IN-10: each head on the value before tax, rounded HALF_UP on its own; CGST = SGST by construction.
    static Heads onExclusive(long taxable, long rateMicros, long cessMicros, boolean interState) {
        var heads = new Heads();
        heads.taxable = taxable;
        if (interState) heads.igst = Fixed.mulDivHalfUp(taxable, rateMicros, 1_000_000);
        else {
            heads.cgst = Fixed.mulDivHalfUp(taxable, rateMicros, 2_000_000);
            heads.sgst = heads.cgst;
        }
        heads.cess = Fixed.mulDivHalfUp(taxable, cessMicros, 1_000_000);
        return heads;
    }

    /// PX-06 (CGST r.35): each head out of a value that contains the taxes; the taxable value is what remains, so the sum is exact.
    static Heads insideInclusive(long inclusive, long rateMicros, long cessMicros, boolean interState) {
        var heads = new Heads();
        long whole = 1_000_000 + rateMicros + cessMicros;
        if (interState) heads.igst = Fixed.mulDivHalfUp(inclusive, rateMicros, whole);
        else {
            heads.cgst = Fixed.mulDivHalfUp(inclusive, rateMicros, 2 * whole);
            heads.sgst = heads.cgst;
        }
        heads.cess = Fixed.mulDivHalfUp(inclusive, cessMicros, whole);
        heads.taxable = inclusive - heads.taxes();
        return heads;
    }
}
