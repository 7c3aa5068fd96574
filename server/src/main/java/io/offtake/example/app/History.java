package io.offtake.example.app;

import io.offtake.access.Role;
import io.offtake.billing.Billing;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.billing.Terms;
import io.offtake.example.domain.Country;
import io.offtake.example.domain.Demand;
import io.offtake.example.domain.Goods;
import io.offtake.example.domain.Seed;
import io.offtake.example.domain.Shelf;
import io.offtake.example.domain.Shops;
import io.offtake.example.store.ExampleStore;
import io.offtake.example.store.MaruliaMasters;
import io.offtake.orders.Orders;
import io.offtake.orders.PostOrder;
import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import io.offtake.primary.GoodsReceiptView;
import io.offtake.primary.GoodsReceipts;
import io.offtake.primary.PostGoodsReceipt;
import io.offtake.receivables.Collections;
import io.offtake.receivables.PostCollection;
import io.offtake.returns.RequestReturn;
import io.offtake.returns.ReturnView;
import io.offtake.returns.Returns;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The business of one distributor, day by day, in date order: goods receipts, bills, collections. What is invented
/// depends on the seed, the day, and what the ledgers hold; it is posted in chunks of some days through the bulk path.
final class History {
    private static final int LINES_PER_RECEIPT = 100;
    private final Country.Distributor distributor;
    private final long id;
    private final long principalId;
    private final UUID warehouse;
    private final int place;
    private final LocalDate from;
    private final LocalDate toldOn;
    private final List<Goods.Sku> skus = new ArrayList<>();
    private final List<Long> skuIds = new ArrayList<>();
    private final List<Shops.Outlet> outlets;
    private final List<UUID> outletIds;
    private final Demand demand;
    private final Services services;
    private final Counts counts;

    private Shelf shelf = new Shelf();
    private final double[] weekly;
    private final double[] since;
    private final double[] topUps;
    private double owed;
    private double base;
    private double pushed;
    private final List<PostInvoice> bills = new ArrayList<>();
    private double planned;

    record Services(Billing billing, GoodsReceipts receipts, Collections collections, ExampleStore store) {}

    /// What was posted and refused, over all distributors.
    record Counts(AtomicLong bills, AtomicLong lines, AtomicLong refused, AtomicLong receipts, AtomicLong collections) {
        Counts() {
            this(new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong());
        }
    }

    History(Country.Distributor distributor, MaruliaMasters.Ids ids, LocalDate from, LocalDate toldOn, int outlets, Services services, Counts counts) {
        this.distributor = distributor;
        this.id = ids.distributors().get(distributor.code());
        this.principalId = ids.principal();
        this.place = Country.DISTRIBUTORS.indexOf(distributor);
        this.from = from;
        this.toldOn = toldOn;
        this.warehouse = MaruliaMasters.warehouse(distributor, from);
        for (var sku : Goods.SKUS) {
            // nobody but the story's distributor carries everything
            if (!sku.mustStock() && place != 0 && Math.floorMod(Seed.of("listed", distributor.code(), sku.code()), 100) < 14) continue;
            skus.add(sku);
            skuIds.add(ids.skus().get(sku.code()));
        }
        this.outlets = Shops.outlets(distributor, outlets);
        this.outletIds = this.outlets.stream().map(outlet -> MaruliaMasters.outlet(outlet.code(), from)).toList();
        this.demand = new Demand(distributor, skus, toldOn);
        this.services = services;
        this.counts = counts;
        weekly = new double[skus.size()];
        since = new double[skus.size()];
        topUps = new double[skus.size()];
    }

    /// Posts the days after `done` through `to`.
    /// @param today whose business has only begun, and whose bills are still being delivered
    void run(@Nullable LocalDate done, LocalDate to, LocalDate today, Runnable dayDone) {
        var first = done == null ? from : done.plusDays(1);
        load(first);
        var chunk = first;
        for (var on = first; !on.isAfter(to); on = on.plusDays(1)) {
            if (isReceiptDay(on)) {
                flush(chunk, on.minusDays(1));
                chunk = on;
                receive(on);
            }
            if (Demand.isOpen(on)) plan(on, today);
            if (ends(on, to)) {
                flush(chunk, on);
                chunk = on.plusDays(1);
            }
            dayDone.run();
        }
    }

    private boolean ends(LocalDate on, LocalDate to) {
        return on.equals(to) || ChronoUnit.DAYS.between(on, toldOn) < 14 || Math.floorMod(on.toEpochDay() + place, 3L) == 0;
    }

    private void load(LocalDate first) {
        reload();
        var sold = services.store.billed(id, first.minusDays(28));
        for (int at = 0; at < weekly.length; at++) weekly[at] = sold.isEmpty() ? demand.weekly(at) : sold.getOrDefault(skuIds.get(at), 0.0) / 4;
        base = services.store.received(id, demand.windowStart().minusMonths(3), demand.windowStart().minusDays(1));
        pushed = services.store.received(id, demand.windowStart(), demand.windowEnd());
    }

    private void reload() {
        shelf = new Shelf();
        for (var lot : services.store.saleable(id, warehouse)) shelf.add(lot.skuId(), lot.expiresOn(), lot.qty());
    }

    // ---- goods receipts

    private boolean isReceiptDay(LocalDate on) {
        return on.equals(from) || on.getDayOfWeek() == DayOfWeek.of(1 + place % 6) && ChronoUnit.DAYS.between(from, on) >= 5;
    }

    private void receive(LocalDate on) {
        reload();
        var orders = new LinkedHashMap<Integer, Long>();
        for (int at = 0; at < skus.size(); at++) {
            if (!on.equals(from)) {
                weekly[at] = 0.7 * weekly[at] + 0.3 * since[at];
                since[at] = 0;
            }
            long wanted = wanted(at, on);
            if (wanted > 0) orders.put(at, wanted);
        }
        push(orders, on);
        var lines = new ArrayList<PostGoodsReceipt.Line>();
        int number = 1;
        for (var order : orders.entrySet()) {
            lines.add(line(lines.size() + 1, order.getKey(), order.getValue(), on, null));
            if (lines.size() == LINES_PER_RECEIPT) {
                post(lines, on, number++);
                lines.clear();
            }
        }
        var slow = slowBatch(on);
        if (slow >= 0) lines.add(line(lines.size() + 1, slow, 14L * skus.get(slow).caseSize(), on, toldOn.plusDays(17)));
        if (!lines.isEmpty()) post(lines, on, number);
        reload();
    }

    /// Pieces to order: up to three and a half weeks, in whole cases, when less than two are left.
    private long wanted(int at, LocalDate on) {
        var sku = skus.get(at);
        double week = weekly[at];
        long there = shelf.sellable(skuIds.get(at), on.plusDays(12));
        if (isRunningOut(at, on)) {
            long left = Demand.isOpen(toldOn) ? 2 : 3;
            double need = week / 6 * (toldOn.toEpochDay() - on.toEpochDay() + 1) * 6 / 7 + week / 6 * left - there;
            return on.isAfter(toldOn.minusDays(6)) || need <= 0 ? 0 : Math.round(need / 6) * 6;
        }
        if (there > week * (on.equals(from) ? 3.5 : 2.1)) return 0;
        long cases = (long) Math.ceil((week * 3.5 - there) / sku.caseSize());
        // a case that nobody would finish before it expires is not ordered
        if (week * sku.shelfLifeDays() / 7 * 0.6 < sku.caseSize()) return there > week ? 0 : Math.max(1, sku.inner() > 0 ? sku.inner() : Math.max(1, sku.caseSize() / 4));
        return Math.max(1, cases) * sku.caseSize();
    }

    /// The best seller of the story's distributor is let run low: two days are left on the day the stories are told of.
    private boolean isRunningOut(int at, LocalDate on) {
        return demand.isPushed() && at == best() && on.isAfter(toldOn.minusDays(26)) && !on.isAfter(toldOn);
    }

    private int best() {
        int best = 0;
        for (int at = 1; at < skus.size(); at++) if (skus.get(at).popularity() > skus.get(best).popularity()) best = at;
        return best;
    }

    /// A slow seller that the story's distributor was given too much of: its batch expires 17 days after the story is told.
    private int slowBatch(LocalDate on) {
        if (!demand.isPushed()) return -1;
        var first = toldOn.minusDays(100);
        if (on.isBefore(first) || !on.isBefore(first.plusDays(7))) return -1;
        for (int at = 0; at < skus.size(); at++) if (skus.get(at).code().equals("NMK132")) return at;
        return -1;
    }

    /// The stock push: in the window the principal sells the distributor 18 % more than in the three months before.
    private void push(LinkedHashMap<Integer, Long> orders, LocalDate on) {
        if (!demand.isPushed() || !demand.inWindow(on) || base == 0) return;
        long all = 0;
        long passed = 0;
        for (var day = demand.windowStart(); !day.isAfter(demand.windowEnd()); day = day.plusDays(1)) {
            if (!isReceiptDay(day)) continue;
            all++;
            if (!day.isAfter(on)) passed++;
        }
        double target = base * 1.18 * passed / all - pushed;
        double value = orders.entrySet().stream().mapToDouble(order -> order.getValue() * cost(order.getKey(), on)).sum();
        var random = Seed.random("push", distributor.code(), on);
        while (value > target && !orders.isEmpty()) {
            var last = orders.keySet().stream().min(java.util.Comparator.comparingDouble(at -> weekly[at] * skus.get(at).price())).orElseThrow();
            value -= orders.remove(last) * cost(last, on);
        }
        for (int tries = 0; value < target && tries < 2000; tries++) {
            int at = demand.pick("GROCER", on, random);
            // small packs: a push shows in pieces (KPI-45), not only in money
            if (at == best() || skus.get(at).shelfLifeDays() < 150 || skus.get(at).price() > 30) continue;
            double more = skus.get(at).caseSize() * cost(at, on);
            if (value + more > target + 1500) continue;
            orders.merge(at, (long) skus.get(at).caseSize(), Long::sum);
            value += more;
        }
    }

    private double cost(int at, LocalDate on) {
        return skus.get(at).pts(mrp(skus.get(at), on)).doubleValue();
    }

    /// The MRP printed on what is made for a receipt of this day.
    private BigDecimal mrp(Goods.Sku sku, LocalDate on) {
        int stagger = Math.floorMod(Seed.of("stagger", sku.code()), 40);
        return sku.newMrp() != null && !on.isBefore(toldOn.minusDays(Goods.MRP_CHANGE_DAYS - stagger)) ? sku.newMrp() : sku.mrp();
    }

    private PostGoodsReceipt.Line line(int number, int at, long qty, LocalDate on, @Nullable LocalDate expires) {
        var sku = skus.get(at);
        var random = Seed.random("receipt", distributor.code(), on, sku.code());
        var made = expires != null ? expires.minusDays(sku.shelfLifeDays()) : made(sku, on.equals(from) ? on.minusDays(random.nextInt(1 + sku.shelfLifeDays() / 5)) : on);
        var mrp = mrp(sku, on);
        long damaged = random.nextInt(70) == 0 ? 1 + random.nextInt(2) : 0;
        long lacking = damaged == 0 && random.nextInt(120) == 0 ? 1 : 0;
        return new PostGoodsReceipt.Line(number, skuIds.get(at), "S%02d%03d%s".formatted(made.getYear() % 100, made.getDayOfYear(), sku.family().substring(0, 1)), made,
                made.plusDays(sku.shelfLifeDays()), mrp, sku.pts(mrp), BigDecimal.valueOf(qty), BigDecimal.ZERO, BigDecimal.valueOf(qty - damaged - lacking), BigDecimal.valueOf(damaged),
                BigDecimal.valueOf(lacking));
    }

    /// A plant makes a lot of a SKU every four weeks, which all distributors are sent.
    private static LocalDate made(Goods.Sku sku, LocalDate before) {
        long day = before.toEpochDay() - 5;
        return LocalDate.ofEpochDay(day - Math.floorMod(day + Math.floorMod(Seed.of("plant", sku.code()), 28), 28L));
    }

    private void post(List<PostGoodsReceipt.Line> lines, LocalDate on, int number) {
        var command = new PostGoodsReceipt(Seed.id(at(on, 8, number), "receipt", distributor.code(), on, number), id, principalId, warehouse, on,
                "SF/%s/%02d%03d%s".formatted(distributor.code(), on.getYear() % 100, on.getDayOfYear(), number == 1 ? "" : "-" + number), on.minusDays(2), List.copyOf(lines));
        switch (services.receipts.post(command, Actor.SYSTEM, true)) {
            case GoodsReceipts.Outcome.Posted posted -> {
                counts.receipts.incrementAndGet();
                note(posted.receipt());
            }
            case GoodsReceipts.Outcome.AlreadyPosted _, GoodsReceipts.Outcome.IdReused _, GoodsReceipts.Outcome.InvoiceReceived _ -> {}
            case GoodsReceipts.Outcome other -> throw new IllegalStateException("the example's goods receipt of " + on + " for " + distributor.code() + " was refused: " + other);
        }
    }

    private void note(GoodsReceiptView receipt) {
        if (demand.inBase(receipt.businessDate())) base += receipt.taxable().doubleValue();
        if (demand.inWindow(receipt.businessDate())) pushed += receipt.taxable().doubleValue();
    }

    // ---- bills

    private void plan(LocalDate on, LocalDate today) {
        var random = Seed.random("day", distributor.code(), on);
        double target = demand.target(on);
        boolean begun = on.equals(today);
        owed += begun ? target * 0.3 : target;
        int number = 0;
        var odd = odd(on);
        bills.addAll(odd);
        for (var visited : order(on, random)) {
            if (owed <= 0) break;
            var outlet = outlets.get(visited);
            var bill = bill(on, ++number, visited, outlet, random, !on.isBefore(today.minusDays(1)));
            if (bill != null) bills.add(bill);
        }
        // nobody makes up on one day for what a bad week has lost
        owed = Math.clamp(owed, -3 * target, 1.5 * target);
    }

    /// What schemes of the last months are about, in pieces that earn something.
    private static final List<String> OFFERED = List.of("GLU", "NMK", "NDL", "JUI", "CHO", "CKE", "KTP", "COF");

    /// Bills that an auditor wants to see, in the month that is claimed: at every distributor one shop has its delivery on three bills of one day (CL-09) or is billed nearly the same again two
    /// days later (CL-02), in some weeks both. They come by the same path as all others.
    private List<PostInvoice> odd(LocalDate on) {
        var month = toldOn.withDayOfMonth(1).minusMonths(1);
        if (on.isBefore(month) || !on.isBefore(month.plusMonths(1)) || !Demand.isOpen(on)) return List.of();
        // late in the month most schemes run
        int first = 19 + place % 6;
        int day = on.getDayOfMonth();
        while (!Demand.isOpen(month.withDayOfMonth(first))) first++;
        int again = first + 2;
        while (!Demand.isOpen(month.withDayOfMonth(again))) again++;
        boolean splits = place % 3 != 1;
        boolean repeats = place % 3 != 0;
        var made = new ArrayList<PostInvoice>();
        if (splits && day == first) for (int part = 0; part < 3; part++) made.add(offered(on, part, "split", 0, part));
        if (repeats && (day == first || day == again)) made.add(offered(on, 3, "repeat", 1, 0));
        made.removeIf(bill -> bill.lines().isEmpty());
        return made;
    }

    /// One bill over what is offered; `kind` and `part` say how much of it, so that a repeat is nearly the same and parts differ.
    private PostInvoice offered(LocalDate on, int number, String kind, int shop, int part) {
        int visited = -1;
        for (int at = Math.floorMod(Seed.of("odd", distributor.code(), kind), outlets.size()), tries = 0; tries < outlets.size() && visited < 0; at = (at + 1) % outlets.size(), tries++)
            if (outlets.get(at).channel().equals("GROCER") && !outlets.get(at).outletClass().equals("C") && tries >= shop) visited = at;
        if (visited < 0) visited = 0;
        var lines = new ArrayList<PostInvoice.Line>();
        for (var family : OFFERED) {
            int best = -1;
            for (int at = 0; at < skus.size(); at++)
                if (skus.get(at).code().startsWith(family) && (best < 0 || skus.get(at).popularity() > skus.get(best).popularity())) best = at;
            if (best < 0) continue;
            long qty = 36 + 12L * part;
            if (shelf.sellable(skuIds.get(best), on) < qty * 2) continue;
            shelf.promise(skuIds.get(best), qty);
            planned += qty * skus.get(best).price();
            owed -= qty * skus.get(best).price();
            lines.add(new PostInvoice.Line(lines.size() + 1, skuIds.get(best), BigDecimal.valueOf(qty), null, null, null, null, null));
        }
        return new PostInvoice(Seed.id(at(on, 8, 30 + number), "odd", distributor.code(), on, number), id, principalId, outletIds.get(visited), warehouse, on, SaleType.COUNTER, PaymentMode.CASH, null, null, lines, null);
    }

    /// Who buys today, in order: the day's beat first, then those who send for goods or come to the counter.
    private List<Integer> order(LocalDate on, RandomGenerator random) {
        var beat = new ArrayList<Integer>();
        var others = new ArrayList<Integer>();
        int day = on.getDayOfWeek().getValue() - 1;
        for (int at = 0; at < outlets.size(); at++) {
            var outlet = outlets.get(at);
            if (outlet.beat() == day) {
                if (random.nextDouble() < 0.62 * outlet.pull()) beat.add(at);
            } else if (random.nextDouble() < 0.2 * outlet.pull()) {
                others.add(at);
            }
        }
        var shuffle = new java.util.Random(random.nextLong());
        java.util.Collections.shuffle(beat, shuffle);
        java.util.Collections.shuffle(others, shuffle);
        var all = new ArrayList<Integer>();
        // a few counter customers come between the beat's shops
        for (int at = 0; at < beat.size(); at++) {
            all.add(beat.get(at));
            if (at % 4 == 3 && !others.isEmpty()) all.add(others.removeLast());
        }
        all.addAll(others);
        return all;
    }

    private @Nullable PostInvoice bill(LocalDate on, int number, int visited, Shops.Outlet outlet, RandomGenerator random, boolean onTheWay) {
        int wanted = Demand.lines(outlet.outletClass(), random);
        var lines = new ArrayList<PostInvoice.Line>();
        var taken = new HashSet<Integer>();
        for (int tries = 0; lines.size() < wanted && tries < wanted * 3; tries++) {
            int at = demand.pick(outlet.channel(), on, random);
            double noise = Math.exp(random.nextGaussian() * 0.5);
            if (!taken.add(at)) continue;
            var sku = skus.get(at);
            long step = sku.inner() > 0 ? sku.inner() : sku.price() > 60 ? 1 : 2;
            long qty = Math.max(1, Math.round(Demand.lineValue(outlet.outletClass()) * noise / sku.price() / step)) * step;
            long there = shelf.sellable(skuIds.get(at), on);
            if (qty > there) qty = there / step * step;
            if (qty <= 0) continue;
            shelf.promise(skuIds.get(at), qty);
            planned += qty * sku.price();
            owed -= qty * sku.price();
            lines.add(new PostInvoice.Line(lines.size() + 1, skuIds.get(at), BigDecimal.valueOf(qty), null, null, null, null, null));
        }
        var mode = mode(outlet, random);
        boolean delivered = onTheWay && mode == PaymentMode.CREDIT && random.nextInt(100) < 45;
        if (lines.isEmpty()) return null;
        return new PostInvoice(Seed.id(at(on, 9, number), "bill", distributor.code(), on, number), id, principalId, outletIds.get(visited), warehouse, on,
                delivered ? SaleType.DELIVERY : SaleType.COUNTER, mode, null, null, lines, null);
    }

    private static PaymentMode mode(Shops.Outlet outlet, RandomGenerator random) {
        int dice = random.nextInt(100);
        int credit = outlet.creditDays() == 0 ? 0 : switch (outlet.pays()) {
            case PROMPT -> outlet.outletClass().equals("C") ? 52 : 78;
            case LATE, PARTLY -> 62;
            case BADLY -> 30;
        };
        if (dice < credit) return PaymentMode.CREDIT;
        return dice % 5 < 3 ? PaymentMode.CASH : PaymentMode.UPI;
    }

    private static Instant at(LocalDate on, int hour, int number) {
        return on.atTime(hour, 0).atZone(MaruliaMasters.ZONE).toInstant().plus(number * 11L, ChronoUnit.MINUTES);
    }

    /// Posts the bills of some days, then the money that came in by their last one.
    private void flush(LocalDate first, LocalDate last) {
        if (last.isBefore(first)) return;
        if (!bills.isEmpty()) {
            double net = 0;
            for (var outcome : services.billing.postAll(bills, Actor.SYSTEM, Terms.HISTORY)) {
                if (outcome instanceof PostInvoiceOutcome.Posted(var invoice, _)) {
                    counts.bills.incrementAndGet();
                    counts.lines.addAndGet(invoice.lines().size());
                    net += invoice.totals().gross().subtract(invoice.totals().schemeDiscount()).doubleValue();
                } else if (!(outcome instanceof PostInvoiceOutcome.AlreadyPosted)) {
                    counts.refused.incrementAndGet();
                }
            }
            for (var bill : bills)
                for (var line : bill.lines()) since[skuIds.indexOf(line.skuId())] += line.qty().doubleValue();
            owed += planned - net;
            planned = 0;
            bills.clear();
            shelf.forgetPromises();
            // before a receipt the shelf is read again anyway
            if (!isReceiptDay(last.plusDays(1))) reload();
        }
        if (Demand.isOpen(last)) collect(last);
        services.store.finished(id, last);
    }

    // ---- one at a time, while the demo runs

    /// A bill that one more shop asks for today; null if it finds nothing it wants.
    @Nullable PostInvoice visit(LocalDate today, UUID billId, RandomGenerator random) {
        reload();
        int visited = random.nextInt(outlets.size());
        var bill = bill(today, 0, visited, outlets.get(visited), random, random.nextBoolean());
        return bill == null ? null : new PostInvoice(billId, bill.distributorId(), bill.principalId(), bill.outletId(), bill.warehouseId(), bill.businessDate(), bill.saleType(),
                bill.paymentMode(), null, null, bill.lines(), null);
    }

    /// Money that one shop brings today for its oldest bill; null if nobody owes anything that is due soon.
    @Nullable PostCollection payment(LocalDate today, UUID collectionId, RandomGenerator random) {
        var due = services.store.open(id, today.minusDays(1)).stream().filter(bill -> !bill.dueOn().isAfter(today.plusDays(3))).toList();
        if (due.isEmpty()) return null;
        var bill = due.get(random.nextInt(due.size()));
        return new PostCollection(collectionId, id, principalId, bill.outletId(), today, random.nextBoolean() ? "CASH" : "UPI", bill.open(), null, null, null,
                List.of(new PostCollection.Allocation(bill.documentId(), bill.open())), null);
    }

    /// Orders that wait this morning: booked, and every second one allocated.
    void orders(Orders orders, LocalDate today, int howMany) {
        reload();
        var random = Seed.random("orders", distributor.code(), today);
        for (int number = 1; number <= howMany; number++) {
            int visited = random.nextInt(outlets.size());
            var bill = bill(today, 0, visited, outlets.get(visited), random, false);
            if (bill == null) continue;
            var orderId = Seed.id(at(today, 7, number), "order", distributor.code(), today, number);
            var booked = orders.book(new PostOrder(orderId, id, principalId, bill.outletId(), warehouse, today, null,
                    bill.lines().stream().map(line -> new PostOrder.Line(line.line(), line.skuId(), line.qty())).toList()), Actor.SYSTEM);
            if (booked instanceof Orders.Outcome.Done && number % 2 == 0)
                orders.allocate(id, orderId, Seed.id(at(today, 7, number), "allocation", distributor.code(), today, number), Actor.SYSTEM);
        }
    }

    /// Goods on their way back this morning, one return in every state in turn.
    void returns(Returns returns, LocalDate today, int howMany) {
        var reasons = List.of("LEAKAGE", "EXCESS", "WRONG_ITEM", "DAMAGED_IN_TRANSIT", "SLOW_MOVING", "REFUSED_AT_DOOR");
        var random = Seed.random("returns", distributor.code(), today);
        var clerk = new Actor(0, "clerk");
        var scope = RowScope.of(id);
        var bills = services.store.open(id, today.minusDays(1)).stream().filter(bill -> bill.businessDate().isAfter(today.minusDays(25))).toList();
        for (int number = 0; number < howMany && !bills.isEmpty(); number++) {
            var bill = returns.creditable(scope, bills.get(random.nextInt(bills.size())).documentId()).orElseThrow();
            var line = bill.lines().get(random.nextInt(bill.lines().size()));
            if (line.free() || line.left().compareTo(BigDecimal.TWO) < 0) continue;
            var step = new int[1];
            var of = number;
            java.util.function.Supplier<UUID> next = () -> Seed.id(at(today, 7, 40 + of), "return", distributor.code(), today, of * 10 + step[0]++);
            var returnId = next.get();
            var qty = line.left().min(BigDecimal.valueOf(2 + random.nextInt(10)));
            var asked = returns.request(new RequestReturn(returnId, id, principalId, bill.invoice().outlet().id(), warehouse, today, bill.invoice().id(), reasons.get(number % reasons.size()), null,
                    List.of(new RequestReturn.Line(1, line.line(), line.part(), null, qty, null, null)), List.of()), number % 3 == 0 ? clerk : Actor.SYSTEM);
            int state = number % 6;
            if (!(asked instanceof Returns.Outcome.Done(var view)) || state < 2) continue;
            returns.decide(id, returnId, next.get(), state != 2, state == 2 ? "nothing is wrong with it" : null, new Actor(0, "owner"), Set.of(Role.RSM));
            if (state < 4) continue;
            returns.receive(id, returnId, next.get(), List.of(), clerk);
            if (number == 4) continue;
            returns.inspect(id, returnId, next.get(), view.lines().stream().map(one -> new Returns.Inspected(one.line(), List.of(new ReturnView.Bucket(one.condition(), one.qty())))).toList(), clerk);
            if (state == 5) returns.credit(id, returnId, next.get(), today, clerk);
        }
    }

    // ---- collections

    private void collect(LocalDate on) {
        var byOutlet = new LinkedHashMap<UUID, BigDecimal>();
        for (var bill : services.store.open(id, on)) {
            var part = paid(bill, on);
            if (part.signum() > 0) byOutlet.merge(bill.outletId(), part, BigDecimal::add);
        }
        var commands = new ArrayList<PostCollection>();
        byOutlet.forEach((outletId, sum) -> {
            var random = Seed.random("collection", outletId, on);
            // some pay in round notes: the rest stays on account
            var amount = sum.intValue() > 500 && random.nextInt(100) < 8 ? sum.divide(new BigDecimal(100), 0, RoundingMode.UP).multiply(new BigDecimal(100)).setScale(2) : sum;
            int dice = random.nextInt(100);
            var mode = dice < 44 ? "CASH" : dice < 74 ? "UPI" : dice < 93 ? "CHEQUE" : "NEFT";
            var reference = switch (mode) {
                case "CHEQUE" -> "%06d".formatted(100_000 + random.nextInt(800_000));
                case "UPI", "NEFT" -> "%012d".formatted(Math.floorMod(random.nextLong(), 900_000_000_000L) + 100_000_000_000L);
                default -> null;
            };
            commands.add(new PostCollection(Seed.id(at(on, 17, commands.size() % 30), "collection", outletId, on), id, principalId, outletId, on, mode, amount, reference,
                    mode.equals("CHEQUE") ? "Marulia Bank" : null, mode.equals("CHEQUE") ? on : null, null, null));
        });
        for (var outcome : services.collections.postAll(commands, Actor.SYSTEM, true)) {
            if (outcome instanceof Collections.Outcome.Posted) counts.collections.incrementAndGet();
        }
    }

    /// What of an open bill is paid by this day, as its outlet pays.
    private BigDecimal paid(ExampleStore.Open bill, LocalDate on) {
        int at = outletIds.indexOf(bill.outletId());
        if (at < 0) return BigDecimal.ZERO;
        var dice = Seed.random("pays", bill.documentId());
        int some = dice.nextInt(100);
        boolean untouched = bill.open().compareTo(bill.amount()) == 0;
        int after = switch (outlets.get(at).pays()) {
            case PROMPT -> some % 6 - 4;
            case LATE -> 3 + some % 16;
            case PARTLY -> untouched ? some % 3 : 12 + some % 9;
            case BADLY -> 24 + some % 40;
        };
        if (on.isBefore(bill.dueOn().plusDays(after)) || !on.isAfter(bill.businessDate())) return BigDecimal.ZERO;
        if (outlets.get(at).pays() == Shops.Pays.PARTLY && untouched && bill.amount().intValue() > 200)
            return bill.amount().multiply(BigDecimal.valueOf(40 + some % 30)).divide(new BigDecimal(1000), 0, RoundingMode.HALF_UP).multiply(BigDecimal.TEN).setScale(2);
        return bill.open();
    }
}
