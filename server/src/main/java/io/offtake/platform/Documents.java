package io.offtake.platform;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

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
    public record Series(long distributorId, String documentType, String series, int fiscalYear) {}

    /// Looks up what was posted under this id.
    public static Pipeline.Answer<Optional<Registered>> find(Pipeline load, long distributorId, UUID documentId) {
        return load.query("""
                select type, body_hash from platform.document_register where distributor_id = ? and document_id = ?""",
                rows -> rows.next() ? Optional.of(new Registered(rows.getString(1), rows.getBytes(2))) : Optional.empty(),
                distributorId, documentId);
    }

    /// Registers the document. A second writer of the same id fails on the primary key, and its transaction with it.
    public static void register(Pipeline post, long distributorId, UUID documentId, String type, byte[] bodyHash, LocalDate businessDate, Instant at) {
        post.guarded("document register", 1, """
                insert into platform.document_register (distributor_id, document_id, type, body_hash, business_date, recorded_at)
                values (?, ?, ?, ?, ?, ?)""", distributorId, documentId, type, bodyHash, businessDate, at);
    }

    /// The open series of this type and fiscal year, the first by name if there are several.
    public static Pipeline.Answer<Optional<Series>> openSeries(Pipeline load, long distributorId, String documentType, int fiscalYear) {
        return load.query("""
                select series from platform.number_sequence
                 where distributor_id = ? and document_type = ? and fiscal_year = ? and not closed
                 order by series limit 1""",
                rows -> rows.next() ? Optional.of(new Series(distributorId, documentType, rows.getString(1), fiscalYear)) : Optional.empty(),
                distributorId, documentType, fiscalYear);
    }

    /// Takes the next number. Holds the series' row until commit, so it comes last but for the audit head (DESIGN section 4).
    public static void takeNumber(Pipeline post, Series series, UUID documentId) {
        post.guarded("number series", 1, """
                update platform.number_sequence set next_number = next_number + 1
                 where distributor_id = ? and document_type = ? and series = ? and fiscal_year = ? and not closed""",
                series.distributorId, series.documentType, series.series, series.fiscalYear);
        post.guarded("number register", 1, """
                insert into platform.number_register (distributor_id, document_type, series, fiscal_year, number, document_id, formatted)
                select s.distributor_id, s.document_type, s.series, s.fiscal_year, s.next_number - 1, ?,\s""" + TAKEN + """
                  from platform.number_sequence s
                 where s.distributor_id = ? and s.document_type = ? and s.series = ? and s.fiscal_year = ?""",
                documentId, series.distributorId, series.documentType, series.series, series.fiscalYear);
    }

    /// SQL for the number that this transaction has just taken; `s` is its row of `platform.number_sequence`.
    public static final String TAKEN = "s.series || lpad((s.next_number - 1)::text, s.width, '0')\n";

    /// Registers a number that came from elsewhere (origin MIGRATION), so that it can never be given again.
    public static void registerForeignNumber(Pipeline post, Series series, long number, String formatted, UUID documentId) {
        post.guarded("number register", 1, """
                insert into platform.number_register (distributor_id, document_type, series, fiscal_year, number, document_id, formatted)
                values (?, ?, ?, ?, ?, ?, ?)""",
                series.distributorId, series.documentType, series.series, series.fiscalYear, number, documentId, formatted);
    }

    /// The fiscal year of a date where years begin in April (India): 2026 for 01-04-2026 to 31-03-2027.
    public static int fiscalYear(LocalDate on) {
        return on.getMonthValue() >= 4 ? on.getYear() : on.getYear() - 1;
    }

    /// Marks the number of a cancelled document as burnt (INV-03: every allotted number has a fate).
    public static void cancelNumber(Pipeline post, long distributorId, UUID documentId, String reason) {
        post.guarded("number register", 1, """
                update platform.number_register set fate = 'CANCELLED', reason = ?
                 where distributor_id = ? and document_id = ? and fate = 'POSTED'""", reason, distributorId, documentId);
    }

    /// Reads the formatted number of a document.
    public static Optional<String> number(Connection connection, long distributorId, UUID documentId) throws SQLException {
        try (var statement = connection.prepareStatement("select formatted from platform.number_register where distributor_id = ? and document_id = ?")) {
            statement.setLong(1, distributorId);
            statement.setObject(2, documentId);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        }
    }
}
