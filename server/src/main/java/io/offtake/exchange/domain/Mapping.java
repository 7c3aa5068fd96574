package io.offtake.exchange.domain;

import io.offtake.governance.Column;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Which heading of a file means which column: what was remembered, else name, title or alias, compared by letters and
/// digits alone.
public final class Mapping {
    private Mapping() {}

    /// @param remembered columns by normal heading; an empty one means: ignore it
    /// @return columns by heading, in the file's order; unknown headings are left out
    public static Map<String, String> guess(List<String> headings, List<? extends Column<?>> columns, Map<String, String> remembered) {
        var known = new LinkedHashMap<String, String>();
        for (var column : columns) {
            known.putIfAbsent(normal(column.name()), column.name());
            known.putIfAbsent(normal(column.title()), column.name());
        }
        for (var column : columns) for (var alias : column.aliases()) known.putIfAbsent(normal(alias), column.name());
        var names = new HashSet<String>();
        columns.forEach(column -> names.add(column.name()));
        var mapping = new LinkedHashMap<String, String>();
        var taken = new HashSet<String>();
        for (var heading : headings) {
            if (heading.equals(Sheet.WRONG) || heading.equals(Sheet.RIGHT)) continue;
            var normal = normal(heading);
            var column = remembered.containsKey(normal) ? remembered.get(normal) : known.get(normal);
            if (column != null && names.contains(column) && taken.add(column)) mapping.putIfAbsent(heading, column);
        }
        return mapping;
    }

    /// How much of a file a master understands: the required columns found, then all columns found.
    public static int fit(Map<String, String> mapping, List<? extends Column<?>> columns) {
        boolean complete = columns.stream().filter(Column::required).allMatch(column -> mapping.containsValue(column.name()));
        return complete ? 1000 + mapping.size() : mapping.size();
    }

    public static String normal(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{M}\\p{N}]", "");
    }
}
