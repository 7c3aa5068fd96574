package io.offtake.governance.store;

import io.offtake.governance.AuditTrail;
import io.offtake.governance.ConfigVersions;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

@Component
class StoredPolicies implements Policies {
    private static final String SELECT = "select key, scope, scope_value, value, valid_from, valid_to from governance.policy order by key, scope, scope_value, valid_from";

    private final TenantTransaction transactions;
    private final ConfigVersions versions;
    private final Clock clock;
    private volatile @Nullable List<Row> read;
    private volatile @Nullable LocalDate checked;

    StoredPolicies(TenantTransaction transactions, ConfigVersions versions, Clock clock) {
        this.transactions = transactions;
        this.versions = versions;
        this.clock = clock;
    }

    /// Every ten seconds, so that no posting has to.
    @Override
    @Scheduled(initialDelayString = "PT10S", fixedDelayString = "PT10S")
    public void refresh() {
        read = transactions.shared(StoredPolicies::rows);
    }

    @Override
    public List<Row> all() {
        var known = read;
        if (known == null) read = known = transactions.shared(StoredPolicies::rows);
        return known;
    }

    private static List<Row> rows(JdbcClient db) {
        return db.sql(SELECT).query(Row.class).list();
    }

    /// Rule books hold the policies of the day: one that ended yesterday without a successor has to leave them.
    @Scheduled(initialDelayString = "PT25S", fixedDelayString = "PT30S")
    void leaveEnded() {
        var today = LocalDate.now(clock);
        if (today.equals(checked)) return;
        transactions.write(AuditTrail.NETWORK, db -> {
            boolean ended = db.sql("select exists (select from governance.policy where valid_to = :yesterday)").param("yesterday", today.minusDays(1)).query(Boolean.class).single();
            if (ended) versions.raise(ConfigVersions.NATIONAL);
            return ended;
        });
        checked = today;
    }

    @Override
    public Values read(JdbcClient db, long distributorId, LocalDate on) {
        var general = new HashMap<String, String>();
        var own = new HashMap<String, String>();
        var byChannel = new HashMap<String, Map<String, String>>();
        for (var row : rows(db)) {
            if (!holds(row, on)) continue;
            switch (row.scope()) {
                case "NETWORK" -> general.put(row.key(), row.value());
                case "DISTRIBUTOR" -> {
                    if (row.scopeValue().equals(Long.toString(distributorId))) own.put(row.key(), row.value());
                }
                case "CHANNEL" -> byChannel.computeIfAbsent(row.key(), _ -> new HashMap<>()).put(row.scopeValue(), row.value());
                default -> {
                    // roles are asked for by name
                }
            }
        }
        general.putAll(own);
        return new Values(Map.copyOf(general), Map.copyOf(byChannel));
    }

    private static boolean holds(Row row, LocalDate on) {
        return !row.validFrom().isAfter(on) && (row.validTo() == null || !row.validTo().isBefore(on));
    }

    private @Nullable String value(PolicyKey key, long distributorId, LocalDate on) {
        String found = null;
        for (var row : all()) {
            if (!row.key().equals(key.key()) || !holds(row, on)) continue;
            if (row.scope().equals("DISTRIBUTOR") && row.scopeValue().equals(Long.toString(distributorId))) return row.value();
            if (row.scope().equals("NETWORK")) found = row.value();
        }
        return found;
    }

    @Override
    public BigDecimal number(PolicyKey key, long distributorId, LocalDate on, BigDecimal otherwise) {
        var value = value(key, distributorId, on);
        return value == null ? otherwise : new BigDecimal(value);
    }

    @Override
    public int days(PolicyKey key, long distributorId, LocalDate on, int otherwise) {
        return number(key, distributorId, on, BigDecimal.valueOf(otherwise)).intValueExact();
    }

    @Override
    public BigDecimal forRoles(PolicyKey key, Collection<String> roles, LocalDate on) {
        BigDecimal best = null;
        BigDecimal network = null;
        for (var row : all()) {
            if (!row.key().equals(key.key()) || !holds(row, on)) continue;
            if (row.scope().equals("ROLE") && roles.contains(row.scopeValue())) {
                var value = new BigDecimal(row.value());
                if (best == null || value.compareTo(best) > 0) best = value;
            } else if (row.scope().equals("NETWORK")) {
                network = new BigDecimal(row.value());
            }
        }
        if (best != null) return best;
        return network != null ? network : new BigDecimal(String.valueOf(key.builtIn()));
    }
}
