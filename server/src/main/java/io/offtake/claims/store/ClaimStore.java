package io.offtake.claims.store;

import io.offtake.claims.domain.Matrix;
import io.offtake.claims.domain.Risk;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.RowScope;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// SQL of claims' heads, events and books.
public final class ClaimStore {
    private ClaimStore() {}

    /// A claim's head as the desk works on it.
    public record Head(long distributorId, UUID id, long principalId, String number, String type, long schemeId, int schemeVersion, String period, LocalDate periodFrom, LocalDate periodTo,
                       String currency, String status, @Nullable String awaits, int lineCount, int failLines, int warnLines, BigDecimal entitled, BigDecimal claimed, BigDecimal netted,
                       @Nullable BigDecimal allowed, @Nullable BigDecimal approved, BigDecimal submitted, BigDecimal disallowed, BigDecimal settled, int round, @Nullable Instant validatedAt,
                       int warnScore, @Nullable BigDecimal riskScore, @Nullable String riskBand, String riskReasons, boolean straightThrough, boolean holdout, @Nullable String batch,
                       @Nullable Instant clockStartedAt, int clockDays, @Nullable LocalDate dueOn, @Nullable LocalDate pausedOn, int escalated, LocalDate filingUntil, boolean late, boolean waived,
                       @Nullable Instant queriedAt, int queries, int pausedDays, Instant draftedAt, @Nullable Instant submittedAt, @Nullable String submittedBy, @Nullable Long submittedId,
                       @Nullable Instant proposedAt, @Nullable String proposedBy, @Nullable Long proposedId, @Nullable String proposedReason, @Nullable Instant decidedAt,
                       @Nullable String decidedBy, @Nullable Long decidedId, @Nullable Long firstDeciderId, @Nullable Instant disputedAt, int disputes, int appeals, @Nullable Long secondDeciderId, boolean overturned,
                       @Nullable Instant settledAt, BigDecimal clawed, int version) {

        public Matrix.Hands hands() {
            return new Matrix.Hands(submittedId, proposedId, decidedId, disputes > 0, firstDeciderId, secondDeciderId);
        }

        public Risk.@Nullable Band band() {
            return riskBand == null ? null : Risk.Band.valueOf(riskBand);
        }

        /// What the rules leave, or what the bills give where nothing was checked yet.
        public BigDecimal left() {
            return allowed == null ? entitled.min(claimed) : allowed;
        }
    }

    public static Optional<Head> find(JdbcClient db, RowScope scope, UUID id) {
        return db.sql("select * from claims.claim c where c.distributor_id = any (:scope) and c.id = :id").param("scope", scope.distributors().toArray(Long[]::new)).param("id", id).query(Head.class).optional()
                .filter(head -> scope.principals() == null || scope.principals().contains(head.principalId));
    }

    public static Head lock(JdbcClient db, long distributorId, UUID id) {
        return db.sql("select * from claims.claim where distributor_id = :distributor and id = :id for update").param("distributor", distributorId).param("id", id).query(Head.class).single();
    }

    /// Locks claims of a distributor in the order of their ids.
    public static List<Head> lock(JdbcClient db, long distributorId, UUID[] ids) {
        return db.sql("select * from claims.claim where distributor_id = :distributor and id = any (:ids) order by id for update").param("distributor", distributorId).param("ids", ids).query(Head.class).list();
    }

    /// Changes columns of one head; its version rises.
    /// @param set names and values, `null` allowed
    public static void set(JdbcClient db, long distributorId, UUID id, Map<String, @Nullable Object> set) {
        var sql = new StringBuilder("update claims.claim set version = version + 1");
        var parameters = new HashMap<String, @Nullable Object>();
        set.forEach((name, value) -> {
            sql.append(", ").append(name).append(" = :").append(name);
            parameters.put(name, value instanceof Instant at ? at.atOffset(ZoneOffset.UTC) : value);
        });
        parameters.put("distributor", distributorId);
        parameters.put("id", id);
        db.sql(sql.append(" where distributor_id = :distributor and id = :id").toString()).params(parameters).update();
    }

    /// Takes a number; its row is locked until the transaction ends, which keeps two draftings of one distributor apart.
    public static long next(JdbcClient db, long distributorId, String kind, int year, int count) {
        db.sql("insert into claims.series (distributor_id, kind, fiscal_year, next_number) values (:distributor, :kind, :year, 1) on conflict do nothing")
                .param("distributor", distributorId).param("kind", kind).param("year", year).update();
        return db.sql("update claims.series set next_number = next_number + :count where distributor_id = :distributor and kind = :kind and fiscal_year = :year returning next_number")
                .param("count", count).param("distributor", distributorId).param("kind", kind).param("year", year).query(Long.class).single() - count;
    }

    /// One step in a claim's life.
    public record Event(String action, @Nullable String from, String to, @Nullable String reason, @Nullable String note, Map<String, ?> details) {}

    public static void tell(JdbcClient db, Head head, Event event, Instant at, String actor, @Nullable String behalf) {
        db.sql("""
                insert into claims.claim_event (distributor_id, claim_id, seq, principal_id, at, actor, on_behalf_of, action, from_status, to_status, reason, note, details)
                values (:distributor, :claim, (select coalesce(max(e.seq), 0) + 1 from claims.claim_event e where e.distributor_id = :distributor and e.claim_id = :claim), :principal, :at, :actor, :behalf,
                        :action, :from, :to, :reason, :note, :details)""")
                .param("distributor", head.distributorId).param("claim", head.id).param("principal", head.principalId).param("at", at.atOffset(ZoneOffset.UTC)).param("actor", actor).param("behalf", behalf)
                .param("action", event.action).param("from", event.from).param("to", event.to).param("reason", event.reason).param("note", event.note)
                .param("details", Fingerprint.json(event.details)).update();
    }

    /// Adds entries of one stage for the lines of some claims; `amount` is SQL over `l` that says how much each line adds. Nothing is added for nothing.
    public static void spend(JdbcClient db, long distributorId, UUID[] claims, UUID document, String stage, String amount, LocalDate on, Instant at) {
        db.sql("""
                insert into claims.spend_entry (distributor_id, business_date, document_id, stage, claim_id, claim_line, principal_id, scheme_id, scheme_version, outlet_id, sku_id, sale_id, amount, recorded_at)
                select l.distributor_id, :on::date, :document, :stage, l.claim_id, l.line, l.principal_id, l.scheme_id, c.scheme_version, l.outlet_id, l.sku_id, l.sale_id,\s""" + amount + """
                , :at::timestamptz
                  from claims.claim_line l
                  join claims.claim c on c.distributor_id = l.distributor_id and c.id = l.claim_id
                 where l.distributor_id = :distributor and l.claim_id = any (:claims) and\s""" + amount + " <> 0")
                .param("on", on).param("document", document).param("stage", stage).param("at", at.atOffset(ZoneOffset.UTC)).param("distributor", distributorId).param("claims", claims).update();
    }

    /// Whether nothing proves a payout: there is no paper, and not every outlet of the claim was paid by us in full (CT-2).
    public static final String UNPROVEN = """
            c.type = 'CT-2' and not exists (select from claims.evidence e where e.distributor_id = c.distributor_id and e.claim_id = c.id and e.kind = 'PAYOUT_PROOF')
               and exists (select from claims.claim_line n
                             join\s""" + io.offtake.schemes.SchemeRelations.ACCOUNTS + """
                           a on a.distributor_id = n.distributor_id and a.scheme_id = n.scheme_id and a.outlet_id = n.outlet_id and a.period = n.source_period and a.sku_id = n.source_sku
                            where n.distributor_id = c.distributor_id and n.claim_id = c.id and n.sort = 'SALE' and a.settled < a.accrued)""";
}
