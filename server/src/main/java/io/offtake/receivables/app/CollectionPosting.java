package io.offtake.receivables.app;

import io.offtake.governance.AuditTrail;
import io.offtake.network.Printed;
import io.offtake.platform.Actor;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.receivables.CollectionView;
import io.offtake.receivables.Collections;
import io.offtake.receivables.PostCollection;
import io.offtake.receivables.Receivables;
import io.offtake.receivables.store.CollectionStore;
import io.offtake.rules.Journal;
import io.offtake.rules.Money;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/// Posts collections: money account, bills settled, rest on account, number, audit and event in one transaction (P-05).
@Service
class CollectionPosting implements Collections {
    static final String TYPE = "COLLECTION";

    private final TenantTransaction transactions;
    private final CollectionStore store;
    private final Clock clock;
    private final BigDecimal cashLimit;
    private final int backdateDays;

    CollectionPosting(TenantTransaction transactions, CollectionStore store, Clock clock, @Value("${offtake.receivables.cash-limit:200000}") BigDecimal cashLimit,
                      @Value("${offtake.billing.backdate-days:3}") int backdateDays) {
        this.transactions = transactions;
        this.store = store;
        this.clock = clock;
        this.cashLimit = cashLimit;
        this.backdateDays = backdateDays;
    }

    @Override
    public Outcome post(PostCollection command, Actor actor) {
        return transactions.idempotent().writeOn(command.distributorId(), connection -> attempt(connection, command, actor));
    }

    @Override
    public Optional<CollectionView> find(RowScope scope, UUID id) {
        return transactions.readOn(scope, connection -> store.find(connection, scope, id));
    }

    private Outcome attempt(Connection connection, PostCollection command, Actor actor) throws SQLException {
        var distributorId = command.distributorId();
        var bodyHash = Fingerprint.of(command);
        var load = new Pipeline();
        var registered = Documents.find(load, distributorId, new UUID[] {command.id()});
        var seller = Printed.seller(load, distributorId);
        var buyers = Printed.buyers(load, distributorId, new UUID[] {command.outletId()});
        var series = Documents.openSeries(load, distributorId, TYPE, Documents.fiscalYear(command.businessDate()));
        Receivables.lockAccounts(load, distributorId, command.principalId(), new UUID[] {command.outletId()});
        var bills = CollectionStore.lockBills(load, distributorId, command.principalId(), command.outletId());
        var cashToday = CollectionStore.cashOfDay(load, distributorId, command.outletId(), command.businessDate());
        load.run(connection);

        var before = registered.get().get(command.id());
        if (before != null) {
            if (!before.isRepeatOf(TYPE, bodyHash)) return new Outcome.IdReused();
            return new Outcome.AlreadyPosted(store.find(connection, RowScope.of(distributorId), command.id()).orElseThrow());
        }
        if (seller.get().isEmpty()) return new Outcome.Unknown("distributor");
        var buyer = buyers.get().get(command.outletId());
        if (buyer == null) return new Outcome.Unknown("outlet");
        var today = LocalDate.now(clock.withZone(seller.get().get().zone()));
        if (command.businessDate().isAfter(today) || command.businessDate().isBefore(today.minusDays(backdateDays)))
            return new Outcome.DateClosed(today.minusDays(backdateDays), today);
        if (series.get().isEmpty()) return new Outcome.SeriesMissing(Documents.fiscalYear(command.businessDate()));
        if (command.mode().equals("CHEQUE")) {
            if (command.chequeOn() == null) return new Outcome.ChequeIncomplete("chequeOn");
            if (command.reference() == null || command.reference().isBlank()) return new Outcome.ChequeIncomplete("reference");
        }
        if (command.mode().equals("CASH") && cashToday.get().add(command.amount()).compareTo(cashLimit) >= 0)
            return new Outcome.CashLimit(cashToday.get().add(command.amount()), cashLimit);

        var allocated = new LinkedHashMap<CollectionStore.Bill, BigDecimal>();
        var refused = allocate(command, bills.get(), allocated);
        if (refused != null) return refused;
        return posted(connection, command, bodyHash, series.get().get(), buyer, allocated, actor);
    }

    /// Fills `allocated`; answers the refusal, or null.
    private static @Nullable Outcome allocate(PostCollection command, List<CollectionStore.Bill> bills, Map<CollectionStore.Bill, BigDecimal> allocated) {
        var left = command.amount();
        if (command.allocations() == null || command.allocations().isEmpty()) {
            for (var bill : bills) {
                var part = bill.open().min(left);
                if (part.signum() <= 0) break;
                allocated.put(bill, part);
                left = left.subtract(part);
            }
            return null;
        }
        for (var wanted : command.allocations()) {
            var bill = bills.stream().filter(open -> open.documentId().equals(wanted.invoiceId())).findFirst().orElse(null);
            if (bill == null) return new Outcome.OverAllocated(wanted.invoiceId(), wanted.amount(), BigDecimal.ZERO.setScale(2));
            var sum = allocated.merge(bill, wanted.amount(), BigDecimal::add);
            if (sum.compareTo(bill.open()) > 0) return new Outcome.OverAllocated(wanted.invoiceId(), sum, bill.open());
            left = left.subtract(wanted.amount());
        }
        return left.signum() < 0 ? new Outcome.OverAllocated(null, command.amount().subtract(left), command.amount()) : null;
    }

    private Outcome posted(Connection connection, PostCollection command, byte[] bodyHash, Documents.Series series, Printed.Buyer buyer,
                           Map<CollectionStore.Bill, BigDecimal> allocated, Actor actor) throws SQLException {
        var distributorId = command.distributorId();
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var settled = allocated.values().stream().reduce(BigDecimal.ZERO.setScale(2), BigDecimal::add);
        var onAccount = command.amount().subtract(settled);
        // A post-dated cheque is a promise until its date: it is noted and reduces nothing (domain/02 section 2.9).
        boolean held = command.mode().equals("CHEQUE") && command.chequeOn().isAfter(command.businessDate());
        var status = switch (command.mode()) {
            case "CHEQUE" -> held ? "HELD" : "IN_HAND";
            case "CASH" -> "POSTED";
            default -> "INITIATED";
        };
        var numbering = new Numbering.Next(series);
        var post = new Pipeline();
        Documents.register(post, List.of(new Documents.Registration(distributorId, command.id(), TYPE, bodyHash, command.businessDate(), at)));
        if (!held) {
            Receivables.change(post, distributorId, List.of(new Receivables.Change(command.principalId(), command.outletId(), command.amount().negate())));
            CollectionStore.settle(post, distributorId, command.id(), allocated);
            Receivables.book(post, distributorId, List.of(new Receivables.Booking(command.id(), TYPE, command.businessDate(), command.principalId(), command.outletId(),
                    Journal.forCollection(Journal.CollectionMode.valueOf(command.mode()), money(command.amount()), money(settled)).entries())));
        }
        Documents.number(post, numbering, command.id());
        CollectionStore.header(post, numbering, command, held ? BigDecimal.ZERO.setScale(2) : onAccount, status, at, actor.username());
        if (!held && onAccount.signum() > 0)
            Receivables.openItem(post, numbering, new Receivables.Item(command.id(), command.principalId(), command.outletId(), "ON_ACCOUNT", command.businessDate(),
                    command.businessDate(), onAccount, onAccount));
        AuditTrail.append(post, new AuditTrail.Entry(distributorId, at, actor.username(), null, "POSTED", TYPE, command.id(), command.businessDate(),
                        "{\"number\":\"{number}\",\"amount\":\"" + command.amount().toPlainString() + "\",\"mode\":\"" + command.mode() + "\"}"), numbering,
                new AuditTrail.Event("collection.posted", command.id(), command.businessDate(), Fingerprint.json(Map.of("outletId", command.outletId().toString(), "principalId",
                        command.principalId(), "amount", command.amount().toPlainString()))));
        var number = Documents.taken(post, distributorId, command.id());
        post.run(connection);
        var bills = new ArrayList<CollectionView.Settled>();
        if (!held) allocated.forEach((bill, part) -> bills.add(new CollectionView.Settled(bill.documentId(), bill.number(), part)));
        return new Outcome.Posted(new CollectionView(command.id(), number.get(), distributorId, command.principalId(), command.outletId(), buyer.name(), command.businessDate(), at,
                actor.username(), command.mode(), command.amount(), held ? BigDecimal.ZERO.setScale(2) : onAccount, command.reference(), command.bank(), command.chequeOn(),
                command.note(), status, bills));
    }

    private static Money money(BigDecimal amount) {
        return new Money(amount.movePointRight(2).longValueExact(), 2);
    }
}
