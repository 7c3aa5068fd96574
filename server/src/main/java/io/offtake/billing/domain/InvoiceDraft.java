package io.offtake.billing.domain;

import io.offtake.billing.InvoiceView;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.catalog.SkuNames;
import io.offtake.governance.AuditTrail;
import io.offtake.network.Printed;
import io.offtake.orders.OrderStock;
import io.offtake.platform.Actor;
import io.offtake.platform.Documents.Series;
import io.offtake.platform.Fingerprint;
import io.offtake.pricing.RuleBookSource;
import io.offtake.receivables.CashTerms;
import io.offtake.receivables.Receivables;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.rules.Decision;
import io.offtake.rules.Journal;
import io.offtake.rules.Qty;
import io.offtake.rules.StockMoves;
import io.offtake.rules.StockMoves.Node;
import io.offtake.rules.UnitPrice;
import io.offtake.stock.NegativeStock;
import io.offtake.stock.Stock;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A decided invoice on its way into the ledgers: everything but its number.
///
/// @param place       where its outcome belongs among the commands
/// @param origin      NATIVE or MIGRATION
/// @param freeNumbers line numbers of the free goods, if they are those of an original; else they follow the billed lines
/// @param lacking     pieces that the document issues and the ledger has not, by batch: they come out of NEG_SUSPENSE (OFF-14)
/// @param findings    how a document that stood already differs from what is in force: told with its event, so that a repeat knows them
/// @param beyond      the part of a scheme's benefit beyond its limits, by scheme id: it cannot be claimed (OFF-10)
public record InvoiceDraft(int place, PostInvoice command, byte[] bodyHash, Series series, Decision.Decided decided, String commandJson,
                    RuleBookSource.Snapshot book, Printed.Seller seller, Printed.Buyer buyer, Map<Long, SkuNames.SkuName> names,
                    OrderStock.@Nullable Open order, LocalDate dueOn, Instant at, Actor actor, String origin, List<Integer> freeNumbers,
                    Map<UUID, BigDecimal> lacking, Map<String, BigDecimal> beyond, List<PostInvoiceOutcome.Finding> findings) {

    public InvoiceDraft(int place, PostInvoice command, byte[] bodyHash, Series series, Decision.Decided decided, String commandJson, RuleBookSource.Snapshot book, Printed.Seller seller,
                        Printed.Buyer buyer, Map<Long, SkuNames.SkuName> names, OrderStock.@Nullable Open order, LocalDate dueOn, Instant at, Actor actor, String origin) {
        this(place, command, bodyHash, series, decided, commandJson, book, seller, buyer, names, order, dueOn, at, actor, origin, List.of(), Map.of(), Map.of(), List.of());
    }

    /// Whether the bill is owed; cash, UPI and cheque are taken at once.
    public static boolean onCredit(PostInvoice command) {
        return command.paymentMode() == PaymentMode.CREDIT;
    }

    public BigDecimal payable() {
        var payable = decided.totals().payable();
        return BigDecimal.valueOf(payable.units(), payable.scale());
    }

    /// P-03 and P-14: SALEABLE or RESERVED to CUSTOMER (counter) or IN_TRANSIT_OUT (delivery); what an order had reserved and
    /// is not billed goes back to SALEABLE.
    public List<Stock.Movement> movements() {
        var target = command.saleType() == SaleType.COUNTER ? Node.CUSTOMER : Node.IN_TRANSIT_OUT;
        var moves = StockMoves.forInvoice(decided, order == null ? Node.SALEABLE : Node.RESERVED, target);
        moves = NegativeStock.through(moves, order == null ? Node.SALEABLE : Node.RESERVED, lacking);
        if (order != null) moves = new StockMoves(joined(moves.entries(), released()));
        return List.of(new Stock.Movement(command.distributorId(), command.id(), "INVOICE", command.businessDate(), command.principalId(), command.warehouseId(), moves));
    }

    private List<StockMoves.Entry> released() {
        var left = new HashMap<UUID, BigDecimal>();
        var facts = new HashMap<UUID, OrderStock.Allocated>();
        for (var allocated : order.allocations()) {
            left.merge(allocated.batchId(), allocated.qty(), BigDecimal::add);
            facts.put(allocated.batchId(), allocated);
        }
        for (var issue : decided.posting().issues())
            left.computeIfPresent(UUID.fromString(issue.batchId()), (id, qty) -> qty.subtract(BigDecimal.valueOf(issue.billed().plus(issue.free()).milli(), 3)));
        var entries = new ArrayList<StockMoves.Entry>();
        int line = decided.posting().issues().size();
        for (var rest : left.entrySet()) {
            if (rest.getValue().signum() <= 0) continue;
            line++;
            var fact = facts.get(rest.getKey());
            var moved = StockMoves.between(Node.RESERVED, Node.SALEABLE, Long.toString(fact.skuId()), rest.getKey().toString(), null,
                    new Qty(rest.getValue().movePointRight(3).longValueExact()), new UnitPrice(fact.unitCost().movePointRight(6).longValueExact()));
            for (var entry : moved.entries())
                entries.add(new StockMoves.Entry(line, entry.leg(), entry.skuId(), entry.batchId(), entry.mrp(), entry.node(), entry.qty(), entry.unitCost()));
        }
        return entries;
    }

    private static List<StockMoves.Entry> joined(List<StockMoves.Entry> first, List<StockMoves.Entry> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /// P-03, and P-05 where the money was taken at the counter.
    public Receivables.Booking booking() {
        var entries = new ArrayList<>(Journal.forInvoice(decided).entries());
        var payable = decided.totals().payable();
        if (!onCredit(command) && payable.isPositive()) {
            var mode = switch (command.paymentMode()) {
                case CASH -> Journal.CollectionMode.CASH;
                case UPI -> Journal.CollectionMode.UPI;
                case CHEQUE -> Journal.CollectionMode.CHEQUE;
                case CREDIT -> throw new IllegalStateException("a credit bill is not paid at once");
            };
            entries.addAll(Journal.forCollection(mode, payable, payable).entries());
        }
        return new Receivables.Booking(command.id(), "INVOICE", command.businessDate(), command.principalId(), command.outletId(), entries);
    }

    public Receivables.Item openItem() {
        return new Receivables.Item(command.id(), command.principalId(), command.outletId(), "INVOICE", command.businessDate(), dueOn, payable(),
                onCredit(command) ? payable() : BigDecimal.ZERO.setScale(2), onCredit(command) ? CashTerms.of(decided.more().cashDiscounts()) : CashTerms.NONE);
    }

    public AuditTrail.Entry auditEntry() {
        return new AuditTrail.Entry(command.distributorId(), at, actor.username(), null, "POSTED", "INVOICE", command.id(), command.businessDate(),
                "{\"number\":\"{number}\",\"payable\":\"" + decided.totals().payable() + "\",\"ruleBook\":\"" + book.hash() + "\"}");
    }

    public AuditTrail.Event event() {
        return new AuditTrail.Event("invoice.posted", command.id(), command.businessDate(),
                "{\"outletId\":\"" + command.outletId() + "\",\"principalId\":" + command.principalId() + ",\"payable\":\"" + decided.totals().payable() + "\"" + (findings.isEmpty() ? "" : ",\"findings\":" + Fingerprint.json(findings)) + "}");
    }

    /// What is stored of names and addresses.
    public PrintedFacts printed() {
        var entered = new TreeMap<Integer, String>();
        command.lines().forEach(line -> {
            if (line.enteredQty() != null) entered.put(line.line(), line.enteredQty());
        });
        return new PrintedFacts(seller, buyer, names.values().stream().filter(name -> isOn(name.id())).toList(), entered, command.note());
    }

    private boolean isOn(long skuId) {
        var id = Long.toString(skuId);
        return decided.lines().stream().anyMatch(line -> line.skuId().equals(id)) || decided.freeLines().stream().anyMatch(line -> line.skuId().equals(id));
    }

    public InvoiceView view(String number) {
        return view(number, "INVOICE", null);
    }

    /// The view as a document of this kind that may quote an original.
    public InvoiceView view(String number, String kind, @Nullable UUID originalId) {
        return InvoiceViews.of(new InvoiceViews.Header(command.id(), kind, number, series.series(), command.businessDate(), at, actor.username(),
                command.saleType().name(), command.paymentMode().name(), dueOn, command.distributorId(), command.principalId(), command.warehouseId(),
                command.orderId(), originalId, origin, book.hash(), book.versions().toString()), decided, printed());
    }
}
