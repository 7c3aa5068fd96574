package io.offtake.billing.app;

import io.offtake.access.Directory;
import io.offtake.platform.BulkPost;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.RuleBookSource;
import io.offtake.schemes.SchemeGrowth;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/// Finds what outlets bought in the same period a year before, for the schemes that pay for growth (EX-17). Bills before it are
/// not lost: the next bill of the outlet counts the whole period again from the base.
@Service
class GrowthBases {
    private static final Logger LOG = LoggerFactory.getLogger(GrowthBases.class);

    private final Directory directory;
    private final RuleBookSource books;
    private final TenantTransaction transactions;
    private final Clock clock;

    GrowthBases(Directory directory, RuleBookSource books, TenantTransaction transactions, Clock clock) {
        this.directory = directory;
        this.books = books;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Scheduled(initialDelayString = "PT2M", fixedDelayString = "PT1H")
    void find() {
        var today = LocalDate.now(clock);
        for (long distributorId : directory.distributors()) {
            try {
                find(distributorId, today);
            } catch (RuntimeException failure) {
                LOG.error("The growth bases of distributor {} are not found; trying again in an hour", distributorId, failure);
            }
        }
    }

    /// Finds the bases that a distributor's schemes ask for on a day, and keeps those that are not set yet.
    void find(long distributorId, LocalDate on) {
        for (var wanted : SchemeGrowth.of(books.current(distributorId).book(), on)) {
            if (wanted.skuIds().isEmpty()) continue;
            var bases = bought(transactions, distributorId, wanted);
            if (bases.isEmpty()) continue;
            transactions.idempotent().writeOn(distributorId, connection -> {
                var post = new BulkPost();
                SchemeGrowth.set(post, distributorId, wanted, bases);
                post.run(connection);
                return null;
            });
        }
    }

    /// Net value by outlet, returns taken off, cancelled bills left out.
    static Map<UUID, BigDecimal> bought(TenantTransaction transactions, long distributorId, SchemeGrowth.Wanted wanted) {
        record Base(UUID outletId, BigDecimal value) {}
        var found = new HashMap<UUID, BigDecimal>();
        transactions.read(RowScope.of(distributorId), db -> db.sql("""
                select i.outlet_id, sum(case i.kind when 'CREDIT_NOTE' then -l.taxable else l.taxable end) as value
                  from billing.invoice i
                  join billing.invoice_line l on l.distributor_id = i.distributor_id and l.business_date = i.business_date and l.invoice_id = i.id
                 where i.distributor_id = :distributor and i.business_date between :from and :to and i.kind in ('INVOICE', 'CREDIT_NOTE') and l.kind = 'BILLED'
                   and l.distributor_id = :distributor and l.business_date between :from and :to and l.sku_id = any(:skus)
                   and not exists (select 1 from billing.invoice_cancellation c where c.distributor_id = i.distributor_id and c.invoice_id = i.id)
                 group by i.outlet_id
                having sum(case i.kind when 'CREDIT_NOTE' then -l.taxable else l.taxable end) > 0""")
                .param("distributor", distributorId).param("from", wanted.from()).param("to", wanted.to()).param("skus", wanted.skuIds().toArray(Long[]::new)).query(Base.class).list())
                .forEach(base -> found.put(base.outletId, base.value));
        return found;
    }
}
