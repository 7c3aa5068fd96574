package io.offtake.rules.oracle;

/// The bill may not be made: the code of the first rule that says so.
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    final String code;

    private Refused(String code) {
        super(code, null, false, false);
        this.code = code;
    }

    static Refused of(String code) {
        return new Refused(code);
    }
}
