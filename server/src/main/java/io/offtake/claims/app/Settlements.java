package io.offtake.claims.app;

import io.offtake.platform.RowScope;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Credit notes that settle claims, as they are read.
public final class Settlements {
    private Settlements() {}

    /// @param amount before tax
    public record Part(UUID claimId, String number, BigDecimal amount) {}

    public record TaxPart(BigDecimal rate, BigDecimal taxable, BigDecimal cgst, BigDecimal sgst, BigDecimal igst) {}

    /// @param total amount and tax
    public record View(UUID id, String number, long distributorId, String distributorCode, String distributorName, long principalId, String principalName, String treatment, LocalDate on,
                       String currency, BigDecimal amount, BigDecimal tax, BigDecimal total, @Nullable String batch, @Nullable String principalNoteNumber, Instant postedAt, String postedBy,
                       List<Part> claims, List<TaxPart> taxes) {}

    static final String LIST = """
            select s.id, s.number, s.distributor_id, d.code as distributor_code, d.name as distributor_name, s.principal_id, p.name as principal_name, s.treatment, s.business_date as "on", s.currency,
                   s.amount, s.tax, s.amount + s.tax as total, s.batch, s.principal_note_number, s.posted_at, s.posted_by
              from claims.settlement s
              join\s""" + io.offtake.network.NetworkRelations.DISTRIBUTORS + """
             d on d.id = s.distributor_id
              join\s""" + io.offtake.network.NetworkRelations.PRINCIPALS + """
             p on p.id = s.principal_id
             where s.distributor_id = any (:scope) and (:principals::bigint[] is null or s.principal_id = any (:principals::bigint[]))""";

    record Row(UUID id, String number, long distributorId, String distributorCode, String distributorName, long principalId, String principalName, String treatment, LocalDate on, String currency,
               BigDecimal amount, BigDecimal tax, BigDecimal total, @Nullable String batch, @Nullable String principalNoteNumber, Instant postedAt, String postedBy) {}

    /// One settlement with its claims.
    public static Optional<View> find(JdbcClient db, RowScope scope, UUID id) {
        return db.sql("select t.* from (" + LIST + ") t where t.id = :id").params(Views.scope(scope)).param("id", id).query(Row.class).optional().map(row -> whole(db, row));
    }

    static View whole(JdbcClient db, Row row) {
        var claims = db.sql("""
                        select k.claim_id, c.number, k.amount from claims.settlement_claim k join claims.claim c on c.distributor_id = k.distributor_id and c.id = k.claim_id
                         where k.distributor_id = :distributor and k.settlement_id = :id order by c.number""").param("distributor", row.distributorId).param("id", row.id).query(Part.class).list();
        var taxes = db.sql("select rate, taxable, cgst, sgst, igst from claims.settlement_tax where distributor_id = :distributor and settlement_id = :id order by rate").param("distributor", row.distributorId)
                .param("id", row.id).query(TaxPart.class).list();
        return new View(row.id, row.number, row.distributorId, row.distributorCode, row.distributorName, row.principalId, row.principalName, row.treatment, row.on, row.currency, row.amount, row.tax, row.total,
                row.batch, row.principalNoteNumber, row.postedAt, row.postedBy, claims, taxes);
    }
}
