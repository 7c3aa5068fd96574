package io.offtake.rules.oracle;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A printed line of the bill: what one line of the command takes at one MRP and one price (domain/03: one MRP per invoice line).
/// Filled in the order of PX-07.
final class Piece {
    int line, part;
    Map<String, Object> sku;
    String batchId;
    BigDecimal mrp, qty;
    /// PX-04: per base unit, six decimals.
    BigDecimal unitPrice;
    BigDecimal ordered;
    String priceListId;
    Long priceListVersion;
    long priceLevel;
    boolean inclusive, manualPrice;
    BigDecimal manualPercent;
    BigDecimal gross;
    /// What each scheme takes off, by scheme id, in the order of evaluation (PX-21).
    final Map<String, BigDecimal> benefits = new LinkedHashMap<>();
    BigDecimal manualDiscount, shared, taxable, total;
    SlowTax.Heads heads;
    Map<String, Object> rate;
    final List<Map<String, Object>> batches = new ArrayList<>();

    String skuId() {
        return (String) sku.get("id");
    }

    String skuCode() {
        return (String) sku.get("code");
    }

    /// Gross less what the schemes so far took off: what the next scheme of a CASCADE works on.
    BigDecimal net() {
        var net = gross;
        for (var amount : benefits.values()) net = net.subtract(amount);
        return net;
    }

    BigDecimal schemeDiscount() {
        var sum = BigDecimal.ZERO;
        for (var amount : benefits.values()) sum = sum.add(amount);
        return sum;
    }
}
