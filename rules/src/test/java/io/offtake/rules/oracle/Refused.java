package io.offtake.rules.oracle;

import java.util.List;

/// The bill may not be made: the codes of the first stage of checks that says so.
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    final transient List<String> codes;

    private Refused(List<String> codes) {
        super(String.join(", ", codes), null, false, false);
        this.codes = codes;
    }

    static Refused of(String... codes) {
        return new Refused(List.of(codes));
    }
}
