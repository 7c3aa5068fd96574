package io.offtake.example.domain;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/// What shops want, and how much a distributor sells.
public final class Demand {
    /// Net sales of an average distributor on an average day, in rupees.
    private static final double DAY = 28_000;
    private static final Map<String, Set<String>> FAVOURITES = Map.of("PAAN", Set.of("CND", "COL", "CHP", "CHO", "COF"), "CHEMIST", Set.of("MLK", "CHO", "MAR", "COF"),
            "COSMETICS", Set.of("DSH", "CHO", "CND"), "HORECA", Set.of("KTP", "GHE", "NDL", "PST", "MLK", "COF", "DSH"));

    private final List<Goods.Sku> skus;
    private final Country.Distributor distributor;
    private final LocalDate toldOn;
    private final Map<String, double[]> sums = new HashMap<>();
    private Month summed = Month.JANUARY;

    public Demand(Country.Distributor distributor, List<Goods.Sku> skus, LocalDate toldOn) {
        this.distributor = distributor;
        this.skus = skus;
        this.toldOn = toldOn;
    }

    /// Sundays and three national holidays are closed.
    public static boolean isOpen(LocalDate on) {
        boolean holiday = on.getMonth() == Month.JANUARY && on.getDayOfMonth() == 26 || on.getMonth() == Month.AUGUST && on.getDayOfMonth() == 15
                || on.getMonth() == Month.OCTOBER && on.getDayOfMonth() == 2;
        return on.getDayOfWeek() != DayOfWeek.SUNDAY && !holiday;
    }

    /// First day of the last three closed months before the day the stories are told of.
    public LocalDate windowStart() {
        return toldOn.withDayOfMonth(1).minusMonths(3);
    }

    public LocalDate windowEnd() {
        return toldOn.withDayOfMonth(1).minusDays(1);
    }

    public boolean inWindow(LocalDate on) {
        return !on.isBefore(windowStart()) && !on.isAfter(windowEnd());
    }

    /// The three months before the window.
    public boolean inBase(LocalDate on) {
        return on.isBefore(windowStart()) && !on.isBefore(windowStart().minusMonths(3));
    }

    public boolean isPushed() {
        return distributor.code().equals(Country.KESAR);
    }

    /// Net sales of a day. The distributor of the story sells 9 % less in the window than in the three months before; the
    /// others grow by 5 to 6 %.
    public double target(LocalDate on) {
        double average = DAY * distributor.weight();
        if (!isOpen(on)) return 0;
        double months = java.time.temporal.ChronoUnit.DAYS.between(on, windowStart()) / 30.4;
        double level;
        if (inWindow(on) || on.isAfter(windowEnd())) level = isPushed() ? 0.91 : 1.054;
        else if (inBase(on)) level = 1;
        else level = Math.max(0.88, 1 - (months - 3) * 0.012);
        // three months with fewer working days sell the same
        if (inWindow(on)) level *= (double) openDays(windowStart().minusMonths(3), windowStart().minusDays(1)) / openDays(windowStart(), windowEnd());
        double day = on.getDayOfWeek() == DayOfWeek.SATURDAY ? 0.85 : on.getDayOfWeek() == DayOfWeek.MONDAY ? 1.1 : 1.0125;
        return average * level * day;
    }

    private static long openDays(LocalDate from, LocalDate to) {
        return from.datesUntil(to.plusDays(1)).filter(Demand::isOpen).count();
    }

    /// Pieces of a SKU that a week sells on average.
    public double weekly(int place) {
        var of = sums("GROCER", Month.FEBRUARY);
        double share = (of[place] - (place == 0 ? 0 : of[place - 1])) / of[of.length - 1];
        return share * DAY * distributor.weight() * 6 / skus.get(place).price();
    }

    /// The place of a SKU that a shop of this channel asks for.
    public int pick(String channel, LocalDate on, RandomGenerator random) {
        var of = sums(channel, on.getMonth());
        int at = java.util.Arrays.binarySearch(of, random.nextDouble() * of[of.length - 1]);
        return Math.min(of.length - 1, at < 0 ? -at - 1 : at);
    }

    private double[] sums(String channel, Month month) {
        if (month != summed) {
            sums.clear();
            summed = month;
        }
        return sums.computeIfAbsent(channel, _ -> {
            var of = new double[skus.size()];
            double sum = 0;
            var liked = FAVOURITES.get(channel);
            for (int at = 0; at < of.length; at++) {
                var sku = skus.get(at);
                double season = month.getValue() >= 3 && month.getValue() <= 6 ? sku.summer() : month == Month.OCTOBER || month == Month.NOVEMBER ? sku.festive()
                        : sku.summer() > 1 ? 0.75 : 1;
                double taste = liked == null ? 1 : liked.contains(sku.family()) ? 3.5 : 0.35;
                of[at] = sum += sku.popularity() * season * taste;
            }
            return of;
        });
    }

    /// What a shop of a class spends on one line, in rupees.
    public static double lineValue(String outletClass) {
        return switch (outletClass) {
            case "A" -> 620;
            case "B" -> 360;
            case "C" -> 230;
            default -> 130;
        };
    }

    public static int lines(String outletClass, RandomGenerator random) {
        int average = switch (outletClass) {
            case "A" -> 8;
            case "B" -> 6;
            case "C" -> 4;
            default -> 3;
        };
        return Math.max(1, average - 2 + random.nextInt(5));
    }
}
