package io.offtake.tax.india;

import java.util.regex.Pattern;

/// Numbers of documents and of goods as the law wants them (IN-26, IN-27).
public final class Numbers {
    /// r.46(b) and the portal: at most 16 of letters, digits, `-` and `/`; not begun by 0, `-` or `/`.
    private static final Pattern DOCUMENT = Pattern.compile("[a-zA-Z1-9][a-zA-Z0-9/-]{0,15}");
    private static final Pattern HSN = Pattern.compile("(?!0+$)([0-9]{4}|[0-9]{6}|[0-9]{8})");

    private Numbers() {}

    public static boolean isDocumentNumber(String number) {
        return DOCUMENT.matcher(number).matches();
    }

    /// The number as the portal compares it since 01-06-2025: letters in upper case.
    public static String asCompared(String number) {
        return number.toUpperCase(java.util.Locale.ROOT);
    }

    /// The name of a series: the number without its running digits, the last group of them that is not a year of two digits
    /// at the end (`SINV-0005-23` belongs to `SINV-#-23`).
    public static String seriesOf(String number) {
        var groups = Pattern.compile("[0-9]+").matcher(number).results().toList();
        if (groups.isEmpty()) return number;
        var running = groups.getFirst();
        for (var group : groups) if (group.end() - group.start() >= running.end() - running.start()) running = group;
        return number.substring(0, running.start()) + "#" + number.substring(running.end());
    }

    /// N/N 78/2020-CT: 4 digits on documents to registered buyers up to the turnover limit, 6 above it; 4, 6 or 8 digits only,
    /// and never zeros alone.
    ///
    /// @param aboveLimit      whether the turnover of the year before was above 5 crore
    /// @param buyerRegistered below the limit the code may be left out for others, but a wrong one never stands
    public static boolean isHsn(String hsn, boolean aboveLimit, boolean buyerRegistered) {
        if (hsn.isEmpty()) return !aboveLimit && !buyerRegistered;
        return HSN.matcher(hsn).matches() && (!aboveLimit || hsn.length() >= 6);
    }
}
