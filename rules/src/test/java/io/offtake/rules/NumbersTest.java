package io.offtake.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    @ParameterizedTest(name = "DOMAIN B: {0} × {1} ÷ {2} is {3}, half away from zero")
    @CsvSource({"1,1,2,1", "-1,1,2,-1", "1,-1,2,-1", "3,1,2,2", "5,1,10,1", "4,1,10,0", "-5,1,10,-1", "825,1,10,83", "0,7,3,0", "7,0,3,0", "9223372036854775807,1,1,9223372036854775807"})
    void halfUp(long a, long b, long divisor, long expected) {
        assertThat(Fixed.mulDivHalfUp(a, b, divisor)).isEqualTo(expected);
    }

    @Test
    @DisplayName("products of 128 bits divide as exact arithmetic does")
    void wide() {
        for (long seed = 1; seed <= 20_000; seed++) {
            var random = new Random(seed);
            long a = random.nextLong() >> random.nextInt(63), b = random.nextLong() >> random.nextInt(63), d = (random.nextLong() >>> 1 >> random.nextInt(62)) + 1;
            if (a == Long.MIN_VALUE || b == Long.MIN_VALUE || d <= 0) continue;
            var product = new BigDecimal(BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)));
            var up = product.divide(BigDecimal.valueOf(d), 0, RoundingMode.HALF_UP).toBigInteger();
            var down = product.divide(BigDecimal.valueOf(d), 0, RoundingMode.DOWN).toBigInteger();
            if (up.bitLength() < 63) assertThat(Fixed.mulDivHalfUp(a, b, d)).as("seed %s", seed).isEqualTo(up.longValueExact());
            else if (up.bitLength() > 63) assertThatThrownBy(() -> Fixed.mulDivHalfUp(a, b, d)).as("seed %s", seed).isInstanceOf(ArithmeticException.class);
            if (down.bitLength() < 63) assertThat(Fixed.mulDivDown(a, b, d)).as("seed %s", seed).isEqualTo(down.longValueExact());
            if (a >= 0 && b >= 0) assertThat(Fixed.mulMod(a, b, d)).as("seed %s", seed).isEqualTo(product.toBigInteger().mod(BigInteger.valueOf(d)).longValueExact());
        }
    }

    @ParameterizedTest(name = "{0} at scale {1} prints as {2}")
    @CsvSource({"12.5,2,12.50", "-0.05,2,-0.05", "0,2,0.00", ".5,2,0.50", "7.,2,7.00", "1.230,2,1.23", "-12,0,-12", "5,3,5.000", "00012,2,12.00"})
    void readsAndPrints(String text, int scale, String printed) {
        assertThat(Money.parse(text, scale).toString()).isEqualTo(printed);
    }

    @ParameterizedTest(name = "[{0}] is no money of two decimals")
    @ValueSource(strings = {"", "-", ".", "1,5", "1.234", "1e3", " 1", "1 ", "+1", "99999999999999999999", "1.2.3", "٣"})
    void refuses(String text) {
        assertThatThrownBy(() -> Money.parse(text, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("STYLE 2: quantities, prices and rates refuse impossible values and overflow")
    @Tag("STK-09")
    void refusesTheImpossible() {
        assertThatThrownBy(() -> UnitPrice.parse("-0.01")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Rate.parse("-0.01")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Rate.parse("100.000001")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Money(1, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Money(1, 2).plus(new Money(1, 3))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Money(Long.MAX_VALUE, 2).plus(new Money(1, 2))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Qty.of(Long.MAX_VALUE)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> UnitPrice.parse("9000000").timesHalfUp(Qty.of(9_000_000_000_000L), 3)).isInstanceOf(ArithmeticException.class);
        assertThat(Qty.parse("12.345").toString()).isEqualTo("12.345");
        assertThat(Qty.parse("24.000").toString()).isEqualTo("24");
        assertThat(UnitPrice.parse("34.630000").toString()).isEqualTo("34.63");
        assertThat(UnitPrice.parse("1.388889").toString()).isEqualTo("1.388889");
        assertThat(Rate.ofPercent("5").toString()).isEqualTo("0.05");
        assertThat(Rate.parse("0.0125").toPercent()).isEqualTo("1.25");
    }

    @Test
    @DisplayName("IN-10: each head rounds HALF_UP on its own: 33.00 × 2.5 % = 0.825 is 0.83")
    @Tag("BIL-02")
    void taxHeads() {
        var heads = TaxIndex.onExclusive(3300, 50_000, 0, false);
        assertThat(heads.cgst).isEqualTo(83);
        assertThat(heads.sgst).isEqualTo(83);
        assertThat(TaxIndex.onExclusive(1010, 50_000, 0, true).igst).isEqualTo(51);
    }

    @Test
    @DisplayName("PX-06: taxes inside an inclusive value: 120.00 holds 2.86 and 2.86; taxable is what remains")
    @Tag("BIL-02")
    void inclusiveHeads() {
        var heads = TaxIndex.insideInclusive(12_000, 50_000, 0, false);
        assertThat(heads.cgst).isEqualTo(286);
        assertThat(heads.taxable).isEqualTo(11_428);
        for (long value = 0; value < 3000; value++) {
            var any = TaxIndex.insideInclusive(value, 400_000, 12_000, value % 2 == 0);
            assertThat(any.taxable + any.taxes()).isEqualTo(value);
        }
    }

    @Test
    @DisplayName("DOMAIN B: parts add up to the whole; equal remainders go to the earlier place; weight 0 gets nothing")
    void apportion() {
        assertThat(Apportion.split(1000, new long[] {1, 1, 1})).containsExactly(334, 333, 333);
        assertThat(Apportion.split(-1000, new long[] {1, 1, 1})).containsExactly(-334, -333, -333);
        assertThat(Apportion.split(10_000, new long[] {50, 50, 50, 50, 50, 50, 50})).containsExactly(1429, 1429, 1429, 1429, 1428, 1428, 1428);
        assertThat(Apportion.split(5, new long[] {0, 3, 0, 7})).containsExactly(0, 2, 0, 3);
        assertThat(Apportion.split(0, new long[] {0, 0})).containsExactly(0, 0);
        assertThatThrownBy(() -> Apportion.split(1, new long[] {0, 0})).isInstanceOf(IllegalArgumentException.class);
        for (long seed = 1; seed <= 3000; seed++) {
            var random = new Random(seed);
            var weights = new long[1 + random.nextInt(9)];
            for (int at = 0; at < weights.length; at++) weights[at] = random.nextInt(4) == 0 ? 0 : random.nextLong(1L << (1 + random.nextInt(58)));
            weights[random.nextInt(weights.length)]++;
            long total = random.nextLong(1L << (1 + random.nextInt(50)));
            var sum = BigInteger.ZERO;
            for (long weight : weights) sum = sum.add(BigInteger.valueOf(weight));
            if (sum.bitLength() > 62) continue;
            var parts = Apportion.split(total, weights);
            long whole = 0;
            for (int at = 0; at < parts.length; at++) {
                whole += parts[at];
                var floor = BigInteger.valueOf(total).multiply(BigInteger.valueOf(weights[at])).divide(sum).longValueExact();
                assertThat(parts[at]).as("seed %s", seed).isBetween(floor, weights[at] == 0 ? 0 : floor + 1);
            }
            assertThat(whole).as("seed %s", seed).isEqualTo(total);
        }
    }

    @Test
    @DisplayName("EX-06: 42 ÷ 1.05 ÷ 1.10 = 36.36; margin on MRP takes it off")
    @Tag("SCH-02")
    void priceFromMrp() {
        var onPrice = new RuleBook.MrpLink(Rate.parse("0.10"), RuleBook.MarginBasis.ON_PRICE, 2);
        assertThat(PriceIndex.fromMrp(onPrice, Money.parse("42.00", 2), 50_000).toString()).isEqualTo("36.36");
        assertThat(PriceIndex.fromMrp(new RuleBook.MrpLink(Rate.parse("0.10"), RuleBook.MarginBasis.ON_PRICE, 6), Money.parse("42.00", 2), 50_000).toString()).isEqualTo("36.363636");
        assertThat(PriceIndex.fromMrp(new RuleBook.MrpLink(Rate.parse("0.10"), RuleBook.MarginBasis.ON_MRP, 2), Money.parse("42.00", 2), 50_000).toString()).isEqualTo("36.00");
        for (int mrp = 1; mrp < 4000; mrp++) {
            var expected = BigDecimal.valueOf(mrp).divide(new BigDecimal("1.18").multiply(new BigDecimal("1.125")), 2, RoundingMode.HALF_UP);
            var link = new RuleBook.MrpLink(Rate.parse("0.125"), RuleBook.MarginBasis.ON_PRICE, 2);
            assertThat(new BigDecimal(PriceIndex.fromMrp(link, new Money(mrp * 100L, 2), 180_000).toString())).isEqualByComparingTo(expected);
        }
    }
}
