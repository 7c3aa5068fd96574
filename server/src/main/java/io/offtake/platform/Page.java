package io.offtake.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of a list.
///
/// @param next cursor of the following page, null on the last one
public record Page<T>(List<T> items, @Nullable String next) {
    public Page {
        items = List.copyOf(items);
    }

    /// A list that is always answered whole.
    public static <T> Page<T> all(List<T> items) {
        return new Page<>(items, null);
    }

    public <R> Page<R> map(java.util.function.Function<? super T, ? extends R> view) {
        return new Page<R>(items.stream().<R>map(view).toList(), next);
    }
}
