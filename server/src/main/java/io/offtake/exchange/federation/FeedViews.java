package io.offtake.exchange.federation;

import io.offtake.insight.Says;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the API tells about feeds.
public final class FeedViews {
    private FeedViews() {}

    /// A batch as lists show it.
    ///
    /// @param state ACCEPTED; PARTIAL: some records are quarantined or rejected; BLOCKED: count or control totals do not hold, nothing was taken; HELD: restates more than 1 % of a closed month and waits for a sign-off
    /// @param late  ON_TIME, AMBER or RED by 11.3, of its latest day
    public record Batch(UUID id, long distributorId, String sourceSystem, String recordType, String contractVersion, LocalDate periodFrom, LocalDate periodTo, String mode, String channel,
                        @Nullable String fileName, String state, int recordCount, int accepted, int unchanged, int quarantined, int rejected, int warnings, Instant receivedAt, String late,
                        @Nullable String signedOffBy, List<FeedFault> faults) {
        public Batch {
            faults = List.copyOf(faults);
        }
    }

    /// The answer to one record.
    ///
    /// @param outcome ACCEPTED, UNCHANGED (a replay), QUARANTINED (a code is unknown), REJECTED or HELD
    public record RecordAnswer(int line, String key, int revision, String outcome, List<FeedFault> faults) {
        public RecordAnswer {
            faults = List.copyOf(faults);
        }
    }

    /// A batch with the answer to each of its records.
    public record Answer(@com.fasterxml.jackson.annotation.JsonUnwrapped Batch batch, List<RecordAnswer> records) {
        public Answer {
            records = List.copyOf(records);
        }
    }

    /// One code that waits for somebody to say what it stands for.
    ///
    /// @param kind  OUTLET or SKU
    /// @param hint  what the records say of it, such as a name or a tax identity
    /// @param value of the records that wait, in the distributor's currency
    public record Waiting(String id, long distributorId, String sourceSystem, String kind, String externalId, @Nullable String hint, int records, String value, Instant firstSeen, List<Suggestion> suggestions) {
        public Waiting {
            suggestions = List.copyOf(suggestions);
        }
    }

    /// @param why it may be this one
    public record Suggestion(String id, String code, String name, String why) {}

    /// What a re-run of the work queue did.
    public record Rerun(int rerun, int accepted, int stillQuarantined) {}

    public record CodeMap(String id, long distributorId, String sourceSystem, String kind, String externalId, String targetCode, String targetName, String mappedBy, Instant mappedAt) {}

    /// Which system a distributor keeps, and what it has agreed to send (FED-09).
    ///
    /// @param cutOff local time on the next day up to which a day's records are in time
    public record Source(long distributorId, String sourceSystem, String name, List<String> recordTypes, String cutOff, String level, LocalDate activeFrom, int version) {
        public Source {
            recordTypes = List.copyOf(recordTypes);
        }
    }

    /// One part of the data-quality score.
    ///
    /// @param score 0 to 100; null if nothing was tested
    public record PartScore(String part, int weight, @Nullable String score, long passed, long tested) {}

    /// How a distributor's data are.
    ///
    /// @param source LIVE: works in the product; FEED: keeps another system
    /// @param status GREEN, AMBER, RED or UNKNOWN
    /// @param reason in English
    /// @param says   the same by its key
    public record Health(long distributorId, String code, String name, String source, @Nullable String sourceSystem, String status, String reason, Says says, @Nullable Instant lastDataAt,
                         @Nullable LocalDate lastBusinessDate, int lateDays, @Nullable String score, @Nullable String scoreBand, List<PartScore> parts, boolean capped, int quarantined,
                         String quarantinedValue, int rejected, int blockedBatches, int importErrors) {
        public Health {
            parts = List.copyOf(parts);
        }
    }

    public record DayStatus(LocalDate day, List<TypeStatus> records) {
        public DayStatus {
            records = List.copyOf(records);
        }
    }

    /// @param status GREEN, AMBER, RED, DUE (not yet late) or NONE (not expected)
    public record TypeStatus(String recordType, String status, @Nullable Instant receivedAt, int count) {}

    public record Check(String part, String clause, long passed, long tested, @Nullable String sample) {}

    public record MonthScore(String month, @Nullable String score) {}

    public record HealthDetail(@com.fasterxml.jackson.annotation.JsonUnwrapped Health health, List<DayStatus> days, List<Check> checks, List<Batch> batches, List<MonthScore> history) {
        public HealthDetail {
            days = List.copyOf(days);
            checks = List.copyOf(checks);
            batches = List.copyOf(batches);
            history = List.copyOf(history);
        }
    }
}
