package io.offtake.insight.score;

import io.offtake.platform.TenantTransaction;
import org.springframework.stereotype.Component;

/// Whether the facts are far behind what was posted: scores and alerts wait then, for half a month is no month.
@Component
public class FeedLag {
    private static final int FAR = 500;

    private final TenantTransaction transactions;

    FeedLag(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    /// @return whether some distributor has more than 500 events that are not facts yet
    public boolean isFar() {
        return transactions.network(db -> db.sql("""
                /* network: every feed at once */ select exists (
                select from network.distributor d left join platform.feed_cursor c on c.distributor_id = d.id and c.consumer = 'insight'
                 where exists (select from platform.outbox o where o.distributor_id = d.id and o.seq > coalesce(c.seq, 0) + :far))""").param("far", FAR).query(Boolean.class).single());
    }
}
