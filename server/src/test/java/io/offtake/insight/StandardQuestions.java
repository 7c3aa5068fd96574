package io.offtake.insight;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The thirty standard questions of `spec/questions/questions.json`.
final class StandardQuestions {
    private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private StandardQuestions() {}

    /// @param kind R from rollups, F over lines, D distinct, P one party
    record Standard(String id, String kind, Question question) {
        /// With keys for its `$dimension` places.
        Question with(Map<String, String> keys) {
            var filters = question.filters().stream().map(filter -> new Question.Filter(filter.dimension(), filter.op(), filter.values().stream().map(value -> value.startsWith("$") ? keys.get(value.substring(1)) : value).toList())).toList();
            return new Question(question.metrics(), question.dimensions(), filters, question.window(), question.compare(), question.order(), question.limit(), null, null, null, question.extras());
        }
    }

    static List<Standard> load() {
        try {
            return List.of(JSON.readValue(Files.readString(Path.of("../spec/questions/questions.json")), Standard[].class));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
