package io.offtake.schemes.domain;

import io.offtake.governance.Column;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a scheme says that is allowed but probably not meant, as far as its body alone shows it (domain/04 section 4.4).
final class SchemeDoubts {
    private static final BigDecimal REWARD_MAX = new BigDecimal("0.3");

    private SchemeDoubts() {}

    static List<String> of(JsonNode mechanic) {
        var doubts = new ArrayList<String>();
        var slabs = mechanic.path("slabs");
        var highest = percent(mechanic.path("reward"));
        boolean whole = !mechanic.path("type").asString("").equals("INCREMENTAL_SLAB") && !mechanic.path("method").asString("").equals("INCREMENTAL") && !mechanic.has("growth");
        for (int at = 0; at < slabs.size(); at++) {
            var from = SchemeBody.decimal(slabs.get(at).path("from"));
            var percent = percent(slabs.get(at).path("reward"));
            if (from == null || percent == null) continue;
            if (highest == null || percent.compareTo(highest) > 0) highest = percent;
            var below = at == 0 ? BigDecimal.ZERO : percent(slabs.get(at - 1).path("reward"));
            if (below == null || percent.compareTo(below) <= 0) {
                if (at > 0) doubts.add("The slab from " + Column.ofValue(from) + " gives no more than the slab below it.");
                continue;
            }
            if (!whole || percent.compareTo(BigDecimal.ONE) >= 0) continue;
            var step = mechanic.path("basis").asString("").endsWith("_VALUE") ? new BigDecimal("0.01") : BigDecimal.ONE;
            var before = from.subtract(step).multiply(BigDecimal.ONE.subtract(below));
            if (before.compareTo(from.multiply(BigDecimal.ONE.subtract(percent))) <= 0) continue;
            var until = before.divide(BigDecimal.ONE.subtract(percent), 0, RoundingMode.CEILING);
            doubts.add("Dead zone: from " + Column.ofValue(from) + " to " + until.toPlainString() + " an outlet pays less than just below " + Column.ofValue(from) + ".");
        }
        if (highest != null && highest.compareTo(REWARD_MAX) > 0) doubts.add("The benefit is " + Column.ofValue(highest.movePointRight(2)) + " %, more than 30 %.");
        var buy = SchemeBody.decimal(mechanic.path("buy"));
        var get = SchemeBody.decimal(mechanic.path("get"));
        if (buy != null && get != null && buy.signum() > 0 && get.multiply(BigDecimal.TWO).compareTo(buy) > 0)
            doubts.add(Column.ofValue(get) + " free for " + Column.ofValue(buy) + " is more than half.");
        return List.copyOf(doubts);
    }

    private static @Nullable BigDecimal percent(JsonNode reward) {
        return SchemeBody.decimal(reward.path("percent"));
    }
}
