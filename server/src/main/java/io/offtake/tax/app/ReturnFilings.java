package io.offtake.tax.app;

import io.offtake.tax.india.Inv01;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// SQL of returns as they were filed: each is kept whole and never changed.
@Component
public class ReturnFilings {

    /// @param arn     the portal's acknowledgement reference number
    /// @param filedOn the day it was filed, as the portal says
    public record Filed(YearMonth month, String gstin, String arn, LocalDate filedOn, Instant recordedAt, String recordedBy) {}

    /// A return with what was filed.
    record Kept(Filed filed, Returns.Month month) {}

    private static final String COLUMNS = "month, gstin, arn, filed_on, recorded_at, recorded_by";

    /// The filed months of a distributor, the earliest first.
    List<Filed> list(JdbcClient db, long distributorId) {
        return db.sql("select " + COLUMNS + " from tax.gst_return where distributor_id = :distributor order by month").param("distributor", distributorId).query((row, _) -> filed(row)).list();
    }

    Optional<Kept> of(JdbcClient db, long distributorId, YearMonth month) {
        return kept(db, distributorId, month, "=").stream().findFirst();
    }

    /// The filed returns from a month on, the earliest first.
    List<Kept> since(JdbcClient db, long distributorId, YearMonth month) {
        return kept(db, distributorId, month, ">=");
    }

    private static List<Kept> kept(JdbcClient db, long distributorId, YearMonth month, String compare) {
        return db.sql("select " + COLUMNS + ", content from tax.gst_return where distributor_id = :distributor and month " + compare + " :month order by month")
                .param("distributor", distributorId).param("month", month.toString())
                .query((row, _) -> new Kept(filed(row), Inv01.JSON.readValue(plain(row.getBytes("content")), Returns.Month.class))).list();
    }

    /// What the portal took, as JSON text.
    public Optional<String> file(JdbcClient db, long distributorId, YearMonth month) {
        return db.sql("select file from tax.gst_return where distributor_id = :distributor and month = :month").param("distributor", distributorId).param("month", month.toString())
                .query((row, _) -> plain(row.getBytes(1))).optional();
    }

    /// @return whether it was not there yet
    boolean keep(JdbcClient db, long distributorId, Filed filed, Returns.Month month) {
        return db.sql("""
                        insert into tax.gst_return (distributor_id, month, gstin, arn, filed_on, content, file, recorded_at, recorded_by)
                        values (:distributor, :month, :gstin, :arn, :on, :content, :file, :at, :by)
                        on conflict (distributor_id, month) do nothing""")
                .param("distributor", distributorId).param("month", filed.month.toString()).param("gstin", filed.gstin).param("arn", filed.arn).param("on", filed.filedOn)
                .param("content", packed(Inv01.JSON.writeValueAsString(month))).param("file", packed(Inv01.JSON.writeValueAsString(month.gstr1().file()))).param("at", filed.recordedAt.atOffset(ZoneOffset.UTC))
                .param("by", filed.recordedBy).update() == 1;
    }

    private static Filed filed(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Filed(YearMonth.parse(row.getString("month")), row.getString("gstin"), row.getString("arn"), row.getObject("filed_on", LocalDate.class),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(), row.getString("recorded_by"));
    }

    private static byte[] packed(String text) {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    private static String plain(byte[] packed) {
        try (var zip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return new String(zip.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }
}
