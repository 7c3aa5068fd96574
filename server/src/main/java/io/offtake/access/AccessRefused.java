package io.offtake.access;

import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import java.util.stream.Collectors;

/// A refusal for who somebody is, not for what was asked; every one is noted in the security log. A module that answers
/// commands one by one, and so does not let it through to the web layer, notes it with [SecurityLog#refused].
public final class AccessRefused extends ProblemException {
    private final transient Caller caller;
    private final String kind;
    private final String subject;

    private AccessRefused(Problem problem, Caller caller, String kind, String subject) {
        super(problem);
        this.caller = caller;
        this.kind = kind;
        this.subject = subject;
    }

    static AccessRefused permission(Caller caller, Permission missing) {
        var holders = missing.roles().stream().map(Role::name).sorted().toList();
        var detail = "Your roles (" + caller.roles().stream().map(Role::name).sorted().collect(Collectors.joining(", ")) + ") do not allow you to "
                + missing.title() + ". It takes one of " + String.join(", ", holders) + "; IT or the CoE can grant it.";
        return new AccessRefused(Problem.of(ProblemCode.FORBIDDEN, detail).rule("GOV-05").with("permission", missing.name()).with("grantedBy", holders),
                caller, "PERMISSION", missing.name());
    }

    static AccessRefused scope(Caller caller, String subject) {
        return new AccessRefused(Problem.of(ProblemCode.NOT_FOUND), caller, "SCOPE", subject);
    }

    public Caller caller() {
        return caller;
    }

    /// `PERMISSION` or `SCOPE`.
    public String kind() {
        return kind;
    }

    /// The permission or the row.
    public String subject() {
        return subject;
    }
}
