package io.offtake.platform;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The document register and the legal numbers: what makes every posting happen once, under one number (INV-03, OFF-06).
public final class Documents {
    private Documents() {}

    /// What was posted under a document's id. `bodyHash` tells a repeat from another document with the same id.
    public record Registered(String type, byte[] bodyHash) {
        public boolean isRepeatOf(String type, byte[] bodyHash) {
            return this.type.equals(type) && Arrays.equals(this.bodyHash, bodyHash);
        }
    }

    /// The series a number is taken from. `fiscalYear` is the year in which the fiscal year begins.
    public record Series(long distributorId, String documentType, String series, int fiscalYear, int width) {
        /// The number as printed, for example `KT26/000123`.
        public String format(long number) {
            var digits = Long.toString(number);
            return series + "0".repeat(Math.max(0, width - digits.length())) + digits;
        }
    }

    /// A document about to be registered.
    public record Registration(long distributorId, UUID documentId, String type, byte[] bodyHash, LocalDate businessDate, Instant at) {}

    /// Looks up what was posted under these ids.
    public static Pipeline.Answer<Map<UUID, Registered>> find(Pipeline load, long distributorId, UUID[] documentIds) {
        return load.query("select document_id, type, body_hash from platform.document_register where distributor_id = ? and document_id " + Pipeline.among(documentIds),
                rows -> {
                    var found = new HashMap<UUID, Registered>();
                    while (rows.next()) found.put(rows.getObject(1, UUID.class), new Registered(rows.getString(2), rows.getBytes(3)));
                    return found;
                }, distributorId, Pipeline.those(documentIds));
    }

    /// The business date of a registered document.
    public static Pipeline.Answer<Optional<LocalDate>> dateOf(Pipeline load, long distributorId, UUID documentId) {
        return load.query("select business_date from platform.document_register where distributor_id = ? and document_id = ?",
                rows -> rows.next() ? Optional.of(rows.getObject(1, LocalDate.class)) : Optional.empty(), distributorId, documentId);
    }

    /// Registers documents. A second writer of the same id fails on the primary key, and its transaction with it.
    public static void register(Post post, List<Registration> documents) {
        post.rows("document register", """
                insert into platform.document_register (distributor_id, document_id, type, body_hash, business_date, recorded_at)
                values\s""", Post.row(6), "", documents.stream()
                .map(d -> new @Nullable Object[] {d.distributorId, d.documentId, d.type, d.bodyHash, d.businessDate, d.at}).toList());
    }

    /// The open series of this type and fiscal year, the first by name if there are several; never one that a device has leased (OFF-03).
    public static Pipeline.Answer<Optional<Series>> openSeries(Pipeline load, long distributorId, String documentType, int fiscalYear) {
        return load.query("""
                select series, width from platform.number_sequence
                 where distributor_id = ? and document_type = ? and fiscal_year = ? and not closed and device_id is null
                 order by series limit 1""",
                rows -> rows.next() ? Optional.of(new Series(distributorId, documentType, rows.getString(1), fiscalYear, rows.getInt(2))) : Optional.empty(),
                distributorId, documentType, fiscalYear);
    }

    /// Takes the next number, or registers the known one. Holds the series' row until commit, so it comes last but for the
    /// audit head (DESIGN section 4).
    public static void number(Post post, Numbering numbering, UUID documentId) {
        var series = numbering.series();
        switch (numbering) {
            case Numbering.Next _ -> {
                post.guarded("number series", 1, ADVANCE, series.distributorId, series.documentType, series.series, series.fiscalYear);
                post.guarded("number register", 1, REGISTER_NEXT, documentId, series.distributorId, series.documentType, series.series, series.fiscalYear);
            }
            case Numbering.Known known -> post.rows("number register", """
                    insert into platform.number_register (distributor_id, document_type, series, fiscal_year, number, document_id, formatted)
                    values\s""", Post.row(7), "", Collections.singletonList(new @Nullable Object[] {
                    series.distributorId, series.documentType, series.series, series.fiscalYear, known.number(), documentId, known.formatted()}));
        }
    }

    /// Takes the next number as [#number] does, and answers it as printed.
    public static Pipeline.Answer<String> takeNumber(Pipeline post, Numbering.Next numbering, UUID documentId) {
        var series = numbering.series();
        var taken = post.query(ADVANCE + " returning next_number - 1", rows -> {
            if (!rows.next()) throw new Post.GuardFailed("number series", 0, 1);
            return series.format(rows.getLong(1));
        }, series.distributorId, series.documentType, series.series, series.fiscalYear);
        post.guarded("number register", 1, REGISTER_NEXT, documentId, series.distributorId, series.documentType, series.series, series.fiscalYear);
        return taken;
    }

    private static final String ADVANCE = """
            update platform.number_sequence set next_number = next_number + 1
             where distributor_id = ? and document_type = ? and series = ? and fiscal_year = ? and not closed""";

    /// Adds one row with a column that holds the document's number.
    /// @param columns names of the other columns, separated by commas, with `::type` where a value may be null; `values` in
    ///                the same order
    public static void insertNumbered(Post post, Numbering numbering, String table, String numberColumn, String columns, @Nullable Object... values) {
        var series = numbering.series();
        var all = new ArrayList<@Nullable Object>(values.length + 4);
        all.addAll(Arrays.asList(values));
        var numbered = NUMBERED.computeIfAbsent(table + " " + columns, text -> Numbered.of(table, numberColumn, columns));
        switch (numbering) {
            case Numbering.Next next -> {
                for (int at = 0; at < values.length; at++) if (values[at] == null) all.set(at, numbered.nulls[at]);
                all.addAll(List.of(series.distributorId, series.documentType, series.series, series.fiscalYear));
                post.guarded(table, 1, numbered.next, all.toArray());
            }
            case Numbering.Known known -> {
                all.add(known.formatted());
                post.rows(table, numbered.insert, numbered.row, "", Collections.singletonList(all.toArray()));
            }
        }
    }

    private static final Map<String, Numbered> NUMBERED = new ConcurrentHashMap<>();

    /// The texts of an insert with a number, made once.
    private record Numbered(String next, String insert, String row, @Nullable TypedNull[] nulls) {
        static Numbered of(String table, String numberColumn, String columns) {
            var names = columns.split(", ");
            var params = new StringBuilder();
            for (int at = 0; at < names.length; at++) {
                int cast = names[at].indexOf("::");
                params.append(cast < 0 ? "?" : "?" + names[at].substring(cast)).append(", ");
                if (cast >= 0) names[at] = names[at].substring(0, cast);
            }
            var insert = "insert into " + table + " (" + String.join(", ", names) + ", " + numberColumn + ") ";
            return new Numbered(insert + "select " + params + TAKEN + FROM_SERIES, insert + "values ", "(" + params + "?)", TypedNull.casts(params.toString()));
        }
    }

    /// SQL for the number that this transaction has just taken; `s` is its row of `platform.number_sequence`.
    public static final String TAKEN = "s.series || lpad((s.next_number - 1)::text, s.width, '0')";
    private static final String FROM_SERIES = """
             from platform.number_sequence s
            where s.distributor_id = ? and s.document_type = ? and s.series = ? and s.fiscal_year = ?""";

    private static final String REGISTER_NEXT = """
            insert into platform.number_register (distributor_id, document_type, series, fiscal_year, number, document_id, formatted)
            select s.distributor_id, s.document_type, s.series, s.fiscal_year, s.next_number - 1, ?,\s""" + TAKEN + FROM_SERIES;

    /// Takes `count` numbers at once and returns the first; bulk only, for the row is held until commit.
    public static long takeNumbers(Connection connection, Series series, int count) throws SQLException {
        try (var statement = connection.prepareStatement("""
                update platform.number_sequence set next_number = next_number + ?
                 where distributor_id = ? and document_type = ? and series = ? and fiscal_year = ? and not closed
                returning next_number""")) {
            statement.setInt(1, count);
            statement.setLong(2, series.distributorId);
            statement.setString(3, series.documentType);
            statement.setString(4, series.series);
            statement.setInt(5, series.fiscalYear);
            try (var rows = statement.executeQuery()) {
                if (!rows.next()) throw new Post.GuardFailed("number series", 0, 1);
                return rows.getLong(1) - count;
            }
        }
    }

    /// The fiscal year of a date where years begin in April (India): 2026 for 01-04-2026 to 31-03-2027.
    public static int fiscalYear(LocalDate on) {
        return on.getMonthValue() >= 4 ? on.getYear() : on.getYear() - 1;
    }

    /// A number of a leased series that was never given to a document: void from that day on, with the reason (OFF-03).
    /// @param id of whatever declares it void
    public static void voidNumber(Post post, Numbering.Known numbering, UUID id, LocalDate on, String reason) {
        var series = numbering.series();
        post.rows("number register", """
                insert into platform.number_register (distributor_id, document_type, series, fiscal_year, number, document_id, formatted, fate, reason, voided_on)
                values\s""", Post.row(10), "", Collections.singletonList(new @Nullable Object[] {
                series.distributorId, series.documentType, series.series, series.fiscalYear, numbering.number(), id, numbering.formatted(), "VOID", reason, on}));
    }

    /// Marks the number of a cancelled document as burnt (INV-03: every allotted number has a fate).
    public static void cancelNumber(Post post, long distributorId, UUID documentId, String reason) {
        post.guarded("number register", 1, """
                update platform.number_register set fate = 'CANCELLED', reason = ?
                 where distributor_id = ? and document_id = ? and fate = 'POSTED'""", reason, distributorId, documentId);
    }
}
