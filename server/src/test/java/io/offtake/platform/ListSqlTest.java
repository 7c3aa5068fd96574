package io.offtake.platform;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.DECIMAL;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offtake.platform.testing.DatabaseTest;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Lists page through every row once, in the order asked for, and take nothing from the user but values.
@DatabaseTest
@Tag("INT-06")
class ListSqlTest {
    record Row(long id, String code, BigDecimal amount, LocalDate day) {}

    private static final ListSql LIST = ListSql.of("""
            select i as id, 'C' || (i % 7) as code, (i % 5) * 1.5 as amount, date '2026-01-01' + (i % 11)::int as day
              from generate_series(1, 100) i
            """)
            .key("id", LONG).sortable("code", TEXT).sortable("amount", DECIMAL).sortable("day", DATE)
            .equal("code", TEXT).from("from", "day", DATE).to("to", "day", DATE).search("code").order("code");

    private static Page<Row> page(JdbcClient jdbc, Map<String, String> parameters) {
        var all = new java.util.HashMap<String, String[]>();
        parameters.forEach((name, value) -> all.put(name, new String[] {value}));
        return LIST.page(jdbc, ListQuery.of(all), Map.of(), Row.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"code", "-code", "amount,-day", "-amount,code", "-id", "day,-code,amount", "id"})
    void pagesHoldEveryRowOnceInOrder(String sort, JdbcClient jdbc) {
        for (int limit : List.of(1, 7, 99, 100, 200)) {
            var seen = new ArrayList<Row>();
            @Nullable String cursor = "";
            while (cursor != null) {
                var page = page(jdbc, Map.of("sort", sort, "limit", Integer.toString(limit), "cursor", cursor));
                assertThat(page.items().size()).isLessThanOrEqualTo(limit);
                seen.addAll(page.items());
                cursor = page.next();
            }
            assertThat(seen).hasSize(100).doesNotHaveDuplicates().isSortedAccordingTo(order(sort));
        }
    }

    private static Comparator<Row> order(String sort) {
        Comparator<Row> order = (_, _) -> 0;
        for (var field : sort.split(",")) {
            Comparator<Row> by = switch (field.replace("-", "")) {
                case "code" -> Comparator.comparing(Row::code);
                case "amount" -> Comparator.comparing(Row::amount);
                case "day" -> Comparator.comparing(Row::day);
                default -> Comparator.comparing(Row::id);
            };
            order = order.thenComparing(field.startsWith("-") ? by.reversed() : by);
        }
        return order;
    }

    @Test
    void filtersAndSearchNarrow(JdbcClient jdbc) {
        assertThat(page(jdbc, Map.of("code", "C1,C2", "limit", "200")).items()).hasSize(30).allMatch(row -> row.code().matches("C[12]"));
        assertThat(page(jdbc, Map.of("from", "2026-01-03", "to", "2026-01-04", "limit", "200")).items()).isNotEmpty().allMatch(row -> row.day().getDayOfMonth() == 3 || row.day().getDayOfMonth() == 4);
        assertThat(page(jdbc, Map.of("q", "c3", "limit", "200")).items()).isNotEmpty().allMatch(row -> row.code().equals("C3"));
        assertThat(page(jdbc, Map.of("q", "%")).items()).as("a wildcard is a character").isEmpty();
    }

    @Test
    void refusesWhatItDoesNotKnowAndSaysWhatItDoes(JdbcClient jdbc) {
        for (var bad : List.of(Map.of("sort", "amount; drop table x"), Map.of("colour", "red"), Map.of("from", "yesterday"), Map.of("sort", "-"), Map.of("code; --", "1"))) {
            assertThatThrownBy(() -> page(jdbc, bad)).as(bad.toString()).isInstanceOfSatisfying(ProblemException.class,
                    refusal -> assertThat(refusal.problem().code()).isEqualTo(ProblemCode.FILTER_UNKNOWN));
        }
        for (var bad : List.of("0", "201", "-1", "x", "9999999999999")) {
            assertThatThrownBy(() -> page(jdbc, Map.of("limit", bad))).isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void aCursorThatWasTamperedWithIsRefused(JdbcClient jdbc) {
        var next = page(jdbc, Map.of("limit", "5")).next();
        assertThat(next).isNotNull();
        var random = new Random(1);
        for (int i = 0; i < 200; i++) {
            var text = new StringBuilder(next);
            int at = random.nextInt(text.length());
            char other = "ABCDEFGHIJKLMNOPabcdefghijklmnop0123456789-_".charAt(random.nextInt(44));
            if (text.charAt(at) == other) continue;
            text.setCharAt(at, other);
            var changed = text.toString();
            if (java.util.Arrays.equals(java.util.Base64.getUrlDecoder().decode(changed), java.util.Base64.getUrlDecoder().decode(next))) continue; // unused bits of the last character
            assertThatThrownBy(() -> page(jdbc, Map.of("cursor", changed))).as(changed).isInstanceOfSatisfying(ProblemException.class,
                    refusal -> assertThat(refusal.problem().code()).isEqualTo(ProblemCode.CURSOR_INVALID));
        }
        assertThatThrownBy(() -> page(jdbc, Map.of("cursor", next, "sort", "-amount"))).as("of another order").isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> page(jdbc, Map.of("cursor", "not base64 !"))).isInstanceOf(ProblemException.class);
    }
}
