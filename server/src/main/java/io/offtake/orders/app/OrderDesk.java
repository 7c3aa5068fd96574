package io.offtake.orders.app;

import io.offtake.catalog.SkuNames;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.ConfigParts;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.network.Printed;
import io.offtake.network.RuleOutlets;
import io.offtake.orders.OrderSource;
import io.offtake.orders.OrderStock;
import io.offtake.orders.OrderView;
import io.offtake.orders.Orders;
import io.offtake.orders.PostOrder;
import io.offtake.orders.store.OrderStore;
import io.offtake.platform.Actor;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.RewardSkus;
import io.offtake.pricing.RuleBookSource;
import io.offtake.receivables.Receivables;
import io.offtake.receivables.Standing;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.Decision;
import io.offtake.rules.Qty;
import io.offtake.rules.Refusal;
import io.offtake.rules.StockMoves;
import io.offtake.rules.StockMoves.Node;
import io.offtake.rules.UnitPrice;
import io.offtake.schemes.BuyerFacts;
import io.offtake.schemes.FreeChoice;
import io.offtake.schemes.SchemeAccounts;
import io.offtake.schemes.SchemeBudgets;
import io.offtake.schemes.SchemeTerms;
import io.offtake.stock.BatchStock;
import io.offtake.stock.RuleBatches;
import io.offtake.stock.Stock;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/// The steps of an order, each one transaction with its stock, number, audit entry and event.
@Service
class OrderDesk implements Orders {
    static final String TYPE = "ORDER";

    private final TenantTransaction transactions;
    private final RuleBookSource books;
    private final OrderStore store;
    private final SchemeBudgets budgets;
    private final BuyerFacts buyerFacts;
    private final Clock clock;
    private final Policies policies;
    private final int backdateDays;

    OrderDesk(TenantTransaction transactions, RuleBookSource books, OrderStore store, SchemeBudgets budgets, BuyerFacts buyerFacts, Policies policies, Clock clock, @Value("${offtake.billing.backdate-days:3}") int backdateDays) {
        this.transactions = transactions;
        this.books = books;
        this.store = store;
        this.budgets = budgets;
        this.buyerFacts = buyerFacts;
        this.clock = clock;
        this.policies = policies;
        this.backdateDays = backdateDays;
    }

    private interface Attempt {
        Outcome on(Connection connection) throws SQLException;
    }

    private Outcome tried(long distributorId, Attempt attempt) {
        return budgets.refilling(distributorId, () -> Post.retried(() -> transactions.idempotent().writeOn(distributorId, attempt::on)));
    }

    @Override
    public Optional<OrderView> find(RowScope scope, UUID id) {
        return transactions.readOn(scope, connection -> store.find(connection, scope, id));
    }

    private OrderView view(Connection connection, long distributorId, UUID orderId) throws SQLException {
        return store.find(connection, RowScope.of(distributorId), orderId).orElseThrow();
    }

    // ---- book

    @Override
    public Outcome book(PostOrder command, Actor actor) {
        return tried(command.distributorId(), connection -> booked(connection, command, actor));
    }

    private Outcome booked(Connection connection, PostOrder command, Actor actor) throws SQLException {
        var distributorId = command.distributorId();
        var bodyHash = Fingerprint.of(command);
        var load = new Pipeline();
        var registered = Documents.find(load, distributorId, new UUID[] {command.id()});
        var warehouses = Printed.openWarehouses(load, distributorId, new UUID[] {command.warehouseId()});
        var series = Documents.openSeries(load, distributorId, TYPE, Documents.fiscalYear(command.businessDate()));
        var facts = facts(load, distributorId, command.principalId(), command.outletId(), command.warehouseId(), command.lines().stream().map(PostOrder.Line::skuId).toList(), List.of(command.businessDate()), false, command.choices());
        load.run(connection);
        var before = registered.get().get(command.id());
        if (before != null) return before.isRepeatOf(TYPE, bodyHash) ? new Outcome.Already(view(connection, distributorId, command.id())) : new Outcome.IdReused();
        if (facts.seller.get().isEmpty()) return new Outcome.Unknown("distributor");
        if (facts.buyers.get().isEmpty()) return new Outcome.Unknown("outlet");
        if (warehouses.get().isEmpty()) return new Outcome.Unknown("warehouse");
        var today = LocalDate.now(clock.withZone(facts.seller.get().get().zone()));
        var earliest = today.minusDays(policies.days(PolicyKey.BACKDATE_DAYS, command.distributorId(), today, backdateDays));
        if (command.businessDate().isAfter(today) || command.businessDate().isBefore(earliest))
            return new Outcome.DateClosed(earliest, today);
        if (series.get().isEmpty()) return new Outcome.SeriesMissing(Documents.fiscalYear(command.businessDate()));
        var unknown = FreeChoice.unknown(command.choices(), facts.chosenSchemes == null ? Set.of() : facts.chosenSchemes.get(), facts.names.get().keySet());
        if (unknown != null) return new Outcome.ChoiceUnknown(unknown);
        var preview = preview(facts, distributorId, command.principalId(), command.businessDate(), command.outletId(), command.warehouseId(), command.choices(), command.orderSource(),
                command.lines().stream().map(line -> new DecideCommand.Line(line.line(), Long.toString(line.skuId()), qty(line.qty()), null, null, null, null)).toList());
        if (preview instanceof Decision.Refused refused) return new Outcome.Refused(refused.refusals(), facts.skuNames());
        var decided = (Decision.Decided) preview;
        var hold = hold(decided);
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var numbering = new Numbering.Next(series.get().get());
        var status = hold == null ? "BOOKED" : "ON_HOLD";
        var post = new Pipeline();
        Documents.register(post, List.of(new Documents.Registration(distributorId, command.id(), TYPE, bodyHash, command.businessDate(), at)));
        Documents.number(post, numbering, command.id());
        OrderStore.header(post, numbering, command, status, hold, money(decided), at, actor.username());
        OrderStore.lines(post, command, decided);
        OrderStock.event(post, distributorId, command.id(), command.principalId(), status, hold, at, actor.username());
        audit(post, distributorId, command.id(), command.businessDate(), "BOOKED", "{\"number\":\"{number}\",\"total\":\"" + decided.totals().payable() + "\"}", numbering, at, actor, "order.booked");
        post.run(connection);
        return new Outcome.Done(view(connection, distributorId, command.id()));
    }

    // ---- edit

    private static final List<String> EDITABLE = List.of("BOOKED", "ON_HOLD");

    @Override
    public Outcome edit(long distributorId, UUID orderId, UUID id, @Nullable Integer version, List<PostOrder.Line> lines, @Nullable String note, Actor actor) {
        return tried(distributorId, connection -> {
            var order = store.lock(connection, distributorId, orderId);
            if (order == null) return new Outcome.Unknown("order");
            var before = view(connection, distributorId, orderId);
            if (!EDITABLE.contains(order.status()) || (version != null && version != before.version())) return new Outcome.WrongState(order.status(), EDITABLE);
            var load = new Pipeline();
            var facts = facts(load, distributorId, order.principalId(), order.outletId(), order.warehouseId(), lines.stream().map(PostOrder.Line::skuId).toList(), List.of(before.businessDate()), false, order.choices());
            load.run(connection);
            facts.ownCommitment = order.indicative();
            var command = new PostOrder(orderId, distributorId, order.principalId(), order.outletId(), order.warehouseId(), before.businessDate(), note == null ? before.note() : note, lines,
                    order.choices(), order.source());
            var preview = preview(facts, distributorId, order.principalId(), before.businessDate(), order.outletId(), order.warehouseId(), order.choices(), order.source(),
                    lines.stream().map(line -> new DecideCommand.Line(line.line(), Long.toString(line.skuId()), qty(line.qty()), null, null, null, null)).toList());
            if (preview instanceof Decision.Refused refused) return new Outcome.Refused(refused.refusals(), facts.skuNames());
            var decided = (Decision.Decided) preview;
            var hold = hold(decided);
            var status = hold == null ? "BOOKED" : "ON_HOLD";
            var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var post = new Pipeline();
            OrderStore.edit(post, command, status, hold, money(decided), at);
            OrderStore.lines(post, command, decided);
            OrderStock.event(post, distributorId, orderId, order.principalId(), status, hold == null ? "EDITED" : hold, at, actor.username());
            audit(post, distributorId, orderId, before.businessDate(), "EDITED", "{\"editId\":\"" + id + "\",\"total\":\"" + decided.totals().payable() + "\"}", null, at, actor, "order.edited");
            post.run(connection);
            return new Outcome.Done(view(connection, distributorId, orderId));
        });
    }

    /// Why an order waits: credit is checked at booking already (ORD-20), and an order over it is kept, not lost.
    private static @Nullable String hold(Decision.Decided decided) {
        return decided.warnings().stream().map(warning -> warning.code().name()).filter(code -> code.equals("CREDIT_LIMIT") || code.equals("CREDIT_OVERDUE")).findFirst().orElse(null);
    }

    // ---- allocate

    @Override
    public Outcome allocate(long distributorId, UUID orderId, UUID id, Actor actor) {
        return tried(distributorId, connection -> allocated(connection, distributorId, orderId, id, actor));
    }

    private Outcome allocated(Connection connection, long distributorId, UUID orderId, UUID id, Actor actor) throws SQLException {
        var order = store.lock(connection, distributorId, orderId);
        if (order == null) return new Outcome.Unknown("order");
        if (isTaken(connection, distributorId, id, "ORDER_ALLOCATION", orderId)) return new Outcome.Already(view(connection, distributorId, orderId));
        if (!List.of("BOOKED", "ON_HOLD", "PART_ALLOCATED").contains(order.status())) {
            return order.status().equals("ALLOCATED") ? new Outcome.Already(view(connection, distributorId, orderId))
                    : new Outcome.WrongState(order.status(), List.of("BOOKED", "ON_HOLD", "PART_ALLOCATED"));
        }
        // the seller's day is known after the load, and is one of these
        var utc = LocalDate.now(clock);
        // locked first and read after: whoever waits for a batch does not see the batches that came in meanwhile
        var locks = new Pipeline();
        Stock.lock(locks, distributorId, order.warehouseId(), Node.SALEABLE, order.lines().stream().mapToLong(OrderStore.OpenLine::skuId).distinct().toArray());
        locks.run(connection);
        var load = new Pipeline();
        var facts = facts(load, distributorId, order.principalId(), order.outletId(), order.warehouseId(), order.lines().stream().map(OrderStore.OpenLine::skuId).toList(), List.of(utc, utc.plusDays(1), utc.minusDays(1)), true, List.of());
        load.run(connection);
        var today = LocalDate.now(clock.withZone(facts.seller.get().orElseThrow().zone()));
        var open = order.lines().stream().filter(line -> line.open().signum() > 0)
                .map(line -> new DecideCommand.Line(line.line(), Long.toString(line.skuId()), qty(line.open()), null, null, null, null)).toList();
        facts.ownCommitment = order.indicative();
        var preview = preview(facts, distributorId, order.principalId(), today, order.outletId(), order.warehouseId(), order.choices(), order.source(), open);
        if (preview instanceof Decision.Refused refused) return new Outcome.Refused(refused.refusals(), facts.skuNames());
        var decided = (Decision.Decided) preview;
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var hold = hold(decided);
        if (hold != null) {
            if (!order.status().equals("ON_HOLD")) {
                var post = new Pipeline();
                OrderStore.status(post, distributorId, orderId, "ON_HOLD", hold, at);
                OrderStock.event(post, distributorId, orderId, order.principalId(), "ON_HOLD", hold, at, actor.username());
                audit(post, distributorId, orderId, today, "HELD", "{\"reason\":\"" + hold + "\"}", null, at, actor, "order.held");
                post.run(connection);
            }
            return new Outcome.Done(view(connection, distributorId, orderId));
        }
        var allocations = allocations(order, decided);
        var schemes = facts.schemeAccounts;
        schemes.order(new SchemeAccounts.Document(id, "ORDER_ALLOCATION", today, order.principalId(), order.outletId(), orderId), decided);
        schemes.requireSlices(scheme -> budgets.isDry(distributorId, scheme));
        boolean whole = order.lines().stream().allMatch(line -> line.open().compareTo(allocations.stream().filter(any -> any.line() == line.line())
                .map(OrderStock.Allocated::qty).reduce(BigDecimal.ZERO, BigDecimal::add)) <= 0);
        if (allocations.isEmpty()) return new Outcome.Refused(shortage(open), facts.skuNames());
        var status = whole ? "ALLOCATED" : "PART_ALLOCATED";
        var post = new Pipeline();
        Documents.register(post, List.of(new Documents.Registration(distributorId, id, "ORDER_ALLOCATION", Fingerprint.of(List.of(orderId, id)), today, at)));
        Stock.move(post, distributorId, List.of(movement(distributorId, id, "ORDER_ALLOCATION", today, order, allocations, Node.SALEABLE, Node.RESERVED)), facts.byId());
        schemes.post(post, at);
        OrderStore.allocate(post, distributorId, orderId, order.principalId(), order.warehouseId(), allocations);
        OrderStore.status(post, distributorId, orderId, status, null, at);
        OrderStock.event(post, distributorId, orderId, order.principalId(), status, null, at, actor.username());
        audit(post, distributorId, orderId, today, "ALLOCATED", "{\"allocationId\":\"" + id + "\"}", null, at, actor, "order.allocated");
        post.run(connection);
        return new Outcome.Done(view(connection, distributorId, orderId));
    }

    /// Whether this step was taken before, whatever has become of the order since: its answer was lost and it is asked again (OFF-06).
    private static boolean isTaken(Connection connection, long distributorId, UUID id, String type, UUID orderId) throws SQLException {
        var load = new Pipeline();
        var registered = Documents.find(load, distributorId, new UUID[] {id});
        load.run(connection);
        var before = registered.get().get(id);
        return before != null && before.isRepeatOf(type, Fingerprint.of(List.of(orderId, id)));
    }

    /// Batches for each line and, on line numbers after the last, for free goods.
    private static List<OrderStock.Allocated> allocations(OrderStore.Open order, Decision.Decided decided) {
        var found = new ArrayList<OrderStock.Allocated>();
        for (var line : decided.lines())
            for (var batch : line.batches()) if (batch.batchId() != null) found.add(allocated(line.line(), line.skuId(), batch));
        int free = order.lines().stream().mapToInt(OrderStore.OpenLine::line).max().orElse(0);
        for (var line : decided.freeLines()) {
            free++;
            for (var batch : line.batches()) if (batch.batchId() != null) found.add(allocated(free, line.skuId(), batch));
        }
        return found;
    }

    private static OrderStock.Allocated allocated(int line, String skuId, Decision.BatchQty batch) {
        return new OrderStock.Allocated(line, Long.parseLong(skuId), UUID.fromString(batch.batchId()), BigDecimal.valueOf(batch.qty().milli(), 3),
                BigDecimal.valueOf(batch.unitCost().micros(), 6));
    }

    private static List<Refusal> shortage(List<DecideCommand.Line> open) {
        return open.stream().map(line -> new Refusal(Refusal.Code.STOCK_SHORT, line.line(), line.skuId(), "STK-08",
                List.of(new Refusal.Value("wanted", line.qty().toString()), new Refusal.Value("available", "0")), List.of())).toList();
    }

    private static Stock.Movement movement(long distributorId, UUID documentId, String type, LocalDate on, OrderStore.Open order, List<OrderStock.Allocated> allocations, Node from, Node to) {
        var entries = new ArrayList<StockMoves.Entry>();
        int line = 0;
        for (var allocated : allocations) {
            line++;
            for (var entry : StockMoves.between(from, to, Long.toString(allocated.skuId()), allocated.batchId().toString(), null, qty(allocated.qty()),
                    new UnitPrice(allocated.unitCost().movePointRight(6).longValueExact())).entries())
                entries.add(new StockMoves.Entry(line, entry.leg(), entry.skuId(), entry.batchId(), entry.mrp(), entry.node(), entry.qty(), entry.unitCost()));
        }
        return new Stock.Movement(distributorId, documentId, type, on, order.principalId(), order.warehouseId(), new StockMoves(entries));
    }

    // ---- cancel

    @Override
    public Outcome cancel(long distributorId, UUID orderId, UUID id, @Nullable String reason, Actor actor) {
        return tried(distributorId, connection -> {
            var order = store.lock(connection, distributorId, orderId);
            if (order == null) return new Outcome.Unknown("order");
            if (isTaken(connection, distributorId, id, "ORDER_CANCELLATION", orderId)) return new Outcome.Already(view(connection, distributorId, orderId));
            if (order.status().equals("CANCELLED")) return new Outcome.Already(view(connection, distributorId, orderId));
            if (order.status().equals("INVOICED")) return new Outcome.WrongState(order.status(), List.of("BOOKED", "ON_HOLD", "ALLOCATED", "PART_ALLOCATED"));
            var load = new Pipeline();
            var seller = Printed.seller(load, distributorId);
            var schemes = SchemeAccounts.lock(load, distributorId, List.of(), new UUID[0], List.of(), new UUID[] {orderId});
            var held = Stock.facts(load, distributorId, order.warehouseId(), order.allocations().stream().map(OrderStock.Allocated::batchId).distinct().toArray(UUID[]::new));
            load.run(connection);
            var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var today = LocalDate.ofInstant(at, seller.get().orElseThrow().zone());
            var post = new Pipeline();
            Documents.register(post, List.of(new Documents.Registration(distributorId, id, "ORDER_CANCELLATION", Fingerprint.of(List.of(orderId, id)), today, at)));
            if (!order.allocations().isEmpty())
                Stock.move(post, distributorId, List.of(movement(distributorId, id, "ORDER_CANCELLATION", today, order, order.allocations(), Node.RESERVED, Node.SALEABLE)), held.get());
            var accounts = schemes.get();
            accounts.release(new SchemeAccounts.Document(id, "ORDER_CANCELLATION", today, order.principalId(), order.outletId(), orderId));
            accounts.post(post, at);
            OrderStore.release(post, distributorId, orderId);
            OrderStore.status(post, distributorId, orderId, "CANCELLED", null, at);
            OrderStock.event(post, distributorId, orderId, order.principalId(), "CANCELLED", reason, at, actor.username());
            audit(post, distributorId, orderId, today, "CANCELLED", Fingerprint.json(Map.of("reason", reason == null ? "" : reason)), null, at, actor, "order.cancelled");
            post.run(connection);
            return new Outcome.Done(view(connection, distributorId, orderId));
        });
    }

    // ---- shared

    /// What the preview of an order needs, read in one request.
    private static final class Facts {
        Pipeline.Answer<Map<String, Long>> parts;
        Pipeline.Answer<Optional<Printed.Seller>> seller;
        Pipeline.Answer<Map<UUID, Printed.Buyer>> buyers;
        Pipeline.Answer<List<BatchStock>> stock;
        List<Long> skuIds;
        SchemeAccounts.Load schemes;
        BuyerFacts.Read more;
        @Nullable SchemeAccounts schemeAccounts;
        Pipeline.Answer<Map<UUID, Receivables.Account>> accounts;
        Pipeline.Answer<Map<UUID, LocalDate>> oldestDue;
        Pipeline.Answer<Map<UUID, BigDecimal>> commitments;
        Pipeline.Answer<Map<Long, SkuNames.SkuName>> names;
        Pipeline.@Nullable Answer<Set<Long>> chosenSchemes;
        BigDecimal ownCommitment = BigDecimal.ZERO;

        Map<Long, String> skuNames() {
            return names.get().values().stream().collect(Collectors.toMap(SkuNames.SkuName::id, SkuNames.SkuName::name));
        }

        Map<String, BatchStock> byId() {
            return stock.get().stream().collect(Collectors.toMap(batch -> batch.batchId().toString(), batch -> batch));
        }
    }

    private Facts facts(Pipeline load, long distributorId, long principalId, UUID outletId, UUID warehouseId, List<Long> skuIds, List<LocalDate> days, boolean lock, List<FreeChoice> choices) {
        var all = new TreeSet<>(skuIds);
        var book = books.current(distributorId);
        all.addAll(RewardSkus.of(book.book()));
        choices.forEach(choice -> all.add(choice.skuId()));
        var skus = all.stream().mapToLong(Long::longValue).toArray();
        var outlets = new UUID[] {outletId};
        var facts = new Facts();
        facts.parts = ConfigParts.read(load, books.parts(distributorId));
        facts.seller = Printed.seller(load, distributorId);
        facts.buyers = Printed.buyers(load, distributorId, outlets);
        facts.stock = lock ? Stock.lock(load, distributorId, warehouseId, Node.SALEABLE, skus) : Stock.peek(load, distributorId, warehouseId, Node.SALEABLE, skus);
        var concerned = SchemeTerms.of(book.hash(), book.book()).concerning(skuIds, days);
        facts.skuIds = skuIds;
        facts.schemes = lock ? SchemeAccounts.lock(load, distributorId, concerned, outlets, days, new UUID[0]) : SchemeAccounts.peek(load, distributorId, concerned, outlets, days);
        facts.more = buyerFacts.read(load, distributorId, List.of(principalId), outlets, days, SchemeTerms.of(book.hash(), book.book()));
        facts.accounts = Receivables.peekAccounts(load, distributorId, principalId, outlets);
        facts.oldestDue = Receivables.oldestDue(load, distributorId, principalId, outlets);
        facts.commitments = OrderStock.commitments(load, distributorId, principalId, outlets);
        facts.names = SkuNames.read(load, skus);
        facts.chosenSchemes = FreeChoice.schemes(load, choices);
        return facts;
    }

    private Decision preview(Facts facts, long distributorId, long principalId, LocalDate on, UUID outletId, UUID warehouseId, List<FreeChoice> choices, @Nullable OrderSource source,
                             List<DecideCommand.Line> lines) {
        var account = facts.accounts.get().get(outletId);
        var standing = account == null ? null : Standing.of(account, facts.commitments.get().getOrDefault(outletId, BigDecimal.ZERO).subtract(facts.ownCommitment),
                facts.oldestDue.get().get(outletId), on);
        var book = books.current(distributorId, facts.parts.get(), on);
        facts.schemeAccounts = facts.schemes.get();
        var none = DecideCommand.Facts.NONE;
        var terms = SchemeTerms.of(book.hash(), book.book());
        var now = clock.instant().atZone(facts.seller.get().orElseThrow().zone());
        var minute = terms.asks(SchemeTerms.Asks.DAYPART) && on.equals(now.toLocalDate()) ? Integer.valueOf(now.toLocalTime().toSecondOfDay() / 60) : none.minuteOfDay();
        var given = none.withOrderSource(source == null ? null : source.name()).withMinuteOfDay(minute).withChoices(FreeChoice.forRules(choices))
                .withWarehouseId(terms.asks(SchemeTerms.Asks.WAREHOUSE) ? warehouseId.toString() : null);
        var schemes = facts.schemeAccounts.facts(given, terms.concerning(facts.skuIds, List.of(on)), outletId, on, null,
                scheme -> budgets.isDry(distributorId, scheme), book.book().currency().scale());
        return book.engine().decide(new DecideCommand(DecideCommand.Kind.ORDER_PREVIEW, (int) on.toEpochDay(),
                DecideCommand.SaleType.DELIVERY, DecideCommand.PaymentMode.CREDIT, Long.toString(principalId),
                facts.more.of(RuleOutlets.of(facts.buyers.get().get(outletId), Standing.forRules(principalId, standing)), outletId, principalId, on), lines, RuleBatches.of(facts.stock.get()), List.of(), schemes));
    }

    private static void audit(Post post, long distributorId, UUID orderId, LocalDate on, String action, String details, Numbering.@Nullable Next numbering, Instant at, Actor actor,
                              String topic) {
        AuditTrail.append(post, new AuditTrail.Entry(distributorId, at, actor.username(), null, action, TYPE, orderId, on, details), numbering,
                new AuditTrail.Event(topic, orderId, on, "{}"));
    }

    private static BigDecimal money(Decision.Decided decided) {
        return BigDecimal.valueOf(decided.totals().payable().units(), decided.totals().payable().scale());
    }

    private static Qty qty(BigDecimal qty) {
        return new Qty(qty.movePointRight(3).longValueExact());
    }
}
