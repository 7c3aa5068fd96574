package io.offtake.rules;

import java.util.List;

/// The principal's invoice as received: what was billed and free, and what of it arrived good, damaged or not at all.
public record GoodsReceipt(int businessDate, String principalId, List<Line> lines) {
    public GoodsReceipt {
        lines = List.copyOf(lines);
    }

    /// good + damaged + shortQty = billed + free.
    /// @param unitCost what the principal bills per base unit, before tax and after its discounts
    public record Line(int line, String skuId, String batchId, Money mrp, UnitPrice unitCost, Qty billed, Qty free,
                       Qty good, Qty damaged, Qty shortQty) {}

    /// A receipt with its taxes and the value of each bucket.
    public record Valued(String principalId, boolean interState, List<ValuedLine> lines, Money taxable, Money cgst, Money sgst,
                         Money igst, Money cess, Money total, Money vat) {
        public Valued {
            lines = List.copyOf(lines);
        }
    }

    /// @param landedCost per base unit over billed and free units together: the batch's cost
    public record ValuedLine(Line line, String taxRateId, Rate taxRate, Money taxable, Money cgst, Money sgst, Money igst,
                             Money cess, Money total, UnitPrice landedCost, Money goodValue, Money damagedValue, Money shortValue, Money vat) {}

    /// What [Engine#value] answers.
    public sealed interface Outcome {
        record Ok(Valued valued) implements Outcome {}

        record Refused(List<Refusal> refusals) implements Outcome {
            public Refused {
                refusals = List.copyOf(refusals);
            }
        }
    }
}
