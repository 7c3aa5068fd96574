package io.offtake.insight;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Every metric and dimension that can be asked, from `insight/catalogue.json`: one definition for screen, API, export and alert.
///
/// @param reasons what a reason code in an answer means
public record Catalogue(int version, List<Metric> metrics, List<Dimension> dimensions, Map<String, String> reasons) {
    public Catalogue {
        metrics = List.copyOf(metrics);
        dimensions = List.copyOf(dimensions);
        reasons = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(reasons));
    }

    /// The catalogue of this build.
    public static Catalogue load() {
        try (var in = Catalogue.class.getResourceAsStream("/insight/catalogue.json")) {
            if (in == null) throw new IllegalStateException("insight/catalogue.json is missing");
            var mapper = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
            return mapper.readValue(in.readAllBytes(), Catalogue.class);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public Optional<Metric> metric(String id) {
        return metrics.stream().filter(metric -> metric.id().equals(id)).findFirst();
    }

    public Optional<Dimension> dimension(String id) {
        return dimensions.stream().filter(dimension -> dimension.id().equals(id)).findFirst();
    }

    /// The dimension one level below on the same path.
    public Optional<Dimension> below(Dimension above) {
        return dimensions.stream().filter(one -> above.path() != null && above.path().equals(one.path()) && one.level() == above.level() + 1).findFirst();
    }
}
