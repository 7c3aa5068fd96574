package io.offtake.insight;

/// Questions and their answers.
public interface Insight {

    Catalogue catalogue();

    /// @throws io.offtake.platform.ProblemException QUESTION_INVALID naming what is accepted
    Answer ask(Asker asker, Question question);

    /// As [#ask], but up to `rows` rows in one page.
    Answer ask(Asker asker, Question question, int rows);
}
