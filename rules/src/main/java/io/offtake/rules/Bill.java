package io.offtake.rules;

import io.offtake.rules.Refusal.Code;
import io.offtake.rules.RuleBook.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// One decision in the making. The stages follow one another as in [Refusal.Code]; the first that refuses ends it.
/// Amounts are `long` in smallest units here, quantities in thousandths: this is the hottest code of the product.
final class Bill {
    /// A thousand million base units on one line: more is a slip of the finger.
    private static final long QTY_MAX = 1_000_000_000_000L;
    final Engine engine;
    final DecideCommand command;
    final RuleBook book;
    final int scale;
    final int on;
    private final List<Refusal> refusals = new ArrayList<>(2);
    private final List<Decision.Warning> warnings = new ArrayList<>(2);
    private final Map<String, Fefo.Shelf> shelves = new HashMap<>();
    private final Engine.Scratch scratch;
    /// Prices and schemes only: no stock, no tax, no credit.
    final boolean light;
    /// The trace holds every candidate scheme, not only what applied.
    final boolean traceAll;
    /// The only schemes that take part (`id|version`), whatever else is in force; null: all. For what is left after a return.
    java.util.Set<String> only;
    private Map<String, List<DecideCommand.Batch>> batchesBySku;
    private PriceIndex.ForOutlet prices;
    String principalId;
    /// The rank of each line's SKU, in the order of the command's lines.
    private int[] ranks;
    private String placeOfSupply;
    private boolean interState;
    /// Under a VAT, goods that leave the country: every rate is zero (domain/05b).
    private boolean exported;
    private int minDays;

    /// Parts in the order of the tie rule: SKU code, MRP, quantity, then price, then line.
    final List<Part> parts;
    /// Pools in the order of SKU code, MRP, price.
    final List<Pool> pools;
    final List<Free> frees = new ArrayList<>(2);
    private final Map<String, Long> missing = new HashMap<>();
    private final List<Refusal> pinnedShort = new ArrayList<>(1);
    private SchemeRun schemeRun;

    /// A piece of a batch.
    static final class Take {
        final DecideCommand.Batch batch;
        long milli;

        Take(DecideCommand.Batch batch, long milli) {
            this.batch = batch;
            this.milli = milli;
        }
    }

    /// A quantity of one SKU at one price, as schemes see it.
    abstract static class Row {
        RuleBook.Sku sku;
        int rank;
        Money mrp;
        UnitPrice unit;
        long qty, gross, value;
        /// What was ordered beyond what is delivered, by the supplier's fault (PX-40).
        long extra;
        /// Units that the benefit being worked out uses up, of how many, and the value after each stage where somebody counts it.
        long used, usedOf;
        long[] after;

        final long ordered() {
            return qty + extra;
        }

        final void reprice(int scale) {
            gross = Fixed.worth(unit.micros(), qty, scale);
            value = gross;
        }
    }

    /// Lines that are equal in SKU, MRP and price, as if they were one: what a scheme counts and compares is decided here, so
    /// that splitting or merging lines decides nothing.
    static class Pool extends Row {
        private List<Part> parts;
        int place;
        /// How schemes of a stage have stacked on it so far; 0: none yet.
        int stacked;
        long net;
        Candidate marked, winner;
        /// The winners of the exclusion groups that closed it to others; null: none.
        List<Candidate> takers;

        List<Part> parts() {
            return parts;
        }
    }

    /// A result line in the making: one SKU, one MRP, one price. Money is rounded here. Where nothing but schemes is worked out, a line that
    /// no other is equal to is its own pool.
    static final class Part extends Pool {
        DecideCommand.Line line;
        int number;
        PriceIndex.Price price;
        boolean inclusive;
        final List<Take> takes;
        Pool pool;
        /// Its place among the lines of the scheme that is worked out.
        int slot;
        long schemeDiscount, principalShare, manualDiscount, shared, freeBurden, rsp;
        private Candidate[] givers = NO_GIVERS;
        private long[] given = NO_AMOUNTS;
        int benefits;
        /// The tax rate of this part; null: that of its SKU, or none.
        RuleBook.TaxRate rate;
        TaxIndex.Heads heads;

        private static final Candidate[] NO_GIVERS = {};
        private static final long[] NO_AMOUNTS = {};

        /// @param light nothing will be taken from batches
        Part(boolean light) {
            takes = light ? List.of() : new ArrayList<>(2);
        }

        @Override
        List<Part> parts() {
            return List.of(this);
        }

        /// As good as new, for the next light bill.
        Part again() {
            extra = used = usedOf = net = 0;
            after = null;
            stacked = slot = benefits = 0;
            marked = winner = null;
            takers = null;
            pool = null;
            schemeDiscount = principalShare = manualDiscount = shared = freeBurden = rsp = 0;
            rate = null;
            heads = null;
            return this;
        }

        void benefit(Candidate giver, long amount, long principal) {
            if (benefits == givers.length) {
                givers = java.util.Arrays.copyOf(givers, benefits + 4);
                given = java.util.Arrays.copyOf(given, 2 * benefits + 8);
            }
            givers[benefits] = giver;
            given[2 * benefits] = amount;
            given[2 * benefits + 1] = principal;
            benefits++;
        }

        /// What one scheme took off this line.
        long from(Candidate giver) {
            long sum = 0;
            for (int at = 0; at < benefits; at++) if (givers[at] == giver) sum += given[2 * at];
            return sum;
        }
    }

    /// A free line in the making.
    static final class Free {
        Scheme scheme;
        RuleBook.Sku sku;
        Money mrp;
        UnitPrice unit;
        boolean inside;
        boolean inclusive;
        final List<Take> takes;
        long qty, shared;
        TaxIndex.Heads heads;

        /// @param light nothing will be taken from batches
        Free(boolean light) {
            takes = light ? List.of() : new ArrayList<>(2);
        }
    }

    Bill(Engine engine, DecideCommand command, Engine.Scratch scratch, boolean light, boolean traceAll) {
        this.engine = engine;
        this.command = command;
        this.scratch = scratch;
        this.light = light;
        this.traceAll = traceAll;
        this.book = engine.book();
        this.scale = book.currency().scale();
        this.on = command.businessDate();
        this.parts = new ArrayList<>(command.lines().size());
        this.pools = new ArrayList<>(command.lines().size());
    }

    Decision decide() {
        checkForm();
        if (refused()) return refusal();
        checkOutlet();
        if (refused()) return refusal();
        checkNamedBatches();
        if (refused()) return refusal();
        findRates();
        if (refused()) return refusal();
        prices = engine.prices.forOutlet(book.seller(), command.outlet());
        allocate();
        if (refused()) return refusal();
        checkManualLimit();
        if (refused()) return refusal();
        schemeRun = new SchemeRun(this, scratch);
        schemeRun.run();
        if (refused()) return refusal();
        checkStock();
        if (refused()) return refusal();
        manualDiscounts();
        schemeRun.freeGoods.shareSinglePrices();
        taxLines();
        if (refused()) return refusal();
        schemeRun.periods.accrue();
        checkCeilings();
        if (refused()) return refusal();
        return result();
    }

    /// Prices and schemes alone.
    Evaluation evaluate() {
        checkForm();
        Part[] typed = {};
        if (!refused()) {
            interState = false;
            prices = engine.prices.forOutlet(book.seller(), command.outlet());
            int at = 0;
            for (var line : command.lines()) {
                int rank = ranks[at++];
                var sku = engine.sku(rank);
                if (line.manualPrice() == null && command.facts().orderedOn() == null && !taxedByMore(sku)) {
                    var price = current(sku, rank);
                    if (price != null && price.conflict() == null) {
                        add(line, sku, rank, price);
                        continue;
                    }
                }
                var own = new ArrayList<Part>(1);
                var part = part(own, line, sku, sku.mrp(), line.batchId());
                if (part != null) {
                    part.qty = line.qty().milli();
                    part.reprice(scale);
                }
                parts.addAll(own);
            }
            for (var part : parts) part.extra = Math.max(0, part.line.orderedQty() == null ? 0 : part.line.orderedQty().milli() - part.qty);
            typed = parts.toArray(new Part[0]);
            if (!refused()) {
                arrange();
                schemeRun = new SchemeRun(this, scratch);
                schemeRun.run();
            }
        }
        if (refused()) return new Evaluation(List.of(), List.of(), 0, 0, List.copyOf(refusals), List.of(), List.of(), List.of());
        schemeRun.periods.accrue();
        var lines = new ArrayList<Evaluation.Line>(typed.length);
        long gross = 0, discount = 0;
        boolean rising = true;
        for (var part : typed) {
            rising &= lines.isEmpty() || lines.getLast().line() < part.line.line();
            gross = Math.addExact(gross, part.gross);
            discount += part.schemeDiscount;
            lines.add(new Evaluation.Line(part.line.line(), part.line.skuId(), part.unit, part.gross, part.schemeDiscount));
        }
        if (!rising) lines.sort(Comparator.comparingInt(Evaluation.Line::line));
        var free = new ArrayList<Evaluation.Free>(frees.size());
        for (var row : frees)
            free.add(new Evaluation.Free(row.scheme.id(), row.sku.id(), new Qty(row.qty), Fixed.worth(row.unit.micros(), row.qty, scale)));
        return new Evaluation(lines, free, gross, discount, List.of(), schemeRun.applied(), traceAll ? schemeRun.trace() : List.of(), schemeRun.accruals);
    }

    /// What the schemes give on the lines as they are now: for each line number the amount by scheme, and the free quantity by scheme and SKU.
    record Due(Map<Integer, Map<String, Long>> money, Map<String, Long> free, List<Decision.Accrual> accruals) {}

    Due due(Map<Integer, Money> mrps) {
        for (var line : command.lines()) {
            var own = new ArrayList<Part>(1);
            var part = part(own, line, engine.sku(line.skuId()), mrps.get(line.line()), null);
            part.qty = line.qty().milli();
            part.reprice(scale);
            parts.add(part);
        }
        principalId = command.principalId();
        prices = engine.prices.forOutlet(book.seller(), command.outlet());
        arrange();
        schemeRun = new SchemeRun(this, scratch);
        schemeRun.run();
        var money = new HashMap<Integer, Map<String, Long>>();
        for (var part : parts) {
            var bySchemes = new HashMap<String, Long>();
            for (int at = 0; at < part.benefits; at++) bySchemes.merge(part.givers[at].rule.scheme.id(), part.given[2 * at], Long::sum);
            money.put(part.line.line(), bySchemes);
        }
        var free = new HashMap<String, Long>();
        for (var row : frees) free.merge(row.scheme.id() + '|' + row.sku.id(), row.qty, Long::sum);
        return new Due(money, free, schemeRun.accruals);
    }

    private void add(DecideCommand.Line line, RuleBook.Sku sku, int rank, PriceIndex.Price price) {
        var part = scratch.lightPart(parts.size());
        part.line = line;
        part.number = 1;
        part.sku = sku;
        part.rank = rank;
        part.qty = line.qty().milli();
        part.mrp = price.mrp();
        part.price = price;
        part.unit = price.unit();
        part.inclusive = price.inclusive();
        part.gross = part.value = Fixed.worth(price.micros(), part.qty, scale);
        parts.add(part);
    }

    private boolean refused() {
        return !refusals.isEmpty();
    }

    private Decision.Refused refusal() {
        refusals.sort(Comparator.comparing(Refusal::code).thenComparing(row -> row.line() == null ? 0 : row.line()));
        return new Decision.Refused(refusals, schemeRun == null ? List.of() : schemeRun.trace(),
                schemeRun == null || !command.facts().explain() ? List.of() : Ladder.of(schemeRun));
    }

    void refuse(Code code, Integer line, String skuId, String rule, List<Refusal.Value> values, List<Refusal.Value> accepted) {
        refusals.add(new Refusal(code, line, skuId, rule, values, accepted));
    }

    void warn(Decision.WarningCode code, Integer line, String skuId, List<Refusal.Value> values) {
        warnings.add(new Decision.Warning(code, line, skuId, values));
    }

    private static List<Refusal.Value> values(Object... pairs) {
        return Engine.values(pairs);
    }

    boolean isApproved(Code code) {
        return command.approved().contains(code);
    }

    boolean isPreview() {
        return command.kind() == DecideCommand.Kind.ORDER_PREVIEW;
    }

    Money money(long units) {
        return new Money(units, scale);
    }

    // ---- 1 form, 2 outlet, 3 named batches ----

    private void checkForm() {
        if (on < book.validFrom() || on > book.validTo())
            refuse(Code.BUSINESS_DATE_OUTSIDE_BOOK, null, null, "PX-42", values("businessDate", on),
                    values("from", book.validFrom(), "to", book.validTo() == RuleBook.NO_END ? null : book.validTo()));
        if (command.lines().isEmpty()) refuse(Code.LINES_MISSING, null, null, "PX-07", List.of(), values("lines", "at least 1"));
        principalId = command.principalId();
        HashSet<Integer> numbers = null;
        int last = Integer.MIN_VALUE;
        for (var line : command.lines()) {
            if (line.line() <= last && numbers == null) numbers = new HashSet<>();
            last = line.line();
        }
        ranks = scratch.ranks(command.lines().size());
        int place = 0;
        String owner = null;
        for (var line : command.lines()) {
            int rank = engine.rank(line.skuId());
            ranks[place++] = rank;
            var sku = rank < 0 || !engine.isSold(rank) ? null : engine.sku(rank);
            if (numbers != null && !numbers.add(line.line())) refuse(Code.LINE_DUPLICATE, line.line(), line.skuId(), "PX-07", values("line", line.line()), List.of());
            if (sku == null) {
                refuse(Code.SKU_UNKNOWN, line.line(), line.skuId(), "PX-01", values("skuId", line.skuId()), List.of());
                continue;
            }
            if (principalId == null) principalId = sku.principalId();
            // lines are of one principal, so that its text is compared once
            var theirs = engine.owner(rank);
            if (theirs != owner && theirs.equals(principalId)) owner = theirs;
            if (theirs != owner)
                refuse(Code.PRINCIPAL_MIXED, line.line(), sku.id(), "INV-03", values("principalId", sku.principalId()), values("principalId", principalId));
            if (!line.qty().isPositive())
                refuse(Code.QTY_NOT_POSITIVE, line.line(), sku.id(), "PX-04", values("qty", line.qty()), values("qtyMin", sku.qtyScale() == 0 ? "1" : "0.001"));
            else if (!line.qty().isWhole() && sku.qtyScale() == 0)
                refuse(Code.QTY_NOT_WHOLE, line.line(), sku.id(), "PX-04", values("qty", line.qty()), values("unit", sku.baseUnit(), "qty",
                        Long.toString(line.qty().milli() / 1000)));
            if (line.qty().milli() > QTY_MAX)
                refuse(Code.AMOUNT_TOO_LARGE, line.line(), sku.id(), "PX-04", values("qty", line.qty()), values("qtyMax", new Qty(QTY_MAX)));
            boolean manual = line.manualPrice() != null || (line.manualDiscount() != null && !line.manualDiscount().isZero());
            if (line.manualDiscount() != null && line.manualDiscount().compareTo(Rate.ONE) > 0)
                refuse(Code.MANUAL_REASON_MISSING, line.line(), sku.id(), "PX-43", values("manualDiscountPercent", line.manualDiscount().toPercent()),
                        values("manualDiscountPercentMax", "100"));
            else if (manual && (line.manualReason() == null || line.manualReason().isBlank()))
                refuse(Code.MANUAL_REASON_MISSING, line.line(), sku.id(), "PX-43", List.of(), values("manualReason", "a reason"));
            if (line.manualCode() != null && manualCode(line) == null)
                refuse(Code.MANUAL_CODE_UNKNOWN, line.line(), sku.id(), "PX-43", values("manualCode", line.manualCode()), List.of());
        }
    }

    private DecideCommand.ManualCode manualCode(DecideCommand.Line line) {
        for (var code : command.facts().manualCodes()) if (code.code().equals(line.manualCode())) return code;
        return null;
    }

    /// PX-43: the user's own limit, off the list price, for manual price and discount together.
    private void checkManualLimit() {
        var limit = command.facts().manualLimit();
        if (limit == null) return;
        for (var part : parts) {
            if (part.line.manualCode() != null || (part.line.manualPrice() == null && part.line.manualDiscount() == null)) continue;
            var list = part.line.manualPrice() == null ? part.price : price(part.sku, part.mrp, part.takes.isEmpty() ? null : part.takes.getFirst().batch.batchId());
            if (list == null) continue;
            long listed = list.unit().micros();
            long asked = part.line.manualDiscount() == null ? part.unit.micros()
                    : part.unit.micros() - Fixed.mulDivHalfUp(part.unit.micros(), part.line.manualDiscount().micros(), 1_000_000);
            long least = listed - Fixed.mulDivHalfUp(listed, limit.micros(), 1_000_000);
            boolean known = false;
            for (var row : refusals) known |= row.line() != null && row.line() == part.line.line();
            if (asked >= least || known) continue;
            var seen = values("percent", listed == 0 ? "0" : Fixed.print(Fixed.mulDivHalfUp(listed - asked, 10_000, listed), 2, 2), "limitPercent", limit.toPercent());
            if (isApproved(Code.MANUAL_ABOVE_LIMIT)) warn(Decision.WarningCode.MANUAL_ABOVE_LIMIT, part.line.line(), part.sku.id(), seen);
            else refuse(Code.MANUAL_ABOVE_LIMIT, part.line.line(), part.sku.id(), "PX-43", seen, values("percentMax", limit.toPercent(), "unitPriceMin", new UnitPrice(least)));
        }
    }

    private void checkOutlet() {
        var outlet = command.outlet();
        if (outlet.blocked()) {
            if (isApproved(Code.OUTLET_BLOCKED)) warn(Decision.WarningCode.OUTLET_BLOCKED, null, null, List.of());
            else refuse(Code.OUTLET_BLOCKED, null, null, "RCV-01", values("outletId", outlet.id()), List.of());
        }
        placeOfSupply = TaxIndex.placeOfSupply(book.seller(), outlet);
        boolean elsewhere = TaxIndex.isInterState(book.seller(), outlet, placeOfSupply);
        interState = !engine.taxes.vat && elsewhere;
        exported = elsewhere && (engine.taxes.vat || outlet.registration().isZeroRated() && book.seller().isUndertaken(on));
        if (interState && book.seller().registration() == RuleBook.Registration.COMPOSITION)
            refuse(Code.COMPOSITION_INTER_STATE, null, null, "IN-05", values("placeOfSupply", placeOfSupply), values("placeOfSupply", book.seller().stateCode()));
        minDays = book.policy().shelfLifeMinDays();
        for (var row : book.policy().shelfLife()) if (row.channel().equals(outlet.channel())) minDays = row.minDays();
    }

    private void checkNamedBatches() {
        batchesBySku = new HashMap<>();
        for (var batch : command.batches()) batchesBySku.computeIfAbsent(batch.skuId(), id -> new ArrayList<>(4)).add(batch);
        for (var line : command.lines()) {
            if (line.batchId() == null) continue;
            var place = shelf(line.skuId()).find(line.batchId());
            if (place == null) {
                refuse(Code.BATCH_UNKNOWN, line.line(), line.skuId(), "STK-05", values("batchId", line.batchId()), List.of());
                continue;
            }
            var batch = place.batch;
            if (!Fefo.maySell(batch.expiresOn(), on, 0))
                refuse(Code.BATCH_EXPIRED, line.line(), line.skuId(), "STK-08", values("batchNo", batch.batchNo(), "expiresOn", batch.expiresOn()),
                        values("expiresOnMin", on));
            else if (!place.sellable) {
                var seen = values("batchNo", batch.batchNo(), "expiresOn", batch.expiresOn(), "daysLeft", batch.expiresOn() - on);
                if (isApproved(Code.SHELF_LIFE_SHORT)) warn(Decision.WarningCode.SHELF_LIFE_SHORT, line.line(), line.skuId(), seen);
                else refuse(Code.SHELF_LIFE_SHORT, line.line(), line.skuId(), "STK-08", seen, values("daysLeftMin", minDays));
            }
        }
    }

    Fefo.Shelf shelf(String skuId) {
        var shelf = shelves.get(skuId);
        if (shelf == null) {
            var sku = engine.sku(skuId);
            shelf = new Fefo.Shelf(batchesBySku.getOrDefault(skuId, List.of()), on, minDays, sku != null && sku.expiryTracked());
            shelves.put(skuId, shelf);
        }
        return shelf;
    }

    // ---- 4 tax rates ----

    boolean isTaxed() {
        return book.seller().registration() == RuleBook.Registration.REGULAR || book.seller().registration() == RuleBook.Registration.SEZ;
    }

    private void findRates() {
        for (var line : command.lines()) {
            var sku = engine.sku(line.skuId());
            if (isTaxed() && rate(sku) == null && !taxedByMore(sku)) rateMissing(line.line(), sku);
        }
        for (var charge : command.facts().charges())
            if (isTaxed() && engine.taxes.find(charge.hsn(), on) == null)
                refuse(Code.TAX_RATE_MISSING, null, null, "PX-07", values("charge", charge.code(), "hsn", charge.hsn(), "on", on), List.of());
    }

    private void rateMissing(int line, RuleBook.Sku sku) {
        refuse(Code.TAX_RATE_MISSING, line, sku.id(), "IN-06", values("hsn", sku.hsn(), "on", on), List.of());
    }

    private boolean taxedByMore(RuleBook.Sku sku) {
        return engine.taxes.isConditional(sku);
    }

    private RuleBook.Sku lastSku;
    private RuleBook.TaxRate lastRate;

    /// The rate of a SKU at its current MRP.
    RuleBook.TaxRate rate(RuleBook.Sku sku) {
        if (sku == lastSku) return lastRate;
        lastRate = placed(engine.taxes.find(sku, sku.mrp(), null, command.outlet().registration(), on));
        lastSku = sku;
        return lastRate;
    }

    /// The rate of a part: by its own MRP and price where the rate asks for them.
    RuleBook.TaxRate rate(Part part) {
        if (part.rate != null) return part.rate;
        return taxedByMore(part.sku) ? placed(engine.taxes.find(part.sku, part.mrp, part.unit, command.outlet().registration(), on)) : rate(part.sku);
    }

    private RuleBook.TaxRate rate(Free free) {
        return taxedByMore(free.sku) ? placed(engine.taxes.find(free.sku, free.mrp, free.unit, command.outlet().registration(), on)) : rate(free.sku);
    }

    /// The rate where the goods go: none on what leaves the country under a VAT, or under a letter of undertaking (IGST s.16).
    private RuleBook.TaxRate placed(RuleBook.TaxRate rate) {
        if (!exported || rate == null) return rate;
        return new RuleBook.TaxRate(rate.id(), rate.version(), rate.hsn(), RuleBook.TaxKind.ZERO_RATED, Rate.ZERO, Rate.ZERO, rate.validFrom(), rate.validTo());
    }

    /// The list price of a SKU at one MRP (and batch) for this outlet, or null. Remembered, as many lines ask the same.
    PriceIndex.Price price(RuleBook.Sku sku, Money mrp, String batchId) {
        if (batchId == null && light && command.facts().orderedOn() == null && !taxedByMore(sku) && java.util.Objects.equals(mrp, sku.mrp())) return current(sku, engine.rank(sku.id()));
        if (sku != pricedSku) {
            pricedSku = sku;
            priced.clear();
        }
        for (int at = 0; at < priced.size(); at++) {
            var known = priced.get(at);
            if (java.util.Objects.equals(known.batchId, batchId) && compareMrp(known.mrp, mrp) == 0) return known.price;
        }
        int rank = engine.rank(sku.id());
        var price = prices.resolve(sku, rank, mrp, batchId, on, taxMicros(sku, mrp, on));
        var orderedOn = command.facts().orderedOn();
        if (orderedOn != null && orderedOn < on) {
            // PX-03: the list of the order day, if it protects the price that long.
            var then = prices.resolve(sku, rank, mrp, batchId, orderedOn, taxMicros(sku, mrp, orderedOn));
            if (then != null && on - orderedOn <= then.list().protectOrderDays()) price = then;
        }
        priced.add(new Priced(mrp, batchId, price));
        return price;
    }

    private record Priced(Money mrp, String batchId, PriceIndex.Price price) {}

    /// What was resolved for the SKU that was asked last: lines of one SKU come together.
    private RuleBook.Sku pricedSku;
    private final List<Priced> priced = new ArrayList<>(4);

    /// The price at the SKU's current MRP, for light bills.
    private PriceIndex.Price current(RuleBook.Sku sku, int rank) {
        var price = prices.remembered(rank, on);
        if (price != null) return price;
        var rate = exported ? null : rate(sku);
        // what is sold untaxed costs what it costs elsewhere: a price worked out from the MRP takes the tax out all the same
        return prices.current(rank, on, exported ? taxMicros(sku, sku.mrp(), on) : rate == null ? 0 : rate.rate().micros() + rate.cess().micros());
    }

    private long taxMicros(RuleBook.Sku sku, Money mrp, int day) {
        var rate = engine.taxes.find(sku, mrp, null, command.outlet().registration(), day);
        return rate == null ? 0 : rate.rate().micros() + rate.cess().micros();
    }

    // ---- 5 batches and prices of what was ordered ----

    /// Lines pick in an order that their content gives, so that the order in which they were typed changes nothing.
    private static final Comparator<DecideCommand.Line> PICKING = Comparator
            .comparing(DecideCommand.Line::batchId, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(DecideCommand.Line::manualPrice, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(DecideCommand.Line::manualDiscount, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(DecideCommand.Line::qty)
            .thenComparingInt(DecideCommand.Line::line);

    private void allocate() {
        var lines = command.lines().toArray(new DecideCommand.Line[0]);
        java.util.Arrays.sort(lines, (one, other) -> {
            int order = Integer.compare(engine.rank(one.skuId()), engine.rank(other.skuId()));
            return order != 0 ? order : PICKING.compare(one, other);
        });
        for (var line : lines) allocate(line);
        arrange();
    }

    /// Orders the parts by the tie rule and merges equal ones into pools.
    private void arrange() {
        if (arrangeByRank()) return;
        parts.sort((one, other) -> {
            int order = Integer.compare(one.rank, other.rank);
            if (order == 0) order = compareMrp(one.mrp, other.mrp);
            if (order == 0) order = Long.compare(one.qty, other.qty);
            if (order == 0) order = one.unit.compareTo(other.unit);
            if (order == 0) order = Long.compare(manual(one), manual(other));
            return order != 0 ? order : Integer.compare(one.line.line(), other.line.line());
        });
        for (int at = 0; at < parts.size(); at++) {
            var part = parts.get(at);
            for (int before = at - 1; before >= 0 && parts.get(before).rank == part.rank && part.pool == null; before--) {
                var other = parts.get(before);
                if (compareMrp(other.mrp, part.mrp) == 0 && other.unit.equals(part.unit) && other.inclusive == part.inclusive) part.pool = other.pool;
            }
            if (part.pool == null) {
                part.pool = new Pool();
                part.pool.parts = new ArrayList<>(1);
                part.pool.sku = part.sku;
                part.pool.rank = part.rank;
                part.pool.mrp = part.mrp;
                part.pool.unit = part.unit;
                pools.add(part.pool);
            }
            part.pool.parts.add(part);
            part.pool.qty += part.qty;
            part.pool.extra += part.extra;
            part.reprice(scale);
        }
        for (var pool : pools)
            if (pool.parts().size() == 1) {
                pool.gross = pool.value = pool.parts().getFirst().gross;
            } else pool.reprice(scale);
        pools.sort((one, other) -> {
            int order = Integer.compare(one.rank, other.rank);
            if (order == 0) order = compareMrp(one.mrp, other.mrp);
            return order != 0 ? order : one.unit.compareTo(other.unit);
        });
        for (int at = 0; at < pools.size(); at++) pools.get(at).place = at;
    }

    /// The common bill: every line another SKU. Then the rank alone decides the order, and every pool is a part.
    private boolean arrangeByRank() {
        int size = parts.size();
        var keys = scratch.keys(size);
        for (int at = 0; at < size; at++) keys[at] = (long) parts.get(at).rank << 32 | at;
        java.util.Arrays.sort(keys, 0, size);
        for (int at = 1; at < size; at++) if (keys[at] >>> 32 == keys[at - 1] >>> 32) return false;
        var sorted = new Part[size];
        for (int at = 0; at < size; at++) sorted[at] = parts.get((int) keys[at]);
        for (int at = 0; at < size; at++) {
            var part = sorted[at];
            parts.set(at, part);
            if (light) {
                part.pool = part;
                part.place = at;
                pools.add(part);
                continue;
            }
            part.reprice(scale);
            var pool = new Pool();
            pool.parts = List.of(part);
            pool.sku = part.sku;
            pool.rank = part.rank;
            pool.mrp = part.mrp;
            pool.unit = part.unit;
            pool.qty = part.qty;
            pool.extra = part.extra;
            pool.gross = pool.value = part.gross;
            pool.place = at;
            part.pool = pool;
            pools.add(pool);
        }
        return true;
    }

    static long manual(Part part) {
        return part.line.manualDiscount() == null ? 0 : part.line.manualDiscount().micros();
    }

    static int compareMrp(Money one, Money other) {
        if (one == null || other == null) return one == other ? 0 : one == null ? -1 : 1;
        return Long.compare(one.units(), other.units());
    }

    private void allocate(DecideCommand.Line line) {
        var sku = engine.sku(line.skuId());
        var shelf = shelf(sku.id());
        var own = new ArrayList<Part>(2);
        long left = shelf.take(line.qty().milli(), line.batchId(), (place, milli) -> {
            var batch = shelf.places[place].batch;
            var part = part(own, line, sku, batch.mrp(), batch.batchId());
            if (part == null) return;
            part.takes.add(new Take(batch, milli));
            part.qty += milli;
        });
        if (left > 0) {
            if (line.batchId() == null) missing.merge(sku.id(), left, Math::addExact);
            else {
                var place = shelf.find(line.batchId());
                pinnedShort.add(new Refusal(Code.STOCK_SHORT, line.line(), sku.id(), "STK-08",
                        values("batchNo", place.batch.batchNo(), "wanted", line.qty(), "free", Qty.ZERO, "available", new Qty(line.qty().milli() - left)),
                        values("qty", new Qty(line.qty().milli() - left))));
            }
            // What no batch covers is priced at the MRP that the line would meet: its named batch's, else the SKU's.
            var place = line.batchId() == null ? null : shelf.find(line.batchId());
            var part = part(own, line, sku, place == null ? sku.mrp() : place.batch.mrp(), line.batchId());
            if (part != null) part.qty += left;
        }
        if (line.orderedQty() != null && line.orderedQty().compareTo(line.qty()) > 0 && !own.isEmpty()) own.getLast().extra = line.orderedQty().milli() - line.qty().milli();
        parts.addAll(own);
    }

    // ---- free goods, from the shelf or, without one, as many as wanted ----

    interface FreeTaker {
        void taken(DecideCommand.Batch batch, long milli);
    }

    long freeAvailable(RuleBook.Sku sku) {
        return light ? Long.MAX_VALUE / 4 : shelf(sku.id()).sellableLeft();
    }

    /// Takes free units from the shelf; the answer is how many are missing.
    long takeFree(RuleBook.Sku sku, long milli, FreeTaker taker) {
        var shelf = shelf(sku.id());
        return shelf.take(milli, null, (place, part) -> taker.taken(shelf.places[place].batch, part));
    }

    private Part part(List<Part> own, DecideCommand.Line line, RuleBook.Sku sku, Money mrp, String batchId) {
        PriceIndex.Price price = null;
        if (line.manualPrice() == null) {
            price = price(sku, mrp, batchId);
            if (price == null || price.conflict() != null) {
                for (var refusal : refusals) if (refusal.line() != null && refusal.line() == line.line()) return null;
                if (price == null)
                    refuse(Code.PRICE_MISSING, line.line(), sku.id(), "PX-01", values("mrp", mrp, "on", on), List.of());
                else refuse(Code.CONFIG_CONFLICT, line.line(), sku.id(), "PX-01",
                        values("priceListId", price.list().id(), "otherPriceListId", price.conflict().id(), "level", price.list().level().number()), List.of());
                return null;
            }
        }
        for (var part : own) if (compareMrp(part.mrp, mrp) == 0 && samePrice(part, price)) return part;
        var part = new Part(light);
        part.line = line;
        part.number = own.size() + 1;
        part.sku = sku;
        part.rank = engine.rank(sku.id());
        part.mrp = mrp;
        part.price = price;
        part.unit = price == null ? line.manualPrice() : price.unit();
        part.inclusive = price != null && price.list().taxInclusive();
        own.add(part);
        return part;
    }

    private static boolean samePrice(Part part, PriceIndex.Price price) {
        if (part.price == null || price == null) return part.price == price;
        return part.price.list() == price.list() && part.price.unit().equals(price.unit());
    }

    // ---- 6 stock ----

    void missing(String skuId, long milli) {
        missing.merge(skuId, milli, Math::addExact);
    }

    private void checkStock() {
        boolean lenient = isPreview() || isApproved(Code.STOCK_SHORT);
        var found = new ArrayList<>(pinnedShort);
        for (var gap : missing.entrySet()) {
            long wanted = 0, free = 0;
            Integer first = null;
            for (var line : command.lines())
                if (line.skuId().equals(gap.getKey()) && line.batchId() == null) {
                    wanted += line.qty().milli();
                    if (first == null || line.line() < first) first = line.line();
                }
            for (var row : frees) if (!row.inside && row.sku.id().equals(gap.getKey())) free += row.qty;
            long available = wanted + free - gap.getValue();
            found.add(new Refusal(Code.STOCK_SHORT, first, gap.getKey(), "STK-08",
                    values("wanted", new Qty(wanted + free), "free", new Qty(free), "available", new Qty(available)), values("qty", new Qty(available))));
        }
        for (var row : found) {
            if (lenient) warn(Decision.WarningCode.STOCK_SHORT, row.line(), row.skuId(), row.values());
            else refusals.add(row);
        }
    }

    // ---- manual discount and tax ----

    private void manualDiscounts() {
        for (var part : parts) {
            if (part.line.manualDiscount() == null) continue;
            part.manualDiscount = Fixed.mulDivHalfUp(part.value, part.line.manualDiscount().micros(), 1_000_000);
            part.value -= part.manualDiscount;
        }
    }

    private void taxLines() {
        boolean taxed = isTaxed();
        for (var part : parts) {
            var rate = taxed ? rate(part) : null;
            if (taxed && rate == null) rateMissing(part.line.line(), part.sku);
            if (rate != null && rate.terms().valuation() == RuleBook.Valuation.RSP) part.rsp = rsp(part.takes, part.qty, part.mrp);
            part.heads = engine.taxes.heads(rate, part.value, part.inclusive, interState, part.rsp, part.qty, scale);
        }
        // Free goods at no price carry no tax; a declared price would tax them all the same (IN-08).
        for (var free : frees) {
            var rate = taxed ? rate(free) : null;
            boolean byRsp = rate != null && rate.terms().valuation() == RuleBook.Valuation.RSP;
            free.heads = engine.taxes.heads(rate, free.shared, free.inclusive, interState, byRsp ? rsp(free.takes, free.qty, free.mrp) : 0, free.shared == 0 && !byRsp ? 0 : free.qty, scale);
        }
    }

    /// The declared retail sale price of all the units; the MRP where none is declared.
    private long rsp(List<Take> takes, long qty, Money mrp) {
        long sum = 0, left = qty;
        for (var take : takes) {
            var each = take.batch.rsp() == null ? take.batch.mrp() : take.batch.rsp();
            if (each != null) sum = Math.addExact(sum, Math.multiplyExact(each.units(), take.milli));
            left -= take.milli;
        }
        // However many batches the line takes from, it rounds once.
        return Fixed.mulDivHalfUp(left <= 0 || mrp == null ? sum : Math.addExact(sum, Math.multiplyExact(mrp.units(), left)), 1, 1000);
    }

    // ---- 7 ceiling and floor (PX-05) ----

    private void checkCeilings() {
        var policy = book.policy();
        for (var part : parts) {
            if (part.qty == 0) continue;
            if (policy.mrpCeiling() != Check.OFF && part.mrp != null) {
                long total = part.heads.taxable + part.heads.taxes() - part.shared;
                long ceiling = Fixed.mulDivHalfUp(part.mrp.units(), part.qty, 1000);
                // Each tax head and the line itself were rounded: two smallest units of slack never hide a real excess.
                if (total > ceiling + 2)
                    judge(policy.mrpCeiling(), Code.PRICE_ABOVE_MRP, Decision.WarningCode.PRICE_ABOVE_MRP, part,
                            values("mrp", part.mrp, "unitPrice", part.unit, "total", money(total), "atMrp", money(ceiling)), values("totalMax", money(ceiling)));
            }
            if (policy.floor() != Check.OFF && part.sku.pts() != null) {
                long floor = Fixed.mulDivHalfUp(part.sku.pts().micros(), part.qty, Fixed.power10(9 - scale));
                long net = part.heads.taxable - part.shared + part.principalShare - part.freeBurden;
                if (net < floor) {
                    long room = Math.max(0, part.gross - floor);
                    judge(policy.floor(), Code.PRICE_BELOW_FLOOR, Decision.WarningCode.PRICE_BELOW_FLOOR, part,
                            values("floor", part.sku.pts(), "net", money(net), "atFloor", money(floor)),
                            values("ownDiscountPercentMax", part.gross == 0 ? "0" : Fixed.print(Fixed.mulDivDown(room, 10_000, part.gross), 2, 2)));
                }
            }
        }
    }

    private void judge(Check check, Code code, Decision.WarningCode warning, Part part, List<Refusal.Value> values, List<Refusal.Value> accepted) {
        if (check == Check.WARN || isApproved(code)) warn(warning, part.line.line(), part.sku.id(), values);
        else refuse(code, part.line.line(), part.sku.id(), "PX-05", values, accepted);
    }

    // ---- result and credit ----

    private Decision result() {
        var lines = new ArrayList<Decision.ResultLine>(parts.size());
        var issues = new Issues();
        var taxes = new ArrayList<Decision.TaxSummary>(4);
        long gross = 0, schemeDiscount = 0, manualDiscount = 0, taxable = 0, cgst = 0, sgst = 0, igst = 0, cess = 0, vat = 0, assessable = 0;
        int taxedLines = 0, untaxedLines = 0;
        for (var part : parts) {
            if (part.qty == 0) continue;
            var heads = part.heads;
            gross = Math.addExact(gross, part.gross);
            schemeDiscount += part.schemeDiscount;
            manualDiscount += part.manualDiscount;
            taxable = Math.addExact(taxable, heads.taxable);
            cgst += heads.cgst;
            sgst += heads.sgst;
            igst += heads.igst;
            cess += heads.cess;
            vat += heads.vat;
            assessable += heads.assessable;
            long cost = issues.add(part.rank, part.takes, false);
            var rate = isTaxed() ? rate(part) : null;
            if (rate != null && (rate.kind() == RuleBook.TaxKind.NIL || rate.kind() == RuleBook.TaxKind.EXEMPT || rate.kind() == RuleBook.TaxKind.NON_GST)) untaxedLines++;
            else taxedLines++;
            summarise(taxes, part.sku, rate, part.qty, heads);
            nearExpiry(part);
            lines.add(new Decision.ResultLine(part.line.line(), part.number, part.sku.id(), part.mrp, batchQties(part.takes), new Qty(part.qty), part.unit,
                    part.price == null ? null : part.price.list().id(), part.price == null ? 0 : part.price.list().version(),
                    part.price == null ? 0 : part.price.list().level().number(), part.inclusive, money(part.gross), benefits(part),
                    money(part.schemeDiscount), money(part.manualDiscount), money(part.shared), money(heads.taxable), part.sku.hsn(),
                    rate == null ? null : rate.id(), rate == null ? 0 : rate.version(), rate == null ? null : rate.kind(),
                    rate == null ? Rate.ZERO : rate.rate(), money(heads.cgst), money(heads.sgst), money(heads.igst), money(heads.cess),
                    money(heads.taxable + heads.taxes()), money(cost), more(rate, heads, part.rsp == 0 ? null : rspEach(part.takes, part.mrp)), part.line.manualCode()));
        }
        lines.sort(Comparator.comparingInt(Decision.ResultLine::line).thenComparingInt(Decision.ResultLine::part));
        var freeLines = new ArrayList<Decision.FreeLine>(frees.size());
        for (var free : frees) {
            var heads = free.heads;
            taxable = Math.addExact(taxable, heads.taxable);
            cgst += heads.cgst;
            sgst += heads.sgst;
            igst += heads.igst;
            cess += heads.cess;
            vat += heads.vat;
            assessable += heads.assessable;
            long cost = issues.add(engine.rank(free.sku.id()), free.takes, true);
            var rate = isTaxed() ? rate(free) : null;
            if (heads.taxable != 0 || heads.taxes() != 0) summarise(taxes, free.sku, rate, free.qty, heads);
            var claimRate = switch (free.scheme.claimRate()) {
                case PTS -> free.sku.pts();
                case PTR -> free.unit;
                case COST -> null;
            };
            long claim = claimRate == null ? cost : Fixed.mulDivHalfUp(claimRate.micros(), free.qty, Fixed.power10(9 - scale));
            freeLines.add(new Decision.FreeLine(free.scheme.id(), free.scheme.version(), free.sku.id(), free.mrp, batchQties(free.takes), new Qty(free.qty),
                    free.inside, free.unit, money(Fixed.mulDivHalfUp(free.unit.micros(), free.qty, Fixed.power10(9 - scale))), money(heads.taxable),
                    free.sku.hsn(), rate == null ? null : rate.id(), rate == null ? 0 : rate.version(), rate == null ? null : rate.kind(),
                    rate == null ? Rate.ZERO : rate.rate(), money(heads.cgst), money(heads.sgst), money(heads.igst), money(heads.cess),
                    money(heads.taxable + heads.taxes()), money(cost), claimRate, money(claim), heads.taxable == 0 && heads.taxes() == 0 && !engine.taxes.vat ? null : more(rate, heads, null)));
        }
        taxes.sort(Comparator.comparing(Decision.TaxSummary::hsn, Comparator.nullsFirst(Comparator.naturalOrder())).thenComparing(Decision.TaxSummary::rate));
        var charges = new ArrayList<Decision.ChargeLine>(0);
        long charged = 0;
        for (var charge : command.facts().charges()) {
            var rate = isTaxed() ? placed(engine.taxes.find(charge.hsn(), on)) : null;
            var heads = engine.taxes.heads(rate, charge.amount().units(), false, interState, charge.amount().units(), 0, scale);
            charged = Math.addExact(charged, heads.taxable);
            cgst += heads.cgst;
            sgst += heads.sgst;
            igst += heads.igst;
            cess += heads.cess;
            vat += heads.vat;
            charges.add(new Decision.ChargeLine(charge.code(), charge.hsn(), charge.amount(), rate == null ? null : rate.id(), rate == null ? 0 : rate.version(),
                    rate == null ? Rate.ZERO : rate.rate(), money(heads.cgst), money(heads.sgst), money(heads.igst), money(heads.cess), money(heads.taxable + heads.taxes()),
                    more(rate, heads, null)));
            summarise(taxes, charge.hsn(), rate, 0, heads);
        }
        if (!charges.isEmpty())
            taxes.sort(Comparator.comparing(Decision.TaxSummary::hsn, Comparator.nullsFirst(Comparator.naturalOrder())).thenComparing(Decision.TaxSummary::rate));
        long before = Math.addExact(taxable, charged) + cgst + sgst + igst + cess + vat;
        long payable = roundDocument(before);
        var credit = credit(payable);
        if (refused()) return refusal();
        boolean deemed = assessable != taxable;
        var totals = new Decision.Totals(money(gross), money(schemeDiscount), money(manualDiscount), money(taxable), money(cgst), money(sgst),
                money(igst), money(cess), money(before), money(payable - before), money(payable),
                !deemed && !engine.taxes.vat && charges.isEmpty() ? null
                        : new Decision.TotalsMore(deemed ? money(assessable) : null, engine.taxes.vat ? money(vat) : null, charges.isEmpty() ? null : money(charged)));
        warnings.sort(Comparator.comparing(Decision.Warning::code).thenComparing(row -> row.line() == null ? 0 : row.line()));
        return new Decision.Decided(command.kind(), on, principalId, placeOfSupply, interState, lines, freeLines, taxes, totals,
                schemeRun.benefits(freeLines), issues.facts(), credit, warnings, schemeRun.trace(), book.rounding().id(), book.rounding().version(),
                more(documentType(taxedLines, untaxedLines), charges, payable));
    }

    private Decision.More more(Decision.DocumentType type, List<Decision.ChargeLine> charges, long payable) {
        var claims = manualClaims();
        var cash = schemeRun.periods.cashDiscounts(payable);
        var ladder = command.facts().explain() ? Ladder.of(schemeRun) : List.<Decision.LadderLine>of();
        if (type == Decision.DocumentType.TAX_INVOICE && charges.isEmpty() && claims.isEmpty() && cash.isEmpty() && ladder.isEmpty() && schemeRun.accruals.isEmpty()
                && schemeRun.limitUses().isEmpty()) return Decision.More.NONE;
        return new Decision.More(type, charges, schemeRun.limitUses(), schemeRun.accruals, claims, cash, ladder);
    }

    /// r.46, r.46A, r.49 and IN-05.
    private Decision.DocumentType documentType(int taxed, int untaxed) {
        if (engine.taxes.vat) return isTaxed() ? Decision.DocumentType.TAX_INVOICE : Decision.DocumentType.COMMERCIAL;
        return switch (book.seller().registration()) {
            case COMPOSITION -> Decision.DocumentType.BILL_OF_SUPPLY;
            case UNREGISTERED -> Decision.DocumentType.COMMERCIAL;
            default -> untaxed == 0 ? Decision.DocumentType.TAX_INVOICE : taxed == 0 ? Decision.DocumentType.BILL_OF_SUPPLY
                    : command.outlet().registration() == RuleBook.Registration.UNREGISTERED ? Decision.DocumentType.INVOICE_CUM_BILL_OF_SUPPLY : Decision.DocumentType.TAX_INVOICE;
        };
    }

    /// PX-43: a manual discount is claimable only under a code approved beforehand.
    private List<Decision.ManualClaim> manualClaims() {
        if (command.facts().manualCodes().isEmpty()) return List.of();
        var rows = new ArrayList<Decision.ManualClaim>();
        var used = new HashMap<String, Long>();
        for (var part : parts) {
            if (part.line.manualCode() == null || part.manualDiscount == 0) continue;
            var code = manualCode(part.line);
            long claim = Fixed.fraction(part.manualDiscount, code.principalShare().micros());
            if (code.amountLeft() != null) claim = Math.min(claim, Math.max(0, code.amountLeft().units() - used.getOrDefault(code.code(), 0L)));
            used.merge(code.code(), claim, Long::sum);
            rows.add(new Decision.ManualClaim(part.line.line(), code.code(), money(part.manualDiscount), money(claim)));
        }
        rows.sort(Comparator.comparingInt(Decision.ManualClaim::line));
        return rows;
    }

    private List<Decision.LineBenefit> benefits(Part part) {
        if (part.benefits == 0) return List.of();
        var rows = new ArrayList<Decision.LineBenefit>(part.benefits);
        for (int at = 0; at < part.benefits; at++) {
            var scheme = part.givers[at].rule.scheme;
            long amount = part.given[2 * at], principal = part.given[2 * at + 1];
            rows.add(new Decision.LineBenefit(scheme.id(), scheme.version(), scheme.stage(), money(amount), money(principal), money(amount - principal)));
        }
        return rows;
    }

    private Decision.TaxMore more(RuleBook.TaxRate rate, TaxIndex.Heads heads, Money rsp) {
        boolean deemed = heads.assessable != heads.taxable;
        var category = rate == null ? null : rate.terms().category();
        if (!deemed && rsp == null && category == null && !engine.taxes.vat) return null;
        return new Decision.TaxMore(deemed ? money(heads.assessable) : null, rsp, engine.taxes.vat ? money(heads.vat) : null, category);
    }

    private static Money rspEach(List<Take> takes, Money mrp) {
        for (var take : takes) return take.batch.rsp() == null ? take.batch.mrp() : take.batch.rsp();
        return mrp;
    }

    /// The bill's total as the country rounds it: to the whole unit of the currency (EX-03) or to a step, for all or for cash only.
    private long roundDocument(long before) {
        return roundDocument(book.rounding(), command.paymentMode(), before, scale);
    }

    static long roundDocument(RuleBook.RoundingPolicy policy, DecideCommand.PaymentMode mode, long before, int scale) {
        if (policy.document() == RuleBook.DocumentRounding.NONE || (!policy.paymentModes().isEmpty() && !policy.paymentModes().contains(mode))) return before;
        long unit = policy.step() != null ? policy.step().units() : Fixed.power10(scale);
        if (unit == 1) return before;
        return Math.multiplyExact(switch (policy.mode()) {
            case HALF_UP -> Fixed.mulDivHalfUp(before, 1, unit);
            case DOWN -> Math.floorDiv(before, unit);
            case UP -> -Math.floorDiv(-before, unit);
        }, unit);
    }

    private List<Decision.BatchQty> batchQties(List<Take> takes) {
        var rows = new ArrayList<Decision.BatchQty>(takes.size());
        for (var take : takes)
            if (take.milli > 0)
                rows.add(new Decision.BatchQty(take.batch.batchId(), take.batch.batchNo(), take.batch.expiresOn(), new Qty(take.milli), take.batch.unitCost()));
        return rows;
    }

    private void nearExpiry(Part part) {
        for (var take : part.takes) {
            var expiresOn = take.batch.expiresOn();
            if (expiresOn != null && take.milli > 0 && expiresOn - on <= book.policy().nearExpiryDays())
                warn(Decision.WarningCode.NEAR_EXPIRY, part.line.line(), part.sku.id(),
                        values("batchNo", take.batch.batchNo(), "expiresOn", expiresOn, "daysLeft", expiresOn - on));
        }
    }

    private void summarise(List<Decision.TaxSummary> taxes, RuleBook.Sku sku, RuleBook.TaxRate rate, long qty, TaxIndex.Heads heads) {
        summarise(taxes, sku.hsn(), rate, qty, heads);
    }

    private void summarise(List<Decision.TaxSummary> taxes, String hsn, RuleBook.TaxRate rate, long qty, TaxIndex.Heads heads) {
        var kind = rate == null ? null : rate.kind();
        var percent = rate == null ? Rate.ZERO : rate.rate();
        var category = rate == null ? null : rate.terms().category();
        var own = new Decision.TaxSummary(hsn, kind, percent, new Qty(qty), money(heads.taxable), money(heads.cgst), money(heads.sgst),
                money(heads.igst), money(heads.cess), more(rate, heads, null));
        for (int at = 0; at < taxes.size(); at++) {
            var row = taxes.get(at);
            if (row.kind() != kind || !row.rate().equals(percent) || !java.util.Objects.equals(row.hsn(), hsn)
                    || !java.util.Objects.equals(row.more() == null ? null : row.more().category(), category)) continue;
            var taxable = row.taxable().plus(own.taxable());
            var assessable = row.assessable().plus(own.assessable());
            taxes.set(at, new Decision.TaxSummary(hsn, kind, percent, row.qty().plus(own.qty()), taxable, row.cgst().plus(own.cgst()), row.sgst().plus(own.sgst()),
                    row.igst().plus(own.igst()), row.cess().plus(own.cess()), row.more() == null && own.more() == null ? null
                    : new Decision.TaxMore(assessable.equals(taxable) ? null : assessable, null, engine.taxes.vat ? row.vat().plus(own.vat()) : null, category)));
            return;
        }
        taxes.add(own);
    }

    private Decision.CreditOutcome credit(long payable) {
        DecideCommand.CreditAccount account = null;
        for (var row : command.outlet().credit()) if (row.principalId().equals(principalId)) account = row;
        var policy = book.policy().credit();
        boolean onCredit = policy.modes().contains(command.paymentMode());
        var limit = account == null ? Money.zero(scale) : account.limit();
        var before = account == null ? Money.zero(scale) : account.exposure();
        int overdueDays = account == null ? 0 : account.overdueDays();
        int dueOn = command.paymentMode() == DecideCommand.PaymentMode.CREDIT && account != null ? on + account.termsDays() : on;
        var after = onCredit ? before.plus(money(payable)) : before;
        if (onCredit) {
            if (policy.overdue() != Check.OFF && overdueDays > policy.overdueDaysMax())
                creditJudge(policy.overdue(), Code.CREDIT_OVERDUE, Decision.WarningCode.CREDIT_OVERDUE,
                        values("overdueDays", overdueDays), values("overdueDaysMax", policy.overdueDaysMax(), "paymentMode", otherModes(policy)));
            if (policy.limit() != Check.OFF && limit != null && after.compareTo(limit) > 0) {
                var room = limit.minus(before);
                creditJudge(policy.limit(), Code.CREDIT_LIMIT, Decision.WarningCode.CREDIT_LIMIT,
                        values("limit", limit, "exposure", before, "payable", money(payable), "excess", after.minus(limit)),
                        values("payableMax", room.isNegative() ? Money.zero(scale) : room, "paymentMode", otherModes(policy)));
            }
        }
        return new Decision.CreditOutcome(principalId, onCredit, limit, before, after, overdueDays, dueOn);
    }

    private void creditJudge(Check check, Code code, Decision.WarningCode warning, List<Refusal.Value> values, List<Refusal.Value> accepted) {
        if (check == Check.WARN || isApproved(code) || isPreview()) warn(warning, null, null, values);
        else refuse(code, null, null, "RCV-01", values, accepted);
    }

    private static String otherModes(RuleBook.Credit policy) {
        var modes = new StringBuilder();
        for (var mode : DecideCommand.PaymentMode.values()) {
            if (policy.modes().contains(mode)) continue;
            if (!modes.isEmpty()) modes.append(", ");
            modes.append(mode);
        }
        return modes.toString();
    }

    /// What leaves each batch, in the order of SKU codes and then of picking.
    private final class Issues {
        private record Row(int rank, DecideCommand.Batch batch, long[] sums) {}

        private final List<Row> rows = new ArrayList<>();
        private final Map<String, Row> byBatch = new HashMap<>();

        /// Adds pieces of batches; the answer is their cost, each piece rounded on its own.
        long add(int rank, List<Take> takes, boolean free) {
            long cost = 0;
            for (var take : takes) {
                if (take.milli == 0) continue;
                long part = Fixed.mulDivHalfUp(take.batch.unitCost().micros(), take.milli, Fixed.power10(9 - scale));
                cost = Math.addExact(cost, part);
                var sums = sums(rank, take.batch);
                sums[free ? 1 : 0] += take.milli;
                sums[free ? 3 : 2] += part;
            }
            return cost;
        }

        private long[] sums(int rank, DecideCommand.Batch batch) {
            var known = byBatch.get(batch.batchId());
            if (known != null && known.batch == batch) return known.sums;
            if (known != null) for (var row : rows) if (row.batch == batch) return row.sums;
            var row = new Row(rank, batch, new long[4]);
            rows.add(row);
            byBatch.putIfAbsent(batch.batchId(), row);
            return row.sums;
        }

        Decision.PostingFacts facts() {
            rows.sort((one, other) -> one.rank != other.rank ? Integer.compare(one.rank, other.rank)
                    : Fefo.order(engine.sku(one.batch.skuId()).expiryTracked()).compare(one.batch, other.batch));
            var issues = new ArrayList<Decision.StockIssue>(rows.size());
            long goods = 0, free = 0;
            for (var row : rows) {
                goods = Math.addExact(goods, row.sums[2]);
                free = Math.addExact(free, row.sums[3]);
                issues.add(new Decision.StockIssue(row.batch.skuId(), row.batch.batchId(), row.batch.mrp(), new Qty(row.sums[0]), new Qty(row.sums[1]),
                        row.batch.unitCost(), money(row.sums[2]), money(row.sums[3])));
            }
            return new Decision.PostingFacts(issues, money(goods), money(free));
        }
    }
}
