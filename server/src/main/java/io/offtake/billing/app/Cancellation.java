package io.offtake.billing.app;

import io.offtake.billing.Billing.CancelOutcome;
import io.offtake.billing.Billing.DeliverOutcome;
import io.offtake.billing.InvoiceView;
import io.offtake.billing.store.InvoiceStore;
import io.offtake.billing.store.InvoiceStore.Stored;
import io.offtake.billing.store.LineReturns;
import io.offtake.governance.AuditTrail;
import io.offtake.platform.Actor;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Pipeline;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.BookArchive;
import io.offtake.receivables.Receivables;
import io.offtake.rules.Journal;
import io.offtake.rules.StockMoves;
import io.offtake.rules.StockMoves.Node;
import io.offtake.schemes.SchemeAccounts;
import io.offtake.stock.NegativeStock;
import io.offtake.stock.Stock;
import io.offtake.tax.CancelGuard;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// What may still happen to a posted invoice: it is delivered, or cancelled in full on its own day (domain/02 section 2.6).
@Component
class Cancellation {
    private final TenantTransaction transactions;
    private final InvoiceStore store;
    private final BookArchive archive;
    private final List<CancelGuard> guards;
    private final Clock clock;

    Cancellation(TenantTransaction transactions, InvoiceStore store, BookArchive archive, List<CancelGuard> guards, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.archive = archive;
        this.guards = guards;
        this.clock = clock;
    }

    /// Reverses every ledger of an invoice and burns its number.
    CancelOutcome cancel(long distributorId, UUID invoiceId, UUID id, String reason, Actor actor) {
        return transactions.idempotent().writeOn(distributorId, connection -> {
            var stored = store.lock(connection, distributorId, invoiceId);
            if (stored == null) return new CancelOutcome.Unknown();
            if (stored.cancelled()) return new CancelOutcome.AlreadyCancelled(stored.view());
            var invoice = stored.view();
            if (invoice.postedBy().equals(actor.username())) return new CancelOutcome.SamePerson(invoice.postedBy());
            var asked = InvoiceStore.cancellationAsked(connection, distributorId, invoiceId);
            if (asked != null && asked.by().equals(actor.username())) return new CancelOutcome.SamePerson(asked.by());
            var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var tooLate = tooLate(connection, stored, at);
            if (tooLate != null) return tooLate;
            reverse(connection, stored, id, reason.isBlank() && asked != null ? asked.reason() : reason, LocalDate.ofInstant(at, stored.seller().zone()), at, actor);
            return new CancelOutcome.Cancelled(invoice);
        });
    }

    /// Whether the window of domain/02 section 2.6 is open.
    private CancelOutcome.@Nullable TooLate tooLate(Connection connection, Stored stored, Instant at) throws SQLException {
        var invoice = stored.view();
        if (!invoice.businessDate().equals(LocalDate.ofInstant(at, stored.seller().zone())))
            return new CancelOutcome.TooLate("it is of " + invoice.businessDate() + ", and a bill is cancelled on its own day");
        if (stored.delivered()) return new CancelOutcome.TooLate("its goods have been delivered");
        if (stored.collected()) return new CancelOutcome.TooLate("money has been received for it");
        for (var guard : guards) {
            var told = guard.refuse(connection, invoice.distributorId(), invoice.id());
            if (told.isPresent()) return new CancelOutcome.TooLate(told.get());
        }
        if (LineReturns.isTouched(connection, invoice.distributorId(), invoice.id())) return new CancelOutcome.TooLate("goods of it have come back, or are on their way back");
        return null;
    }

    /// Files a request that somebody else decides on.
    CancelOutcome ask(long distributorId, UUID invoiceId, UUID id, String reason, Actor actor) {
        return transactions.idempotent().writeOn(distributorId, connection -> {
            var stored = store.lock(connection, distributorId, invoiceId);
            if (stored == null) return new CancelOutcome.Unknown();
            if (stored.cancelled()) return new CancelOutcome.AlreadyCancelled(stored.view());
            if (InvoiceStore.cancellationAsked(connection, distributorId, invoiceId) != null) return new CancelOutcome.Asked(stored.view());
            // a repeat that comes late does not open again what was turned down meanwhile (OFF-06)
            if (InvoiceStore.isLastRequest(connection, distributorId, invoiceId, id)) return new CancelOutcome.Asked(stored.view());
            var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var tooLate = tooLate(connection, stored, at);
            if (tooLate != null) return tooLate;
            var post = new Pipeline();
            InvoiceStore.askToCancel(post, stored.view(), id, reason, at, actor.username());
            tell(post, stored, "CANCEL_ASKED", "invoice.cancel-asked", reason, at, actor);
            post.run(connection);
            return new CancelOutcome.Asked(stored.view());
        });
    }

    /// Turns a request down.
    CancelOutcome keep(long distributorId, UUID invoiceId, String reason, Actor actor) {
        return transactions.idempotent().writeOn(distributorId, connection -> {
            var stored = store.lock(connection, distributorId, invoiceId);
            if (stored == null) return new CancelOutcome.Unknown();
            if (stored.cancelled()) return new CancelOutcome.AlreadyCancelled(stored.view());
            var asked = InvoiceStore.cancellationAsked(connection, distributorId, invoiceId);
            if (asked == null && InvoiceStore.isKeptBy(connection, distributorId, invoiceId, actor.username())) return new CancelOutcome.Kept(stored.view());
            if (asked == null) return new CancelOutcome.NotAsked(stored.view());
            if (asked.by().equals(actor.username())) return new CancelOutcome.SamePerson(asked.by());
            var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var post = new Pipeline();
            InvoiceStore.decideCancellation(post, distributorId, invoiceId, "KEPT", reason, at, actor.username());
            tell(post, stored, "KEPT", "invoice.kept", reason, at, actor);
            post.run(connection);
            return new CancelOutcome.Kept(stored.view());
        });
    }

    private static void tell(Pipeline post, Stored stored, String action, String topic, String reason, Instant at, Actor actor) {
        var invoice = stored.view();
        AuditTrail.append(post, new AuditTrail.Entry(invoice.distributorId(), at, actor.username(), null, action, "INVOICE", invoice.id(), LocalDate.ofInstant(at, stored.seller().zone()),
                        Fingerprint.json(Map.of("number", invoice.number(), "reason", reason))), null, new AuditTrail.Event(topic, invoice.id(), invoice.businessDate(), "{}"));
    }

    private void reverse(Connection connection, Stored stored, UUID id, String reason, LocalDate today, Instant at, Actor actor) throws SQLException {
        var invoice = stored.view();
        var distributorId = invoice.distributorId();
        var target = invoice.saleType().equals("COUNTER") ? Node.CUSTOMER : Node.IN_TRANSIT_OUT;
        var load = new Pipeline();
        var suspended = NegativeStock.taken(load, distributorId, invoice.businessDate(), invoice.id());
        var madeGood = Documents.find(load, distributorId, new UUID[] {NegativeStock.settlementOf(invoice.id())});
        load.run(connection);
        var moves = NegativeStock.through(StockMoves.forInvoice(stored.decided(), Node.SALEABLE, target).reversal(), Node.SALEABLE, madeGood.get().isEmpty() ? suspended.get() : Map.of());
        load = new Pipeline();
        var loaded = Stock.facts(load, distributorId, invoice.warehouseId(), moves.entries().stream().map(entry -> UUID.fromString(entry.batchId())).distinct().toArray(UUID[]::new));
        var taken = SchemeAccounts.lockOf(load, distributorId, Map.of(invoice.id(), invoice.businessDate()));
        load.run(connection);
        var facts = loaded.get();
        var post = new Pipeline();
        Documents.register(post, List.of(new Documents.Registration(distributorId, id, "INVOICE_CANCELLATION", Fingerprint.of(List.of(invoice.id(), reason)), today, at)));
        Stock.move(post, distributorId, List.of(new Stock.Movement(distributorId, id, "INVOICE_CANCELLATION", today, invoice.principalId(), invoice.warehouseId(), moves)), facts);
        var schemes = taken.get();
        schemes.giveBack(new SchemeAccounts.Document(id, "INVOICE_CANCELLATION", today, invoice.principalId(), invoice.outlet().id(), null), invoice.id(),
                SchemeVersions.of(archive, invoice.ruleBookHash()), _ -> BigDecimal.ONE, stored.decided().totals().payable().scale());
        schemes.post(post, at);
        InvoiceStore.cancelled(post, invoice, id, today, reason, at, actor.username());
        InvoiceStore.decideCancellation(post, distributorId, invoice.id(), "CONFIRMED", reason, at, actor.username());
        var entries = new ArrayList<>(Journal.forInvoice(stored.decided()).reversal().entries());
        if (invoice.paymentMode().equals("CREDIT")) {
            Receivables.change(post, distributorId, List.of(new Receivables.Change(invoice.principalId(), invoice.outlet().id(), invoice.totals().payable().negate())));
            Receivables.closeItem(post, distributorId, invoice.id());
        } else if (invoice.totals().payable().signum() > 0) {
            var payable = stored.decided().totals().payable();
            entries.addAll(Journal.forCollection(Journal.CollectionMode.valueOf(invoice.paymentMode()), payable, payable).reversal().entries());
        }
        Receivables.book(post, distributorId, List.of(new Receivables.Booking(id, "INVOICE_CANCELLATION", today, invoice.principalId(), invoice.outlet().id(), entries)));
        Documents.cancelNumber(post, distributorId, invoice.id(), reason);
        AuditTrail.append(post, new AuditTrail.Entry(distributorId, at, actor.username(), null, "CANCELLED", "INVOICE", invoice.id(), today,
                        Fingerprint.json(Map.of("number", invoice.number(), "reason", reason))), null,
                new AuditTrail.Event("invoice.cancelled", invoice.id(), invoice.businessDate(), Fingerprint.json(Map.of("cancellationId", id.toString()))));
        post.run(connection);
    }

    /// IN_TRANSIT_OUT to CUSTOMER, where dispatch is switched off.
    DeliverOutcome deliver(long distributorId, UUID invoiceId, UUID id, Actor actor) {
        return transactions.idempotent().writeOn(distributorId, connection -> {
            var stored = store.lock(connection, distributorId, invoiceId);
            if (stored == null) return new DeliverOutcome.Unknown();
            var invoice = stored.view();
            if (stored.delivered() || invoice.saleType().equals("COUNTER")) return new DeliverOutcome.AlreadyDelivered(invoice);
            if (stored.cancelled()) return new DeliverOutcome.WasCancelled();
            var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var today = LocalDate.ofInstant(at, stored.seller().zone());
            var moves = StockMoves.forInvoice(stored.decided(), Node.IN_TRANSIT_OUT, Node.CUSTOMER);
            var post = new Pipeline();
            Documents.register(post, List.of(new Documents.Registration(distributorId, id, "DELIVERY", Fingerprint.of(List.of(invoice.id())), today, at)));
            Stock.move(post, distributorId, List.of(new Stock.Movement(distributorId, id, "DELIVERY", today, invoice.principalId(), invoice.warehouseId(), moves)), Map.of());
            InvoiceStore.delivered(post, invoice, id, today, at, actor.username());
            AuditTrail.append(post, new AuditTrail.Entry(distributorId, at, actor.username(), null, "DELIVERED", "INVOICE", invoice.id(), today,
                            Fingerprint.json(Map.of("number", invoice.number()))), null,
                    new AuditTrail.Event("invoice.delivered", invoice.id(), today, "{}"));
            post.run(connection);
            return new DeliverOutcome.Delivered(invoice);
        });
    }
}
