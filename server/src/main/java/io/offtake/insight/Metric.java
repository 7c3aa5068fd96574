package io.offtake.insight;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One definition of one number, as `insight/catalogue.json` has it.
///
/// @param id              what questions call it
/// @param kpi             id in domain/01, null for parts of a KPI
/// @param definition      the formula in words
/// @param grain           the finest grain and the window it is meant for
/// @param unit            `currency`, `count`, `days`, `percent` (in percent points) or `base-unit`
/// @param period          WINDOW for what happened in a window, NOW for states
/// @param additive        parts sum to the whole; else it is made again on the union, never summed
/// @param notAdditiveOver dimensions over which an additive metric does not add
/// @param direction       UP or DOWN is good, or NONE
/// @param nullRule        when it is n/a and when 0 (INV-11)
/// @param nullReason      reason code given with n/a
/// @param source          LIVE from documents of the product (and files that stand for them), FILE from files only, NONE: n/a until
///                        a later part feeds it
/// @param money           whether it is made of money, which must be of one currency
/// @param value           how it is made of additive components
/// @param dimensions      what it may be asked by and filtered by
public record Metric(String id, @Nullable String kpi, String label, String definition, String grain, String unit, Period period, boolean additive,
                     Set<String> notAdditiveOver, Direction direction, String nullRule, @Nullable String nullReason, String note, Source source,
                     boolean money, Value value, List<String> dimensions) {
    public Metric {
        notAdditiveOver = Set.copyOf(notAdditiveOver);
        dimensions = List.copyOf(dimensions);
    }

    public enum Period { WINDOW, NOW }

    public enum Direction { UP, DOWN, NONE }

    public enum Source { LIVE, FILE, NONE }

    public enum Kind { SUM, RATIO, DISTINCT, GROWTH, COUNT_BACK, NONE }

    /// How the number is made of components, `facts.component` each, or sums and differences of them (`a+b-c`).
    ///
    /// @param of          of SUM, DISTINCT and GROWTH
    /// @param numerator   of RATIO; the value is numerator × factor ÷ denominator, n/a unless the denominator is above 0
    /// @param scale       decimal places of a RATIO
    public record Value(Kind kind, @Nullable String of, @Nullable String numerator, @Nullable String denominator, @Nullable Integer factor, @Nullable Integer scale) {}

    /// Whether parts add up to the whole in a question that uses these dimensions.
    @JsonIgnore
    public boolean additiveOver(Set<String> used) {
        return additive && used.stream().noneMatch(notAdditiveOver::contains);
    }
}
