package io.offtake.billing.app;

import io.offtake.billing.SchemePayouts;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.network.Printed;
import io.offtake.platform.Actor;
import io.offtake.platform.BulkPost;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.receivables.Receivables;
import io.offtake.rules.Journal;
import io.offtake.rules.Money;
import io.offtake.schemes.SchemePayable;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/// Posts the payouts of a scheme: accounts, open items, journal, numbers and audit in one transaction for all outlets of a distributor.
@Service
class SchemePayoutPosting implements SchemePayouts {
    private static final String TYPE = "SCHEME_PAYOUT";
    private static final String SERIES = "FINANCIAL_CREDIT_NOTE";
    private static final String SELECT = """
            select id, run_id, number, distributor_id, principal_id, outlet_id, scheme_id, scheme_version, business_date, amount, periods, recorded_at, recorded_by
              from billing.scheme_payout
            """;

    private final TenantTransaction transactions;
    private final Policies policies;
    private final Clock clock;
    private final int backdateDays;

    SchemePayoutPosting(TenantTransaction transactions, Policies policies, Clock clock, @Value("${offtake.billing.backdate-days:3}") int backdateDays) {
        this.transactions = transactions;
        this.policies = policies;
        this.clock = clock;
        this.backdateDays = backdateDays;
    }

    @Override
    public Outcome pay(long schemeId, PaySchemes command, Actor actor) {
        return Post.retried(() -> transactions.idempotent().writeOn(command.distributorId(), connection -> attempt(connection, schemeId, command, actor)));
    }

    private Outcome attempt(Connection connection, long schemeId, PaySchemes command, Actor actor) throws SQLException {
        long distributorId = command.distributorId();
        var load = new Pipeline();
        var before = load.query(SELECT + " where distributor_id = ? and scheme_id = ? and run_id = ? order by number", SchemePayoutPosting::payouts, distributorId, schemeId, command.id());
        var seller = Printed.seller(load, distributorId);
        var series = Documents.openSeries(load, distributorId, SERIES, Documents.fiscalYear(command.businessDate()));
        var due = SchemePayable.lock(load, distributorId, schemeId, command.businessDate());
        load.run(connection);
        if (!before.get().isEmpty()) return new Outcome.Paid(before.get(), true);
        var today = LocalDate.now(clock.withZone(seller.get().orElseThrow().zone()));
        var earliest = today.minusDays(policies.days(PolicyKey.BACKDATE_DAYS, distributorId, today, backdateDays));
        if (command.businessDate().isAfter(today) || command.businessDate().isBefore(earliest)) return new Outcome.DateClosed(earliest, today);
        if (due.get().isEmpty()) return new Outcome.Paid(List.of(), false);
        if (series.get().isEmpty()) return new Outcome.SeriesMissing(Documents.fiscalYear(command.businessDate()));
        lock(connection, distributorId, due.get());
        return new Outcome.Paid(posted(connection, schemeId, command, actor, due.get(), series.get().get()), false);
    }

    /// Outlets' accounts, as every posting locks them (DESIGN section 4).
    private static void lock(Connection connection, long distributorId, List<SchemePayable.Due> due) throws SQLException {
        var load = new Pipeline();
        for (long principal : due.stream().map(SchemePayable.Due::principalId).distinct().sorted().toList())
            Receivables.lockAccounts(load, distributorId, principal, due.stream().filter(one -> one.principalId() == principal).map(SchemePayable.Due::outletId).toArray(UUID[]::new));
        load.run(connection);
    }

    private List<Payout> posted(Connection connection, long schemeId, PaySchemes command, Actor actor, List<SchemePayable.Due> due, Documents.Series series) throws SQLException {
        long distributorId = command.distributorId();
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var post = new BulkPost();
        var payouts = new ArrayList<Payout>();
        Documents.register(post, due.stream().map(one -> new Documents.Registration(distributorId, id(command.id(), schemeId, one.outletId()), TYPE, Fingerprint.of(command), command.businessDate(), at)).toList());
        for (var one : due) SchemePayable.settle(post, distributorId, schemeId, one);
        Receivables.change(post, distributorId, due.stream().map(one -> new Receivables.Change(one.principalId(), one.outletId(), one.amount().negate())).toList());
        Receivables.book(post, distributorId, due.stream().map(one -> new Receivables.Booking(id(command.id(), schemeId, one.outletId()), TYPE, command.businessDate(), one.principalId(),
                one.outletId(), Journal.forSchemePayout(new Money(one.amount().movePointRight(2).longValueExact(), 2)).entries())).toList());
        long next = Documents.takeNumbers(connection, series, due.size());
        for (var one : due) {
            var numbering = new Numbering.Known(series, next, series.format(next++));
            var payout = new Payout(id(command.id(), schemeId, one.outletId()), command.id(), numbering.formatted(), distributorId, one.principalId(), one.outletId(), schemeId, one.schemeVersion(),
                    command.businessDate(), one.amount(), one.parts().stream().map(SchemePayable.Part::period).distinct().sorted().toList(), at, actor.username());
            payouts.add(payout);
            Documents.number(post, numbering, payout.id());
            Documents.insertNumbered(post, numbering, "billing.scheme_payout", "number",
                    "distributor_id, id, run_id, principal_id, outlet_id, scheme_id, scheme_version, business_date, amount, periods, recorded_at, recorded_by",
                    distributorId, payout.id(), command.id(), payout.principalId(), payout.outletId(), schemeId, payout.schemeVersion(), payout.businessDate(), payout.amount(),
                    String.join(",", payout.periods()), at, actor.username());
            Receivables.openItem(post, numbering, new Receivables.Item(payout.id(), payout.principalId(), payout.outletId(), "CREDIT_NOTE", payout.businessDate(), payout.businessDate(), payout.amount(),
                    payout.amount()));
        }
        AuditTrail.append(post, AuditTrail.lock(connection, distributorId), payouts.stream().map(SchemePayoutPosting::auditEntry).toList(), payouts.stream().map(Payout::number).toList(),
                payouts.stream().map(SchemePayoutPosting::event).toList());
        post.run(connection);
        return List.copyOf(payouts);
    }

    /// The note's id: the same for every attempt of a run.
    private static UUID id(UUID runId, long schemeId, UUID outletId) {
        return UUID.nameUUIDFromBytes((runId + "/" + schemeId + "/" + outletId).getBytes(StandardCharsets.UTF_8));
    }

    private static AuditTrail.Entry auditEntry(Payout payout) {
        return new AuditTrail.Entry(payout.distributorId(), payout.postedAt(), payout.postedBy(), null, "POSTED", TYPE, payout.id(), payout.businessDate(),
                "{\"number\":\"{number}\",\"amount\":\"" + payout.amount().toPlainString() + "\",\"schemeId\":" + payout.schemeId() + "}");
    }

    private static AuditTrail.Event event(Payout payout) {
        return new AuditTrail.Event("scheme.paid", payout.id(), payout.businessDate(), "{\"outletId\":\"" + payout.outletId() + "\",\"principalId\":" + payout.principalId() + ",\"schemeId\":"
                + payout.schemeId() + ",\"amount\":\"" + payout.amount().toPlainString() + "\"}");
    }

    @Override
    public List<Due> due(RowScope scope, long distributorId, long schemeId, LocalDate on) {
        return transactions.<List<Due>>readOn(scope, connection -> {
            var load = new Pipeline();
            var due = SchemePayable.peek(load, distributorId, schemeId, on);
            load.run(connection);
            return due.get().stream().map(one -> new Due(one.outletId(), one.principalId(), one.amount(), one.parts().stream().map(SchemePayable.Part::period).distinct().sorted().toList())).toList();
        });
    }

    @Override
    public List<Payout> paid(RowScope scope, long schemeId) {
        return transactions.<List<Payout>>readOn(scope, connection -> {
            var load = new Pipeline();
            var found = load.query(SELECT + " where distributor_id = any(?) and scheme_id = ? order by recorded_at desc, number limit 1000", SchemePayoutPosting::payouts,
                    scope.distributors().toArray(Long[]::new), schemeId);
            load.run(connection);
            return found.get();
        });
    }

    private static List<Payout> payouts(ResultSet rows) throws SQLException {
        var found = new ArrayList<Payout>();
        while (rows.next())
            found.add(new Payout(rows.getObject(1, UUID.class), rows.getObject(2, UUID.class), rows.getString(3), rows.getLong(4), rows.getLong(5), rows.getObject(6, UUID.class), rows.getLong(7),
                    rows.getInt(8), rows.getObject(9, LocalDate.class), rows.getBigDecimal(10), List.of(rows.getString(11).split(",")), instant(rows.getObject(12, OffsetDateTime.class)), rows.getString(13)));
        return found;
    }

    private static Instant instant(OffsetDateTime at) {
        return at.toInstant();
    }
}
