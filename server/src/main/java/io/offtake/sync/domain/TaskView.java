package io.offtake.sync.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Something that arrived from a device and that a person has to decide (OFF-10, OFF-14).
///
/// @param kind      of [io.offtake.sync.app.Tasks.Kind]
/// @param ownerRole who decides; FIN and RSM may as well
/// @param evidence  what the document says and what is in force, side by side
/// @param madeBy    who made the document; somebody else decides
/// @param decision  ACCEPT, CORRECT or DISMISS
public record TaskView(UUID id, long distributorId, String distributorCode, String distributorName, String kind, UUID documentId, String documentType, @Nullable String number,
                       @Nullable UUID outletId, @Nullable String outletName, @Nullable UUID deviceId, String ownerRole, JsonNode evidence, String state, LocalDate dueOn, Instant createdAt,
                       String madeBy, @Nullable String decision, @Nullable String note, @Nullable String decidedBy, @Nullable Instant decidedAt) {}
