package io.offtake.billing.app;

import io.offtake.access.Directory;
import io.offtake.platform.BulkPost;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.CommandJson;
import io.offtake.rules.Decision;
import io.offtake.rules.Engine;
import io.offtake.rules.Scheme;
import io.offtake.schemes.SchemeAccounts;
import io.offtake.schemes.SchemeRelations;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/// Accrues what a scheme that was approved `retrospective` owes for the bills before its approval (PX-42, EX-29): the bills stay as
/// they are, [io.offtake.billing.SchemePayouts] pays. The budget is used on the day of the accrual, and no further than the distributor's slice.
@Service
class RetrospectiveSchemes {
    private static final Logger LOG = LoggerFactory.getLogger(RetrospectiveSchemes.class);
    private static final int PAGE = 500;

    private final Directory directory;
    private final RuleBookSource books;
    private final TenantTransaction transactions;
    private final Clock clock;

    RetrospectiveSchemes(Directory directory, RuleBookSource books, TenantTransaction transactions, Clock clock) {
        this.directory = directory;
        this.books = books;
        this.transactions = transactions;
        this.clock = clock;
    }

    private record Bill(LocalDate on, UUID id, UUID outlet, long principal, UUID warehouse, String command) {}

    @Scheduled(initialDelayString = "PT3M", fixedDelayString = "PT15M")
    void run() {
        var today = LocalDate.now(clock);
        for (long distributorId : directory.distributors()) {
            try {
                run(distributorId, today);
            } catch (RuntimeException failure) {
                LOG.error("Retrospective schemes of distributor {} are not accrued; trying again", distributorId, failure);
            }
        }
    }

    /// Goes through a distributor's bills for each retrospective scheme version that was not done before.
    void run(long distributorId, LocalDate today) {
        for (var scheme : books.current(distributorId).book().schemes()) {
            var approvedOn = scheme.terms().approvedOn();
            if (!scheme.terms().retrospective() || approvedOn == null || approvedOn <= scheme.validFrom() || approvedOn > today.toEpochDay() || isDone(distributorId, scheme)) continue;
            int bills = accrue(distributorId, scheme, LocalDate.ofEpochDay(scheme.validFrom()), LocalDate.ofEpochDay(Math.min(approvedOn - 1, scheme.validTo())), today);
            transactions.idempotent().write(distributorId, db -> db.sql("""
                    insert into billing.retrospective_run (distributor_id, scheme_id, scheme_version, bills, done_at) values (?, ?, ?, ?, ?) on conflict do nothing""")
                    .params(distributorId, Long.parseLong(scheme.id()), scheme.version(), bills, clock.instant().atOffset(ZoneOffset.UTC)).update());
        }
    }

    private boolean isDone(long distributorId, Scheme scheme) {
        return transactions.<Boolean>read(RowScope.of(distributorId), db -> db.sql("""
                select exists (select from billing.retrospective_run where distributor_id = :distributor and scheme_id = :scheme and scheme_version = :version)""")
                .param("distributor", distributorId).param("scheme", Long.parseLong(scheme.id())).param("version", scheme.version()).query(Boolean.class).single());
    }

    private int accrue(long distributorId, Scheme scheme, LocalDate from, LocalDate to, LocalDate today) {
        var on = today.toEpochDay() > scheme.validTo() ? LocalDate.ofEpochDay(scheme.validTo()) : today;
        int given = 0;
        var after = new Bill(from, new UUID(0, 0), new UUID(0, 0), 0, new UUID(0, 0), "");
        while (true) {
            var page = page(distributorId, scheme, after, to);
            if (!page.isEmpty()) given += Post.retried(() -> transactions.idempotent().<Integer>writeOn(distributorId, connection -> book(connection, distributorId, scheme, page, on)));
            if (page.size() < PAGE) return given;
            after = page.getLast();
        }
    }

    /// Bills that the scheme has given nothing for yet.
    private List<Bill> page(long distributorId, Scheme scheme, Bill after, LocalDate to) {
        return transactions.read(RowScope.of(distributorId), db -> db.sql("""
                select i.business_date as "on", i.id, i.outlet_id as outlet, i.principal_id as principal, i.warehouse_id as warehouse, i.command
                  from billing.invoice i
                 where i.distributor_id = :distributor and i.kind = 'INVOICE' and i.principal_id = :principal and i.business_date between :from and :to
                   and (i.business_date, i.id) > (:from, :id)
                   and not exists (select 1 from billing.invoice_cancellation c where c.distributor_id = i.distributor_id and c.invoice_id = i.id)
                   and not exists (select 1 from\s""" + SchemeRelations.ACCRUED + """
                 a where a.distributor_id = i.distributor_id and a.document_id = i.id and a.scheme_id = :scheme)
                 order by i.business_date, i.id limit\s""" + PAGE)
                .param("distributor", distributorId).param("principal", Long.parseLong(scheme.principalId())).param("from", after.on).param("id", after.id).param("to", to)
                .param("scheme", Long.parseLong(scheme.id())).query(Bill.class).list());
    }

    private int book(Connection connection, long distributorId, Scheme scheme, List<Bill> bills, LocalDate on) throws SQLException {
        var load = new Pipeline();
        var loading = SchemeAccounts.lock(load, distributorId, List.of(scheme), bills.stream().map(Bill::outlet).distinct().sorted().toArray(UUID[]::new), List.of(on), new UUID[0]);
        load.run(connection);
        var accounts = loading.get();
        int given = 0;
        for (var bill : bills) {
            var engine = engine(distributorId, bill.on);
            var command = CommandJson.read(Simulation.approving(bill.command), engine.book());
            var facts = accounts.facts(command.facts().withWarehouseId(bill.warehouse.toString()), List.of(scheme), bill.outlet, on, null, _ -> true, engine.book().currency().scale());
            if (engine.decide(command.with(facts)) instanceof Decision.Decided decided
                    && accounts.retrospective(new SchemeAccounts.Document(bill.id, "RETROSPECTIVE", on, bill.principal, bill.outlet, null), decided, scheme.id())) given++;
        }
        if (given == 0) return 0;
        var post = new BulkPost();
        accounts.post(post, clock.instant().truncatedTo(ChronoUnit.MICROS));
        post.run(connection);
        return given;
    }

    private Engine engine(long distributorId, LocalDate on) {
        return books.current(distributorId, Map.of(), on).engine();
    }
}
