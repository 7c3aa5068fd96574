package io.offtake.returns;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Ask for goods to be taken back. `id` is the return's id and the idempotency key.
///
/// @param originalId the bill they were sold on; null where it is not known: then the lowest of the last three net prices counts, if policy allows it
/// @param reason     a code in force ([Returns#reasons])
/// @param pictures   hashes of evidence (SHA-256, 64 hexadecimal digits); the bytes may follow
public record RequestReturn(@NotNull UUID id, long distributorId, long principalId, @NotNull UUID outletId, @NotNull UUID warehouseId, @NotNull LocalDate businessDate, @Nullable UUID originalId,
                            @NotBlank @Size(max = 40) String reason, @Nullable @Size(max = 500) String note, @NotEmpty @Size(max = 500) List<@Valid Line> lines,
                            @Nullable @Size(max = 20) List<@Pattern(regexp = "[0-9a-f]{64}") String> pictures) {
    public RequestReturn {
        lines = lines == null ? List.of() : List.copyOf(lines);
        pictures = pictures == null ? List.of() : List.copyOf(pictures);
    }

    /// @param originalLine the bill's line, as [Returns#creditable] numbers it; null without a bill
    /// @param originalPart the line's part; 1 if it is left out
    /// @param skuId        needed without a bill
    /// @param qty          base units
    /// @param batchId      as read from the goods; else the batches in the order in which they were issued
    /// @param condition    the bucket they seem to belong to; else the reason's
    public record Line(@Min(1) @Max(9999) int line, @Nullable @Min(1) Integer originalLine, @Nullable @Min(1) Integer originalPart, @Nullable Long skuId,
                       @NotNull @Positive @Digits(integer = 9, fraction = 3) BigDecimal qty, @Nullable UUID batchId,
                       @Nullable @Pattern(regexp = "SALEABLE|DAMAGED|EXPIRED|QUARANTINE") String condition) {
        public int part() {
            return originalPart == null ? 1 : originalPart;
        }
    }
}
