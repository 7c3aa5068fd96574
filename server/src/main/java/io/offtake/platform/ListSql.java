package io.offtake.platform;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Filter, sort and page of a list whose base is a static statement. Users choose among declared fields only; every
/// value is bound. Field names are those of the answer (`businessDate`), columns of the base the same in snake case.
///
/// ```java
/// private static final ListSql OUTLETS = ListSql.of("""
///         select o.id, o.code, o.name, o.status from network.outlet o where o.distributor_id = :distributor
///         """)
///     .sortable("code", TEXT).sortable("name", TEXT).key("id", UUID)
///     .equal("status", TEXT)
///     .search("code", "name")
///     .order("code");
///
/// Page<OutletRow> page = OUTLETS.page(jdbc, query, Map.of("distributor", 7), OutletRow.class);
/// ```
///
/// Sort columns must not be null (wrap them in `coalesce`), or rows would be lost between pages.
public final class ListSql {
    /// How a filter's or cursor's text becomes a bound value.
    public enum Type {
        TEXT(text -> text, ""),
        LONG(Long::valueOf, "::bigint"),
        DECIMAL(ListSql::decimal, "::numeric"),
        DATE(LocalDate::parse, "::date"),
        INSTANT(text -> OffsetDateTime.ofInstant(Instant.parse(text), ZoneOffset.UTC), "::timestamptz"),
        UUID(ListSql::uuid, "::uuid"),
        BOOLEAN(ListSql::bool, "::boolean");

        private final Function<String, Object> parse;
        private final String cast;

        Type(Function<String, Object> parse, String cast) {
            this.parse = parse;
            this.cast = cast;
        }
    }

    private enum Test { EQUAL, FROM, TO }

    private record Filter(String column, Type type, Test test) {}

    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern DECIMAL_TEXT = Pattern.compile("-?\\d{1,18}(\\.\\d{1,9})?");
    private static final int IN_MAX = 100;

    private final String base;
    private final Map<String, Type> sortable = new LinkedHashMap<>();
    private final Map<String, Filter> filters = new LinkedHashMap<>();
    private final List<String> search = new ArrayList<>();
    private String key = "id";
    private List<ListQuery.Sort> order = List.of();

    private ListSql(String base) {
        this.base = base.strip();
    }

    /// @param base a `select` without `order by` and `limit`; it binds the row scope itself
    public static ListSql of(String base) {
        return new ListSql(base);
    }

    public ListSql sortable(String field, Type type) {
        sortable.put(field, type);
        return this;
    }

    /// The unique field that breaks ties; default `id`.
    public ListSql key(String field, Type type) {
        key = field;
        return sortable(field, type);
    }

    /// `?field=A` or `?field=A,B`.
    public ListSql equal(String field, Type type) {
        filters.put(field, new Filter(snake(field), type, Test.EQUAL));
        return this;
    }

    /// `?name=2026-04-01`: rows whose field is that or later.
    public ListSql from(String name, String field, Type type) {
        filters.put(name, new Filter(snake(field), type, Test.FROM));
        return this;
    }

    /// `?name=2026-04-30`: rows whose field is that or earlier.
    public ListSql to(String name, String field, Type type) {
        filters.put(name, new Filter(snake(field), type, Test.TO));
        return this;
    }

    /// Fields in which `q` is looked for, anywhere and in any case.
    public ListSql search(String... fields) {
        search.addAll(Arrays.asList(fields));
        return this;
    }

    /// The order when none is asked for: `"-postedAt"`, `"code"`.
    public ListSql order(String... fields) {
        order = Arrays.stream(fields).map(field -> new ListQuery.Sort(field.replaceFirst("^-", ""), field.startsWith("-"))).toList();
        return this;
    }

    /// Names that may be used as filters, for the API's documentation.
    public Set<String> filterNames() {
        return filters.keySet();
    }

    /// Names that may be used in `sort`, for the API's documentation.
    public Set<String> sortNames() {
        return sortable.keySet();
    }

    /// A page of records whose components are named as the base's columns.
    public <T> Page<T> page(JdbcClient jdbc, ListQuery query, Map<String, ?> parameters, Class<T> row) {
        return page(jdbc, query, parameters, DataClassRowMapper.newInstance(row));
    }

    /// A page, each row mapped by `mapper`.
    ///
    /// @throws ProblemException FILTER_UNKNOWN or CURSOR_INVALID
    public <T> Page<T> page(JdbcClient jdbc, ListQuery query, Map<String, ?> parameters, RowMapper<T> mapper) {
        var built = build(query, parameters);
        var keys = new ArrayList<List<String>>();
        var rows = jdbc.sql(built.sql()).params(built.parameters()).query((result, number) -> {
            var values = new ArrayList<String>();
            for (int i = 0; i < built.order().size(); i++) {
                var type = sortable.get(built.order().get(i).field());
                var value = type == Type.INSTANT ? result.getObject("k__" + i, OffsetDateTime.class).toInstant().toString()
                        : type == Type.BOOLEAN ? String.valueOf(result.getBoolean("k__" + i)) : result.getString("k__" + i);
                values.add(value == null ? "" : value);
            }
            keys.add(values);
            return mapper.mapRow(result, number);
        }).list();
        if (rows.size() <= query.limit()) return new Page<>(rows, null);
        var last = new Cursor(built.name(), keys.get(query.limit() - 1));
        return new Page<>(rows.subList(0, query.limit()), last.encode());
    }

    record Built(String sql, Map<String, Object> parameters, List<ListQuery.Sort> order, String name) {}

    Built build(ListQuery query, Map<String, ?> given) {
        var parameters = new HashMap<String, Object>(given);
        var where = new ArrayList<String>();
        query.filters().forEach((name, text) -> where.add(filter(name, text, parameters)));
        if (query.q() != null && !search.isEmpty()) {
            parameters.put("q__", "%" + query.q().replaceAll("([\\\\%_])", "\\\\$1") + "%");
            where.add("(" + String.join(" or ", search.stream().map(field -> "t." + snake(field) + " ilike :q__").toList()) + ")");
        }
        var sort = sort(query);
        var name = String.join(",", sort.stream().map(part -> (part.descending() ? "-" : "") + part.field()).toList());
        if (query.cursor() != null) where.add(after(Cursor.decode(query.cursor(), name, sort.size()), sort, parameters));
        var sql = new StringBuilder("select t.*");
        for (int i = 0; i < sort.size(); i++) sql.append(", t.").append(snake(sort.get(i).field())).append(" as k__").append(i);
        sql.append("\n  from (").append(base).append(") t");
        if (!where.isEmpty()) sql.append("\n where ").append(String.join("\n   and ", where));
        sql.append("\n order by ").append(String.join(", ", sort.stream().map(part -> "t." + snake(part.field()) + (part.descending() ? " desc" : "")).toList()));
        sql.append("\n limit ").append(query.limit() + 1);
        return new Built(sql.toString(), parameters, sort, name);
    }

    private List<ListQuery.Sort> sort(ListQuery query) {
        var asked = query.sort().isEmpty() ? order : query.sort();
        var sort = new ArrayList<ListQuery.Sort>();
        for (var part : asked) {
            if (!sortable.containsKey(part.field())) throw unknown("sort", "cannot sort by \"" + part.field() + "\"", sortable.keySet());
            if (sort.stream().noneMatch(other -> other.field().equals(part.field()))) sort.add(part);
        }
        if (sort.stream().noneMatch(part -> part.field().equals(key))) {
            sort.add(new ListQuery.Sort(key, !sort.isEmpty() && sort.getLast().descending()));
        }
        return sort;
    }

    private String filter(String name, String text, Map<String, Object> parameters) {
        var filter = filters.get(name);
        if (filter == null) throw unknown(name, "is not a filter of this list", filters.keySet());
        var texts = filter.test() == Test.EQUAL ? List.of(text.split(",", -1)) : List.of(text);
        if (texts.size() > IN_MAX) throw unknown(name, "has more than " + IN_MAX + " values", Set.of());
        var names = new ArrayList<String>();
        for (int i = 0; i < texts.size(); i++) {
            var parameter = "f_" + name + "_" + i;
            parameters.put(parameter, parse(name, texts.get(i), filter.type()));
            names.add(":" + parameter + filter.type().cast);
        }
        return "t." + filter.column() + switch (filter.test()) {
            case EQUAL -> " in (" + String.join(", ", names) + ")";
            case FROM -> " >= " + names.getFirst();
            case TO -> " <= " + names.getFirst();
        };
    }

    private static Object parse(String name, String text, Type type) {
        try {
            return type.parse.apply(text);
        } catch (IllegalArgumentException | DateTimeParseException _) {
            throw unknown(name, "\"" + text + "\" is not a value of type " + type, Set.of());
        }
    }

    /// `(a, b) > (x, y)` written out, so that directions may differ.
    private String after(Cursor cursor, List<ListQuery.Sort> sort, Map<String, Object> parameters) {
        var alternatives = new ArrayList<String>();
        var equal = new StringBuilder();
        for (int i = 0; i < sort.size(); i++) {
            var part = sort.get(i);
            var type = sortable.get(part.field());
            try {
                parameters.put("c__" + i, type.parse.apply(cursor.key().get(i)));
            } catch (IllegalArgumentException | DateTimeParseException _) {
                throw Cursor.invalid();
            }
            var column = "t." + snake(part.field());
            var value = ":c__" + i + type.cast;
            alternatives.add("(" + equal + column + (part.descending() ? " < " : " > ") + value + ")");
            equal.append(column).append(" = ").append(value).append(" and ");
        }
        return "(" + String.join(" or ", alternatives) + ")";
    }

    private static ProblemException unknown(String name, String text, Set<String> accepted) {
        return Problem.of(ProblemCode.FILTER_UNKNOWN, name + " " + text + ".")
                .at("?" + name, ProblemCode.FILTER_UNKNOWN, text, List.copyOf(accepted)).exception();
    }

    private static String snake(String field) {
        return field.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
    }

    private static UUID uuid(String text) {
        if (!UUID_TEXT.matcher(text).matches()) throw new IllegalArgumentException(text);
        return java.util.UUID.fromString(text);
    }

    private static BigDecimal decimal(String text) {
        if (!DECIMAL_TEXT.matcher(text).matches()) throw new IllegalArgumentException(text);
        return new BigDecimal(text);
    }

    private static Boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }
}
