package io.offtake.schemes;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// When a scheme is in force, both ends included: what other modules' checks need to know of a scheme's form.
public interface SchemePeriod {
    @Nullable LocalDate validFrom();

    @Nullable LocalDate validTo();
}
