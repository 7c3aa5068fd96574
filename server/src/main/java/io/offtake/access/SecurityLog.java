package io.offtake.access;

/// Sign-ins, refusals and changes of rights, in a table of its own (DESIGN section 10). Never fails the caller.
public interface SecurityLog {
    /// Notes a refusal that was answered inside a larger answer.
    void refused(AccessRefused refusal);
}
