package io.offtake.catalog;

/// The GS1 trade item number behind a barcode: 8, 12, 13 or 14 digits, the last one a check digit.
/// Source: GS1 General Specifications, section 7.9.
public final class Gtin {
    private Gtin() {}

    /// Whether `text` has a GTIN's length and its check digit is right.
    public static boolean isValid(String text) {
        return isDigits(text) && checkDigit(text.substring(0, text.length() - 1)) == text.charAt(text.length() - 1);
    }

    /// Whether it has the form of a GTIN, whatever its check digit.
    public static boolean isDigits(String text) {
        int length = text.length();
        return (length == 8 || length == 12 || length == 13 || length == 14) && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /// The digit that belongs behind `digits`: weights 3, 1, 3, … from the right, the sum filled up to a multiple of ten.
    public static char checkDigit(String digits) {
        int sum = 0;
        for (int at = digits.length() - 1, weight = 3; at >= 0; at--, weight = 4 - weight) sum += (digits.charAt(at) - '0') * weight;
        return (char) ('0' + (10 - sum % 10) % 10);
    }
}
