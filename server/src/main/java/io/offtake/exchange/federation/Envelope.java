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
        var version = text(json, "contract_version", faults, FaultText.plain("\"" + VERSION + "\""));
        if (version != null && !version.matches("1\\.\\d+")) faults.add(FeedFault.error("FC-ENV.contract_version", "contract_version", FaultText.NOT_READ.of("field", "contract_version", "value", version), FaultText.VERSION.of()));
        var system = text(json, "source_system", faults, FaultText.SYSTEM_NAME.of());
        if (system != null && !system.matches("[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")) faults.add(FeedFault.error("FC-ENV.source_system", "source_system", FaultText.VALUE_FORM.of("field", "source_system", "value", system), FaultText.SYSTEM_FORM.of()));
        var distributor = text(json, "distributor_id", faults, FaultText.DISTRIBUTOR_CODE.of());
        UUID id = null;
        var idText = text(json, "batch_id", faults, FaultText.UUID.of());
        if (idText != null) {
            if (idText.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) id = UUID.fromString(idText);
            else faults.add(FeedFault.error("FC-ENV.batch_id", "batch_id", FaultText.NO_UUID.of("field", "batch_id", "value", idText), FaultText.OWN_UUID.of()));
        }
        RecordType type = null;
        var typeText = text(json, "record_type", faults, FaultText.plain(types()));
        if (typeText != null) {
            type = RecordType.of(typeText).orElse(null);
            if (type == null) faults.add(FeedFault.error("FC-ENV.record_type", "record_type", FaultText.NOT_TAKEN.of("field", "record_type", "value", typeText), FaultText.plain(types())));
        }
        var period = json.path("period");
        var from = date(period, "from", faults);
        var to = date(period, "to", faults);
        if (from != null && to != null && (to.isBefore(from) || to.isAfter(from.plusDays(400)))) faults.add(FeedFault.error("FC-ENV.period", "period", FaultText.NO_PERIOD.of("field", "period", "from", from, "to", to), FaultText.PERIOD.of()));
        int count = -1;
        var countNode = json.path("record_count");
        if (countNode.isInt() || countNode.isString() && countNode.asString().matches("\\d{1,7}")) count = Integer.parseInt(countNode.asString());
        if (count < 0) faults.add(FeedFault.error("FC-ENV.record_count", "record_count", (countNode.isMissingNode() ? FaultText.MISSING : FaultText.NO_COUNT).of("field", "record_count"), FaultText.RECORDS.of()));
        var totals = new LinkedHashMap<String, BigDecimal>();
        var totalsNode = json.path("control_totals");
        if (type != null) {
            for (var name : new java.util.TreeSet<>(type.totals())) {
                var total = Fields.decimal(totalsNode.path(name));
                if (total == null) faults.add(FeedFault.error("FC-ENV.control_totals." + name, "control_totals." + name, (totalsNode.path(name).isMissingNode() ? FaultText.MISSING : FaultText.NO_NUMBER).of("field", "control_totals." + name), FaultText.SUM.of()));
                else totals.put(name, total);
            }
        }
        Instant generated = null;
        var generatedText = text(json, "generated_at", faults, FaultText.INSTANT.of());
        if (generatedText != null) {
            try {
                generated = OffsetDateTime.parse(generatedText).toInstant();
            } catch (DateTimeException _) {
                faults.add(FeedFault.error("FC-ENV.generated_at", "generated_at", FaultText.NO_INSTANT.of("field", "generated_at", "value", generatedText), FaultText.INSTANT.of()));
            }
        }
        var mode = text(json, "mode", faults, FaultText.plain("full, delta"));
        if (mode != null && !mode.equals("full") && !mode.equals("delta")) faults.add(FeedFault.error("FC-ENV.mode", "mode", FaultText.NONE_OF.of("field", "mode", "value", mode), FaultText.plain("full, delta")));
        var restatement = json.path("restatement_reason");
        if (!faults.isEmpty()) return new Read(null, List.copyOf(faults));
        return new Read(new Envelope(String.valueOf(version), String.valueOf(system), String.valueOf(distributor), java.util.Objects.requireNonNull(id), java.util.Objects.requireNonNull(type),
                java.util.Objects.requireNonNull(from), java.util.Objects.requireNonNull(to), count, Map.copyOf(totals), java.util.Objects.requireNonNull(generated), "full".equals(mode),
                restatement.isString() && !restatement.asString().isBlank() ? restatement.asString().strip() : null), List.of());
    }

    private static String types() {
        return String.join(", ", java.util.Arrays.stream(RecordType.values()).map(RecordType::code).toList());
    }

    private static @Nullable String text(JsonNode json, String name, List<FeedFault> faults, FaultText.Words right) {
        var node = json.path(name);
        if (node.isString() && !node.asString().isBlank()) return node.asString().strip();
        faults.add(FeedFault.error("FC-ENV." + name, name, (node.isMissingNode() || node.isNull() ? FaultText.MISSING : FaultText.NO_TEXT).of("field", name), right));
        return null;
    }

    private static @Nullable LocalDate date(JsonNode period, String name, List<FeedFault> faults) {
        var date = Fields.date(period.path(name));
        if (date == null) faults.add(FeedFault.error("FC-ENV.period", "period", FaultText.NO_DAY_AS.of("field", "period", "name", name), FaultText.plain("{\"from\": \"2026-11-25\", \"to\": \"2026-11-25\"}")));
        return date;
    }
}
