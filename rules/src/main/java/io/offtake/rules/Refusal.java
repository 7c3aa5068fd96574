package io.offtake.rules;

import java.util.List;

/// Why a command is refused: what rule, where, the values it saw, and what would be accepted.
///
/// @param line     the command's line number, null if it is about the document
/// @param skuId    the SKU it is about, null if none
/// @param rule     the domain rule's id, such as `PX-01`
/// @param values   what was found, name by name
/// @param accepted what would be accepted, in the same form
public record Refusal(Code code, Integer line, String skuId, String rule, List<Value> values, List<Value> accepted) {
    public Refusal {
        values = List.copyOf(values);
        accepted = List.copyOf(accepted);
    }

    public record Value(String name, String value) {}

    /// Stable codes, in the order in which the engine checks them. All refusals of the first stage that has one are given.
    public enum Code {
        // 1 form
        BUSINESS_DATE_OUTSIDE_BOOK, LINES_MISSING, LINE_DUPLICATE, SKU_UNKNOWN, PRINCIPAL_MIXED, UNIT_UNKNOWN, QTY_NOT_POSITIVE,
        QTY_NOT_WHOLE, AMOUNT_TOO_LARGE, MANUAL_REASON_MISSING, MANUAL_CODE_UNKNOWN,
        // 2 outlet
        OUTLET_BLOCKED, COMPOSITION_INTER_STATE,
        // 3 named batches
        BATCH_UNKNOWN, BATCH_EXPIRED, SHELF_LIFE_SHORT,
        // 4 tax
        TAX_RATE_MISSING,
        // 5 price
        PRICE_MISSING, CONFIG_CONFLICT, MANUAL_ABOVE_LIMIT,
        // 6 stock
        STOCK_SHORT,
        // 7 ceiling and floor
        PRICE_ABOVE_MRP, PRICE_BELOW_FLOOR,
        // 8 credit
        CREDIT_OVERDUE, CREDIT_LIMIT
    }
}
