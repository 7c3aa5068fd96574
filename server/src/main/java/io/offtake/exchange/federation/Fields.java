package io.offtake.exchange.federation;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Values as the contract writes them: decimals as strings or numbers with a point, days as ISO dates. No local habits.
final class Fields {
    private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,15}(\\.\\d{1,6})?");
    private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    private Fields() {}

    static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull() || node.isString() && node.asString().isBlank();
    }

    /// Null if it is none.
    static @Nullable BigDecimal decimal(JsonNode node) {
        if (!node.isString() && !node.isNumber()) return null;
        var text = node.isNumber() ? node.decimalValue().toPlainString() : node.asString().strip();
        return DECIMAL.matcher(text).matches() ? new BigDecimal(text) : null;
    }

    static BigDecimal decimalOrZero(JsonNode node) {
        var value = decimal(node);
        return value == null ? BigDecimal.ZERO : value;
    }

    /// Null if it is none.
    static @Nullable LocalDate date(JsonNode node) {
        if (!node.isString()) return null;
        var text = node.asString().strip();
        if (text.length() > 10 && text.charAt(10) == 'T') text = text.substring(0, 10);
        if (!DAY.matcher(text).matches()) return null;
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException _) {
            return null;
        }
    }

    static String text(JsonNode node) {
        return isAbsent(node) ? "" : node.asString().strip();
    }

    /// Null if it is neither yes nor no.
    static @Nullable Boolean flag(JsonNode node) {
        if (node.isBoolean()) return node.booleanValue();
        return switch (text(node).toLowerCase(java.util.Locale.ROOT)) {
            case "true", "yes", "y", "1" -> true;
            case "false", "no", "n", "0" -> false;
            default -> null;
        };
    }
}
