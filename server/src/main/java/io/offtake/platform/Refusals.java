package io.offtake.platform;

import io.offtake.rules.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/// Refusals of the rules as problems: the first refusal gives the code, each its place, its values and what would be accepted.
public final class Refusals {
    private Refusals() {}

    /// @param lineIndex place of a line number in the request's `lines`
    /// @param skuNames  names for the sentences, by SKU id
    public static Problem problem(List<Refusal> refusals, IntUnaryOperator lineIndex, Map<Long, String> skuNames) {
        var first = refusals.getFirst();
        var problem = Problem.of(code(first.code()), sentence(first, skuNames) + (refusals.size() > 1 ? " (and " + (refusals.size() - 1) + " more)" : "")).rule(first.rule());
        for (var refusal : refusals) {
            var pointer = refusal.line() == null ? "" : "/lines/" + lineIndex.applyAsInt(refusal.line());
            problem = problem.at(new Problem.Fault(pointer, refusal.code().name(), sentence(refusal, skuNames), refusal.accepted().isEmpty() ? null : map(refusal.accepted())));
        }
        var details = refusals.stream().map(refusal -> {
            var detail = new LinkedHashMap<String, Object>();
            detail.put("code", refusal.code().name());
            detail.put("rule", refusal.rule());
            if (refusal.line() != null) detail.put("line", refusal.line());
            if (refusal.skuId() != null) detail.put("skuId", Long.valueOf(refusal.skuId()));
            detail.put("values", map(refusal.values()));
            detail.put("accepted", map(refusal.accepted()));
            return (Object) detail;
        }).toList();
        return problem.with(first.code() == Refusal.Code.STOCK_SHORT ? "gaps" : "refusals", details);
    }

    private static Map<String, String> map(List<Refusal.Value> values) {
        var map = new LinkedHashMap<String, String>();
        values.forEach(value -> map.put(value.name(), value.value()));
        return map;
    }

    private static String sentence(Refusal refusal, Map<Long, String> skuNames) {
        var text = new StringBuilder(code(refusal.code()).title());
        if (refusal.line() != null) text.append(", line ").append(refusal.line());
        if (refusal.skuId() != null) text.append(", ").append(skuNames.getOrDefault(Long.valueOf(refusal.skuId()), "SKU " + refusal.skuId()));
        append(text, ": ", refusal.values());
        append(text, "; accepted: ", refusal.accepted());
        return text.toString();
    }

    private static void append(StringBuilder text, String lead, List<Refusal.Value> values) {
        var separator = lead;
        for (var value : values) {
            text.append(separator).append(value.name()).append(' ').append(value.value());
            separator = ", ";
        }
    }

    static ProblemCode code(Refusal.Code code) {
        return switch (code) {
            case BUSINESS_DATE_OUTSIDE_BOOK -> ProblemCode.DATE_CLOSED;
            case LINES_MISSING, LINE_DUPLICATE, MANUAL_REASON_MISSING, MANUAL_CODE_UNKNOWN -> ProblemCode.INVALID;
            case MANUAL_ABOVE_LIMIT -> ProblemCode.MANUAL_ABOVE_LIMIT;
            case SKU_UNKNOWN, PRINCIPAL_MIXED -> ProblemCode.SKU_NOT_SOLD;
            case UNIT_UNKNOWN, QTY_NOT_POSITIVE, QTY_NOT_WHOLE, AMOUNT_TOO_LARGE -> ProblemCode.QUANTITY_INVALID;
            case OUTLET_BLOCKED -> ProblemCode.OUTLET_NOT_ACTIVE;
            case COMPOSITION_INTER_STATE, CONFIG_CONFLICT -> ProblemCode.REFUSED;
            case BATCH_UNKNOWN, BATCH_EXPIRED, SHELF_LIFE_SHORT -> ProblemCode.BATCH_NOT_SALEABLE;
            case TAX_RATE_MISSING -> ProblemCode.TAX_MISSING;
            case PRICE_MISSING -> ProblemCode.PRICE_MISSING;
            case STOCK_SHORT -> ProblemCode.STOCK_SHORT;
            case PRICE_ABOVE_MRP -> ProblemCode.PRICE_ABOVE_MRP;
            case PRICE_BELOW_FLOOR -> ProblemCode.PRICE_BELOW_FLOOR;
            case CREDIT_OVERDUE -> ProblemCode.CREDIT_OVERDUE;
            case CREDIT_LIMIT -> ProblemCode.CREDIT_LIMIT;
        };
    }
}
