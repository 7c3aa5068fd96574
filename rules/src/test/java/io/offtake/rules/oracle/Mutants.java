package io.offtake.rules.oracle;

import java.util.List;

/// The bugs: the kind that a careful programmer writes.
final class Mutants {
    static final List<Mutant> ALL = List.of();

    private Mutants() {}
}
