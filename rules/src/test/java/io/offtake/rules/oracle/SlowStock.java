package io.offtake.rules.oracle;

import static io.offtake.rules.oracle.JsonText.decimal;
import static io.offtake.rules.oracle.JsonText.map;
import static io.offtake.rules.oracle.JsonText.maps;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is in the batches, and who takes it first (domain/03: FEFO when expiry is tracked, else FIFO; batches below the channel's least
/// life are passed over; one MRP per invoice line).
final class SlowStock {
    private final Map<String, Object> book, command;
    private final long date;
    private final Map<String, BigDecimal> left = new LinkedHashMap<>();

    SlowStock(Map<String, Object> book, Map<String, Object> command) {
        this.book = book;
        this.command = command;
        date = (Long) command.get("businessDate");
        for (var batch : maps(command.get("batches"))) left.put((String) batch.get("batchId"), decimal(batch.get("saleable")));
    }

    record Taken(Map<String, Object> batch, BigDecimal qty) {}

    /// Takes up to `wanted` from the named batch, or first-expired first; what no batch covers is not in the answer.
    List<Taken> take(Map<String, Object> sku, BigDecimal wanted, String named) {
        var taken = new ArrayList<Taken>();
        var missing = wanted;
        for (var batch : inOrder(sku, named)) {
            var id = (String) batch.get("batchId");
            var qty = Slow.min(missing, left.get(id));
            if (qty.signum() <= 0) continue;
            taken.add(new Taken(batch, qty));
            left.put(id, left.get(id).subtract(qty));
            missing = missing.subtract(qty);
        }
        return taken;
    }

    void putBack(List<Taken> taken) {
        for (var one : taken) left.merge((String) one.batch().get("batchId"), one.qty(), BigDecimal::add);
    }

    BigDecimal free(Map<String, Object> sku) {
        return inOrder(sku, null).stream().map(batch -> left.get((String) batch.get("batchId"))).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private List<Map<String, Object>> inOrder(Map<String, Object> sku, String named) {
        var order = new ArrayList<Map<String, Object>>();
        for (var batch : maps(command.get("batches"))) {
            if (!batch.get("skuId").equals(sku.get("id"))) continue;
            if (named != null ? !named.equals(batch.get("batchId")) : !maySell(batch)) continue;
            order.add(batch);
        }
        Comparator<Map<String, Object>> byReceipt = Comparator.comparing(batch -> (Long) batch.get("receivedOn"), Comparator.nullsLast(Comparator.<Long>naturalOrder()));
        Comparator<Map<String, Object>> byExpiry = Comparator.comparing(batch -> (Long) batch.get("expiresOn"), Comparator.nullsLast(Comparator.<Long>naturalOrder()));
        Comparator<Map<String, Object>> byId = Comparator.comparing(batch -> (String) batch.get("batchId"));
        order.sort(Boolean.TRUE.equals(sku.get("expiryTracked")) ? byExpiry.thenComparing(byReceipt).thenComparing(byId) : byReceipt.thenComparing(byId));
        return order;
    }

    /// Past its last day of sale.
    boolean expired(Map<String, Object> batch) {
        return batch.get("expiresOn") != null && (Long) batch.get("expiresOn") < date;
    }

    boolean maySell(Map<String, Object> batch) {
        if (batch.get("expiresOn") == null) return true;
        long expires = (Long) batch.get("expiresOn");
        var policy = map(book.get("policy"));
        long days = (Long) policy.getOrDefault("shelfLifeMinDays", 0L);
        for (var row : maps(policy.get("shelfLife"))) if (row.get("channel").equals(map(command.get("outlet")).get("channel"))) days = (Long) row.get("minDays");
        return expires >= date && expires - date >= days;
    }
}
