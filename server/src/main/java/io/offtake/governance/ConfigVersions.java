package io.offtake.governance;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which configuration is in force, in parts: the network's, each price zone's, each distributor's (DESIGN section 4).
/// Every posting reads the three rows of its distributor; whoever publishes a price, scheme, tax, rounding or unit raises
/// the part in the same transaction.
public interface ConfigVersions {

    /// The part that every distributor's rule book has in common.
    String NATIONAL = "national";

    static String zone(String zone) {
        return "zone:" + zone;
    }

    static String distributor(long distributorId) {
        return "distributor:" + distributorId;
    }

    /// The versions a rule book was built from; a part that was never raised has version 0.
    record Versions(long national, long zone, long distributor) {
        public static Versions of(Map<String, Long> parts, @Nullable String zone, long distributorId) {
            return new Versions(parts.getOrDefault(NATIONAL, 0L), zone == null ? 0 : parts.getOrDefault(ConfigVersions.zone(zone), 0L),
                    parts.getOrDefault(ConfigVersions.distributor(distributorId), 0L));
        }

        /// As it is stored with a document, such as `n12.z3.d4`.
        @Override
        public String toString() {
            return "n" + national + ".z" + zone + ".d" + distributor;
        }
    }

    /// Raises the version of each part in the caller's transaction and holds their rows until commit.
    void raise(Collection<String> parts);

    default void raise(String part) {
        raise(java.util.List.of(part));
    }

    /// The versions of the parts that were ever raised, read in the caller's transaction.
    static Map<String, Long> read(JdbcClient db, Collection<String> parts) {
        var versions = new java.util.HashMap<String, Long>();
        db.sql("select part, version from governance.config_version where part = any (:parts)")
                .param("parts", parts.toArray(String[]::new))
                .query(row -> {
                    versions.put(row.getString(1), row.getLong(2));
                });
        return versions;
    }
}
