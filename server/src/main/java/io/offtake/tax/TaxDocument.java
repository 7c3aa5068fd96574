package io.offtake.tax;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A posted document as the tax office sees it: made from what is stored of it alone, so that it is the same for as long as
/// the document exists. Amounts are positive in the document's currency, a credit note's too; quantities in base units.
///
/// @param kind        `INVOICE`, `CREDIT_NOTE`, …
/// @param original    the document it corrects, null for none
/// @param scale       decimals of the currency
public record TaxDocument(UUID id, String kind, String number, String series, LocalDate businessDate, Instant postedAt, LocalDate dueOn, String saleType,
                          String paymentMode, long distributorId, long principalId, @Nullable Reference original,
                          @Nullable String note, boolean cancelled, String placeOfSupply, boolean interState, String regime, String currency, int scale,
                          Party seller, Party buyer, @Nullable String bank, @Nullable String upiId, List<Line> lines, Totals totals) {
    public TaxDocument {
        lines = List.copyOf(lines);
    }

    public TaxDocument(UUID id, String kind, String number, String series, LocalDate businessDate, Instant postedAt, LocalDate dueOn, String saleType,
                       String paymentMode, long distributorId, long principalId, @Nullable Reference original, @Nullable String note, boolean cancelled, String placeOfSupply,
                       boolean interState, String regime, String currency, int scale, Party seller, Party buyer, @Nullable String bank, List<Line> lines, Totals totals) {
        this(id, kind, number, series, businessDate, postedAt, dueOn, saleType, paymentMode, distributorId, principalId, original, note, cancelled, placeOfSupply, interState, regime, currency,
                scale, seller, buyer, bank, null, lines, totals);
    }

    /// The same document with other parties.
    public TaxDocument between(Party seller, Party buyer) {
        return new TaxDocument(id, kind, number, series, businessDate, postedAt, dueOn, saleType, paymentMode, distributorId, principalId, original, note, cancelled, placeOfSupply, interState, regime, currency, scale,
                seller, buyer, bank, upiId, lines, totals);
    }

    /// Whether it is a supply to an SEZ unit or abroad (IGST s.16).
    public boolean isZeroRated() {
        return buyer.registration().equals("SEZ") || buyer.registration().equals("EXPORT");
    }

    /// Whether it charges tax on some line.
    public boolean isWithPayment() {
        return lines.stream().anyMatch(line -> "TAXABLE".equals(line.kind()));
    }

    public boolean isCredit() {
        return kind.equals("CREDIT_NOTE");
    }

    /// A document named by another.
    public record Reference(UUID id, String number, LocalDate businessDate) {}

    /// Seller or buyer as printed.
    /// @param id        the outlet's; null for the distributor
    /// @param taxId     GSTIN, PIN, …; null if not registered
    /// @param stateCode the State within India, else the country
    public record Party(@Nullable UUID id, String code, String name, String legalName, @Nullable String taxId, String registration, String stateCode, String address,
                        String city, String pin, String phone) {
        /// What is blank here, from another place.
        public Party completed(String address, String city, String pin) {
            return new Party(id, code, name, legalName, taxId, registration, stateCode, this.address.isBlank() ? address : this.address, this.city.isBlank() ? city : this.city, this.pin.isBlank() ? pin : this.pin, phone);
        }

        public boolean isComplete() {
            return !address.isBlank() && !city.isBlank() && !pin.isBlank();
        }
    }

    /// One billed or free line.
    /// @param kind     `TAXABLE`, `NIL`, `EXEMPT`, `NON_GST`; null where the seller charges no tax
    /// @param rate     a fraction, all heads together
    /// @param heads    tax by head (`CGST`, `VAT`, …), without zeros
    /// @param inclusive `unitPrice` and `gross` contain the tax
    /// @param total    taxable and tax
    /// @param assessable what the tax is worked out on where that is not `taxable` (goods valued at the retail price, IN-08)
    public record Line(int line, int part, boolean free, long skuId, String skuCode, String skuName, String unit, @Nullable String hsn, BigDecimal qty, BigDecimal unitPrice,
                       boolean inclusive, BigDecimal gross, List<Discount> discounts, BigDecimal taxable, @Nullable String kind, BigDecimal rate,
                       Map<String, BigDecimal> heads, BigDecimal total, List<String> batches, @Nullable BigDecimal assessable) {
        public Line {
            discounts = List.copyOf(discounts);
            heads = Map.copyOf(heads);
            batches = List.copyOf(batches);
        }

        public Line(int line, int part, boolean free, long skuId, String skuCode, String skuName, String unit, @Nullable String hsn, BigDecimal qty, BigDecimal unitPrice, boolean inclusive,
                    BigDecimal gross, List<Discount> discounts, BigDecimal taxable, @Nullable String kind, BigDecimal rate, Map<String, BigDecimal> heads, BigDecimal total, List<String> batches) {
            this(line, part, free, skuId, skuCode, skuName, unit, hsn, qty, unitPrice, inclusive, gross, discounts, taxable, kind, rate, heads, total, batches, null);
        }

        public BigDecimal tax() {
            return heads.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        }
    }

    /// Money off a line.
    /// @param stage the scheme's stage (PX-21), or `MANUAL`
    /// @param code  the scheme's, or empty
    public record Discount(String stage, String code, BigDecimal amount) {}

    /// @param tax all heads together
    public record Totals(BigDecimal gross, BigDecimal taxable, BigDecimal tax, BigDecimal rounding, BigDecimal payable) {}
}
