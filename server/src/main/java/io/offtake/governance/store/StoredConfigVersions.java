package io.offtake.governance.store;

import io.offtake.governance.ConfigVersions;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

@Component
class StoredConfigVersions implements ConfigVersions {
    private final TenantTransaction transactions;
    private final Clock clock;

    StoredConfigVersions(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public void raise(Collection<String> parts) {
        if (parts.isEmpty()) return;
        var at = clock.instant().atOffset(ZoneOffset.UTC);
        transactions.shared(db -> {
            for (var part : new TreeSet<>(parts)) {   // in one order, so that two writers wait instead of deadlocking
                db.sql("""
                        insert into governance.config_version as v (part, version, changed_at) values (:part, 1, :at)
                            on conflict (part) do update set version = v.version + 1, changed_at = excluded.changed_at""")
                        .param("part", part).param("at", at).update();
            }
            return null;
        });
    }
}
