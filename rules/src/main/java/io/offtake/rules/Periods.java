package io.offtake.rules;

/// The keys under which period sums are kept, from an epoch day. Calendar arithmetic without a time zone.
public final class Periods {
    private Periods() {}

    /// `2026-11`, `2026-Q4`, `2026`, `FY2026` (April to March, by its first year) or `S`.
    public static String key(Scheme.Period period, int epochDay) {
        if (period == Scheme.Period.SCHEME) return "S";
        int month = month(epochDay), year = month / 12, inYear = month % 12 + 1;
        return switch (period) {
            case MONTH -> year + (inYear < 10 ? "-0" : "-") + inYear;
            case QUARTER -> year + "-Q" + ((inYear + 2) / 3);
            case YEAR -> Integer.toString(year);
            case FISCAL_YEAR -> "FY" + (inYear >= 4 ? year : year - 1);
            case SCHEME -> "S";
        };
    }

    /// Months since year 0 (proleptic Gregorian; days before 1970 too).
    static int month(int epochDay) {
        long day = (long) epochDay + 719_468;                     // days since 0000-03-01
        long era = Math.floorDiv(day, 146_097);
        long ofEra = day - era * 146_097;
        long yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
        long ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long fromMarch = (5 * ofYear + 2) / 153;
        return (int) ((yearOfEra + era * 400) * 12 + fromMarch + 2);
    }

    /// 1 Monday to 7 Sunday.
    static int weekday(int epochDay) {
        return Math.floorMod(epochDay + 3, 7) + 1;
    }
}
