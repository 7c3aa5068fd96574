package io.offtake.exchange.federation;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What every batch says about itself (domain 11.1).
///
/// @param distributor code of the distributor
/// @param totals      control totals by name: qty in base units; net, tax and gross in the distributor's currency
/// @param full        whether it holds all records of its period; else only what is new or changed
/// @param restatement why a frozen month is written again; null where none is
public record Envelope(String contractVersion, String sourceSystem, String distributor, UUID batchId, RecordType type, LocalDate from, LocalDate to, int recordCount,
                       Map<String, BigDecimal> totals, Instant generatedAt, boolean full, @Nullable String restatement) {
    /// The version of the contract this build reads; a higher minor version only adds fields.
    public static final String VERSION = "1.0";

    /// The envelope, or what keeps it from being one.
    public record Read(@Nullable Envelope envelope, List<FeedFault> faults) {}

    /// Reads the members of the envelope; all faults are told at once.
    public static Read read(JsonNode json) {
        var faults = new ArrayList<FeedFault>();
        var version = text(json, "contract_version", faults, "\"" + VERSION + "\"");
        if (version != null && !version.matches("1\\.\\d+")) faults.add(fault("contract_version", "\"" + version + "\" is not read here", "1.0 or a higher 1.x"));
        var system = text(json, "source_system", faults, "the name of the sending system");
        if (system != null && !system.matches("[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")) faults.add(fault("source_system", "\"" + system + "\" has not the right form", "letters, digits, blank . _ - and at most 40 characters"));
        var distributor = text(json, "distributor_id", faults, "the distributor's code");
        UUID id = null;
        var idText = text(json, "batch_id", faults, "a UUID");
        if (idText != null) {
            if (idText.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) id = UUID.fromString(idText);
            else faults.add(fault("batch_id", "\"" + idText + "\" is no UUID", "a UUID that the sender makes once per batch"));
        }
        RecordType type = null;
        var typeText = text(json, "record_type", faults, types());
        if (typeText != null) {
            type = RecordType.of(typeText).orElse(null);
            if (type == null) faults.add(fault("record_type", "\"" + typeText + "\" is not taken in", types()));
        }
        var period = json.path("period");
        var from = date(period, "from", faults);
        var to = date(period, "to", faults);
        if (from != null && to != null && (to.isBefore(from) || to.isAfter(from.plusDays(400)))) faults.add(fault("period", from + " to " + to + " is no period", "from on or before to, at most 400 days"));
        int count = -1;
        var countNode = json.path("record_count");
        if (countNode.isInt() || countNode.isString() && countNode.asString().matches("\\d{1,7}")) count = Integer.parseInt(countNode.asString());
        if (count < 0) faults.add(fault("record_count", countNode.isMissingNode() ? "is missing" : "is no number of records", "the number of records in the batch"));
        var totals = new LinkedHashMap<String, BigDecimal>();
        var totalsNode = json.path("control_totals");
        if (type != null) {
            for (var name : new java.util.TreeSet<>(type.totals())) {
                var total = Fields.decimal(totalsNode.path(name));
                if (total == null) faults.add(fault("control_totals." + name, totalsNode.path(name).isMissingNode() ? "is missing" : "is no decimal number", "the sum over the records, such as \"1234.50\""));
                else totals.put(name, total);
            }
        }
        Instant generated = null;
        var generatedText = text(json, "generated_at", faults, "an instant such as 2026-11-26T02:10:00Z");
        if (generatedText != null) {
            try {
                generated = OffsetDateTime.parse(generatedText).toInstant();
            } catch (DateTimeException _) {
                faults.add(fault("generated_at", "\"" + generatedText + "\" is no instant", "an instant such as 2026-11-26T02:10:00Z"));
            }
        }
        var mode = text(json, "mode", faults, "full or delta");
        if (mode != null && !mode.equals("full") && !mode.equals("delta")) faults.add(fault("mode", "\"" + mode + "\" is not possible", "full or delta"));
        var restatement = json.path("restatement_reason");
        if (!faults.isEmpty()) return new Read(null, List.copyOf(faults));
        return new Read(new Envelope(String.valueOf(version), String.valueOf(system), String.valueOf(distributor), java.util.Objects.requireNonNull(id), java.util.Objects.requireNonNull(type),
                java.util.Objects.requireNonNull(from), java.util.Objects.requireNonNull(to), count, Map.copyOf(totals), java.util.Objects.requireNonNull(generated), "full".equals(mode),
                restatement.isString() && !restatement.asString().isBlank() ? restatement.asString().strip() : null), List.of());
    }

    private static String types() {
        return String.join(", ", java.util.Arrays.stream(RecordType.values()).map(RecordType::code).toList());
    }

    private static FeedFault fault(String field, String wrong, String right) {
        return FeedFault.error("FC-ENV." + field, field, field + " " + wrong, right);
    }

    private static @Nullable String text(JsonNode json, String name, List<FeedFault> faults, String right) {
        var node = json.path(name);
        if (node.isString() && !node.asString().isBlank()) return node.asString().strip();
        faults.add(fault(name, node.isMissingNode() || node.isNull() ? "is missing" : "is no text", right));
        return null;
    }

    private static @Nullable LocalDate date(JsonNode period, String name, List<FeedFault> faults) {
        var date = Fields.date(period.path(name));
        if (date == null) faults.add(fault("period", "has no day as " + name, "{\"from\": \"2026-11-25\", \"to\": \"2026-11-25\"}"));
        return date;
    }
}
