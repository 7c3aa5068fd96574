package io.offtake.network.store;

import io.offtake.access.Directory;
import io.offtake.platform.TenantTransaction;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/// Territories and distributors as row scope needs them.
@Component
class NetworkDirectory implements Directory {
    private final TenantTransaction transactions;

    NetworkDirectory(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    @Override
    public Set<Long> distributors() {
        return new HashSet<>(transactions.<List<Long>>shared(jdbc -> jdbc.sql("select id from network.distributor").query(Long.class).list()));
    }

    @Override
    public Set<Long> inTerritories(Set<Long> nodes) {
        return new HashSet<>(transactions.<List<Long>>shared(jdbc -> jdbc.sql("""
                with recursive below as (
                    select id from network.territory where id = any (:nodes)
                    union
                    select t.id from network.territory t join below b on t.parent_id = b.id
                )
                select d.id from network.distributor d join below b on b.id = d.territory_id""")
                .param("nodes", nodes.toArray(Long[]::new)).query(Long.class).list()));
    }

    @Override
    public List<Entry> named(Set<Long> distributors) {
        if (distributors.isEmpty()) return List.of();
        return transactions.shared(jdbc -> jdbc.sql("select id, code, name from network.distributor where id = any (:ids) order by code")
                .param("ids", distributors.toArray(Long[]::new)).query(Entry.class).list());
    }
}
