package io.offtake.returns.app;

import io.offtake.access.Role;
import io.offtake.billing.Billing;
import io.offtake.billing.InvoiceView;
import io.offtake.billing.PostCreditNote;
import io.offtake.billing.PostCreditNoteOutcome;
import io.offtake.billing.Reversals;
import io.offtake.catalog.Batches;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.network.Printed;
import io.offtake.platform.Actor;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.returns.RequestReturn;
import io.offtake.returns.ReturnView;
import io.offtake.returns.Returns;
import io.offtake.returns.domain.ReturnRules;
import io.offtake.returns.store.ReturnStore;
import io.offtake.returns.store.ReturnStore.Head;
import io.offtake.returns.store.ReturnStore.Line;
import io.offtake.rules.Money;
import io.offtake.rules.Qty;
import io.offtake.rules.StockMoves;
import io.offtake.rules.StockMoves.Node;
import io.offtake.rules.UnitPrice;
import io.offtake.stock.BatchStock;
import io.offtake.stock.Stock;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/// The steps of a return, each one transaction with its stock, money, audit entry and event.
@Service
class ReturnDesk implements Returns {
    static final String TYPE = "SALES_RETURN";
    /// An outlet's share of returned value is looked at over so many days (RET-08).
    private static final int RATIO_DAYS = 90;

    private final TenantTransaction transactions;
    private final ReturnStore store;
    private final Reversals reversals;
    private final Billing billing;
    private final Policies policies;
    private final Clock clock;
    private final int backdateDays;

    ReturnDesk(TenantTransaction transactions, ReturnStore store, Reversals reversals, Billing billing, Policies policies, Clock clock, @Value("${offtake.billing.backdate-days:3}") int backdateDays) {
        this.transactions = transactions;
        this.store = store;
        this.reversals = reversals;
        this.billing = billing;
        this.policies = policies;
        this.clock = clock;
        this.backdateDays = backdateDays;
    }

    private interface Attempt {
        Outcome on(Connection connection) throws SQLException;
    }

    private Outcome tried(long distributorId, Attempt attempt) {
        return Post.retried(() -> transactions.idempotent().writeOn(distributorId, attempt::on));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public List<Reason> reasons(LocalDate on) {
        return transactions.shared(db -> db.sql("""
                select code, title, title_hi, bucket, time_limit, picture from returns.reason where valid_from <= :on and (valid_to is null or valid_to >= :on) order by id""")
                .param("on", on).query(Reason.class).list());
    }

    @Override
    public Optional<ReturnView> find(RowScope scope, UUID id) {
        return transactions.readOn(scope, connection -> store.find(connection, scope, id, this::approvers));
    }

    private List<String> approvers(BigDecimal value, List<String> flags) {
        return ReturnRules.approvers(value, policies.all(), LocalDate.now(clock), flags);
    }

    private ReturnView view(Connection connection, long distributorId, UUID id) throws SQLException {
        return store.find(connection, RowScope.of(distributorId), id, this::approvers).orElseThrow();
    }

    @Override
    public Optional<Reversals.Reversible> creditable(RowScope scope, UUID invoiceId) {
        return reversals.reversible(scope, invoiceId);
    }

    // ---- request

    /// A return that could be asked for: its lines by batch, what it comes to, and what an approver should know.
    private record Asked(@Nullable Outcome refused, List<Line> lines, @Nullable InvoiceView bill, Reversals.@Nullable Preview credit, BigDecimal value, List<String> flags) {
        static Asked no(Outcome outcome) {
            return new Asked(outcome, List.of(), null, null, BigDecimal.ZERO, List.of());
        }
    }

    @Override
    public Outcome request(RequestReturn command, Actor actor) {
        return tried(command.distributorId(), connection -> {
            var hash = Fingerprint.of(command);
            var before = registered(connection, command.distributorId(), command.id());
            if (before != null) return before.isRepeatOf(TYPE, hash) ? new Outcome.Already(view(connection, command.distributorId(), command.id())) : new Outcome.IdReused();
            var asked = look(connection, command);
            if (asked.refused != null) return asked.refused;
            if (command.originalId() != null) {
                var held = reversals.hold(connection, command.distributorId(), command.originalId(), parts(asked.lines, Line::qty));
                var refused = refusal(command, held);
                if (refused != null) return refused;
            }
            var at = now();
            var post = new Pipeline();
            Documents.register(post, List.of(new Documents.Registration(command.distributorId(), command.id(), TYPE, hash, command.businessDate(), at)));
            ReturnStore.add(post, command, ReturnRules.reference(command.businessDate(), command.id()), asked.bill == null ? null : asked.bill.number(), asked.bill == null ? null : asked.bill.businessDate(),
                    asked.value, asked.flags, asked.lines, at, actor.username());
            tell(post, command.distributorId(), command.id(), command.outletId(), command.principalId(), command.businessDate(), "REQUESTED", "return.requested", command.reason(), at, actor);
            post.run(connection);
            return new Outcome.Done(view(connection, command.distributorId(), command.id()));
        });
    }

    @Override
    public Quote preview(RequestReturn command, Actor actor) {
        return transactions.readOn(RowScope.of(command.distributorId()), connection -> {
            var asked = look(connection, command);
            return new Quote(asked.refused, asked.credit, asked.value, asked.flags, asked.refused == null ? approvers(asked.value, asked.flags) : List.of());
        });
    }

    private static Documents.@Nullable Registered registered(Connection connection, long distributorId, UUID id) throws SQLException {
        var load = new Pipeline();
        var found = Documents.find(load, distributorId, new UUID[] {id});
        load.run(connection);
        return found.get().get(id);
    }

    private Asked look(Connection connection, RequestReturn command) throws SQLException {
        var distributorId = command.distributorId();
        var load = new Pipeline();
        var seller = Printed.seller(load, distributorId);
        var buyers = Printed.buyers(load, distributorId, new UUID[] {command.outletId()});
        var warehouses = Printed.openWarehouses(load, distributorId, new UUID[] {command.warehouseId()});
        var inForce = ReturnStore.reasons(load, command.businessDate());
        var ofBill = command.originalId() == null ? null : ReturnStore.ofBill(load, distributorId, command.originalId());
        load.run(connection);
        if (seller.get().isEmpty()) return Asked.no(new Outcome.Unknown("distributor"));
        if (!buyers.get().containsKey(command.outletId())) return Asked.no(new Outcome.Unknown("outlet"));
        if (warehouses.get().isEmpty()) return Asked.no(new Outcome.Unknown("warehouse"));
        var today = LocalDate.now(clock.withZone(seller.get().get().zone()));
        var earliest = today.minusDays(policies.days(PolicyKey.BACKDATE_DAYS, distributorId, today, backdateDays));
        if (command.businessDate().isAfter(today) || command.businessDate().isBefore(earliest)) return Asked.no(new Outcome.DateClosed(earliest, today));
        var reason = inForce.get().stream().filter(one -> one.code().equals(command.reason())).findFirst();
        if (reason.isEmpty()) return Asked.no(new Outcome.ReasonUnknown(command.reason(), inForce.get().stream().map(Reason::code).toList()));
        var flags = new ArrayList<String>();
        var asked = command.originalId() == null ? unmatched(connection, command, reason.get(), flags) : matched(connection, command, reason.get(), flags);
        if (asked.refused != null) return asked;
        if (reason.get().picture() && command.pictures().isEmpty()) flags.add("PICTURE_MISSING");
        if (ofBill != null && ofBill.get() >= 2) flags.add("REPEAT");
        var turnover = reversals.turnover(connection, distributorId, command.outletId(), command.businessDate().minusDays(RATIO_DAYS), command.businessDate());
        var ratio = policies.number(PolicyKey.RETURN_RATIO_PERCENT, distributorId, today, new BigDecimal(String.valueOf(PolicyKey.RETURN_RATIO_PERCENT.builtIn())));
        if (turnover.billed().signum() > 0 && turnover.returned().add(asked.value).movePointRight(2).compareTo(turnover.billed().multiply(ratio)) > 0) flags.add("OUTLET_RATIO");
        return new Asked(null, asked.lines, asked.bill, asked.credit, asked.value, List.copyOf(flags));
    }

    private String check(PolicyKey key, long distributorId, LocalDate on) {
        String found = key.builtIn();
        for (var row : policies.all()) {
            if (!row.key().equals(key.key()) || row.validFrom().isAfter(on) || (row.validTo() != null && row.validTo().isBefore(on))) continue;
            if (row.scope().equals("DISTRIBUTOR") && row.scopeValue().equals(Long.toString(distributorId))) return row.value();
            if (row.scope().equals("NETWORK")) found = row.value();
        }
        return String.valueOf(found);
    }

    /// The window of the reason; null if the line is inside it.
    private @Nullable Outcome late(RequestReturn command, int line, Reason reason, LocalDate billedOn, @Nullable LocalDate expiresOn, List<String> flags) {
        var since = ReturnRules.since(reason.timeLimit(), billedOn, expiresOn);
        var check = check(PolicyKey.RETURN_WINDOW_CHECK, command.distributorId(), command.businessDate());
        if (since == null || check.equals("OFF")) return null;
        var key = reason.timeLimit().equals("EXPIRY") ? PolicyKey.RETURN_EXPIRY_WINDOW_DAYS : PolicyKey.RETURN_WINDOW_DAYS;
        int days = policies.days(key, command.distributorId(), command.businessDate(), Integer.parseInt(String.valueOf(key.builtIn())));
        if (!command.businessDate().isAfter(since.plusDays(days))) return null;
        if (check.equals("BLOCK")) return new Outcome.TooLate(line, since, days);
        if (!flags.contains("OVER_WINDOW")) flags.add("OVER_WINDOW");
        return null;
    }

    private Asked matched(Connection connection, RequestReturn command, Reason reason, List<String> flags) throws SQLException {
        var found = reversals.reversible(RowScope.of(command.distributorId()), command.originalId());
        if (found.isEmpty()) return Asked.no(new Outcome.Unknown("original"));
        var bill = found.get();
        var invoice = bill.invoice();
        if (!invoice.outlet().id().equals(command.outletId()) || invoice.principalId() != command.principalId())
            return Asked.no(new Outcome.NotThatBill("Bill " + invoice.number() + " is of " + invoice.outlet().name() + "."));
        if (bill.cancelled()) return Asked.no(new Outcome.NotThatBill("Bill " + invoice.number() + " was cancelled."));
        var lines = new ArrayList<Line>();
        var asked = new HashMap<String, BigDecimal>();
        for (var one : command.lines()) {
            var of = bill.lines().stream().filter(line -> one.originalLine() != null && line.line() == one.originalLine() && line.part() == one.part()).findFirst();
            if (of.isEmpty() || (one.skuId() != null && one.skuId() != of.get().skuId())) return Asked.no(new Outcome.NoSuchLine(one.line()));
            var line = of.get();
            var key = line.line() + "." + line.part();
            var before = asked.getOrDefault(key, BigDecimal.ZERO);
            asked.merge(key, one.qty(), BigDecimal::add);
            if (asked.get(key).compareTo(line.left()) > 0) return Asked.no(new Outcome.Over(one.line(), asked.get(key), line.left()));
            if (one.batchId() != null && line.batches().stream().noneMatch(batch -> batch.batchId().equals(one.batchId())))
                return Asked.no(new Outcome.NotThatBatch(one.line(), line.batches().stream().map(InvoiceView.BatchQty::batchNo).toList()));
            var batches = one.batchId() == null ? inOrder(line.batches(), line.held().add(line.credited()).add(before), one.qty())
                    : line.batches().stream().filter(batch -> batch.batchId().equals(one.batchId())).map(batch -> new InvoiceView.BatchQty(batch.batchId(), batch.batchNo(), batch.expiresOn(), one.qty())).toList();
            for (var batch : batches) {
                var late = late(command, one.line(), reason, invoice.businessDate(), batch.expiresOn(), flags);
                if (late != null) return Asked.no(late);
                lines.add(new Line(lines.size() + 1, line.line(), line.part(), line.schemeId(), line.skuId(), batch.batchId(), batch.qty(), null, line.unitPrice(),
                        one.condition() == null ? reason.bucket() : one.condition()));
            }
        }
        var preview = reversals.preview(connection, new Reversals.ReverseInvoice(command.id(), command.distributorId(), command.originalId(), command.warehouseId(), command.businessDate(), command.reason(),
                command.note(), parts(lines, Line::qty))).orElse(null);
        if (preview == null) return Asked.no(new Outcome.NotThatBill("Of bill " + invoice.number() + " so much cannot be credited any more."));
        var proportional = lines.stream().map(line -> line.unitPrice().multiply(line.qty())).reduce(BigDecimal.ZERO, BigDecimal::add);
        if (preview.taxable().compareTo(proportional.subtract(BigDecimal.ONE)) < 0) flags.add("BREAKS_SLAB");
        return new Asked(null, lines, invoice, preview, preview.payable(), flags);
    }

    /// The batches of a line that come back after `before` units have, in the order of issue.
    private static List<InvoiceView.BatchQty> inOrder(List<InvoiceView.BatchQty> issued, BigDecimal before, BigDecimal qty) {
        var skip = before;
        var want = qty;
        var rows = new ArrayList<InvoiceView.BatchQty>();
        for (var batch : issued) {
            var skipped = batch.qty().min(skip);
            skip = skip.subtract(skipped);
            var taken = batch.qty().subtract(skipped).min(want);
            want = want.subtract(taken);
            if (taken.signum() > 0) rows.add(new InvoiceView.BatchQty(batch.batchId(), batch.batchNo(), batch.expiresOn(), taken));
        }
        return rows;
    }

    /// Last three bills, lowest net price (domain/02 section 2.7).
    private Asked unmatched(Connection connection, RequestReturn command, Reason reason, List<String> flags) throws SQLException {
        var check = check(PolicyKey.RETURN_UNMATCHED_CHECK, command.distributorId(), command.businessDate());
        if (check.equals("BLOCK")) return Asked.no(new Outcome.BillNeeded());
        if (check.equals("WARN")) flags.add("UNMATCHED");
        var lines = new ArrayList<Line>();
        var value = BigDecimal.ZERO;
        for (var one : command.lines()) {
            if (one.skuId() == null) return Asked.no(new Outcome.NoSuchLine(one.line()));
            var sold = reversals.lastSold(connection, command.distributorId(), command.principalId(), command.outletId(), one.skuId(), 3);
            if (sold.isEmpty()) return Asked.no(new Outcome.NeverSold(one.line()));
            var lowest = sold.stream().map(Reversals.LastSold::unitPrice).min(BigDecimal::compareTo).orElseThrow();
            var batchId = one.batchId() != null ? one.batchId() : sold.getFirst().batchId();
            var facts = batch(connection, command.distributorId(), batchId);
            if (facts == null || facts.identity().skuId() != one.skuId() || facts.principalId() != command.principalId()) return Asked.no(new Outcome.Unknown("batch"));
            var late = late(command, one.line(), reason, sold.getFirst().businessDate(), facts.expiresOn(), flags);
            if (late != null) return Asked.no(late);
            lines.add(new Line(lines.size() + 1, null, null, null, one.skuId(), facts.id(), one.qty(), null, lowest, one.condition() == null ? reason.bucket() : one.condition()));
            value = value.add(lowest.multiply(one.qty()).multiply(BigDecimal.ONE.add(sold.getFirst().taxRate())));
        }
        return new Asked(null, lines, null, null, value.setScale(2, RoundingMode.HALF_UP), flags);
    }

    private static Batches.@Nullable Facts batch(Connection connection, long distributorId, @Nullable UUID id) throws SQLException {
        if (id == null) return null;
        var load = new Pipeline();
        var facts = Batches.facts(load, distributorId, new UUID[] {id});
        load.run(connection);
        return facts.get().get(id.toString());
    }

    private static @Nullable Outcome refusal(RequestReturn command, Reversals.HoldOutcome held) {
        return switch (held) {
            case Reversals.HoldOutcome.Held _ -> null;
            case Reversals.HoldOutcome.Unknown _ -> new Outcome.Unknown("original");
            case Reversals.HoldOutcome.Cancelled _ -> new Outcome.NotThatBill("The bill was cancelled.");
            case Reversals.HoldOutcome.NoSuchLine(var line, var part) -> new Outcome.NoSuchLine(asked(command, line, part));
            case Reversals.HoldOutcome.Over(var line, var part, var asked, var left) -> new Outcome.Over(asked(command, line, part), asked, left);
        };
    }

    private static int asked(RequestReturn command, int line, int part) {
        return command.lines().stream().filter(one -> one.originalLine() != null && one.originalLine() == line && one.part() == part).mapToInt(RequestReturn.Line::line).findFirst().orElse(1);
    }

    private interface Units {
        BigDecimal of(Line line);
    }

    /// The return's lines as parts of the bill: one for each line of it, with its batches.
    private static List<Reversals.Part> parts(List<Line> lines, Units units) {
        var parts = new LinkedHashMap<String, Reversals.Part>();
        for (var line : lines) {
            var qty = units.of(line);
            if (line.originalLine() == null || qty.signum() == 0) continue;
            var batch = List.of(new InvoiceView.BatchQty(line.batchId(), "", null, qty));
            parts.merge(line.originalLine() + "." + line.originalPart(), new Reversals.Part(line.originalLine(), line.originalPart(), qty, BigDecimal.ZERO, batch), (a, b) -> {
                var batches = new ArrayList<>(a.batches());
                batches.addAll(b.batches());
                return new Reversals.Part(a.line(), a.part(), a.qty().add(b.qty()), BigDecimal.ZERO, batches);
            });
        }
        return List.copyOf(parts.values());
    }

    // ---- steps

    /// @param on the distributor's day
    private interface Step {
        Outcome on(Connection connection, Head head, Pipeline post, Instant at, LocalDate on) throws SQLException;
    }

    /// One step of a return: once per step id, in the right state, under the head's lock.
    private Outcome step(long distributorId, UUID returnId, UUID stepId, String type, Object content, List<String> accepted, Step step) {
        return tried(distributorId, connection -> {
            var hash = Fingerprint.of(List.of(returnId, content));
            var head = store.lock(connection, distributorId, returnId);
            if (head == null) return new Outcome.Unknown("return");
            var load = new Pipeline();
            var known = Documents.find(load, distributorId, new UUID[] {stepId});
            var seller = Printed.seller(load, distributorId);
            load.run(connection);
            var before = known.get().get(stepId);
            if (before != null) return before.isRepeatOf(type, hash) ? new Outcome.Already(view(connection, distributorId, returnId)) : new Outcome.IdReused();
            if (!accepted.contains(head.status())) return new Outcome.WrongState(head.status(), accepted);
            var at = now();
            var on = LocalDate.ofInstant(at, seller.get().orElseThrow().zone());
            var post = new Pipeline();
            Documents.register(post, List.of(new Documents.Registration(distributorId, stepId, type, hash, on, at)));
            var refused = step.on(connection, head, post, at, on);
            if (refused != null) return refused;
            post.run(connection);
            return new Outcome.Done(view(connection, distributorId, returnId));
        });
    }

    @Override
    public Limits limits(Set<Role> roles) {
        var today = LocalDate.now(clock);
        var rows = policies.all();
        return new Limits(ReturnRules.limitOf(roles, rows, today, List.of()), ReturnRules.limitOf(roles, rows, today, List.of("UNMATCHED")));
    }

    @Override
    public Outcome decide(long distributorId, UUID returnId, UUID stepId, boolean approved, @Nullable String reason, Actor actor, Set<Role> roles) {
        return step(distributorId, returnId, stepId, "RETURN_APPROVAL", List.of(approved, String.valueOf(reason)), List.of("REQUESTED"), (connection, head, post, at, on) -> {
            if (head.requestedBy().equals(actor.username())) return new Outcome.SamePerson(head.requestedBy());
            if (approved) {
                var limit = ReturnRules.limitOf(roles, policies.all(), on, head.flags());
                if (head.value().compareTo(limit) > 0) return new Outcome.OverLimit(head.value(), limit, approvers(head.value(), head.flags()));
            }
            var status = approved ? "APPROVED" : "REJECTED";
            ReturnStore.decide(post, head, status, at, actor.username());
            ReturnStore.event(post, distributorId, returnId, head.principalId(), status, reason, at, actor.username());
            if (!approved) letGo(connection, head);
            tell(post, head, status, approved ? "return.approved" : "return.rejected", reason, at, actor);
            return null;
        });
    }

    @Override
    public Outcome cancel(long distributorId, UUID returnId, UUID stepId, String reason, Actor actor) {
        return step(distributorId, returnId, stepId, "RETURN_CANCELLATION", reason, List.of("REQUESTED", "APPROVED"), (connection, head, post, at, on) -> {
            ReturnStore.move(post, head, "CANCELLED");
            ReturnStore.event(post, distributorId, returnId, head.principalId(), "CANCELLED", reason, at, actor.username());
            letGo(connection, head);
            tell(post, head, "CANCELLED", "return.cancelled", reason, at, actor);
            return null;
        });
    }

    private void letGo(Connection connection, Head head) throws SQLException {
        if (head.originalId() == null) return;
        reversals.release(connection, head.distributorId(), head.originalId(), parts(store.lines(connection, head.distributorId(), head.id()), Line::units));
    }

    @Override
    public Outcome receive(long distributorId, UUID returnId, UUID stepId, List<Came> came, Actor actor) {
        return step(distributorId, returnId, stepId, "RETURN_RECEIPT", came, List.of("APPROVED"), (connection, head, post, at, on) -> {
            var lines = store.lines(connection, distributorId, returnId);
            var received = new HashMap<Integer, BigDecimal>();
            for (var line : lines) received.put(line.line(), line.qty());
            for (var one : came) {
                var of = lines.stream().filter(line -> line.line() == one.line()).findFirst();
                if (of.isEmpty()) return new Outcome.NoSuchLine(one.line());
                if (one.qty().compareTo(of.get().qty()) > 0) return new Outcome.Over(one.line(), one.qty(), of.get().qty());
                received.put(one.line(), one.qty());
            }
            if (received.values().stream().allMatch(qty -> qty.signum() == 0)) return new Outcome.NotAllPlaced(lines.getFirst().line(), lines.getFirst().qty(), BigDecimal.ZERO);
            if (head.originalId() != null) {
                // what did not come is free again; a bill whose goods were on the way has arrived with the rest (P-04)
                reversals.release(connection, distributorId, head.originalId(), parts(lines, line -> line.qty().subtract(received.get(line.line()))));
                var bill = reversals.reversible(RowScope.of(distributorId), head.originalId()).orElseThrow();
                if (!bill.delivered())
                    billing.deliver(distributorId, head.originalId(), UUID.nameUUIDFromBytes((returnId + " delivery").getBytes(StandardCharsets.UTF_8)), actor);
            }
            for (var line : lines) ReturnStore.received(post, head, line.line(), received.get(line.line()));
            var moves = new ArrayList<StockMoves.Entry>();
            var facts = facts(connection, distributorId, lines);
            for (var line : lines) move(moves, facts, line, Node.CUSTOMER, Node.RETURN_TRANSIT, received.get(line.line()));
            Stock.move(post, distributorId, List.of(new Stock.Movement(distributorId, stepId, "RETURN_RECEIPT", on, head.principalId(), head.warehouseId(), new StockMoves(moves))), facts);
            ReturnStore.move(post, head, "RECEIVED");
            ReturnStore.event(post, distributorId, returnId, head.principalId(), "RECEIVED", null, at, actor.username());
            tell(post, head, "RECEIVED", "return.received", null, at, actor);
            return null;
        });
    }

    @Override
    public Outcome inspect(long distributorId, UUID returnId, UUID stepId, List<Inspected> inspected, Actor actor) {
        return step(distributorId, returnId, stepId, "RETURN_INSPECTION", inspected, List.of("RECEIVED"), (connection, head, post, at, on) -> {
            var lines = store.lines(connection, distributorId, returnId);
            var byLine = new HashMap<Integer, List<ReturnView.Bucket>>();
            for (var one : inspected) {
                if (lines.stream().noneMatch(line -> line.line() == one.line())) return new Outcome.NoSuchLine(one.line());
                var sums = new LinkedHashMap<String, BigDecimal>();
                for (var bucket : one.buckets()) if (bucket.qty().signum() > 0) sums.merge(bucket.bucket(), bucket.qty(), BigDecimal::add);
                byLine.put(one.line(), sums.entrySet().stream().map(sum -> new ReturnView.Bucket(sum.getKey(), sum.getValue())).toList());
            }
            var moves = new ArrayList<StockMoves.Entry>();
            var facts = facts(connection, distributorId, lines);
            var all = BigDecimal.ZERO;
            var back = new HashMap<Integer, BigDecimal>();
            for (var line : lines) {
                var buckets = byLine.getOrDefault(line.line(), List.of());
                var placed = buckets.stream().map(ReturnView.Bucket::qty).reduce(BigDecimal.ZERO, BigDecimal::add);
                if (placed.compareTo(line.units()) != 0) return new Outcome.NotAllPlaced(line.line(), line.units(), placed);
                for (var bucket : buckets) {
                    boolean sentBack = bucket.bucket().equals("BACK");
                    move(moves, facts, line, Node.RETURN_TRANSIT, sentBack ? Node.CUSTOMER : Node.valueOf(bucket.bucket()), bucket.qty());
                    if (sentBack) back.put(line.line(), bucket.qty());
                    else all = all.add(bucket.qty());
                }
            }
            ReturnStore.placed(post, head, byLine.entrySet().stream().map(entry -> new Inspected(entry.getKey(), entry.getValue())).toList());
            Stock.move(post, distributorId, List.of(new Stock.Movement(distributorId, stepId, "RETURN_INSPECTION", on, head.principalId(), head.warehouseId(), new StockMoves(moves))), facts);
            if (head.originalId() != null && !back.isEmpty())
                reversals.release(connection, distributorId, head.originalId(), parts(lines, line -> back.getOrDefault(line.line(), BigDecimal.ZERO)));
            var status = all.signum() > 0 ? "INSPECTED" : "REJECTED";   // all of it goes back: there is nothing to credit
            ReturnStore.move(post, head, status);
            ReturnStore.event(post, distributorId, returnId, head.principalId(), status, null, at, actor.username());
            tell(post, head, status, all.signum() > 0 ? "return.inspected" : "return.rejected", null, at, actor);
            return null;
        });
    }

    private static Map<String, BatchStock> facts(Connection connection, long distributorId, List<Line> lines) throws SQLException {
        var load = new Pipeline();
        var found = Batches.facts(load, distributorId, lines.stream().map(Line::batchId).distinct().toArray(UUID[]::new));
        load.run(connection);
        var facts = new HashMap<String, BatchStock>();
        found.get().forEach((id, batch) -> facts.put(id, new BatchStock(batch.id(), batch.identity().skuId(), batch.principalId(), batch.identity().batchNo(), batch.identity().mrp(), batch.expiresOn(),
                batch.receivedOn(), BigDecimal.ZERO, batch.identity().unitCost())));
        return facts;
    }

    /// A line may go to several buckets: legs go on where its last movement ended.
    private static void move(List<StockMoves.Entry> moves, Map<String, BatchStock> facts, Line line, Node from, Node to, BigDecimal qty) {
        if (qty.signum() == 0) return;
        var batch = facts.get(line.batchId().toString());
        int legs = (int) moves.stream().filter(entry -> entry.line() == line.line()).count();
        for (var entry : StockMoves.between(from, to, Long.toString(line.skuId()), line.batchId().toString(), Money.parse(batch.mrp().setScale(2, RoundingMode.UNNECESSARY).toPlainString(), 2),
                new Qty(qty.movePointRight(3).longValueExact()), new UnitPrice(batch.unitCost().movePointRight(6).longValueExact())).entries())
            moves.add(new StockMoves.Entry(line.line(), legs + entry.leg(), entry.skuId(), entry.batchId(), entry.mrp(), entry.node(), entry.qty(), entry.unitCost()));
    }

    @Override
    public Outcome credit(long distributorId, UUID returnId, UUID stepId, LocalDate businessDate, Actor actor) {
        return tried(distributorId, connection -> {
            var head = store.lock(connection, distributorId, returnId);
            if (head == null) return new Outcome.Unknown("return");
            if (head.status().equals("CREDITED")) {
                var view = view(connection, distributorId, returnId);
                return stepId.equals(view.creditNoteId()) ? new Outcome.Already(view) : new Outcome.WrongState(head.status(), List.of("INSPECTED"));
            }
            if (!head.status().equals("INSPECTED")) return new Outcome.WrongState(head.status(), List.of("INSPECTED"));
            var lines = store.lines(connection, distributorId, returnId);
            var buckets = store.buckets(connection, distributorId, returnId);
            var outcome = head.originalId() == null ? reversals.creditUnmatched(connection, unmatchedNote(head, stepId, businessDate, lines, buckets), setAside(lines, buckets), actor)
                    : reversals.credit(connection, new Reversals.ReverseInvoice(stepId, distributorId, head.originalId(), head.warehouseId(), businessDate, head.reason(), head.note(),
                    creditedParts(lines, buckets)), actor);
            var note = switch (outcome) {
                case PostCreditNoteOutcome.Posted(var posted, _) -> posted;
                case PostCreditNoteOutcome.AlreadyPosted(var posted) -> posted;
                default -> null;
            };
            if (note == null) return new Outcome.NotCredited(outcome);
            var at = now();
            var post = new Pipeline();
            ReturnStore.credited(post, head, note.id(), note.number(), note.kind(), note.totals().payable());
            ReturnStore.event(post, distributorId, returnId, head.principalId(), "CREDITED", note.number(), at, actor.username());
            tell(post, head, "CREDITED", "return.credited", note.number(), at, actor);
            post.run(connection);
            return new Outcome.Done(view(connection, distributorId, returnId));
        });
    }

    private static BigDecimal accepted(List<ReturnView.Bucket> buckets) {
        return buckets.stream().filter(bucket -> !bucket.bucket().equals("BACK")).map(ReturnView.Bucket::qty).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /// DAMAGED and EXPIRED are held for a claim (1320); QUARANTINE stays inventory until it is decided on.
    private static BigDecimal aside(List<ReturnView.Bucket> buckets) {
        return buckets.stream().filter(bucket -> bucket.bucket().equals("DAMAGED") || bucket.bucket().equals("EXPIRED")).map(ReturnView.Bucket::qty).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static List<Reversals.Part> creditedParts(List<Line> lines, Map<Integer, List<ReturnView.Bucket>> buckets) {
        var aside = new HashMap<String, BigDecimal>();
        for (var line : lines) aside.merge(line.originalLine() + "." + line.originalPart(), aside(buckets.getOrDefault(line.line(), List.of())), BigDecimal::add);
        return parts(lines, line -> accepted(buckets.getOrDefault(line.line(), List.of()))).stream()
                .map(part -> new Reversals.Part(part.line(), part.part(), part.qty(), aside.get(part.line() + "." + part.part()), part.batches())).toList();
    }

    private static PostCreditNote unmatchedNote(Head head, UUID id, LocalDate on, List<Line> lines, Map<Integer, List<ReturnView.Bucket>> buckets) {
        var credited = new ArrayList<PostCreditNote.Line>();
        for (var line : lines) {
            var qty = accepted(buckets.getOrDefault(line.line(), List.of()));
            if (qty.signum() > 0) credited.add(new PostCreditNote.Line(credited.size() + 1, line.skuId(), qty, line.unitPrice(), line.batchId()));
        }
        return new PostCreditNote(id, head.distributorId(), head.principalId(), head.outletId(), head.warehouseId(), on, null, head.reason(), head.note(), credited);
    }

    private static List<BigDecimal> setAside(List<Line> lines, Map<Integer, List<ReturnView.Bucket>> buckets) {
        return lines.stream().filter(line -> accepted(buckets.getOrDefault(line.line(), List.of())).signum() > 0).map(line -> aside(buckets.getOrDefault(line.line(), List.of()))).toList();
    }

    @Override
    public Outcome attach(long distributorId, UUID returnId, List<String> hashes, Actor actor) {
        return tried(distributorId, connection -> {
            var head = store.lock(connection, distributorId, returnId);
            if (head == null) return new Outcome.Unknown("return");
            var open = List.of("REQUESTED", "APPROVED", "RECEIVED", "INSPECTED");
            if (!open.contains(head.status())) return new Outcome.WrongState(head.status(), open);
            var at = now();
            var post = new Pipeline();
            ReturnStore.pictures(post, distributorId, returnId, head.principalId(), hashes, at, actor.username());
            post.run(connection);
            return new Outcome.Done(view(connection, distributorId, returnId));
        });
    }

    private static void tell(Pipeline post, Head head, String action, String topic, @Nullable String why, Instant at, Actor actor) {
        tell(post, head.distributorId(), head.id(), head.outletId(), head.principalId(), head.businessDate(), action, topic, why, at, actor);
    }

    private static void tell(Pipeline post, long distributorId, UUID id, UUID outletId, long principalId, LocalDate on, String action, String topic, @Nullable String why, Instant at, Actor actor) {
        var payload = Fingerprint.json(Map.of("outletId", outletId.toString(), "principalId", principalId));
        AuditTrail.append(post, new AuditTrail.Entry(distributorId, at, actor.username(), null, action, TYPE, id, on, Fingerprint.json(Map.of("why", why == null ? "" : why))), null,
                new AuditTrail.Event(topic, id, on, payload));
    }
}
