package io.offtake.insight.score;

import io.offtake.insight.score.Scorecard.Input;
import io.offtake.insight.score.ScoreModel.BandName;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Published and provisional scores in the database.
@Component
class ScoreStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    static final String COLUMNS = """
            distributor_id, principal_id, kind, period_end, model_code, model_version, state, reason, raw, published, band, own_band, band_since, archetype, nsv, warnings, tag, inputs""";

    private final TenantTransaction transactions;

    ScoreStore(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    enum Kind { CLOSED, PROVISIONAL }

    enum State { RATED, INSUFFICIENT, UNRATED }

    /// @param raw      of the period itself
    /// @param index    smoothed and capped
    /// @param band     by the two-month rule
    /// @param ownBand  in which the index itself lies
    /// @param inputs   what the index was made of, by component
    record Score(long distributorId, long principalId, Kind kind, LocalDate periodEnd, String modelCode, int modelVersion, State state, @Nullable String reason, @Nullable BigDecimal raw, @Nullable BigDecimal index,
                 @Nullable BandName band, @Nullable BandName ownBand, @Nullable LocalDate bandSince, String archetype, BigDecimal nsv, List<String> warnings, @Nullable String tag, Map<String, Input> inputs) {}

    /// Who carries a principal, and where.
    record Partner(long distributorId, long principalId, String code, String name, String currency, @Nullable String territory, @Nullable String territoryName, @Nullable String region) {}

    record KnockOut(UUID id, long distributorId, long principalId, String code, int cap, String reason, LocalDate since, @Nullable LocalDate liftedOn) {}

    List<Partner> partners(@Nullable Set<Long> distributors, @Nullable Long principal) {
        return transactions.shared(db -> db.sql("""
                select dp.distributor_id, dp.principal_id, d.code, d.name, d.currency, t.code as territory, t.name as territory_name,
                       case when t.kind = 'REGION' then t.name when p.kind = 'REGION' then p.name when g.kind = 'REGION' then g.name end as region
                  from network.distributor_principal dp
                  join network.distributor d on d.id = dp.distributor_id
                  left join network.territory t on t.id = d.territory_id
                  left join network.territory p on p.id = t.parent_id
                  left join network.territory g on g.id = p.parent_id
                 where (:distributors::bigint[] is null or dp.distributor_id = any (:distributors::bigint[])) and (:principal::bigint is null or dp.principal_id = :principal::bigint) and d.status <> 'EXITED'
                 order by d.code""").param("distributors", distributors == null ? null : distributors.toArray(Long[]::new)).param("principal", principal).query(Partner.class).list());
    }

    record PrincipalRow(long id, String code, String name) {}

    List<PrincipalRow> principals(Collection<Long> ids) {
        return transactions.shared(db -> db.sql("select id, code, name from network.principal where id = any (:ids) order by code").param("ids", ids.toArray(Long[]::new)).query(PrincipalRow.class).list());
    }

    /// Overdue of what was owed at the end of a past day (KPI-53), worked out from bills and what had been paid by then: the
    /// catalogue knows this state as of now only.
    Map<Long, Input> overdueShare(long principal, Set<Long> distributors, LocalDate end) {
        record Owed(long distributorId, BigDecimal open, BigDecimal overdue) {}
        var found = new java.util.HashMap<Long, Input>();
        for (var id : distributors) found.put(id, Input.missing("NO_PAST"));
        transactions.read(RowScope.of(distributors), db -> db.sql("""
                select i.distributor_id, sum(i.amount - coalesce(p.paid, 0)) as open, coalesce(sum(i.amount - coalesce(p.paid, 0)) filter (where i.due_on < :end), 0) as overdue
                  from receivables.open_item i
                  left join (select a.distributor_id, a.document_id, sum(a.amount) as paid
                               from receivables.payment_allocation a join receivables.collection c on c.distributor_id = a.distributor_id and c.id = a.collection_id
                              where a.distributor_id = any (:ids) and c.business_date <= :end group by a.distributor_id, a.document_id) p
                    on p.distributor_id = i.distributor_id and p.document_id = i.document_id
                 where i.distributor_id = any (:ids) and i.principal_id = :principal and i.kind in ('INVOICE', 'DEBIT_NOTE', 'OPENING') and i.business_date <= :end
                 group by i.distributor_id""").param("ids", distributors.toArray(Long[]::new)).param("principal", principal).param("end", end).query(Owed.class).list()).forEach(owed -> {
            if (owed.open.signum() > 0) found.put(owed.distributorId, Input.of(owed.overdue.multiply(BigDecimal.valueOf(100)).divide(owed.open, 6, RoundingMode.HALF_UP)));
        });
        return found;
    }

    /// Ids of a principal's SKUs by code.
    List<Long> skus(long principal, Collection<String> codes) {
        return transactions.shared(db -> db.sql("select id from catalog.sku where principal_id = :principal and code = any (:codes) order by id").param("principal", principal).param("codes", codes.toArray(String[]::new)).query(Long.class).list());
    }

    /// A closed month is published once; a provisional score of the same day is made anew.
    ///
    /// @return how many were written
    int publish(Collection<Score> scores, Instant now) {
        return transactions.network(db -> {
            int written = 0;
            for (var score : scores) {
                written += db.sql("insert into insight.score (" + COLUMNS + """
                        , computed_at) values (:distributor, :principal, :kind, :end, :code, :version, :state, :reason, :raw, :published, :band, :own, :since, :archetype, :nsv, :warnings, :tag, :inputs, :now)
                        on conflict (distributor_id, principal_id, kind, period_end) do update set state = excluded.state, reason = excluded.reason, raw = excluded.raw, published = excluded.published, band = excluded.band,
                           own_band = excluded.own_band, nsv = excluded.nsv, warnings = excluded.warnings, tag = excluded.tag, inputs = excluded.inputs, computed_at = excluded.computed_at
                         where score.kind = 'PROVISIONAL'""")
                        .param("distributor", score.distributorId).param("principal", score.principalId).param("kind", score.kind.name()).param("end", score.periodEnd).param("code", score.modelCode)
                        .param("version", score.modelVersion).param("state", score.state.name()).param("reason", score.reason).param("raw", four(score.raw)).param("published", four(score.index))
                        .param("band", score.band == null ? null : score.band.name()).param("own", score.ownBand == null ? null : score.ownBand.name()).param("since", score.bandSince).param("archetype", score.archetype)
                        .param("nsv", score.nsv).param("warnings", String.join(",", score.warnings)).param("tag", score.tag).param("inputs", JSON.writeValueAsString(score.inputs)).param("now", now.atOffset(ZoneOffset.UTC)).update();
            }
            return written;
        });
    }

    private static @Nullable BigDecimal four(@Nullable BigDecimal value) {
        return value == null ? null : value.setScale(4, RoundingMode.HALF_UP);
    }

    /// Closed months that have been published, newest first, of one principal or of all.
    List<LocalDate> published(RowScope scope, long principal, Kind kind) {
        return transactions.read(scope, db -> db.sql("select distinct period_end from insight.score where distributor_id = any (:ids) and principal_id = :principal and kind = :kind order by period_end desc limit 36")
                .param("ids", scope.distributors().toArray(Long[]::new)).param("principal", principal).param("kind", kind.name()).query(LocalDate.class).list());
    }

    /// How many partners have a score, by period.
    java.util.TreeMap<LocalDate, Integer> counts(RowScope scope, long principal, Kind kind) {
        var counts = new java.util.TreeMap<LocalDate, Integer>();
        transactions.read(scope, db -> {
            db.sql("select period_end, count(*)::integer as partners from insight.score where distributor_id = any (:ids) and principal_id = :principal and kind = :kind group by period_end")
                    .param("ids", scope.distributors().toArray(Long[]::new)).param("principal", principal).param("kind", kind.name()).query(row -> {
                        counts.put(row.getObject("period_end", LocalDate.class), row.getInt("partners"));
                    });
            return null;
        });
        return counts;
    }

    /// Scores of a span, oldest first.
    List<Score> scores(RowScope scope, long principal, @Nullable Kind kind, LocalDate from, LocalDate to) {
        return transactions.read(scope, db -> scores(db, scope.distributors(), principal, kind, from, to));
    }

    List<Score> networkScores(long principal, Kind kind, LocalDate from, LocalDate to) {
        return transactions.network(db -> db.sql("/* network: archetypes and shadows compare all partners */ select " + COLUMNS + " from insight.score where principal_id = :principal and kind = :kind and period_end between :from and :to order by period_end, distributor_id")
                .param("principal", principal).param("kind", kind.name()).param("from", from).param("to", to).query(ScoreStore::score).list());
    }

    private static List<Score> scores(JdbcClient db, Set<Long> distributors, long principal, @Nullable Kind kind, LocalDate from, LocalDate to) {
        return db.sql("select " + COLUMNS + " from insight.score where distributor_id = any (:ids) and principal_id = :principal and (:kind::text is null or kind = :kind) and period_end between :from and :to order by period_end, distributor_id")
                .param("ids", distributors.toArray(Long[]::new)).param("principal", principal).param("kind", kind == null ? null : kind.name()).param("from", from).param("to", to).query(ScoreStore::score).list();
    }

    private static @Nullable BandName band(@Nullable String name) {
        return name == null ? null : BandName.valueOf(name);
    }

    static Score score(ResultSet row, int number) throws SQLException {
        var inputs = new LinkedHashMap<String, Input>();
        JSON.readTree(row.getString("inputs")).properties().forEach(entry -> {
            var value = entry.getValue().path("value");
            var reason = entry.getValue().path("reason");
            var peers = new java.util.ArrayList<BigDecimal>();
            entry.getValue().path("peers").forEach(peer -> peers.add(new BigDecimal(peer.asString())));
            inputs.put(entry.getKey(), new Input(value.isNull() || value.isMissingNode() ? null : new BigDecimal(value.asString()), reason.isString() ? reason.asString() : null, peers));
        });
        var warnings = row.getString("warnings");
        return new Score(row.getLong("distributor_id"), row.getLong("principal_id"), Kind.valueOf(row.getString("kind")), row.getObject("period_end", LocalDate.class), row.getString("model_code"),
                row.getInt("model_version"), State.valueOf(row.getString("state")), row.getString("reason"), row.getBigDecimal("raw"), row.getBigDecimal("published"), band(row.getString("band")),
                band(row.getString("own_band")), row.getObject("band_since", LocalDate.class), row.getString("archetype"), row.getBigDecimal("nsv"),
                warnings.isEmpty() ? List.of() : Arrays.asList(warnings.split(",")), row.getString("tag"), inputs);
    }

    List<KnockOut> knockOuts(RowScope scope, long principal, LocalDate on) {
        return transactions.read(scope, db -> db.sql("""
                select id, distributor_id, principal_id, code, cap, reason, since, lifted_on from insight.knock_out
                 where distributor_id = any (:ids) and principal_id = :principal and since <= :on and (lifted_on is null or lifted_on > :on) order by cap, since""")
                .param("ids", scope.distributors().toArray(Long[]::new)).param("principal", principal).param("on", on).query(KnockOut.class).list());
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
