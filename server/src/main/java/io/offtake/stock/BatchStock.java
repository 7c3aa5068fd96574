package io.offtake.stock;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What one warehouse holds of one batch in one bucket, with the batch's fixed facts.
///
/// @param qty       base units, three decimals
/// @param unitCost  batch actual cost per base unit (domain/03 section 3.1)
/// @param expiresOn last day of sale; null if the goods do not expire
public record BatchStock(UUID batchId, long skuId, long principalId, String batchNo, BigDecimal mrp, @Nullable LocalDate expiresOn,
                         LocalDate receivedOn, BigDecimal qty, BigDecimal unitCost) {}
