package io.offtake.governance;

import org.jspecify.annotations.Nullable;

/// Text of a form as it is stored: without surrounding blanks, else as it was sent; never null where a column is not.
public final class Texts {
    private Texts() {}

    /// Empty for null.
    public static String of(@Nullable String text) {
        return text == null ? "" : text.strip();
    }

    /// Null for empty.
    public static @Nullable String orNull(@Nullable String text) {
        var stripped = of(text);
        return stripped.isEmpty() ? null : stripped;
    }

    public static String or(@Nullable String text, String ifEmpty) {
        var stripped = of(text);
        return stripped.isEmpty() ? ifEmpty : stripped;
    }
}
