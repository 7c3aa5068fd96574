package io.offtake.returns.store;

import io.offtake.catalog.CatalogRelations;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.RowScope;
import io.offtake.returns.RequestReturn;
import io.offtake.returns.ReturnView;
import io.offtake.returns.Returns;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// SQL of returns, their lines, buckets, pictures and history.
@Component
public class ReturnStore {

    /// The head of a return as the next step sees it.
    public record Head(UUID id, long distributorId, String reference, long principalId, UUID outletId, UUID warehouseId, LocalDate businessDate, @Nullable UUID originalId, String reason,
                       @Nullable String note, String status, BigDecimal value, List<String> flags, String requestedBy, int version) {}

    /// One batch of one line.
    public record Line(int line, @Nullable Integer originalLine, @Nullable Integer originalPart, @Nullable Long schemeId, long skuId, UUID batchId, BigDecimal qty, @Nullable BigDecimal received,
                       BigDecimal unitPrice, String condition) {
        /// What is there or expected.
        public BigDecimal units() {
            return received == null ? qty : received;
        }
    }

    /// The reasons in force on a day.
    public static Pipeline.Answer<List<Returns.Reason>> reasons(Pipeline load, LocalDate on) {
        return load.query("""
                select code, title, title_hi, bucket, time_limit, picture from returns.reason where valid_from <= ? and (valid_to is null or valid_to >= ?) order by id""",
                rows -> {
                    var found = new ArrayList<Returns.Reason>();
                    while (rows.next()) found.add(new Returns.Reason(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4), rows.getString(5), rows.getBoolean(6)));
                    return found;
                }, on, on);
    }

    /// Locks and reads the head; null if there is none.
    public @Nullable Head lock(Connection connection, long distributorId, UUID id) throws SQLException {
        try (var statement = connection.prepareStatement("""
                select id, distributor_id, reference, principal_id, outlet_id, warehouse_id, business_date, original_id, reason, note, status, value, flags, requested_by, version
                  from returns.sales_return where distributor_id = ? and id = ? for update""")) {
            statement.setLong(1, distributorId);
            statement.setObject(2, id);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? new Head(rows.getObject(1, UUID.class), rows.getLong(2), rows.getString(3), rows.getLong(4), rows.getObject(5, UUID.class), rows.getObject(6, UUID.class),
                        rows.getObject(7, LocalDate.class), rows.getObject(8, UUID.class), rows.getString(9), rows.getString(10), rows.getString(11), rows.getBigDecimal(12),
                        flags(rows.getString(13)), rows.getString(14), rows.getInt(15)) : null;
            }
        }
    }

    private static List<String> flags(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(","));
    }

    public List<Line> lines(Connection connection, long distributorId, UUID id) throws SQLException {
        try (var statement = connection.prepareStatement("""
                select line, original_line, original_part, scheme_id, sku_id, batch_id, qty, received, unit_price, condition
                  from returns.return_line where distributor_id = ? and return_id = ? order by line""")) {
            statement.setLong(1, distributorId);
            statement.setObject(2, id);
            var found = new ArrayList<Line>();
            try (var rows = statement.executeQuery()) {
                while (rows.next())
                    found.add(new Line(rows.getInt(1), rows.getObject(2, Integer.class), rows.getObject(3, Integer.class), rows.getObject(4, Long.class), rows.getLong(5), rows.getObject(6, UUID.class),
                            rows.getBigDecimal(7), rows.getBigDecimal(8), rows.getBigDecimal(9), rows.getString(10)));
            }
            return found;
        }
    }

    /// Where each line's units went, by line.
    public HashMap<Integer, List<ReturnView.Bucket>> buckets(Connection connection, long distributorId, UUID id) throws SQLException {
        try (var statement = connection.prepareStatement("select line, bucket, qty from returns.return_bucket where distributor_id = ? and return_id = ? order by line, bucket")) {
            statement.setLong(1, distributorId);
            statement.setObject(2, id);
            var found = new HashMap<Integer, List<ReturnView.Bucket>>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) found.computeIfAbsent(rows.getInt(1), _ -> new ArrayList<>()).add(new ReturnView.Bucket(rows.getString(2), rows.getBigDecimal(3).stripTrailingZeros()));
            }
            return found;
        }
    }

    public static void add(Post post, RequestReturn command, String reference, @Nullable String originalNumber, @Nullable LocalDate originalDate, BigDecimal value, List<String> flags, List<Line> lines,
                           Instant at, String by) {
        post.rows("return", """
                insert into returns.sales_return (distributor_id, id, reference, principal_id, outlet_id, warehouse_id, business_date, original_id, original_number, original_date, reason, note, status, value,
                                                  flags, requested_at, requested_by)
                values\s""", "(?, ?, ?, ?, ?, ?, ?, ?::uuid, ?::text, ?::date, ?, ?::text, 'REQUESTED', ?, ?, ?, ?)", "", java.util.Collections.singletonList(new @Nullable Object[] {command.distributorId(),
                command.id(), reference, command.principalId(), command.outletId(), command.warehouseId(), command.businessDate(), command.originalId(), originalNumber, originalDate, command.reason(),
                command.note(), value, String.join(",", flags), at, by}));
        post.rows("return lines", """
                insert into returns.return_line (distributor_id, return_id, line, principal_id, original_line, original_part, scheme_id, sku_id, batch_id, qty, unit_price, condition)
                values\s""", "(?, ?, ?, ?, ?::integer, ?::integer, ?::bigint, ?, ?, ?, ?, ?)", "", lines.stream().map(line -> new @Nullable Object[] {command.distributorId(), command.id(), line.line,
                command.principalId(), line.originalLine, line.originalPart, line.schemeId, line.skuId, line.batchId, line.qty, line.unitPrice, line.condition}).toList());
        pictures(post, command.distributorId(), command.id(), command.principalId(), command.pictures(), at, by);
        event(post, command.distributorId(), command.id(), command.principalId(), "REQUESTED", command.note(), at, by);
    }

    public static void pictures(Post post, long distributorId, UUID id, long principalId, List<String> hashes, Instant at, String by) {
        for (var hash : hashes)
            post.update("insert into returns.return_picture (distributor_id, return_id, hash, principal_id, added_at, added_by) values (?, ?, ?, ?, ?, ?) on conflict do nothing",
                    distributorId, id, hash, principalId, at, by);
    }

    public static void event(Post post, long distributorId, UUID id, long principalId, String status, @Nullable String reason, Instant at, String by) {
        post.update("""
                insert into returns.return_event (distributor_id, return_id, seq, principal_id, status, reason, recorded_at, recorded_by)
                select ?, ?, coalesce(max(seq), 0) + 1, ?, ?, ?::text, ?, ? from returns.return_event where distributor_id = ? and return_id = ?""",
                distributorId, id, principalId, status, reason, at, by, distributorId, id);
    }

    /// Moves the head on, guarded by its version.
    public static void move(Post post, Head head, String status) {
        post.guarded("return", 1, "update returns.sales_return set status = ?, version = version + 1 where distributor_id = ? and id = ? and version = ?", status, head.distributorId, head.id, head.version);
    }

    public static void decide(Post post, Head head, String status, Instant at, String by) {
        post.guarded("return", 1, "update returns.sales_return set status = ?, decided_at = ?, decided_by = ?, version = version + 1 where distributor_id = ? and id = ? and version = ?",
                status, at, by, head.distributorId, head.id, head.version);
    }

    public static void credited(Post post, Head head, UUID noteId, String number, String kind, BigDecimal amount) {
        post.guarded("return", 1, """
                update returns.sales_return set status = 'CREDITED', credit_note_id = ?, credit_number = ?, credit_kind = ?, credited = ?, version = version + 1
                 where distributor_id = ? and id = ? and version = ?""", noteId, number, kind, amount, head.distributorId, head.id, head.version);
    }

    public static void received(Post post, Head head, int line, BigDecimal qty) {
        post.guarded("return line", 1, "update returns.return_line set received = ? where distributor_id = ? and return_id = ? and line = ?", qty, head.distributorId, head.id, line);
    }

    public static void placed(Post post, Head head, List<Returns.Inspected> lines) {
        var rows = new ArrayList<@Nullable Object[]>();
        for (var line : lines) for (var bucket : line.buckets()) rows.add(new @Nullable Object[] {head.distributorId, head.id, line.line(), bucket.bucket(), head.principalId, bucket.qty()});
        post.rows("return buckets", "insert into returns.return_bucket (distributor_id, return_id, line, bucket, principal_id, qty) values ", Post.row(6), "", rows);
    }

    /// How often goods of a bill were asked back.
    public static Pipeline.Answer<Integer> ofBill(Pipeline load, long distributorId, UUID originalId) {
        return load.query("select count(*) from returns.sales_return where distributor_id = ? and original_id = ? and status not in ('REJECTED', 'CANCELLED')", rows -> {
            rows.next();
            return rows.getInt(1);
        }, distributorId, originalId);
    }

    private static final String SELECT = """
            select r.id, r.reference, r.distributor_id, r.principal_id, r.outlet_id, o.code, o.name, r.warehouse_id, r.business_date, r.original_id, r.original_number, r.original_date, r.reason, n.title,
                   r.note, r.status, r.value, r.flags, r.requested_by, r.requested_at, r.decided_by, r.credit_note_id, r.credit_number, r.credit_kind, r.credited, r.version
              from returns.sales_return r
              join\s""" + NetworkRelations.OUTLETS + """
             o on o.distributor_id = r.distributor_id and o.id = r.outlet_id
              left join returns.reason n on n.code = r.reason
             where r.distributor_id = any(?) and r.id = ?""";
    private static final String LINES = """
            select l.line, l.original_line, l.original_part, l.scheme_id, l.sku_id, s.code, s.name, s.base_unit, b.mrp, l.batch_id, b.batch_no, b.expires_on, l.qty, l.received, l.unit_price, l.condition
              from returns.return_line l
              join\s""" + CatalogRelations.SKUS + """
             s on s.id = l.sku_id
              join catalog.batch b on b.distributor_id = l.distributor_id and b.id = l.batch_id
             where l.distributor_id = ? and l.return_id = ? order by l.line""";

    /// Says which roles' limits cover a value.
    public interface Approvers {
        List<String> of(BigDecimal value, List<String> flags);
    }

    /// The return inside a scope.
    public Optional<ReturnView> find(Connection connection, RowScope scope, UUID id, Approvers approvers) throws SQLException {
        try (var statement = connection.prepareStatement(SELECT)) {
            statement.setArray(1, connection.createArrayOf("int8", scope.distributors().toArray()));
            statement.setObject(2, id);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(view(connection, rows, approvers)) : Optional.empty();
            }
        }
    }

    private ReturnView view(Connection connection, ResultSet rows, Approvers approvers) throws SQLException {
        var id = rows.getObject(1, UUID.class);
        var distributorId = rows.getLong(3);
        var buckets = buckets(connection, distributorId, id);
        var lines = new ArrayList<ReturnView.Line>();
        try (var statement = connection.prepareStatement(LINES)) {
            statement.setLong(1, distributorId);
            statement.setObject(2, id);
            try (var of = statement.executeQuery()) {
                while (of.next())
                    lines.add(new ReturnView.Line(of.getInt(1), of.getObject(2, Integer.class), of.getObject(3, Integer.class), of.getObject(4) != null, of.getLong(5), of.getString(6), of.getString(7),
                            of.getString(8), of.getBigDecimal(9), of.getObject(10, UUID.class), of.getString(11), of.getObject(12, LocalDate.class), plain(of.getBigDecimal(13)), plain(of.getBigDecimal(14)),
                            of.getBigDecimal(15), of.getString(16), buckets.getOrDefault(of.getInt(1), List.of())));
            }
        }
        var load = new Pipeline();
        var pictures = load.query("select hash from returns.return_picture where distributor_id = ? and return_id = ? order by added_at, hash", of -> {
            var found = new ArrayList<String>();
            while (of.next()) found.add(of.getString(1));
            return found;
        }, distributorId, id);
        var history = load.query("select status, reason, recorded_at, recorded_by from returns.return_event where distributor_id = ? and return_id = ? order by seq", of -> {
            var found = new ArrayList<ReturnView.Event>();
            while (of.next()) found.add(new ReturnView.Event(of.getString(1), of.getString(2), of.getObject(3, OffsetDateTime.class).toInstant(), of.getString(4)));
            return found;
        }, distributorId, id);
        load.run(connection);
        var flags = flags(rows.getString(18));
        return new ReturnView(id, rows.getString(2), distributorId, rows.getLong(4), rows.getObject(5, UUID.class), rows.getString(6), rows.getString(7), rows.getObject(8, UUID.class),
                rows.getObject(9, LocalDate.class), rows.getObject(10, UUID.class), rows.getString(11), rows.getObject(12, LocalDate.class), rows.getString(13),
                rows.getString(14) == null ? rows.getString(13) : rows.getString(14), rows.getString(15), rows.getString(16), rows.getBigDecimal(17), flags,
                approvers.of(rows.getBigDecimal(17), flags), rows.getString(19), rows.getObject(20, OffsetDateTime.class).toInstant(), rows.getString(21), rows.getObject(22, UUID.class),
                rows.getString(23), rows.getString(24), rows.getBigDecimal(25), rows.getInt(26), lines, pictures.get(), history.get());
    }

    private static @Nullable BigDecimal plain(@Nullable BigDecimal qty) {
        if (qty == null) return null;
        var stripped = qty.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
