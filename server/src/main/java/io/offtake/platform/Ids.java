package io.offtake.platform;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import java.time.Clock;
import java.util.UUID;

/// Makes UUIDv7: unique everywhere, growing with time, made by whoever creates the row (SCALE rule 3).
public final class Ids {
    private final TimeOrderedEpochFactory factory;

    public Ids(Clock clock) {
        factory = TimeOrderedEpochFactory.builder().withInstantFunction(clock::instant).withIncrementPlusN().build();
    }

    public UUID next() {
        return factory.create();
    }
}
