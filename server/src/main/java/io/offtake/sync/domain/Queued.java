package io.offtake.sync.domain;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// A queued command as it arrives.
///
/// @param id       of the command, and of the document where it makes one
/// @param seq      place in the device's queue
/// @param at       wall clock of the device; `mono` its monotonic clock in milliseconds (OFF-07)
/// @param waitsFor commands or documents without which it makes no sense
/// @param number   the legal number that the device gave (OFF-03)
/// @param attempt  raised each time a person sends a refused command again: a refusal is the answer to every copy of the same attempt, however
///                 late it comes (OFF-06); null from clients that do not count, whose copies are looked at anew
/// @param decided  how the device decided a document that was handed out (OFF-10)
/// @param body     as the REST operation of the same name takes it
public record Queued(@NotNull UUID id, long seq, @NotNull String kind, @NotNull LocalDate businessDate, @Nullable String at, @Nullable Long mono, @Nullable @Size(max = 50) List<UUID> waitsFor,
                     @Valid @Nullable Number number, @Nullable @Min(1) Integer attempt, @Valid @Nullable Paper decided, @NotNull JsonNode body) {
    public Queued {
        waitsFor = waitsFor == null ? List.of() : List.copyOf(waitsFor);
    }

    public record Number(@NotBlank @Size(max = 15) String series, @Min(1) long number) {}

    /// @param command what the rules were asked (spec/README.md); lines that are missing are those of the body, as a bill does not send them twice
    /// @param payable as printed
    public record Paper(@NotBlank String ruleBookHash, @Nullable BigDecimal payable, @NotNull JsonNode command) {}

    /// Members of a line that the rules are asked.
    private static final List<String> ASKED = List.of("line", "skuId", "qty", "batchId", "manualPrice", "manualDiscountPercent", "manualReason");

    /// What the rules were asked on the device, whole; null without a paper.
    public @Nullable JsonNode asked() {
        if (decided == null || !(decided.command instanceof ObjectNode command) || command.has("lines")) return decided == null ? null : decided.command;
        var whole = command.deepCopy();
        var lines = whole.putArray("lines");
        for (var line : body.path("lines")) {
            var one = lines.addObject();
            for (var member : ASKED) {
                var value = line.get(member);
                // the rules know goods by text
                if (value != null) one.set(member, member.equals("skuId") ? StringNode.valueOf(value.asString()) : value);
            }
        }
        return whole;
    }
}
