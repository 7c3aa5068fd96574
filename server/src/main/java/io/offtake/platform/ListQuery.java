package io.offtake.platform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a list is asked for: `?cursor=&limit=&q=&sort=code,-name&status=ACTIVE`. Spring MVC fills it as an argument of a
/// controller method; [ListSql] turns it into SQL.
///
/// @param cursor  where to go on, null for the first page
/// @param limit   rows per page, 1 to 200
/// @param q       free text, matched by the list's search columns
/// @param sort    sort order, empty for the list's own
/// @param filters all other parameters by name
public record ListQuery(@Nullable String cursor, int limit, @Nullable String q, List<Sort> sort, Map<String, String> filters) {
    public static final int LIMIT_DEFAULT = 50;
    public static final int LIMIT_MAX = 200;
    private static final int Q_MAX = 200;

    public ListQuery {
        sort = List.copyOf(sort);
        filters = Map.copyOf(filters);
    }

    /// @param field      name as in the answer
    /// @param descending true for `-name`
    public record Sort(String field, boolean descending) {}

    /// The first page in the list's own order.
    public static ListQuery first() {
        return new ListQuery(null, LIMIT_DEFAULT, null, List.of(), Map.of());
    }

    /// The same question with one filter set by the server, such as the parent's id.
    public ListQuery with(String filter, Object value) {
        var all = new LinkedHashMap<>(filters);
        all.put(filter, value.toString());
        return new ListQuery(cursor, limit, q, sort, all);
    }

    /// Takes filters out that the controller handles itself.
    public ListQuery without(String... names) {
        var all = new LinkedHashMap<>(filters);
        for (var name : names) all.remove(name);
        return new ListQuery(cursor, limit, q, sort, all);
    }

    public @Nullable String filter(String name) {
        return filters.get(name);
    }

    /// Reads request parameters; a repeated one is refused.
    ///
    /// @throws ProblemException MALFORMED with one pointer per parameter
    public static ListQuery of(Map<String, String[]> parameters) {
        String cursor = null;
        String q = null;
        int limit = LIMIT_DEFAULT;
        var sort = new ArrayList<Sort>();
        var filters = new LinkedHashMap<String, String>();
        for (var parameter : parameters.entrySet()) {
            var name = parameter.getKey();
            if (parameter.getValue().length != 1) throw malformed(name, "is given more than once");
            var value = parameter.getValue()[0];
            if (value.isEmpty()) continue;
            switch (name) {
                case "cursor" -> cursor = value;
                case "limit" -> limit = limit(value);
                case "q" -> {
                    if (value.length() > Q_MAX) throw malformed(name, "is longer than " + Q_MAX + " characters");
                    q = value.strip().isEmpty() ? null : value.strip();
                }
                case "sort" -> {
                    for (var field : value.split(",", -1)) {
                        boolean descending = field.startsWith("-");
                        sort.add(new Sort(descending ? field.substring(1) : field, descending));
                    }
                }
                default -> filters.put(name, value);
            }
        }
        return new ListQuery(cursor, limit, q, sort, filters);
    }

    private static int limit(String value) {
        try {
            int limit = Integer.parseInt(value);
            if (limit >= 1 && limit <= LIMIT_MAX) return limit;
        } catch (NumberFormatException _) {
            // answered below
        }
        throw malformed("limit", "must be a whole number from 1 to " + LIMIT_MAX);
    }

    private static ProblemException malformed(String name, String text) {
        return Problem.of(ProblemCode.MALFORMED, name + " " + text + ".").at("?" + name, ProblemCode.MALFORMED, text).exception();
    }
}
