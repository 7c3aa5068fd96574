package io.offtake.pricing;

import io.offtake.rules.RuleBook;
import java.util.Collection;
import java.util.TreeSet;

/// SKUs that some scheme gives free, so that their stock is loaded before it is known whether they are earned.
public final class RewardSkus {
    private RewardSkus() {}

    public static Collection<Long> of(RuleBook book) {
        var found = new TreeSet<Long>();
        for (var scheme : book.schemes()) {
            for (var sku : scheme.rewardSkuIds()) found.add(Long.valueOf(sku));
        }
        return found;
    }
}
