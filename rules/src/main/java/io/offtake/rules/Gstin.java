package io.offtake.rules;

/// The Indian GST identification number: 15 characters, the last one a check character.
/// Source: IN-01 (CGST Rules 2017, r.10; check character by the portal's published algorithm).
public final class Gstin {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// The State codes of IN-02 that a taxpayer's number can begin with.
    private static final String STATES = "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 26 27 29 30 31 32 33 34 35 36 37 38 97";

    private Gstin() {}

    /// Whether `text` has the form of a normal taxpayer's GSTIN and its check character is right.
    /// Format validity says nothing about whether the registration is active.
    public static boolean isValid(String text) {
        if (text == null || text.length() != 15) return false;
        for (int at = 0; at < 15; at++) {
            char c = text.charAt(at);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = c >= 'A' && c <= 'Z';
            boolean fits = switch (at) {
                case 0, 1, 7, 8, 9, 10 -> digit;
                case 2, 3, 4, 5, 6, 11 -> letter;
                case 12 -> letter || (digit && c != '0');
                case 13 -> c == 'Z';
                default -> digit || letter;
            };
            if (!fits) return false;
        }
        return STATES.contains(stateCode(text)) && checkCharacter(text) == text.charAt(14);
    }

    /// The check character for the first 14 characters: factors alternate 1, 2 from the left, each product is
    /// folded base 36, and the sum's complement to a multiple of 36 is the answer.
    /// @throws IllegalArgumentException if one of the 14 characters is not 0-9 or A-Z
    public static char checkCharacter(String first14) {
        int total = 0;
        for (int at = 0; at < 14; at++) {
            int value = ALPHABET.indexOf(first14.charAt(at));
            if (value < 0) throw new IllegalArgumentException("GSTIN character " + (at + 1) + " is not 0-9 or A-Z");
            int product = value * (at % 2 == 0 ? 1 : 2);
            total += product / 36 + product % 36;
        }
        return ALPHABET.charAt((36 - total % 36) % 36);
    }

    /// The two-digit State code that the number begins with (IN-02).
    public static String stateCode(String gstin) {
        return gstin.substring(0, 2);
    }
}
