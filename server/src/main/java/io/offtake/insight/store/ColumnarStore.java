package io.offtake.insight.store;

import io.offtake.insight.domain.FactKind;
import io.offtake.platform.TenantTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A copy of the facts in a columnar store beside the application: a cache, which can be thrown away at any time.
///
/// It follows the versions of the facts, distributor by distributor. What is newer than its cursor is read in one snapshot
/// and replaces the same rows here in one transaction with the cursor: each version counts once, in order, whenever the
/// process dies. Facts that were made anew (another epoch) are copied from the start, month by month, so that a month of all
/// distributors lies together. One process holds the file; other nodes keep their own.
public final class ColumnarStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ColumnarStore.class);
    private static final String LAYOUT = "4";
    private static final int ROUND = 200;

    /// One table of facts that is followed by version.
    ///
    /// @param columns name and type here
    /// @param key     what a newer row replaces
    private record Table(String name, List<String> columns, List<String> key, boolean dated) {
        List<String> names() {
            return columns.stream().map(column -> column.substring(0, column.indexOf(' '))).toList();
        }
    }

    private static final String PLACE = "outlet_id integer, beat_id integer, channel varchar, outlet_class varchar";
    private static final String SUMS = "nsv decimal(18,2), gross decimal(18,2), scheme_discount decimal(18,2), manual_discount decimal(18,2), returned decimal(18,2), "
            + "billed_qty decimal(18,3), free_qty decimal(18,3), returned_qty decimal(18,3), cost decimal(18,2)";
    private static final String HEAD = "distributor_id bigint, business_date date, ";

    private static Table table(String name, String key, String columns) {
        var list = new ArrayList<String>();
        for (var column : columns.split(", (?=[a-z])")) list.add(column);
        return new Table(name, List.copyOf(list), List.of(key.split(", ")), columns.startsWith(HEAD));
    }

    private static final List<Table> TABLES = List.of(
            table("outlet_place", "distributor_id, outlet_id, from_on", "distributor_id bigint, outlet_id integer, from_on date, to_on date, since date, platform_outlet_id integer, beat_id integer, channel varchar, outlet_class varchar, status varchar, name varchar"),
            table("sales_document", "distributor_id, business_date, id", HEAD + "id uuid, kind varchar, principal_id bigint, " + PLACE + ", order_id uuid, delivered_on date, lines integer, " + SUMS + ", payable decimal(18,2), cancelled boolean, source varchar, posted_on date"),
            table("sales_daily", "distributor_id, business_date, outlet_id, sku_id, source", HEAD + "sku_id bigint, source varchar, principal_id bigint, " + PLACE + ", bills integer, invoice_lines integer, priced_lines integer, " + SUMS),
            table("sales_month", "distributor_id, business_date, sku_id, source", HEAD + "sku_id bigint, source varchar, principal_id bigint, invoice_lines integer, priced_lines integer, " + SUMS),
            table("scheme_use", "distributor_id, business_date, id, scheme_id, sku_id", HEAD + "id uuid, scheme_id bigint, sku_id bigint, kind varchar, principal_id bigint, " + PLACE + ", benefit decimal(18,2), claim decimal(18,2), cancelled boolean, source varchar"),
            table("note_line", "distributor_id, business_date, id, sku_id", HEAD + "id uuid, sku_id bigint, principal_id bigint, " + PLACE + ", value decimal(18,2), cancelled boolean, source varchar"),
            table("return_line", "distributor_id, business_date, id, sku_id", HEAD + "id uuid, sku_id bigint, reason varchar, principal_id bigint, " + PLACE + ", value decimal(18,2), qty decimal(18,3), cancelled boolean, source varchar"),
            table("primary_daily", "distributor_id, business_date, sku_id, source", HEAD + "sku_id bigint, source varchar, principal_id bigint, value decimal(18,2), billed_qty decimal(18,3), free_qty decimal(18,3), short_qty decimal(18,3)"),
            table("order_line", "distributor_id, business_date, id, line", HEAD + "id uuid, line integer, principal_id bigint, " + PLACE + ", sku_id bigint, ordered_qty decimal(18,3), delivered_qty decimal(18,3), rate decimal(18,6), promise_on date, delivered_on date, state varchar, reason varchar, source varchar"),
            table("stock_daily", "distributor_id, business_date, sku_id, source", HEAD + "sku_id bigint, source varchar, principal_id bigint, qty decimal(18,3), value decimal(18,2), issued_cost decimal(18,2)"),
            table("stock_month", "distributor_id, business_date, sku_id, source", HEAD + "sku_id bigint, source varchar, principal_id bigint, qty decimal(18,3), value decimal(18,2), issued_cost decimal(18,2)"),
            table("receivable_daily", "distributor_id, business_date, outlet_id, principal_id, source", HEAD + PLACE + ", source varchar, principal_id bigint, charged decimal(18,2), credited decimal(18,2), collected decimal(18,2)"),
            table("visit", "distributor_id, business_date, id", HEAD + "id uuid, " + PLACE + ", rep varchar, planned boolean, done boolean, productive boolean, skus integer, in_fence boolean, source varchar"),
            table("target", "distributor_id, metric, business_date", HEAD + "metric varchar, value decimal(18,2)"));

    /// Sums of facts by distributor and day or month (business_date is then its first day): what managers ask of a country needs no more.
    ///
    /// @param of    the facts
    /// @param month whether by month
    /// @param keys  beside distributor and date, `name type = expression`; the expression may be left out
    /// @param sums  `name type = expression`, of `f`
    /// @param where which facts count
    private record Rollup(String name, String of, boolean month, List<String> keys, List<String> sums, String where) {
        String columns() {
            return "distributor_id bigint, business_date date, " + java.util.stream.Stream.concat(keys.stream(), sums.stream()).map(column -> column.split(" = ", 2)[0]).collect(Collectors.joining(", "));
        }

        String select() {
            var columns = new ArrayList<>(List.of("f.distributor_id", month ? "date_trunc('month', f.business_date)::date" : "f.business_date"));
            for (var key : keys) columns.add(key.contains(" = ") ? key.split(" = ", 2)[1] : "f." + key.split(" ")[0]);
            for (var sum : sums) columns.add(sum.contains(" = ") ? sum.split(" = ", 2)[1] : "sum(f." + sum.split(" ")[0] + ")");
            return String.join(", ", columns);
        }
    }

    private static List<String> list(String columns) {
        return List.of(columns.split(", (?=[a-z_]+ (?:bigint|integer|utinyint|ubigint|varchar|date|decimal))"));
    }

    private static final List<String> OWNED = List.of("principal_id bigint", "source varchar");
    private static final List<String> PLACED = list(PLACE + ", principal_id bigint, source varchar");
    private static final String INVOICES = "count(*) filter (where f.kind = 'INVOICE')";
    private static final List<Rollup> ROLLUPS = List.of(
            new Rollup("sales_part", "sales_month", true, OWNED, list(SUMS), "true"),
            new Rollup("bill_day", "sales_document", false, OWNED, list(SUMS + ", bills bigint = " + INVOICES + ", digital decimal(18,2) = sum(f.nsv) filter (where f.source = 'LIVE' and f.manual_discount = 0), prior decimal(18,2) = sum(f.nsv) filter (where f.posted_on is not null)"), "not f.cancelled"),
            new Rollup("line_day", "sales_daily", false, OWNED, list("tlsd bigint = count(*) filter (where f.billed_qty > 0), invoice_lines bigint, priced_lines bigint"), "true"),
            new Rollup("outlet_month", "sales_document", true, PLACED, list("nsv decimal(18,2), bills bigint = " + INVOICES + ", first_on date = min(f.business_date) filter (where f.kind = 'INVOICE'), last_on date = max(f.business_date) filter (where f.kind = 'INVOICE')"), "not f.cancelled"),
            // which SKUs were billed, 64 in a number
            new Rollup("range_month", "sales_daily", true, with(PLACED, "chunk bigint = f.sku_id // 64"), list("bits ubigint = bit_or(1::ubigint << (f.sku_id % 64)::ubigint)"), "f.billed_qty > 0"),
            new Rollup("order_day", "order_line", false, List.of("principal_id bigint", "source varchar", "promise_on date"), list("lines bigint = count(*), whole bigint = count(*) filter (where f.delivered_qty >= f.ordered_qty), ordered_qty decimal(18,3), filled decimal(18,3) = sum(least(f.delivered_qty, f.ordered_qty))"
                    + ", value decimal(18,2) = sum(round(cast(f.ordered_qty as decimal(28,3)) * f.rate, 2)), filled_value decimal(18,2) = sum(round(cast(least(f.delivered_qty, f.ordered_qty) as decimal(28,3)) * f.rate, 2))"), "f.state <> 'CANCELLED_CUSTOMER'"),
            new Rollup("stock_part", "stock_month", true, OWNED, list("qty decimal(18,3), value decimal(18,2), issued_cost decimal(18,2)"), "true"),
            new Rollup("primary_part", "primary_daily", true, OWNED, list("value decimal(18,2), billed_qty decimal(18,3), free_qty decimal(18,3), short_qty decimal(18,3)"), "true"),
            new Rollup("scheme_part", "scheme_use", true, List.of("scheme_id bigint", "principal_id bigint", "source varchar"), list("benefit decimal(18,2), claim decimal(18,2)"), "not f.cancelled"),
            new Rollup("receivable_part", "receivable_daily", true, OWNED, list("charged decimal(18,2), credited decimal(18,2), collected decimal(18,2)"), "true"));

    /// Stock cover as of a distributor's day; what its columns mean stands with [Compiler#cover].
    private static final String COVER = "distributor_id bigint, today date, sku_id bigint, principal_id bigint, stock decimal(18,3), value decimal(18,2), billed decimal(18,3), days integer, run decimal(30,0), source varchar, fresh boolean";
    /// So many distributors' cover is made at a time: a day turns for all of them at once.
    private static final int COVERED_AT_ONCE = 50;

    private static List<String> with(List<String> some, String more) {
        var all = new ArrayList<>(some);
        all.add(more);
        return List.copyOf(all);
    }

    /// States of a distributor, replaced as a whole: target, its columns, and where they come from.
    private record State(String name, String columns, String from) {}

    private static final List<State> STATES = List.of(
            new State("insight.stock_now", "distributor_id bigint, sku_id bigint, principal_id bigint, batch_no varchar, bucket varchar, qty decimal(18,3), unit_cost decimal(18,6), expires_on date, source varchar", Dialect.POSTGRES.stockNow()),
            new State("insight.first_receipt", "distributor_id bigint, sku_id bigint, received_on date", Dialect.POSTGRES.firstReceipts()),
            new State("insight.open_now", "distributor_id bigint, principal_id bigint, kind varchar, due_on date, open_amount decimal(18,2), source varchar, outlet_id integer, beat_id integer, channel varchar, outlet_class varchar", Dialect.POSTGRES.openItems()));

    /// Sums of states by distributor: target, its columns, and the select that fills it, up to its condition.
    private record SumOfState(String name, String columns, String select) {
        String fill(String where) {
            return "insert into insight." + name + " " + select + " and " + where + " group by all";
        }
    }

    private static final List<SumOfState> SUMS_OF_STATES = List.of(
            new SumOfState("open_part", "distributor_id bigint, principal_id bigint, kind varchar, due_on date, source varchar, open_amount decimal(18,2)", "select distributor_id, principal_id, kind, due_on, source, sum(open_amount) from insight.open_now where true"),
            new SumOfState("stock_worth", "distributor_id bigint, principal_id bigint, source varchar, value decimal(18,2)",
                    "select distributor_id, principal_id, source, sum(round(cast(qty as decimal(28,3)) * unit_cost, 2)) from insight.stock_now where bucket in ('SALEABLE', 'RESERVED')"));

    /// Masters, replaced as a whole when one of them changed.
    private static final List<State> MASTERS = List.of(
            new State("network.place", "distributor_id bigint, territory_id bigint, region_id bigint, tier varchar, supplier_id bigint", Dialect.POSTGRES.places()),
            new State("network.territory", "id bigint, name varchar", "network.territory"),
            new State("network.distributor", "id bigint, name varchar", "network.distributor"),
            new State("network.principal", "id bigint, name varchar", "network.principal"),
            new State("network.distributor_principal", "distributor_id bigint, principal_id bigint", "network.distributor_principal"),
            new State("catalog.category", "id bigint, name varchar", "catalog.category"),
            new State("catalog.brand", "id bigint, name varchar", "catalog.brand"),
            new State("catalog.sku", "id bigint, name varchar, principal_id bigint, category_id bigint, brand_id bigint, must_stock boolean, status varchar", "catalog.sku"),
            new State("schemes.scheme", "id bigint, code varchar", "schemes.scheme"));

    private static final String FINGERPRINT = """
            select md5(string_agg(x.part, ',' order by x.part)) from (
                   select 't' || coalesce(md5(string_agg(t.id || t.name || t.kind || coalesce(t.parent_id, 0), ',' order by t.id)), '') as part from network.territory t
                   union all select 'd' || coalesce(md5(string_agg(t.id || t.name || coalesce(t.territory_id, 0) || t.tier || coalesce(t.supplier_id, 0), ',' order by t.id)), '') from network.distributor t
                   union all select 'p' || coalesce(md5(string_agg(t.id || t.name, ',' order by t.id)), '') from network.principal t
                   union all select 'dp' || coalesce(md5(string_agg(t.distributor_id || ':' || t.principal_id, ',' order by t.distributor_id, t.principal_id)), '') from network.distributor_principal t
                   union all select 'c' || coalesce(md5(string_agg(t.id || t.name, ',' order by t.id)), '') from catalog.category t
                   union all select 'b' || coalesce(md5(string_agg(t.id || t.name, ',' order by t.id)), '') from catalog.brand t
                   union all select 's' || coalesce(md5(string_agg(t.id || t.name || t.category_id || ':' || t.brand_id || t.must_stock || t.status, ',' order by t.id)), '') from catalog.sku t
                   union all select 'h' || coalesce(md5(string_agg(t.id || t.code, ',' order by t.id)), '') from schemes.scheme t) x""";

    /// How far the copy of a distributor's facts is.
    ///
    /// @param zone  of the distributor; only where it was read from the facts
    /// @param today the day that its stock cover is of; only in the copy
    record Cursor(long version, long epoch, long seq, @Nullable Instant asOf, @Nullable LocalDate firstDay, boolean filed, ZoneId zone, @Nullable LocalDate today) {}

    private final TenantTransaction transactions;
    private final Clock clock;
    private final Path directory;
    private final String memory;
    private final int threads;
    private final ReentrantLock syncing = new ReentrantLock();
    private @Nullable Connection connection;
    private volatile boolean complete;
    private String masters = "";

    /// @param directory where the file lies; everything in it may be deleted while the application is down
    /// @param memory    limit of the engine, as `512MB`
    public ColumnarStore(TenantTransaction transactions, Clock clock, Path directory, String memory, int threads) {
        this.transactions = transactions;
        this.clock = clock;
        this.directory = directory;
        this.memory = memory;
        this.threads = threads;
    }

    /// Whether it has caught up once since it was opened, so that questions may be put to it.
    public boolean complete() {
        return complete;
    }

    /// A connection of one's own, to be closed; it sees one snapshot within a transaction. It is a way around the compiler, and with
    /// it around the scope of users: for the engine and for measurements.
    public Connection reader() throws SQLException {
        return ((org.duckdb.DuckDBConnection) open()).duplicate();
    }

    private synchronized Connection open() throws SQLException {
        if (connection != null) return connection;
        try {
            Files.createDirectories(directory.resolve("spill"));
            var file = directory.resolve("facts-" + LAYOUT + ".duckdb");
            try (var old = Files.list(directory)) {
                for (var one : old.filter(path -> path.getFileName().toString().startsWith("facts-") && !path.getFileName().toString().startsWith("facts-" + LAYOUT + ".")).toList()) Files.delete(one);
            }
            try {
                connection = connect(file);
            } catch (SQLException broken) {
                LOG.warn("The columnar copy of the facts cannot be opened and is made anew", broken);
                Files.deleteIfExists(file);
                Files.deleteIfExists(directory.resolve(file.getFileName() + ".wal"));
                connection = connect(file);
            }
            return connection;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Connection connect(Path file) throws SQLException {
        var properties = new Properties();
        properties.setProperty("memory_limit", memory);
        properties.setProperty("threads", Integer.toString(threads));
        properties.setProperty("temp_directory", directory.resolve("spill").toString());
        properties.setProperty("preserve_insertion_order", "false");
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        var opened = new org.duckdb.DuckDBDriver().connect("jdbc:duckdb:" + file, properties);
        try (var statement = opened.createStatement()) {
            for (var schema : List.of("insight", "network", "catalog", "schemes")) statement.execute("create schema if not exists " + schema);
            for (var table : TABLES) statement.execute("create table if not exists insight." + table.name + " (" + String.join(", ", table.columns) + ")");
            for (var rollup : ROLLUPS) statement.execute("create table if not exists insight." + rollup.name + " (" + rollup.columns() + ")");
            statement.execute("create table if not exists insight.cover_now (" + COVER + ")");
            for (var state : STATES) statement.execute("create table if not exists " + state.name + " (" + state.columns + ")");
            for (var state : MASTERS) statement.execute("create table if not exists " + state.name + " (" + state.columns + ")");
            for (var sum : SUMS_OF_STATES) {
                // a copy that was made before there were such sums has what they are sums of
                boolean there;
                try (var row = statement.executeQuery("select count(*) > 0 from information_schema.tables where table_schema = 'insight' and table_name = '" + sum.name + "'")) {
                    row.next();
                    there = row.getBoolean(1);
                }
                if (there) continue;
                statement.execute("create table insight." + sum.name + " (" + sum.columns + ")");
                statement.execute(sum.fill("true"));
            }
            // rises with every change of the cursors
            statement.execute("create table if not exists insight.turn (n bigint)");
            statement.execute("insert into insight.turn select 0 where not exists (select 1 from insight.turn)");
            // rises with every change of masters
            statement.execute("create table if not exists network.edition (n bigint)");
            statement.execute("insert into network.edition select 0 where not exists (select 1 from network.edition)");
            statement.execute("create sequence if not exists network.internal_id");
            statement.execute("create table if not exists network.outlet (distributor_id bigint, id integer, uid uuid, platform_outlet_id integer, name varchar)");
            statement.execute("create table if not exists network.beat (distributor_id bigint, id integer, uid uuid, name varchar)");
            statement.execute("create table if not exists network.platform_outlet (id integer, uid uuid)");
            statement.execute("create table if not exists insight.cursor (distributor_id bigint primary key, version bigint, epoch bigint, seq bigint, as_of timestamptz, first_day date, filed boolean, today date)");
            // a copy whose cover was made before days without stock were taken out of it makes it again
            boolean daily;
            try (var row = statement.executeQuery("select count(*) > 0 from information_schema.columns where table_schema = 'insight' and table_name = 'cover_now' and column_name = 'run'")) {
                row.next();
                daily = row.getBoolean(1);
            }
            if (!daily) {
                statement.execute("drop table insight.cover_now");
                statement.execute("create table insight.cover_now (" + COVER + ")");
                statement.execute("update insight.cursor set today = null");
            }
        } catch (SQLException failure) {
            opened.close();
            throw failure;
        }
        return opened;
    }

    /// What a reader's snapshot holds beside facts; read again when it changes.
    ///
    /// @param ranges whether nothing was billed less than nothing, so that ranges hold what was billed
    /// @param names  of masters
    record Known(long turn, long edition, Map<Long, Cursor> cursors, boolean ranges, Finish.Names names) {}

    private volatile Known known = new Known(-1, -1, Map.of(), false, Finish.Names.NONE);

    Known known(Connection reader) throws SQLException {
        long turn;
        long edition;
        try (var statement = reader.createStatement(); var row = statement.executeQuery("select t.n, e.n from insight.turn t, network.edition e")) {
            row.next();
            turn = row.getLong(1);
            edition = row.getLong(2);
        }
        var last = known;
        if (last.turn == turn && last.edition == edition) return last;
        boolean ranges;
        try (var statement = reader.createStatement(); var row = statement.executeQuery("select not exists (select 1 from insight.sales_daily where billed_qty < 0)")) {
            row.next();
            ranges = row.getBoolean(1);
        }
        var now = new Known(turn, edition, Map.copyOf(cursors(reader)), ranges, last.edition == edition ? last.names : names(reader));
        known = now;
        return now;
    }

    /// Of whom facts of a kind are in the copy, and which state of their facts was looked at.
    private record Sent(Map<Long, List<Long>> marks, Map<Long, Set<Long>> principals) {}

    private final Map<FactKind, Sent> sent = new java.util.concurrent.ConcurrentHashMap<>();

    /// Of whom facts of kinds are known, by distributor and principal: looked for again only where facts are newer.
    Map<FactKind, Map<Long, Set<Long>>> sent(Connection reader, Map<Long, Cursor> cursors, Set<FactKind> kinds) throws SQLException {
        var all = new EnumMap<FactKind, Map<Long, Set<Long>>>(FactKind.class);
        for (var kind : kinds) {
            var last = sent.getOrDefault(kind, new Sent(Map.of(), Map.of()));
            var newer = cursors.entrySet().stream().filter(one -> !mark(one.getValue()).equals(last.marks.get(one.getKey()))).map(Map.Entry::getKey).collect(Collectors.toSet());
            if (newer.isEmpty() && last.marks.size() == cursors.size()) {
                all.put(kind, last.principals);
                continue;
            }
            var principals = new HashMap<Long, Set<Long>>();
            last.principals.forEach((id, of) -> {
                if (cursors.containsKey(id) && !newer.contains(id)) principals.put(id, of);
            });
            var table = switch (kind) {
                case PRIMARY -> "primary_part";
                case STOCK -> "stock_part" + union("stock_worth");
                case MONEY -> "receivable_part" + union("open_part");
                case ORDERS -> "order_day";
                case VISITS -> "visit";
                case TARGETS -> "target";
            };
            // most of the network's at once: all rows are read anyway
            var where = newer.size() * 2 > cursors.size() ? "" : " where distributor_id in (" + newer.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ")";
            if (!newer.isEmpty()) {
                try (var statement = reader.createStatement(); var row = statement.executeQuery("select distinct distributor_id, " + (kind.ofPrincipals() ? "principal_id" : "0::bigint") + " from (select distributor_id" + (kind.ofPrincipals() ? ", principal_id" : "") + " from insight." + table + ")" + where)) {
                    while (row.next()) if (newer.contains(row.getLong(1))) principals.computeIfAbsent(row.getLong(1), _ -> new HashSet<>()).add(row.getLong(2));
                }
            }
            var marks = new HashMap<Long, List<Long>>();
            cursors.forEach((id, cursor) -> marks.put(id, mark(cursor)));
            sent.put(kind, new Sent(marks, principals));
            all.put(kind, principals);
        }
        return all;
    }

    /// What lies there or is open beside what moved.
    private static String union(String states) {
        return " union all select distributor_id, principal_id from insight." + states;
    }

    private static List<Long> mark(Cursor cursor) {
        return List.of(cursor.version, cursor.epoch);
    }

    private static Finish.Names names(Connection reader) throws SQLException {
        var tables = Map.of("region", "network.territory", "territory", "network.territory", "distributor", "network.distributor", "super-stockist", "network.distributor", "principal", "network.principal",
                "category", "catalog.category", "brand", "catalog.brand", "sku", "catalog.sku", "scheme", "schemes.scheme");
        var all = new HashMap<String, Map<Long, String>>();
        for (var one : tables.entrySet()) {
            var names = new HashMap<Long, String>();
            try (var statement = reader.createStatement(); var row = statement.executeQuery("select id, " + (one.getKey().equals("scheme") ? "code" : "name") + " from " + one.getValue())) {
                while (row.next()) names.put(row.getLong(1), row.getString(2));
            }
            all.put(one.getKey(), names);
        }
        return new Finish.Names(Map.copyOf(all));
    }

    /// Days of the first facts of principals, by distributor.
    static Map<Long, LocalDate> first(Connection reader, Collection<Long> principals) throws SQLException {
        var days = new HashMap<Long, LocalDate>();
        if (principals.isEmpty()) return days;
        try (var statement = reader.createStatement(); var row = statement.executeQuery("select distributor_id, min(business_date) from insight.bill_day where principal_id in (" + principals.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ") group by 1")) {
            while (row.next()) days.put(row.getLong(1), row.getObject(2, LocalDate.class));
        }
        return days;
    }

    /// Cursors as a reader's snapshot sees them.
    static Map<Long, Cursor> cursors(Connection reader) throws SQLException {
        var cursors = new HashMap<Long, Cursor>();
        try (var statement = reader.createStatement(); var row = statement.executeQuery("select distributor_id, version, epoch, seq, epoch_us(as_of) as as_of, first_day, filed, today from insight.cursor")) {
            while (row.next()) cursors.put(row.getLong("distributor_id"), cursor(row));
        }
        return cursors;
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (java.time.DateTimeException unknown) {
            return ZoneId.of("UTC");
        }
    }

    private static Cursor cursor(ResultSet row) throws SQLException {
        long micros = row.getLong("as_of");
        var asOf = row.wasNull() ? null : Instant.EPOCH.plus(micros, java.time.temporal.ChronoUnit.MICROS);
        return new Cursor(row.getLong("version"), row.getLong("epoch"), row.getLong("seq"), asOf, row.getObject("first_day", LocalDate.class), row.getBoolean("filed"), ZoneId.of("UTC"), row.getObject("today", LocalDate.class));
    }

    /// Where the progress of a long copy is told.
    @FunctionalInterface
    public interface Told {
        /// @param rows copied so far
        void at(String what, long rows);
    }

    /// Copies what is newer.
    ///
    /// @return how many distributors had news
    public int sync(Told told) {
        syncing.lock();
        try {
            var here = open();
            var known = cursors(here);
            return transactions.networkOn(truth -> {
                try (var statement = truth.createStatement()) {
                    statement.execute("set transaction isolation level repeatable read; set local jit = off");
                }
                var heads = heads(truth);
                masters(truth, here);
                var anew = new ArrayList<Long>();
                var newer = new ArrayList<Long>();
                heads.forEach((id, head) -> {
                    var cursor = known.get(id);
                    if (cursor == null || cursor.epoch != head.epoch) anew.add(id);
                    else if (cursor.version != head.version) newer.add(id);
                });
                if (!anew.isEmpty()) copy(truth, here, anew, heads, told);
                for (int from = 0; from < newer.size(); from += ROUND) follow(truth, here, newer.subList(from, Math.min(newer.size(), from + ROUND)), known, heads);
                if (!anew.isEmpty() || !newer.isEmpty()) names(truth, here);
                turned(here, heads);
                complete = true;
                return anew.size() + newer.size();
            });
        } catch (SQLException failure) {
            throw new IllegalStateException("The columnar copy of the facts could not be brought up to date", failure);
        } finally {
            syncing.unlock();
        }
    }

    /// A new day of distributors without news.
    private void turned(Connection here, Map<Long, Cursor> heads) throws SQLException {
        here.setAutoCommit(false);
        try {
            covers(here, List.of(), heads);
            here.commit();
        } catch (SQLException | RuntimeException failure) {
            here.rollback();
            throw failure;
        } finally {
            here.setAutoCommit(true);
        }
    }

    private static Map<Long, Cursor> heads(Connection truth) throws SQLException {
        var heads = new java.util.TreeMap<Long, Cursor>();
        try (var statement = truth.createStatement(); var row = statement.executeQuery("""
                /* network: what the columnar copy has to follow */
                select h.distributor_id, h.version, h.epoch, coalesce(c.seq, 0) as seq, greatest(o.recorded_at, h.filed_at) as as_of,
                       (select min(s.business_date) from insight.sales_document s where s.distributor_id = h.distributor_id and not s.cancelled) as first_day, h.filed_at is not null as filed, d.time_zone
                  from insight.facts_head h
                  join network.distributor d on d.id = h.distributor_id
                  left join platform.feed_cursor c on c.distributor_id = h.distributor_id and c.consumer = 'insight'
                  left join platform.outbox o on o.distributor_id = c.distributor_id and o.seq = c.seq""")) {
            while (row.next()) {
                var asOf = row.getObject("as_of", OffsetDateTime.class);
                heads.put(row.getLong("distributor_id"), new Cursor(row.getLong("version"), row.getLong("epoch"), row.getLong("seq"), asOf == null ? null : asOf.toInstant(), row.getObject("first_day", LocalDate.class), row.getBoolean("filed"), zone(row.getString("time_zone")), null));
            }
        }
        return heads;
    }

    /// What is newer of distributors that are known, in one transaction with their cursors.
    private void follow(Connection truth, Connection here, List<Long> ids, Map<Long, Cursor> known, Map<Long, Cursor> heads) throws SQLException {
        here.setAutoCommit(false);
        try {
            var since = ids.stream().map(id -> "(" + id + "::bigint, " + java.util.Objects.requireNonNull(known.get(id)).version + "::bigint)").collect(Collectors.joining(", "));
            for (var table : TABLES) {
                var from = "insight." + table.name + " t join (values " + since + ") x (distributor_id, version) on x.distributor_id = t.distributor_id and t.version > x.version";
                if (take(truth, here, table, from) > 0) replace(here, table, true);
            }
            states(truth, here, ids);
            mark(here, ids, heads);
            covers(here, ids, heads);
            here.commit();
        } catch (SQLException | RuntimeException failure) {
            here.rollback();
            throw failure;
        } finally {
            here.setAutoCommit(true);
        }
    }

    /// Everything of distributors that are new or were made anew. The cursors come last: an interrupted copy starts again.
    private void copy(Connection truth, Connection here, List<Long> ids, Map<Long, Cursor> heads, Told told) throws SQLException {
        var list = ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
        execute(here, "delete from insight.cursor where distributor_id in (" + list + ")");
        execute(here, "update insight.turn set n = n + 1");
        for (var table : TABLES) execute(here, "delete from insight." + table.name + " where distributor_id in (" + list + ")");
        for (var rollup : ROLLUPS) execute(here, "delete from insight." + rollup.name + " where distributor_id in (" + list + ")");
        pieces(truth, here, list, told);
        here.setAutoCommit(false);
        try {
            states(truth, here, ids);
            mark(here, ids, heads);
            covers(here, ids, heads);
            here.commit();
        } catch (SQLException | RuntimeException failure) {
            here.rollback();
            throw failure;
        } finally {
            here.setAutoCommit(true);
        }
        execute(here, "checkpoint");
    }

    /// Rows of a table and month on their way, in a file; without rows there is none. Without a table: the end, or why it came early.
    private record Piece(@Nullable Table table, @Nullable Path file, long rows, String what, @Nullable Exception failure) {}

    /// All rows of some distributors, table by table and month by month: while one piece is taken in, the next is read.
    private void pieces(Connection truth, Connection here, String list, Told told) throws SQLException {
        var ready = new java.util.concurrent.ArrayBlockingQueue<Piece>(2);
        var reading = Thread.ofPlatform().daemon().name("insight columns, reading").start(() -> {
            Piece last;
            try {
                read(truth, list, ready);
                last = new Piece(null, null, 0, "", null);
            } catch (Exception failure) {
                last = new Piece(null, null, 0, "", failure);
            }
            try {
                ready.put(last);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            long rows = 0;
            for (var piece = ready.take(); ; piece = ready.take()) {
                if (piece.failure instanceof SQLException failure) throw failure;
                if (piece.failure != null) throw new IllegalStateException(piece.failure);
                if (piece.table == null) break;
                if (piece.file != null) {
                    takeIn(here, piece.table, piece.file);
                    rows += piece.rows;
                }
                told.at(piece.what, rows);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        } finally {
            stop(reading, ready);
        }
    }

    /// The connection is not free before the other thread has let go of it.
    private static void stop(Thread reading, java.util.concurrent.BlockingQueue<Piece> ready) {
        boolean interrupted = false;
        while (reading.isAlive()) {
            try {
                var left = ready.poll(50, java.util.concurrent.TimeUnit.MILLISECONDS);
                if (left != null && left.file != null) Files.deleteIfExists(left.file);
            } catch (InterruptedException again) {
                interrupted = true;
            } catch (IOException undeletable) {
                LOG.warn("A piece of the columnar copy was left behind", undeletable);
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private void read(Connection truth, String list, java.util.concurrent.BlockingQueue<Piece> ready) throws SQLException, InterruptedException {
        for (var table : TABLES) {
            var of = "insight." + table.name + " t where t.distributor_id = any (array[" + list + "]::bigint[])";
            if (!table.dated) {
                ready.put(piece(truth, table, of, table.name));
                continue;
            }
            LocalDate first;
            LocalDate last;
            try (var statement = truth.createStatement(); var row = statement.executeQuery("/* network: copied month by month */ select min(t.business_date), max(t.business_date) from " + of)) {
                row.next();
                first = row.getObject(1, LocalDate.class);
                last = row.getObject(2, LocalDate.class);
            }
            if (first == null) continue;
            for (var month = first.withDayOfMonth(1); !month.isAfter(last); month = month.plusMonths(1)) {
                ready.put(piece(truth, table, of + " and t.business_date >= date '" + month + "' and t.business_date < date '" + month.plusMonths(1) + "'", table.name + " " + month));
            }
        }
    }

    private Piece piece(Connection truth, Table table, String from, String what) throws SQLException {
        var out = write(truth, select(table, from));
        return new Piece(table, out.file, out.rows, what, null);
    }

    private static void takeIn(Connection here, Table table, Path file) throws SQLException {
        here.setAutoCommit(false);
        try {
            load(here, file, outside(table));
            replace(here, table, false);
            here.commit();
        } catch (SQLException | RuntimeException failure) {
            here.rollback();
            throw failure;
        } finally {
            here.setAutoCommit(true);
        }
    }

    /// Brings rows into `news`, with outlets and beats as they are known outside.
    private long take(Connection truth, Connection here, Table table, String from) throws SQLException {
        return copyOut(truth, here, select(table, from), outside(table));
    }

    private static String select(Table table, String from) {
        return "select " + table.names().stream().map(name -> "t." + name).collect(Collectors.joining(", ")) + " from " + from;
    }

    private static List<String> outside(Table table) {
        return table.columns.stream().map(ColumnarStore::outside).toList();
    }

    private static String outside(String column) {
        return column.matches("(outlet_id|beat_id|platform_outlet_id) integer") ? column.substring(0, column.indexOf(' ')) + " uuid" : column;
    }

    private long copyOut(Connection truth, Connection here, String query, List<String> columns) throws SQLException {
        var out = write(truth, query);
        if (out.file != null) load(here, out.file, columns);
        return out.rows;
    }

    /// @param file absent without rows
    private record Written(@Nullable Path file, long rows) {}

    private Written write(Connection truth, String query) throws SQLException {
        try {
            var file = Files.createTempFile(directory, "news", ".csv");
            long rows;
            try (var out = new java.io.BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
                rows = truth.unwrap(PGConnection.class).getCopyAPI().copyOut("copy (" + query + ") to stdout (format csv, null '\\N')", out);
            } catch (IOException | SQLException | RuntimeException failure) {
                Files.deleteIfExists(file);
                throw failure;
            }
            if (rows > 0) return new Written(file, rows);
            Files.deleteIfExists(file);
            return new Written(null, 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Makes `news` of a file, and deletes the file.
    private static void load(Connection here, Path file, List<String> columns) throws SQLException {
        try {
            try {
                var types = columns.stream().map(column -> "'" + column.substring(0, column.indexOf(' ')) + "': '" + column.substring(column.indexOf(' ') + 1) + "'").collect(Collectors.joining(", "));
                execute(here, "create or replace temp table news as select * from read_csv('" + file.toString().replace("'", "''") + "', header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '\\N', columns = {" + types + "})");
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Puts `news` in the place of older rows.
    private static void replace(Connection here, Table table, boolean older) throws SQLException {
        boolean outlets = table.columns.contains("outlet_id integer");
        boolean beats = table.columns.contains("beat_id integer");
        if (table.name.equals("outlet_place")) {
            execute(here, "insert into network.platform_outlet select nextval('network.internal_id')::integer, x.uid from (select distinct platform_outlet_id as uid from news) x where not exists (select 1 from network.platform_outlet o where o.uid = x.uid)");
            execute(here, "insert into network.outlet select x.distributor_id, nextval('network.internal_id')::integer, x.outlet_id, null, null from (select distinct distributor_id, outlet_id from news) x where not exists (select 1 from network.outlet o where o.distributor_id = x.distributor_id and o.uid = x.outlet_id)");
            execute(here, "update network.outlet set platform_outlet_id = p.id, name = n.name from news n, network.platform_outlet p where n.to_on is null and n.distributor_id = outlet.distributor_id and n.outlet_id = outlet.uid and p.uid = n.platform_outlet_id");
        } else if (outlets) {
            execute(here, "insert into network.outlet select x.distributor_id, nextval('network.internal_id')::integer, x.outlet_id, null, null from (select distinct distributor_id, outlet_id from news where outlet_id is not null) x where not exists (select 1 from network.outlet o where o.distributor_id = x.distributor_id and o.uid = x.outlet_id)");
        }
        if (beats) {
            execute(here, "insert into network.beat select x.distributor_id, nextval('network.internal_id')::integer, x.beat_id, null from (select distinct distributor_id, beat_id from news where beat_id is not null) x where not exists (select 1 from network.beat b where b.distributor_id = x.distributor_id and b.uid = x.beat_id)");
        }
        var select = table.names().stream().map(name -> switch (name) {
            case "outlet_id" -> "o.id as outlet_id";
            case "beat_id" -> "b.id as beat_id";
            case "platform_outlet_id" -> "p.id as platform_outlet_id";
            default -> "n." + name;
        }).collect(Collectors.joining(", "));
        var rows = "select " + select + " from news n" + (outlets ? " left join network.outlet o on o.distributor_id = n.distributor_id and o.uid = n.outlet_id" : "")
                + (beats ? " left join network.beat b on b.distributor_id = n.distributor_id and b.uid = n.beat_id" : "") + (table.names().contains("platform_outlet_id") ? " left join network.platform_outlet p on p.uid = n.platform_outlet_id" : "");
        if (older) {
            execute(here, "create or replace temp table rows_in as " + rows);
            var on = table.key.stream().map(key -> "t." + key + " = r." + key).collect(Collectors.joining(" and "));
            var dates = table.dated ? " and t.business_date between (select min(business_date) from rows_in) and (select max(business_date) from rows_in)" : "";
            execute(here, "delete from insight." + table.name + " t using rows_in r where " + on + dates);
        }
        execute(here, "insert into insight." + table.name + " select r.* from " + (older ? "rows_in r" : "(" + rows + ") r" + (table.dated ? order(table) : "")));
        for (var rollup : ROLLUPS) if (rollup.of.equals(table.name)) roll(here, rollup);
    }

    /// Rows of a month lie by place: a territory's are few blocks, which is where most questions look; within a distributor by goods or outlet.
    private static String order(Table table) {
        var within = table.names().contains("sku_id") ? "k.category_id, r.sku_id" + (table.names().contains("outlet_id") ? ", r.outlet_id" : "") : table.names().contains("outlet_id") ? "r.outlet_id" : "1";
        return " left join network.place p on p.distributor_id = r.distributor_id" + (table.names().contains("sku_id") ? " left join catalog.sku k on k.id = r.sku_id" : "")
                + " order by p.region_id, p.territory_id, r.distributor_id, " + within + ", r.business_date";
    }

    /// Sums again what `news` touched: the days or months from its first to its last, of its distributors.
    private static void roll(Connection here, Rollup rollup) throws SQLException {
        String first;
        String last;
        String ids;
        try (var statement = here.createStatement(); var row = statement.executeQuery(rollup.month ? "select date_trunc('month', min(business_date))::date::varchar, last_day(max(business_date))::varchar, string_agg(distinct distributor_id::varchar, ', ') from news"
                : "select min(business_date)::varchar, max(business_date)::varchar, string_agg(distinct distributor_id::varchar, ', ') from news")) {
            row.next();
            first = row.getString(1);
            last = row.getString(2);
            ids = row.getString(3);
        }
        if (first == null) return;
        var where = " where distributor_id in (" + ids + ") and business_date between date '" + first + "' and date '" + last + "'";
        execute(here, "delete from insight." + rollup.name + where);
        execute(here, "insert into insight." + rollup.name + " select " + rollup.select() + " from insight." + rollup.of + " f" + where + " and " + rollup.where + " group by all");
    }

    /// Stock and what was billed of it in ninety days, for distributors with news and for those whose day has turned.
    private void covers(Connection here, Collection<Long> news, Map<Long, Cursor> heads) throws SQLException {
        var days = new HashMap<Long, LocalDate>();
        try (var statement = here.createStatement(); var row = statement.executeQuery("select distributor_id, today from insight.cursor")) {
            while (row.next()) days.put(row.getLong(1), row.getObject(2, LocalDate.class));
        }
        var due = new java.util.TreeMap<LocalDate, List<Long>>();
        days.forEach((id, day) -> {
            var head = heads.get(id);
            if (head == null) return;
            var today = LocalDate.ofInstant(clock.instant(), head.zone);
            if (news.contains(id) || !today.equals(day)) due.computeIfAbsent(today, _ -> new ArrayList<>()).add(id);
        });
        for (var some : due.entrySet()) {
            for (int at = 0; at < some.getValue().size(); at += COVERED_AT_ONCE) {
                var list = some.getValue().subList(at, Math.min(some.getValue().size(), at + COVERED_AT_ONCE)).stream().map(String::valueOf).collect(Collectors.joining(", "));
                execute(here, "delete from insight.cover_now where distributor_id in (" + list + ")");
                var cover = Compiler.cover(Dialect.COLUMNAR, some.getKey(), table -> Sql.of(table + ".distributor_id in (" + list + ")")).literal();
                execute(here, "insert into insight.cover_now select f.distributor_id, date '" + some.getKey() + "', f.sku_id, f.principal_id, f.stock, f.value, f.billed, f.days, f.run, f.source, f.fresh from " + cover.text());
                execute(here, "update insight.cursor set today = date '" + some.getKey() + "' where distributor_id in (" + list + ")");
                execute(here, "update insight.turn set n = n + 1");
            }
        }
    }

    private void states(Connection truth, Connection here, List<Long> ids) throws SQLException {
        var list = ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
        for (var state : STATES) {
            var columns = List.of(state.columns.split(", (?=[a-z])"));
            var names = columns.stream().map(column -> "t." + column.substring(0, column.indexOf(' '))).collect(Collectors.joining(", "));
            execute(here, "delete from " + state.name + " where distributor_id in (" + list + ")");
            if (copyOut(truth, here, "select " + names + " from " + state.from + " t where t.distributor_id = any (array[" + list + "]::bigint[])", columns.stream().map(ColumnarStore::outside).toList()) == 0) continue;
            boolean outlets = columns.contains("outlet_id integer");
            var select = columns.stream().map(column -> column.substring(0, column.indexOf(' '))).map(name -> switch (name) {
                case "outlet_id" -> "o.id";
                case "beat_id" -> "b.id";
                default -> "n." + name;
            }).collect(Collectors.joining(", "));
            execute(here, "insert into " + state.name + " select " + select + " from news n" + (outlets ? " left join network.outlet o on o.distributor_id = n.distributor_id and o.uid = n.outlet_id left join network.beat b on b.distributor_id = n.distributor_id and b.uid = n.beat_id" : ""));
        }
        for (var sum : SUMS_OF_STATES) {
            execute(here, "delete from insight." + sum.name + " where distributor_id in (" + list + ")");
            execute(here, sum.fill("distributor_id in (" + list + ")"));
        }
    }

    private static void mark(Connection here, List<Long> ids, Map<Long, Cursor> heads) throws SQLException {
        execute(here, "update insight.turn set n = n + 1");
        execute(here, "delete from insight.cursor where distributor_id in (" + ids.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ")");
        try (var statement = here.prepareStatement("insert into insight.cursor values (?, ?, ?, ?, ?, ?, ?, null)")) {
            for (var id : ids) {
                var head = java.util.Objects.requireNonNull(heads.get(id));
                statement.setLong(1, id);
                statement.setLong(2, head.version);
                statement.setLong(3, head.epoch);
                statement.setLong(4, head.seq);
                statement.setObject(5, head.asOf == null ? null : head.asOf.atOffset(java.time.ZoneOffset.UTC));
                statement.setObject(6, head.firstDay);
                statement.setBoolean(7, head.filed);
                statement.executeUpdate();
            }
        }
    }

    private void masters(Connection truth, Connection here) throws SQLException {
        String now;
        try (var statement = truth.createStatement(); var row = statement.executeQuery(FINGERPRINT)) {
            row.next();
            now = row.getString(1);
        }
        if (now.equals(masters)) return;
        here.setAutoCommit(false);
        try {
            for (var state : MASTERS) {
                var columns = List.of(state.columns.split(", (?=[a-z])"));
                var names = columns.stream().map(column -> "t." + column.substring(0, column.indexOf(' '))).collect(Collectors.joining(", "));
                execute(here, "delete from " + state.name);
                if (copyOut(truth, here, "select " + names + " from " + state.from + " t", columns) > 0) execute(here, "insert into " + state.name + " select * from news");
            }
            execute(here, "update network.edition set n = n + 1");
            here.commit();
            masters = now;
        } catch (SQLException | RuntimeException failure) {
            here.rollback();
            throw failure;
        } finally {
            here.setAutoCommit(true);
        }
    }

    private long namedAt;

    /// Names of beats: when one is missing, and once a minute.
    private void names(Connection truth, Connection here) throws SQLException {
        long now = clock.millis();
        try (var statement = here.createStatement(); var row = statement.executeQuery("select exists (select 1 from network.beat where name is null)")) {
            row.next();
            if (!row.getBoolean(1) && namedAt != 0 && now - namedAt < 60_000) return;
        }
        namedAt = now;
        if (copyOut(truth, here, "/* network: names of beats */ select distributor_id, id, name from network.beat", List.of("distributor_id bigint", "beat_id uuid", "name varchar")) == 0) return;
        execute(here, "insert into network.beat select x.distributor_id, nextval('network.internal_id')::integer, x.beat_id, x.name from news x where not exists (select 1 from network.beat b where b.distributor_id = x.distributor_id and b.uid = x.beat_id)");
        execute(here, "update network.beat set name = n.name from news n where n.distributor_id = beat.distributor_id and n.beat_id = beat.uid and beat.name is distinct from n.name");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Throws the copy away; the next turn makes it anew.
    public void forget() {
        syncing.lock();
        try {
            var here = open();
            execute(here, "delete from insight.cursor");
            execute(here, "update insight.turn set n = n + 1");
            complete = false;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        } finally {
            syncing.unlock();
        }
    }

    @Override
    public synchronized void close() {
        syncing.lock();
        try {
            if (connection != null) connection.close();
        } catch (SQLException failure) {
            LOG.warn("The columnar copy of the facts was not closed in order", failure);
        } finally {
            connection = null;
            complete = false;
            syncing.unlock();
        }
    }
}
