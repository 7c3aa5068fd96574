package io.offtake.rules;

import io.offtake.rules.Scheme.Mechanic;
import java.util.ArrayList;
import java.util.List;

/// What is settled beside the bill: cash discount with the receipt (EX-18), display on evidence (EX-34), a period's account (EX-15 to EX-19).
public final class Settlements {
    private Settlements() {}

    /// Money that came in on an epoch day.
    public record Receipt(int on, Money amount) {}

    /// @param settled  of the bill, discount included; `surplus` what the bill did not need
    public record Settled(int on, Money amount, Rate percent, Money settled, Money discount, Money surplus) {}

    /// What closes the bill on a day.
    public record Quote(int on, Rate percent, Money discount, Money pay) {}

    public record Cash(List<Settled> receipts, Money balance, Quote quote) {
        public Cash {
            receipts = List.copyOf(receipts);
        }
    }

    /// EX-18: each receipt settles amount ÷ (1 − percent of its day), at most the balance.
    /// @param billedOn the bill's day; a receipt `days` later earns the first term that reaches it
    /// @param quoteOn  null: no quote
    public static Cash cash(List<Mechanic.CashDiscount.Term> terms, Money payable, int billedOn, List<Receipt> receipts, Integer quoteOn) {
        int scale = payable.scale();
        long balance = payable.units();
        var rows = new ArrayList<Settled>();
        for (var receipt : receipts) {
            long micros = percent(terms, receipt.on() - billedOn), amount = receipt.amount().units();
            // Nearly nothing left after the discount: the whole balance is settled by what closes it.
            long settled = Fixed.mulDivHalfUp(amount, 1_000_000, Math.max(1, 1_000_000 - micros));
            long discount, surplus = 0;
            if (settled >= balance) {
                settled = balance;
                discount = Math.min(balance, Fixed.mulDivHalfUp(balance, micros, 1_000_000));
                surplus = Math.max(0, amount - (balance - discount));
                if (surplus == 0) discount = balance - amount;
            } else discount = settled - amount;
            balance -= settled;
            rows.add(new Settled(receipt.on(), receipt.amount(), new Rate(micros), new Money(settled, scale), new Money(discount, scale), new Money(surplus, scale)));
        }
        Quote quote = null;
        if (quoteOn != null) {
            long micros = percent(terms, quoteOn - billedOn), discount = Fixed.mulDivHalfUp(balance, micros, 1_000_000);
            quote = new Quote(quoteOn, new Rate(micros), new Money(discount, scale), new Money(balance - discount, scale));
        }
        return new Cash(rows, new Money(balance, scale), quote);
    }

    private static long percent(List<Mechanic.CashDiscount.Term> terms, int days) {
        for (var term : terms) if (days <= term.days()) return Math.min(1_000_000, term.percent().micros());
        return 0;
    }

    /// An audit of a display: its score, or who missed it.
    public record Audit(Rate score, boolean missedByRep) {}

    public record Display(int counted, int passed, Money payout) {}

    /// EX-34: an audit that the rep missed does not count; one that the outlet prevented fails.
    public static Display display(Mechanic.Display display, List<Audit> audits) {
        int asked = display.audits(), passed = 0, missed = 0;
        for (var audit : audits) {
            if (audit.missedByRep()) missed++;
            else if (audit.score() != null && audit.score().compareTo(display.passScore()) >= 0) passed++;
        }
        int counted = Math.max(asked - missed, 0);
        passed = Math.min(passed, counted);
        long amount = display.amount().units();
        long payout = counted == 0 ? 0 : passed == counted ? amount : display.proRata() ? Fixed.mulDivHalfUp(amount, passed, counted) : 0;
        return new Display(counted, passed, new Money(payout, display.amount().scale()));
    }

    /// @param due     what the period comes to
    /// @param amount  the change against what was accrued
    /// @param carry   what was paid above it (0 or negative): for the next payout or a debit note
    public record Accrued(long counted, Money value, Money due, Money accrued, Money amount, Money carry) {}

    /// EX-15 to EX-17, EX-19: a period's account after `counted` and `value` are added (negative for a return).
    /// @param paid what was paid out; null: nothing
    public static Accrued accrue(Mechanic.Qps qps, int scale, DecideCommand.Cumulated before, long counted, long value, Money paid) {
        var basis = qps.count().basis();
        long sum = Math.addExact(Accruals.counted(before, basis, scale), counted), values = Math.addExact(Accruals.value(before, basis, scale), value);
        long accrued = Accruals.accrued(qps, before, scale);
        long due = Accruals.due(qps, scale, sum, values, before == null ? null : before.growthBase());
        long carry = paid == null ? 0 : Math.min(0, due - paid.units());
        return new Accrued(sum, new Money(values, scale), new Money(due, scale), new Money(accrued, scale), new Money(due - accrued, scale), new Money(carry, scale));
    }
}
