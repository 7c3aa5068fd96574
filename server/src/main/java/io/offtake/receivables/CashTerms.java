package io.offtake.receivables;

import io.offtake.rules.Decision;
import io.offtake.rules.Money;
import io.offtake.rules.Rate;
import io.offtake.rules.Scheme.Mechanic;
import io.offtake.rules.Settlements;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What an outlet may deduct from a bill for early payment (M10, EX-18). Several schemes give one discount per day: the highest.
public record CashTerms(List<Term> terms) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    public static final CashTerms NONE = new CashTerms(List.of());

    public CashTerms {
        terms = List.copyOf(terms);
    }

    /// Paid by that day, so much of what is settled may be deducted; percent as a fraction.
    public record Term(LocalDate payBy, BigDecimal percent, long schemeId, int schemeVersion) {}

    /// What money does to a bill: it falls by `money` and `discount`; `surplus` is what it did not need.
    public record Settlement(BigDecimal money, BigDecimal discount, BigDecimal surplus, @Nullable Term term) {
        public BigDecimal settled() {
            return money.add(discount);
        }
    }

    /// The terms that a bill was decided with.
    public static CashTerms of(List<Decision.CashDiscount> discounts) {
        if (discounts.isEmpty()) return NONE;
        var days = new TreeSet<Integer>();
        for (var discount : discounts) for (var term : discount.terms()) days.add(term.payBy());
        var merged = new ArrayList<Term>();
        for (int day : days) {
            Term best = null;
            for (var discount : discounts)
                for (var term : discount.terms()) {
                    if (term.payBy() < day) continue;
                    var percent = BigDecimal.valueOf(term.percent().micros(), 6);
                    if (best == null || percent.compareTo(best.percent) > 0)
                        best = new Term(LocalDate.ofEpochDay(day), percent, Long.parseLong(discount.schemeId()), discount.schemeVersion());
                }
            if (best != null) merged.add(best);
        }
        return new CashTerms(merged);
    }

    /// As [#text] wrote them; null is none.
    public static CashTerms parse(@Nullable String text) {
        return text == null ? NONE : JSON.readValue(text, CashTerms.class);
    }

    /// As they are stored with the bill's open item; null if there are none.
    public @Nullable String text() {
        return terms.isEmpty() ? null : JSON.writeValueAsString(this);
    }

    /// What money that comes in on a day does to what is open of the bill: it settles money ÷ (1 − percent), at most all of it.
    public Settlement settle(LocalDate billedOn, BigDecimal open, LocalDate on, BigDecimal money) {
        var term = terms.stream().filter(one -> !on.isAfter(one.payBy)).findFirst().orElse(null);
        if (term == null) {
            var part = money.min(open);
            return new Settlement(part, BigDecimal.ZERO.setScale(2), money.subtract(part), null);
        }
        var rows = new ArrayList<Mechanic.CashDiscount.Term>();
        for (var one : terms)
            rows.add(new Mechanic.CashDiscount.Term((int) (one.payBy.toEpochDay() - billedOn.toEpochDay()), new Rate(one.percent.movePointRight(6).longValueExact())));
        var receipt = new Settlements.Receipt((int) on.toEpochDay(), units(money));
        var settled = Settlements.cash(rows, units(open), (int) billedOn.toEpochDay(), List.of(receipt), null).receipts().getFirst();
        var surplus = decimal(settled.surplus());
        return new Settlement(money.subtract(surplus), decimal(settled.discount()), surplus, term);
    }

    private static Money units(BigDecimal amount) {
        return new Money(amount.movePointRight(2).longValueExact(), 2);
    }

    private static BigDecimal decimal(Money amount) {
        return BigDecimal.valueOf(amount.units(), amount.scale());
    }
}
