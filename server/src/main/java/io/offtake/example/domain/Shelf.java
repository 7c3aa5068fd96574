package io.offtake.example.domain;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a distributor holds, by SKU and expiry, as far as inventing bills needs to know; the ledger is what counts.
public final class Shelf {
    private static final LocalDate NEVER = LocalDate.of(9999, 12, 31);
    private final Map<Long, TreeMap<LocalDate, Long>> lots = new HashMap<>();
    private final Map<Long, Long> promised = new HashMap<>();

    public void add(long skuId, @Nullable LocalDate expiresOn, long qty) {
        lots.computeIfAbsent(skuId, _ -> new TreeMap<>()).merge(expiresOn == null ? NEVER : expiresOn, qty, Long::sum);
    }

    /// Pieces that may be sold through `on` and are not promised to a bill that is being written.
    public long sellable(long skuId, LocalDate on) {
        var of = lots.get(skuId);
        if (of == null) return 0;
        long sum = -promised.getOrDefault(skuId, 0L);
        for (var qty : of.tailMap(on, true).values()) sum += qty;
        return Math.max(0, sum);
    }

    public void promise(long skuId, long qty) {
        promised.merge(skuId, qty, Long::sum);
    }

    public void forgetPromises() {
        promised.clear();
    }
}
