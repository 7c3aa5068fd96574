package io.offtake.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The catalogue is whole, and `docs/metrics.md` says what it says. It leaves the page of this build in
/// `target/metrics.md`, to be copied when the catalogue has changed.
@Tag("ANA-09")
class CatalogueTest {
    private static final Path PAGE = Path.of("../docs/metrics.md");
    private final Catalogue catalogue = Catalogue.load();

    @Test
    void theReferencePageIsCurrent() throws IOException {
        var page = page();
        Files.writeString(Path.of("target/metrics.md"), page);
        assertThat(Files.readString(PAGE)).as("docs/metrics.md").isEqualTo(page);
    }

    @Test
    void idsAreUniqueAndEveryMetricIsFullyDefined() {
        assertThat(catalogue.metrics()).extracting(Metric::id).doesNotHaveDuplicates().allMatch(id -> id.matches("[a-z0-9-]+"));
        assertThat(catalogue.dimensions()).extracting(Dimension::id).doesNotHaveDuplicates();
        var dimensions = catalogue.dimensions().stream().map(Dimension::id).toList();
        for (var metric : catalogue.metrics()) {
            assertThat(dimensions).as(metric.id()).containsAll(metric.dimensions()).containsAll(metric.notAdditiveOver());
            assertThat(metric.nullRule()).as(metric.id()).isNotBlank();
            assertThat(metric.additive()).as(metric.id()).isEqualTo(metric.value().kind() == Metric.Kind.SUM);
            assertThat(metric.source() == Metric.Source.NONE).as(metric.id()).isEqualTo(metric.value().kind() == Metric.Kind.NONE);
            if (!metric.additive() && metric.value().kind() != Metric.Kind.DISTINCT) assertThat(metric.nullReason()).as("INV-11: why " + metric.id() + " is n/a").isNotNull();
            if (metric.nullReason() != null && !metric.nullReason().equals("COVER")) assertThat(catalogue.reasons()).containsKey(metric.nullReason());
            var value = metric.value();
            var parts = Stream.of(value.of(), value.numerator(), value.denominator()).filter(java.util.Objects::nonNull).toList();
            assertThat(parts.isEmpty()).as(metric.id()).isEqualTo(value.kind() == Metric.Kind.NONE || value.kind() == Metric.Kind.COUNT_BACK);
            assertThat(parts).as(metric.id()).allMatch(part -> part.matches("[a-z]+\\.[a-z0-9_]+([+-][a-z]+\\.[a-z0-9_]+)*"));
        }
    }

    private String page() {
        var page = new StringBuilder("""
                # Metrics

                Generated from `server/src/main/resources/insight/catalogue.json`; a test keeps it current. Every screen, export and answer of
                `POST /api/v1/insight/query` uses these definitions. KPI ids are those of the KPI dictionary.

                A figure that is not known is null with a reason, never 0. Ratios, distinct counts and growth are made again on the union of
                their parts; they are marked "made again" and never summed. Windows are business dates in the distributor's time zone.

                ## Metrics
                """);
        for (var metric : catalogue.metrics()) {
            page.append("\n### ").append(metric.label()).append(" (`").append(metric.id()).append("`)\n\n");
            var facts = new ArrayList<String>();
            if (metric.kpi() != null) facts.add(metric.kpi());
            facts.add("unit: " + metric.unit());
            facts.add(metric.period() == Metric.Period.NOW ? "as of now" : "in a window");
            facts.add(metric.additive() ? metric.notAdditiveOver().isEmpty() ? "adds up" : "adds up, but made again over " + metric.notAdditiveOver().stream().sorted().collect(Collectors.joining(", ")) : "made again");
            facts.add(switch (metric.direction()) {
                case UP -> "more is better";
                case DOWN -> "less is better";
                case NONE -> "neither more nor less is better by itself";
            });
            facts.add("source: " + metric.source());
            page.append(metric.definition()).append("  \n").append(String.join(" · ", facts)).append("\n\n");
            page.append("- Grain: ").append(metric.grain()).append("\n- n/a and 0: ").append(metric.nullRule()).append('\n');
            if (!metric.note().isEmpty()) page.append("- ").append(metric.note()).append('\n');
            page.append("- By: ").append(String.join(", ", metric.dimensions())).append('\n');
        }
        page.append("\n## Dimensions\n\n| id | name | path | keys | meaning |\n|---|---|---|---|---|\n");
        for (var dimension : catalogue.dimensions()) {
            page.append("| `").append(dimension.id()).append("` | ").append(dimension.label()).append(" | ").append(dimension.path() == null ? "" : dimension.path() + " " + dimension.level()).append(" | ")
                    .append(dimension.type().name().toLowerCase(java.util.Locale.ROOT)).append(dimension.nullable() ? ", or not allocated" : "").append(" | ").append(dimension.definition()).append(" |\n");
        }
        page.append("\n## Reasons\n\n| code | meaning |\n|---|---|\n");
        catalogue.reasons().forEach((code, text) -> page.append("| `").append(code).append("` | ").append(text).append(" |\n"));
        return page.toString();
    }
}
