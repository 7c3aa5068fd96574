package io.offtake.insight.score;

import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.springframework.stereotype.Component;

/// Whether the facts do not yet speak for the business: they are far behind what was posted, or a history is being loaded.
/// Scores and alerts wait then, for half a month is no month.
@Component
public class FeedLag {
    private static final int FAR = 500;
    private static final int HISTORY_DAYS = 5;
    private static final Duration FRESH = Duration.ofMinutes(2);

    private final TenantTransaction transactions;
    private final Clock clock;

    FeedLag(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /// @return whether some distributor has more than 500 events that are not facts yet, or posted just now for days long gone
    public boolean isFar() {
        var now = clock.instant();
        boolean loading = transactions.network(db -> db.sql("""
                /* network: every feed at once */ select exists (
                select from network.distributor d
                 cross join lateral (select o.recorded_at, o.business_date from platform.outbox o where o.distributor_id = d.id order by o.seq desc limit 1) l
                 where l.recorded_at > :fresh and l.business_date < :history)""").param("fresh", now.minus(FRESH).atOffset(ZoneOffset.UTC))
                .param("history", LocalDate.ofInstant(now, clock.getZone()).minusDays(HISTORY_DAYS)).query(Boolean.class).single());
        return loading || transactions.network(db -> db.sql("""
                /* network: every feed at once */ select exists (
                select from network.distributor d left join platform.feed_cursor c on c.distributor_id = d.id and c.consumer = 'insight'
                 where exists (select from platform.outbox o where o.distributor_id = d.id and o.seq > coalesce(c.seq, 0) + :far))""").param("far", FAR).query(Boolean.class).single());
    }
}
