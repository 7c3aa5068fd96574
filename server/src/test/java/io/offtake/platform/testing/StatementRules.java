package io.offtake.platform.testing;

import io.offtake.platform.database.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a statement may look like so that it works, and reaches one shard only, when the schema is distributed (SCALE
/// rules 10 to 22). The test databases refuse a statement that breaks a rule, in the test that sends it.
public final class StatementRules {
    private static final Set<String> TENANT = Set.copyOf(Manifest.load().namesOf(Manifest.TableClass.DISTRIBUTED));
    private static final Pattern TENANT_TABLE = Pattern.compile("\\b(" + TENANT.stream().map(Pattern::quote).collect(Collectors.joining("|")) + ")\\b(?!\\.)");
    private static final Pattern BOUND = Pattern.compile("\\bdistributor_id\\s*(=|in\\b)|\\bin\\s*\\(\\s*select\\s+distributor_id|using\\s*\\(\\s*distributor_id|\\(\\s*(\\w+\\.)?distributor_id\\s*,[^)]*\\)\\s*(=|in\\b|>|<)");
    private static final Pattern INSERT = Pattern.compile("^insert\\s+into\\s+([a-z_.]+)(?:\\s+as\\s+\\w+)?\\s*\\(([^)]*)\\)");
    private static final Pattern OWNED = Pattern.compile("\\(distributor_id\\b[^)]*\\) select (\\w+)\\.distributor_id\\b.* from ([a-z_.]+) \\1 where \\1\\.distributor_id = \\?(?: on conflict\\b.*)?$");
    /// A statement over the whole network says so and why in its first comment.
    private static final Pattern NETWORK = Pattern.compile("^\\s*/\\*\\s*network:[^*]+\\*/", Pattern.CASE_INSENSITIVE);

    private StatementRules() {}

    /// Rules broken by the statements of one request, each as a sentence; empty when it may run.
    /// @param wholeNetwork whether it is sent by the role that reads every distributor
    public static List<String> broken(String request, boolean wholeNetwork) {
        var broken = new ArrayList<String>();
        for (var text : split(request)) {
            var sql = withoutNoise(text);
            if (sql.isEmpty()) continue;
            check(broken, sql.matches("^set (?!local\\b|transaction\\b).*"), "rule 16: session SET does not reach the workers", text);
            check(broken, sql.contains("set_config("), "rule 16: set_config does not reach the workers", text);
            check(broken, sql.startsWith("merge "), "rule 13: MERGE is refused", text);
            check(broken, sql.contains("create trigger") || sql.contains("create rule"), "rule 20: no logic in the database", text);
            check(broken, sql.matches(".*\\b(pg_notify|pg_advisory_\\w+)\\b.*") || sql.startsWith("listen ") || sql.startsWith("notify "), "rule 22: per node only", text);
            var tables = TENANT_TABLE.matcher(sql).results().map(match -> match.group(1)).distinct().toList();
            if (tables.isEmpty()) continue;
            var insert = INSERT.matcher(sql);
            boolean bound = BOUND.matcher(sql).find();
            if (insert.find()) bound |= insert.group(2).contains("distributor_id");
            check(broken, !bound && !wholeNetwork && !NETWORK.matcher(text).find(), "rule 10: a statement on " + String.join(", ", tables) + " binds distributor_id", text);
            check(broken, sql.matches("^insert into .*\\bselect\\b.*\\bunnest\\s*\\(.*") && TENANT.contains(target(sql)) && !isOwned(sql), "rule 13: INSERT .. SELECT unnest fails under row-level security", text);
            check(broken, sql.matches("^insert into .*\\)\\s*select\\b.*\\breturning\\b.*") && TENANT.contains(target(sql)), "rule 18: no RETURNING after INSERT .. SELECT", text);
            check(broken, sql.matches("^with .*\\binsert into .*"), "rule 13: no data-modifying CTE into a table under row-level security", text);
            check(broken, sql.matches(".*\\bdo update set\\b.*\\b(now\\s*\\(|current_timestamp|current_date|clock_timestamp|gen_random_uuid|uuidv7|random\\s*\\().*"), "rule 12: nothing volatile in DO UPDATE SET", text);
            check(broken, sql.matches("^update .*\\b(clock_timestamp|gen_random_uuid|uuidv7|random\\s*\\().*"), "rule 12: nothing volatile in UPDATE SET", text);
            check(broken, sql.matches(".*\\bwith recursive\\b.*|.*\\bgrouping sets\\b.*") && !bound, "rule 11: only within one distributor", text);
        }
        return broken;
    }

    /// `insert … select o.distributor_id, unnest(?) … from <tenant table> o where o.distributor_id = ?`: the rows hang on a row of the
    /// distributor's own, so that the statement is one of its shard and is pushed down whole (decision record 0260).
    private static boolean isOwned(String sql) {
        var owned = OWNED.matcher(sql);
        return owned.find() && TENANT.contains(owned.group(2));
    }

    private static void check(List<String> broken, boolean condition, String rule, String text) {
        if (condition) broken.add("SCALE " + rule + ": " + text.strip());
    }

    private static String target(String sql) {
        var matcher = INSERT.matcher(sql);
        return matcher.find() ? matcher.group(1) : "";
    }

    /// Lower case, one line, no comments, no string literals.
    private static String withoutNoise(String sql) {
        return sql.replaceAll("--[^\\n]*", " ").replaceAll("(?s)/\\*.*?\\*/", " ").replaceAll("'(?:[^']|'')*'", "''").toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").strip();
    }

    static List<String> split(String request) {
        var statements = new ArrayList<String>();
        var current = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < request.length(); i++) {
            char c = request.charAt(i);
            if (c == '\'') quoted = !quoted;
            if (c == ';' && !quoted) {
                statements.add(current.toString());
                current.setLength(0);
            } else {
                current.append(c);
            }
        }
        statements.add(current.toString());
        return statements;
    }
}
