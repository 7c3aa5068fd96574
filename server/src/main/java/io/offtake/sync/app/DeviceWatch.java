package io.offtake.sync.app;

import io.offtake.platform.Documents;
import io.offtake.platform.Ids;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.TenantTransaction;
import io.offtake.sync.store.LeaseStore;
import io.offtake.sync.store.WatchStore;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Looks for devices that fell silent, and declares void what lost devices never sent (OFF-03, OFF-16). Every node may do it: whatever it
/// writes is the same whoever writes it.
@Component
class DeviceWatch {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceWatch.class);
    /// Hours of silence that raise an alert.
    static final List<Integer> ALERTS = List.of(24, 48, 72);

    private final TenantTransaction transactions;
    private final Ids ids;
    private final Clock clock;

    DeviceWatch(TenantTransaction transactions, Ids ids, Clock clock) {
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
    }

    @Scheduled(initialDelayString = "PT60S", fixedDelayString = "PT5M")
    void look() {
        try {
            silent();
            lost();
        } catch (RuntimeException failure) {
            LOG.warn("Devices could not be looked after; it is tried again", failure);
        }
    }

    /// Raises an alert for each threshold that a device's silence has passed; its next call clears them.
    /// @return alerts raised
    int silent() {
        var now = clock.instant();
        int raised = 0;
        for (var device : transactions.network(db -> WatchStore.silent(db, now.minus(Duration.ofHours(ALERTS.getFirst())))))
            raised += transactions.idempotent().<Integer>write(device.distributorId(), db -> {
                int more = 0;
                for (int hours : ALERTS)
                    if (!device.lastSeenAt().plus(Duration.ofHours(hours)).isAfter(now)) more += WatchStore.raise(db, device, hours);
                return more;
            });
        return raised;
    }

    /// Declares the missing numbers of retired series void once their time is over: those that the device is known to have given, so that
    /// every one has its fate in the returns (GSTR-1 table 13).
    /// @return numbers declared void
    int lost() {
        var now = clock.instant();
        var today = LocalDate.ofInstant(now, clock.getZone());
        int voided = 0;
        for (long distributorId : transactions.network(db -> WatchStore.withRetired(db, today)))
            voided += Post.retried(() -> transactions.idempotent().<Integer>writeOn(distributorId, connection -> {
                var db = JdbcClient.create(new org.springframework.jdbc.datasource.SingleConnectionDataSource(connection, true));
                int count = 0;
                for (var due : LeaseStore.due(db, distributorId, today)) {
                    var post = new Pipeline();
                    var series = due.lease().asSeries();
                    for (long number : LeaseStore.missing(db, due.lease(), due.used())) {
                        Documents.voidNumber(post, new Numbering.Known(series, number, series.format(number)), ids.next(), due.lease().voidAfter(), "device lost, never arrived (OFF-03)");
                        count++;
                    }
                    post.run(connection);
                    LeaseStore.voided(db, due.lease(), now);
                }
                return count;
            }));
        return voided;
    }
}
