package io.offtake.insight.score;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How distributors are scored, as data (domain 7.1, SC-08): pillars, components, floors and targets, bands, smoothing and
/// caps. The first one comes with the build; another takes effect by change request.
///
/// @param smoothing weights of the month and the ones before it (SC-03)
/// @param trend     from which slope in points a month an arrow is shown (SC-06)
/// @param terms     days that outlets are usually given, for days of sales outstanding against terms
/// @param focus     codes of the SKUs whose distribution counts; none leaves the component out
/// @param sizes     yearly sales from which a distributor is of the next size, ascending
/// @param markets   types of market by territory code; others are MIXED
public record ScoreModel(List<Pillar> pillars, List<Band> bands, List<BigDecimal> smoothing, BigDecimal trend, BigDecimal terms, List<String> focus, List<BigDecimal> sizes, List<Market> markets) {
    @SuppressWarnings("ConstantValue") // absent members of a proposal
    public ScoreModel {
        pillars = pillars == null ? List.of() : List.copyOf(pillars);
        bands = bands == null ? List.of() : List.copyOf(bands);
        smoothing = smoothing == null ? List.of() : List.copyOf(smoothing);
        focus = focus == null ? List.of() : List.copyOf(focus);
        sizes = sizes == null ? List.of() : List.copyOf(sizes);
        markets = markets == null ? List.of() : List.copyOf(markets);
    }

    /// The four pillars.
    public enum Name { GROWTH, SERVICE, FINANCIAL, DATA }

    /// @param weight in the index, in percent; all pillars together have 100
    public record Pillar(Name pillar, BigDecimal weight, List<Component> components) {
        @SuppressWarnings("ConstantValue")
        public Pillar {
            components = components == null ? List.of() : List.copyOf(components);
        }
    }

    /// How a component's value is made of a metric.
    public enum Form {
        /// the metric itself
        PLAIN,
        /// growth over the same month of last year, like for like, in percent
        GROWTH,
        /// what is left of `of` beside the metric, in percent
        REST,
        /// the metric against the usual terms
        TERMS,
        /// distance of the metric from 1
        DISTANCE,
        /// the mean over the focus SKUs
        FOCUS,
        /// the data-quality side of it: days with data by the cut-off, in percent
        FRESHNESS
    }

    public enum Better { UP, DOWN }

    public enum Method { ABSOLUTE, PEER }

    /// @param component  stable, such as FILL_RATE
    /// @param weight     in its pillar, in percent; all components of a pillar together have 100
    /// @param floor      where the score is 0, `target` where it is 100; in the unit of the metric, rates in percent
    /// @param method     ABSOLUTE, or the percentile inside the archetype (needs ten peers, else absolute)
    /// @param behaviour  what the distributor can do about it (DST-10)
    public record Component(String component, String label, String kpi, String metric, @Nullable String of, String unit, Form form, BigDecimal weight, Better better, BigDecimal floor, BigDecimal target,
                            Method method, String behaviour) {}

    /// @param from      the least index of the band
    /// @param rhythm    how often it is reviewed
    public record Band(BandName band, BigDecimal from, String rhythm, String help, String consequence) {}

    public enum BandName { INVEST, SUSTAIN, FIX, EXIT_REVIEW }

    public record Market(String territory, String type) {}
}
