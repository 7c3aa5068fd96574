package io.offtake.schemes;

import io.offtake.platform.Fingerprint;
import io.offtake.platform.Pipeline;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.Qty;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// What an outlet takes out of a scheme's list of free goods (PX-20 M4). A choice says which, never how much is earned: the rules
/// give no more than that, and the first SKU of the list in stock for what the choices leave open. One whose scheme gives nothing on
/// this document, or no longer offers the SKU, changes nothing: a bill that was printed before must still be taken.
///
/// @param qty free base units at most
public record FreeChoice(long schemeId, long skuId, @NotNull @Positive @Digits(integer = 9, fraction = 3) BigDecimal qty) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<List<FreeChoice>> CHOICES = new TypeReference<>() {};

    /// A choice of what nobody knows.
    /// @param at     its place among the choices
    /// @param member `schemeId` or `skuId`
    public record Unknown(int at, String member) {
        /// Where it stands in a document's body.
        public String pointer() {
            return "/choices/" + at + "/" + member;
        }
    }

    /// As the rules take them.
    public static List<DecideCommand.Choice> forRules(List<FreeChoice> choices) {
        return choices.stream().map(choice -> new DecideCommand.Choice(Long.toString(choice.schemeId), Long.toString(choice.skuId), new Qty(choice.qty.movePointRight(3).longValueExact()))).toList();
    }

    /// Adds the read of those schemes of the choices that there are, of whatever state; nothing if nothing was chosen.
    public static Pipeline.@Nullable Answer<Set<Long>> schemes(Pipeline load, Collection<FreeChoice> choices) {
        if (choices.isEmpty()) return null;
        return load.query("select id from schemes.scheme where id = any(?)", rows -> {
            var found = new HashSet<Long>();
            while (rows.next()) found.add(rows.getLong(1));
            return found;
        }, (Object) choices.stream().mapToLong(FreeChoice::schemeId).distinct().toArray());
    }

    /// The first choice of a scheme or SKU that is not known; null if there is none.
    public static @Nullable Unknown unknown(List<FreeChoice> choices, Set<Long> schemes, Set<Long> skus) {
        for (int at = 0; at < choices.size(); at++) {
            if (!schemes.contains(choices.get(at).schemeId)) return new Unknown(at, "schemeId");
            if (!skus.contains(choices.get(at).skuId)) return new Unknown(at, "skuId");
        }
        return null;
    }

    /// Text that is kept with an order; null if nothing was chosen.
    public static @Nullable String text(List<FreeChoice> choices) {
        return choices.isEmpty() ? null : Fingerprint.json(choices);
    }

    /// What [#text] has kept.
    public static List<FreeChoice> read(@Nullable String text) {
        return text == null ? List.of() : JSON.readValue(text, CHOICES);
    }
}
