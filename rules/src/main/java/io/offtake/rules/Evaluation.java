package io.offtake.rules;

import java.util.List;

/// What a cart earns by price and schemes alone ([Engine#evaluate]). Money before tax.
///
/// @param lines     as priced, by line number
/// @param free      free goods earned
/// @param gross     of all lines, in the currency's smallest unit; `discount` what schemes take off
/// @param refusals  what keeps it from being worked out; then the rest is empty
public record Evaluation(List<Line> lines, List<Free> free, long gross, long discount, List<Refusal> refusals, List<Applied> applied, List<Decision.SchemeTrace> trace,
                         List<Decision.Accrual> accruals) {

    /// A scheme that gave something: money in the smallest unit (free goods at the outlet's price), free base units in thousandths, and the lines it looked at.
    public record Applied(Scheme scheme, long benefit, long freeQty, int[] lines) {}

    /// Amounts in the currency's smallest unit.
    public record Line(int line, String skuId, UnitPrice unitPrice, long gross, long discount) {}

    /// @param value at the outlet's price, in the currency's smallest unit
    public record Free(String schemeId, String skuId, Qty qty, long value) {}
}
