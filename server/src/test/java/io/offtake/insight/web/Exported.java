package io.offtake.insight.web;

import io.offtake.insight.Answer;
import io.offtake.insight.Question;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// An answer as the file that a user would get.
public final class Exported {
    private Exported() {}

    public static String csv(Question question, Answer answer) {
        return new String(new AnswerFile(question, answer, "somebody", Instant.EPOCH).csv(), StandardCharsets.UTF_8);
    }
}
