package io.offtake.governance;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Policies in force. The rule book takes those that the rules evaluate in its own read; for the others each node trusts
/// what it read for ten seconds at most, as it does with sessions.
public interface Policies {

    /// One row in force.
    record Row(String key, String scope, String scopeValue, String value, LocalDate validFrom, @Nullable LocalDate validTo) {}

    /// The values of a distributor on a day.
    ///
    /// @param byChannel values of policies that differ by outlet channel
    record Values(Map<String, String> general, Map<String, Map<String, String>> byChannel) {
        /// Null if no row is in force and there is no default.
        public @Nullable String text(PolicyKey key) {
            return general.getOrDefault(key.key(), key.builtIn());
        }

        public int days(PolicyKey key) {
            return Integer.parseInt(String.valueOf(text(key)));
        }
    }

    /// The values of a distributor on a day, read in the caller's transaction.
    Values read(JdbcClient db, long distributorId, LocalDate on);

    /// A number in force for a distributor; `otherwise` where no row is.
    BigDecimal number(PolicyKey key, long distributorId, LocalDate on, BigDecimal otherwise);

    /// Whole days in force for a distributor; `otherwise` where no row is.
    int days(PolicyKey key, long distributorId, LocalDate on, int otherwise);

    /// The most generous number that one of the roles may use (PX-43).
    BigDecimal forRoles(PolicyKey key, Collection<String> roles, LocalDate on);

    /// Forgets what this node trusts; others follow within ten seconds.
    void refresh();

    /// Every row, whenever it is valid.
    List<Row> all();
}
