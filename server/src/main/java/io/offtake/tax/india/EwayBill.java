package io.offtake.tax.india;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/// When goods need an e-way bill, how long it lasts, and until when it may be cancelled or extended (r.138, IN-40, IN-41).
public final class EwayBill {
    public static final ZoneId ZONE = ZoneId.of("Asia/Kolkata");

    private EwayBill() {}

    /// What a consignment is worth.
    ///
    /// @param withTax     taxable goods with their tax
    /// @param exempt      exempt goods on the same invoice, which do not count beside taxable ones
    public record Consignment(BigDecimal withTax, BigDecimal exempt, boolean interState, String fromState, boolean withinOneCity) {
        /// The value the limit is compared with; exempt goods alone count in full.
        BigDecimal counted() {
            return withTax.signum() > 0 ? withTax : exempt;
        }
    }

    /// @param limit         null where the State sets none
    /// @param goodsSpecific the State's own list of goods decides for movements inside it: a person looks
    public record Need(boolean needed, BigDecimal value, @Nullable BigDecimal limit, boolean goodsSpecific, String source) {}

    /// The test of one invoice: many small drops in one van, each below the limit, need none (r.138(7) is not in force).
    public static Need need(Consignment goods, LocalDate on, Law law) {
        var value = goods.counted();
        if (goods.interState) {
            var row = law.row(Law.Key.EWAY_INTER_STATE, "", on);
            return new Need(row.isPresent() && value.compareTo(row.get().value()) > 0, value, row.map(Law.Row::value).orElse(null), false, row.map(Law.Row::source).orElse(""));
        }
        var city = goods.withinOneCity ? law.row(Law.Key.EWAY_INTRA_CITY, goods.fromState, on) : java.util.Optional.<Law.Row>empty();
        var row = city.isPresent() ? city : law.row(Law.Key.EWAY_INTRA_STATE, goods.fromState, on);
        var limit = row.map(Law.Row::value).orElse(null);
        boolean goodsSpecific = law.row(Law.Key.EWAY_GOODS_SPECIFIC, goods.fromState, on).map(one -> one.place().equals(goods.fromState)).orElse(false);
        return new Need(limit != null && value.compareTo(limit) > 0, value, limit, goodsSpecific, row.map(Law.Row::source).orElse(""));
    }

    /// Days of validity: one for each 200 km or part of them, 20 km for over-dimensional cargo.
    public static int days(int km, boolean overDimensional, LocalDate on, Law law) {
        var perDay = law.value(overDimensional ? Law.Key.EWAY_KM_PER_DAY_OVERSIZE : Law.Key.EWAY_KM_PER_DAY, on);
        return Math.max(1, BigDecimal.valueOf(km).divide(perDay, 0, RoundingMode.CEILING).intValueExact());
    }

    /// The last minute of validity: each day ends at midnight of the day after it began.
    public static ZonedDateTime validUntil(ZonedDateTime generated, int days) {
        return generated.toLocalDate().plusDays(days).atTime(LocalTime.of(23, 59)).atZone(generated.getZone());
    }

    public static boolean mayBeExtended(Instant now, Instant validUntil, Law law) {
        var window = Duration.ofHours(law.value(Law.Key.EWAY_EXTEND_HOURS, on(now)).longValueExact());
        return Duration.between(now, validUntil).abs().compareTo(window) <= 0;
    }

    /// Extensions end so many days after the first issue.
    public static LocalDate lastDayOfExtensions(LocalDate issued, Law law) {
        return law.row(Law.Key.EWAY_EXTENSION_DAYS, "", issued).map(row -> issued.plusDays(row.value().longValueExact())).orElse(LocalDate.MAX);
    }

    public static boolean mayBeCancelled(Instant now, Instant generated, boolean verifiedInTransit, Law law) {
        return !verifiedInTransit && !now.isAfter(generated.plus(Duration.ofHours(law.value(Law.Key.EWAY_CANCEL_HOURS, on(now)).longValueExact())));
    }

    /// The oldest document that a new e-way bill may quote.
    public static LocalDate oldestDocument(LocalDate on, Law law) {
        return law.row(Law.Key.EWAY_DOCUMENT_AGE_DAYS, "", on).map(row -> on.minusDays(row.value().longValueExact())).orElse(LocalDate.MIN);
    }

    /// Whether the vehicle may be left out: consignor to transporter inside one State, at most so many kilometres.
    public static boolean vehicleMayBeMissing(boolean interState, int km, boolean toTransporter, LocalDate on, Law law) {
        return toTransporter && !interState && BigDecimal.valueOf(km).compareTo(law.value(Law.Key.EWAY_PART_B_FREE_KM, on)) <= 0;
    }

    private static LocalDate on(Instant now) {
        return LocalDate.ofInstant(now, ZONE);
    }
}
