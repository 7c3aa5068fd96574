package io.offtake.schemes.domain;

import io.offtake.governance.Column;
import io.offtake.governance.Texts;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// One slab of a whole-slab scheme: from that quantity or value on, this reward on everything.
///
/// @param to         last quantity, or the value up to which it counts; null: no end
/// @param rewardType PERCENT, PER_UNIT or FIXED
public record SchemeSlab(@Nullable BigDecimal from, @Nullable BigDecimal to, String rewardType, @Nullable BigDecimal value) {
    public SchemeSlab {
        rewardType = Texts.or(rewardType, "PERCENT");
    }

    /// As in a file: `12-35=2%`, `36+=4%`, `36+=1.50/unit`, `36+=100`.
    public String text() {
        return Column.ofValue(from) + (to == null ? "+" : "-" + Column.ofValue(to)) + "=" + Column.ofValue(value)
                + switch (rewardType) {
                    case "PERCENT" -> "%";
                    case "PER_UNIT" -> "/unit";
                    default -> "";
                };
    }
}
