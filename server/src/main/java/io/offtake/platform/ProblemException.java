package io.offtake.platform;

/// Ends a request with a problem. For malformed requests and refusals of access; a business refusal is a variant of the
/// use case's outcome and becomes a problem in `web/`.
public class ProblemException extends RuntimeException {
    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.code() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
