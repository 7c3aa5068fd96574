package io.offtake.billing.app;

import io.offtake.pricing.BookArchive;
import io.offtake.rules.Scheme;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// The scheme versions of the book that decided a document.
final class SchemeVersions {
    private SchemeVersions() {}

    /// Finds a version by scheme and number; null if the book is not kept or has none. The book is read when first asked.
    static BiFunction<Long, Integer, @Nullable Scheme> of(BookArchive archive, String ruleBookHash) {
        return (id, version) -> archive.engine(ruleBookHash).flatMap(engine -> engine.book().schemes().stream()
                .filter(scheme -> scheme.id().equals(Long.toString(id)) && scheme.version() == version).findFirst()).orElse(null);
    }
}
