package io.offtake.exchange.federation;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.insight.Says;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a feed is told of its faults stands in the tower in every language.
@Tag("FED-03")
class FaultTextTest {
    private static final Pattern PLACE = Pattern.compile("\\{\\{\\w+}}");

    @Test
    void everyFaultHasItsWordsInBothLanguagesWithTheSamePlaces() throws IOException {
        var english = words("en");
        var hindi = words("hi");
        for (var text : FaultText.values()) {
            assertThat(english.path(text.name()).asString()).as(text.name()).isEqualTo(text.of().english());
            assertThat(places(hindi.path(text.name()).asString())).as(text.name()).isEqualTo(places(text.of().english()));
            if (text != FaultText.UUID) assertThat(hindi.path(text.name()).asString()).as(text.name()).containsPattern("[\\u0900-\\u097f]");
        }
        var names = Arrays.stream(FaultText.values()).map(Enum::name).toList();
        assertThat(english.propertyNames()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(hindi.propertyNames()).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void aFaultCarriesItsKeyAndArgumentsBesideItsEnglish() {
        var fault = FeedFault.error("11.4.tax", "tax", FaultText.TAX_OFF.of("tax", "4.00", "expected", "5.00"), FaultText.plain("5.00 ± 1"));
        assertThat(fault).isEqualTo(new FeedFault("11.4.tax", FeedFault.Severity.ERROR, "tax", "tax is 4.00, taxable × rate is 5.00", "5.00 ± 1", Says.of("TAX_OFF", "tax", "4.00", "expected", "5.00"), null));
    }

    @Test
    void aFaultOfBeforeIsReadWithoutAKey() {
        var fault = JsonMapper.builder().build().readValue("{\"clause\":\"FC-2.qty\",\"severity\":\"ERROR\",\"field\":\"qty\",\"detail\":\"stock below zero\",\"accepted\":\"0 or more\"}", FeedFault.class);
        assertThat(fault.says()).isNull();
        assertThat(fault.detail()).isEqualTo("stock below zero");
    }

    private static TreeSet<String> places(String text) {
        return new TreeSet<>(PLACE.matcher(text).results().map(MatchResult::group).toList());
    }

    private static JsonNode words(String language) throws IOException {
        return JsonMapper.builder().build().readTree(Files.readAllBytes(Path.of("../web/src/i18n/locales/" + language + "/insight.json"))).path("data").path("fault");
    }
}
