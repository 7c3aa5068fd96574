package io.offtake.access.domain;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which passwords are taken: long rather than complicated, and not one that everybody tries first.
public final class Passwords {
    public static final int LENGTH_MIN = 12;
    public static final int LENGTH_MAX = 200;
    private static final Set<String> COMMON = Set.of("password", "passwort", "qwerty", "letmein", "welcome", "admin", "offtake", "distributor", "123456", "111111", "abc123", "iloveyou");

    private Passwords() {}

    /// What is wrong with it, or nothing.
    public static Optional<String> weakness(String password, String username) {
        if (password.codePointCount(0, password.length()) < LENGTH_MIN) return Optional.of("is shorter than " + LENGTH_MIN + " characters");
        if (password.length() > LENGTH_MAX) return Optional.of("is longer than " + LENGTH_MAX + " characters");
        var plain = password.toLowerCase(Locale.ROOT);
        if (username.length() >= 4 && plain.contains(username)) return Optional.of("contains the user name");
        if (plain.chars().distinct().count() < 5) return Optional.of("repeats a few characters");
        var rest = plain;
        for (var word : COMMON) rest = rest.replace(word, "");
        if (rest.replaceAll("[^\\p{L}]", "").length() < 4 && !rest.equals(plain)) return Optional.of("is a well-known password with something around it");
        return Optional.empty();
    }
}
