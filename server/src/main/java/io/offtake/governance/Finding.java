package io.offtake.governance;

/// What a check found in a change that would decide money (domain/04 section 4.4).
///
/// @param code     stable, such as DEAD_ZONE; people acknowledge warnings by it
/// @param rule     the domain's rule or section
/// @param severity ERROR keeps it from being submitted and approved; a WARNING has to be acknowledged
/// @param field    of the form, empty for the whole
public record Finding(String code, String rule, Severity severity, String field, String wrong, String right) {
    public enum Severity { ERROR, WARNING, INFO }

    public static Finding error(String code, String rule, String field, String wrong, String right) {
        return new Finding(code, rule, Severity.ERROR, field, wrong, right);
    }

    public static Finding warning(String code, String rule, String field, String wrong, String right) {
        return new Finding(code, rule, Severity.WARNING, field, wrong, right);
    }
}
