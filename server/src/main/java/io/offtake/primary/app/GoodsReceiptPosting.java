package io.offtake.primary.app;

import io.offtake.catalog.Batches;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.ConfigParts;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.network.Printed;
import io.offtake.platform.Actor;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Ids;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.RuleBookSource;
import io.offtake.primary.GoodsReceiptView;
import io.offtake.primary.GoodsReceipts;
import io.offtake.primary.PostGoodsReceipt;
import io.offtake.primary.store.GoodsReceiptStore;
import io.offtake.receivables.Receivables;
import io.offtake.rules.GoodsReceipt;
import io.offtake.rules.Journal;
import io.offtake.rules.Money;
import io.offtake.rules.Qty;
import io.offtake.rules.StockMoves;
import io.offtake.rules.UnitPrice;
import io.offtake.stock.BatchStock;
import io.offtake.stock.Stock;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/// Posts goods receipts: batches, stock, payable, input tax, number, audit and event in one transaction (P-01).
@Service
class GoodsReceiptPosting implements GoodsReceipts {
    static final String TYPE = "GOODS_RECEIPT";

    private final TenantTransaction transactions;
    private final RuleBookSource books;
    private final GoodsReceiptStore store;
    private final Ids ids;
    private final Clock clock;
    private final Policies policies;
    private final int backdateDays;

    GoodsReceiptPosting(TenantTransaction transactions, RuleBookSource books, GoodsReceiptStore store, Ids ids, Policies policies, Clock clock,
                        @Value("${offtake.billing.backdate-days:3}") int backdateDays) {
        this.transactions = transactions;
        this.books = books;
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.policies = policies;
        this.backdateDays = backdateDays;
    }

    @Override
    public Outcome post(PostGoodsReceipt command, Actor actor, boolean anyDate) {
        return Post.retried(() -> transactions.idempotent().writeOn(command.distributorId(), connection -> attempt(connection, command, actor, anyDate)));
    }

    @Override
    public Optional<GoodsReceiptView> find(RowScope scope, UUID id) {
        return transactions.readOn(scope, connection -> store.find(connection, scope, id));
    }

    private Outcome attempt(Connection connection, PostGoodsReceipt command, Actor actor, boolean anyDate) throws SQLException {
        var distributorId = command.distributorId();
        var bodyHash = Fingerprint.of(command);
        var load = new Pipeline();
        var registered = Documents.find(load, distributorId, new UUID[] {command.id()});
        var parts = ConfigParts.read(load, books.parts(distributorId));
        var seller = Printed.seller(load, distributorId);
        var warehouses = Printed.openWarehouses(load, distributorId, new UUID[] {command.warehouseId()});
        var series = Documents.openSeries(load, distributorId, TYPE, Documents.fiscalYear(command.businessDate()));
        var received = GoodsReceiptStore.numberOf(load, distributorId, command.principalId(), command.principalInvoiceNumber());
        var batches = Batches.find(load, distributorId, command.lines().stream().mapToLong(PostGoodsReceipt.Line::skuId).distinct().toArray(),
                command.lines().stream().map(PostGoodsReceipt.Line::batchNo).distinct().toArray(String[]::new));
        load.run(connection);

        var before = registered.get().get(command.id());
        if (before != null) {
            if (!before.isRepeatOf(TYPE, bodyHash)) return new Outcome.IdReused();
            return new Outcome.AlreadyPosted(store.find(connection, RowScope.of(distributorId), command.id()).orElseThrow());
        }
        if (seller.get().isEmpty()) return new Outcome.Unknown("distributor");
        if (warehouses.get().isEmpty()) return new Outcome.Unknown("warehouse");
        var today = LocalDate.now(clock.withZone(seller.get().get().zone()));
        var earliest = today.minusDays(policies.days(PolicyKey.BACKDATE_DAYS, command.distributorId(), today, backdateDays));
        if (!anyDate && (command.businessDate().isAfter(today) || command.businessDate().isBefore(earliest)))
            return new Outcome.DateClosed(earliest, today);
        if (received.get().isPresent()) return new Outcome.InvoiceReceived(received.get().get());
        if (series.get().isEmpty()) return new Outcome.SeriesMissing(Documents.fiscalYear(command.businessDate()));
        for (var line : command.lines()) {
            if (line.expiresOn() != null && line.expiresOn().isBefore(command.businessDate()))
                return new Outcome.BatchDates(line.line(), "batch " + line.batchNo() + " expired on " + line.expiresOn());
            if (line.mfgOn() != null && line.expiresOn() != null && line.expiresOn().isBefore(line.mfgOn()))
                return new Outcome.BatchDates(line.line(), "batch " + line.batchNo() + " expires before it was made");
        }
        var engine = books.current(distributorId, parts.get(), command.businessDate()).engine();
        return switch (engine.value(receipt(command, line -> Integer.toString(line.line())))) {
            case GoodsReceipt.Outcome.Refused refused -> new Outcome.Refused(refused.refusals());
            case GoodsReceipt.Outcome.Ok ok -> {
                var identities = new HashMap<Integer, Batches.Identity>();
                var byIdentity = new HashMap<>(batches.get());
                var created = new ArrayList<Batches.NewBatch>();
                for (int at = 0; at < command.lines().size(); at++) {
                    var line = command.lines().get(at);
                    var cost = ok.valued().lines().get(at).landedCost();
                    var identity = new Batches.Identity(line.skuId(), line.batchNo(), line.mrp(), BigDecimal.valueOf(cost.micros(), 6));
                    identities.put(line.line(), identity);
                    byIdentity.computeIfAbsent(identity, fresh -> {
                        var id = ids.next();
                        created.add(new Batches.NewBatch(id, command.principalId(), identity, line.mfgOn(), line.expiresOn(), command.businessDate()));
                        return id;
                    });
                }
                var valued = ((GoodsReceipt.Outcome.Ok) engine.value(receipt(command, line -> byIdentity.get(identities.get(line.line())).toString()))).valued();
                yield posted(connection, command, bodyHash, series.get().get(), valued, created, actor);
            }
        };
    }

    private Outcome posted(Connection connection, PostGoodsReceipt command, byte[] bodyHash, Documents.Series series, GoodsReceipt.Valued valued,
                           List<Batches.NewBatch> created, Actor actor) throws SQLException {
        var distributorId = command.distributorId();
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var numbering = new Numbering.Next(series);
        var facts = new HashMap<String, BatchStock>();
        for (var line : valued.lines()) {
            var asked = command.lines().stream().filter(any -> any.line() == line.line().line()).findFirst().orElseThrow();
            facts.put(line.line().batchId(), new BatchStock(UUID.fromString(line.line().batchId()), asked.skuId(), command.principalId(), asked.batchNo(), asked.mrp(),
                    asked.expiresOn(), command.businessDate(), BigDecimal.ZERO, BigDecimal.valueOf(line.landedCost().micros(), 6)));
        }
        var post = new Pipeline();
        Documents.register(post, List.of(new Documents.Registration(distributorId, command.id(), TYPE, bodyHash, command.businessDate(), at)));
        Batches.create(post, distributorId, created);
        Stock.move(post, distributorId, List.of(new Stock.Movement(distributorId, command.id(), TYPE, command.businessDate(), command.principalId(), command.warehouseId(),
                StockMoves.forGoodsReceipt(valued))), facts);
        GoodsReceiptStore.lines(post, command, valued);
        Receivables.book(post, distributorId, List.of(new Receivables.Booking(command.id(), TYPE, command.businessDate(), command.principalId(), null,
                Journal.forGoodsReceipt(valued).entries())));
        Documents.number(post, numbering, command.id());
        GoodsReceiptStore.header(post, numbering, command, valued, at, actor.username());
        AuditTrail.append(post, new AuditTrail.Entry(distributorId, at, actor.username(), null, "POSTED", TYPE, command.id(), command.businessDate(),
                        "{\"number\":\"{number}\",\"principalInvoice\":" + Fingerprint.json(command.principalInvoiceNumber()) + ",\"total\":\"" + valued.total() + "\"}"), numbering,
                new AuditTrail.Event("goods-receipt.posted", command.id(), command.businessDate(), Fingerprint.json(Map.of("principalId", command.principalId()))));
        post.run(connection);
        return new Outcome.Posted(store.find(connection, RowScope.of(distributorId), command.id()).orElseThrow());
    }

    private static GoodsReceipt receipt(PostGoodsReceipt command, Function<PostGoodsReceipt.Line, String> batch) {
        return new GoodsReceipt((int) command.businessDate().toEpochDay(), Long.toString(command.principalId()), command.lines().stream().map(line -> new GoodsReceipt.Line(line.line(),
                Long.toString(line.skuId()), batch.apply(line), new Money(line.mrp().movePointRight(2).longValueExact(), 2),
                new UnitPrice(line.unitCost().movePointRight(6).longValueExact()), qty(line.billedQty()), qty(line.freeQty()), qty(line.goodQty()), qty(line.damagedQty()),
                qty(line.shortQty()))).toList());
    }

    private static Qty qty(BigDecimal qty) {
        return new Qty(qty.movePointRight(3).longValueExact());
    }
}
