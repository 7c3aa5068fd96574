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
    private final Map<String, RuleBook.TaxRate> rates = new HashMap<>();
    private final Map<String, PriceIndex.Price> priceCache = new HashMap<>();
    private Map<String, List<DecideCommand.Batch>> batchesBySku;
    private PriceIndex.ForOutlet prices;
    private String principalId;
    private String placeOfSupply;
    private boolean interState;
    private int minDays;

    /// Parts in the order of the tie rule: SKU code, MRP, quantity, then price, then line.
    final List<Part> parts = new ArrayList<>();
    /// Pools in the order of SKU code, MRP, price.
    final List<Pool> pools = new ArrayList<>();
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

        final void reprice(int scale) {
            gross = Fixed.mulDivHalfUp(unit.micros(), qty, Fixed.power10(9 - scale));
            value = gross;
        }
    }

    /// Lines that are equal in SKU, MRP and price, as if they were one: what a scheme counts and compares is decided here, so
    /// that splitting or merging lines decides nothing.
    static final class Pool extends Row {
        final List<Part> parts = new ArrayList<>(2);
    }

    /// A result line in the making: one SKU, one MRP, one price. Money is rounded here.
    static final class Part extends Row {
        DecideCommand.Line line;
        int number;
        PriceIndex.Price price;
        boolean inclusive;
        final List<Take> takes = new ArrayList<>(2);
        Pool pool;
        long schemeDiscount, principalShare, manualDiscount, shared, freeBurden;
        final List<Decision.LineBenefit> benefits = new ArrayList<>(2);
        Scheme.Stage stackedStage;
        Scheme.Stacking stackedAs;
        TaxIndex.Heads heads;
    }

    /// A free line in the making.
    static final class Free {
        Scheme scheme;
        RuleBook.Sku sku;
        Money mrp;
        UnitPrice unit;
        boolean inside;
        boolean inclusive;
        final List<Take> takes = new ArrayList<>(2);
        long qty, shared;
        TaxIndex.Heads heads;
    }

    Bill(Engine engine, DecideCommand command) {
        this.engine = engine;
        this.command = command;
        this.book = engine.book();
        this.scale = book.currency().scale();
        this.on = command.businessDate();
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
        schemeRun = new SchemeRun(this);
        schemeRun.run();
        if (refused()) return refusal();
        checkStock();
        if (refused()) return refusal();
        manualDiscounts();
        schemeRun.shareSinglePrices();
        taxLines();
        checkCeilings();
        if (refused()) return refusal();
        return result();
    }

    private boolean refused() {
        return !refusals.isEmpty();
    }

    private Decision.Refused refusal() {
        refusals.sort(Comparator.comparing(Refusal::code).thenComparing(row -> row.line() == null ? 0 : row.line()));
        return new Decision.Refused(refusals, schemeRun == null ? List.of() : schemeRun.trace());
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
        var numbers = new HashSet<Integer>();
        for (var line : command.lines()) {
            var sku = engine.sku(line.skuId());
            if (!numbers.add(line.line())) refuse(Code.LINE_DUPLICATE, line.line(), line.skuId(), "PX-07", values("line", line.line()), List.of());
            if (sku == null) {
                refuse(Code.SKU_UNKNOWN, line.line(), line.skuId(), "PX-01", values("skuId", line.skuId()), List.of());
                continue;
            }
            if (principalId == null) principalId = sku.principalId();
            if (!sku.principalId().equals(principalId))
                refuse(Code.PRINCIPAL_MIXED, line.line(), sku.id(), "INV-03", values("principalId", sku.principalId()), values("principalId", principalId));
            if (!line.qty().isPositive())
                refuse(Code.QTY_NOT_POSITIVE, line.line(), sku.id(), "PX-04", values("qty", line.qty()), values("qtyMin", sku.qtyScale() == 0 ? "1" : "0.001"));
            else if (sku.qtyScale() == 0 && !line.qty().isWhole())
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
        }
    }

    private void checkOutlet() {
        var outlet = command.outlet();
        if (outlet.blocked()) {
            if (isApproved(Code.OUTLET_BLOCKED)) warn(Decision.WarningCode.OUTLET_BLOCKED, null, null, List.of());
            else refuse(Code.OUTLET_BLOCKED, null, null, "RCV-01", values("outletId", outlet.id()), List.of());
        }
        placeOfSupply = TaxIndex.placeOfSupply(book.seller(), outlet);
        interState = TaxIndex.isInterState(book.seller(), outlet, placeOfSupply);
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
            if (rate(sku) == null && isTaxed())
                refuse(Code.TAX_RATE_MISSING, line.line(), sku.id(), "IN-06", values("hsn", sku.hsn(), "on", on), List.of());
        }
    }

    RuleBook.TaxRate rate(RuleBook.Sku sku) {
        if (sku.hsn() == null) return null;
        var rate = rates.get(sku.hsn());
        if (rate == null) {
            rate = engine.taxes.find(sku.hsn(), on);
            if (rate != null) rates.put(sku.hsn(), rate);
        }
        return rate;
    }

    /// The list price of a SKU at one MRP (and batch) for this outlet, or null. Remembered, as many lines ask the same.
    PriceIndex.Price price(RuleBook.Sku sku, Money mrp, String batchId) {
        var key = sku.id() + '|' + (mrp == null ? "" : Long.toString(mrp.units())) + '|' + (batchId == null ? "" : batchId);
        if (priceCache.containsKey(key)) return priceCache.get(key);
        var rate = rate(sku);
        var price = prices.resolve(sku, mrp, batchId, on, rate == null ? 0 : rate.rate().micros() + rate.cess().micros());
        priceCache.put(key, price);
        return price;
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
                if (compareMrp(other.mrp, part.mrp) == 0 && other.unit.equals(part.unit)) part.pool = other.pool;
            }
            if (part.pool == null) {
                part.pool = new Pool();
                part.pool.sku = part.sku;
                part.pool.rank = part.rank;
                part.pool.mrp = part.mrp;
                part.pool.unit = part.unit;
                pools.add(part.pool);
            }
            part.pool.parts.add(part);
            part.pool.qty += part.qty;
            part.reprice(scale);
        }
        for (var pool : pools) pool.reprice(scale);
        pools.sort((one, other) -> {
            int order = Integer.compare(one.rank, other.rank);
            if (order == 0) order = compareMrp(one.mrp, other.mrp);
            return order != 0 ? order : one.unit.compareTo(other.unit);
        });
    }

    static long manual(Part part) {
        return part.line.manualDiscount() == null ? 0 : part.line.manualDiscount().micros();
    }

    private static int compareMrp(Money one, Money other) {
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
        parts.addAll(own);
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
        var part = new Part();
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
        for (var part : parts) part.heads = heads(part.sku, part.value, part.inclusive);
        for (var free : frees) free.heads = heads(free.sku, free.shared, free.inclusive);
    }

    private TaxIndex.Heads heads(RuleBook.Sku sku, long value, boolean inclusive) {
        var rate = isTaxed() ? rate(sku) : null;
        long micros = rate == null ? 0 : rate.rate().micros(), cess = rate == null ? 0 : rate.cess().micros();
        return inclusive ? TaxIndex.insideInclusive(value, micros, cess, interState) : TaxIndex.onExclusive(value, micros, cess, interState);
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
        long gross = 0, schemeDiscount = 0, manualDiscount = 0, taxable = 0, cgst = 0, sgst = 0, igst = 0, cess = 0;
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
            long cost = issues.add(part.rank, part.takes, false);
            var rate = isTaxed() ? rate(part.sku) : null;
            summarise(taxes, part.sku, rate, part.qty, heads);
            nearExpiry(part);
            lines.add(new Decision.ResultLine(part.line.line(), part.number, part.sku.id(), part.mrp, batchQties(part.takes), new Qty(part.qty), part.unit,
                    part.price == null ? null : part.price.list().id(), part.price == null ? 0 : part.price.list().version(),
                    part.price == null ? 0 : part.price.list().level().number(), part.inclusive, money(part.gross), part.benefits,
                    money(part.schemeDiscount), money(part.manualDiscount), money(part.shared), money(heads.taxable), part.sku.hsn(),
                    rate == null ? null : rate.id(), rate == null ? 0 : rate.version(), rate == null ? null : rate.kind(),
                    rate == null ? Rate.ZERO : rate.rate(), money(heads.cgst), money(heads.sgst), money(heads.igst), money(heads.cess),
                    money(heads.taxable + heads.taxes()), money(cost)));
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
            long cost = issues.add(engine.rank(free.sku.id()), free.takes, true);
            var rate = isTaxed() ? rate(free.sku) : null;
            if (heads.taxable != 0) summarise(taxes, free.sku, rate, free.qty, heads);
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
                    money(heads.taxable + heads.taxes()), money(cost), claimRate, money(claim)));
        }
        taxes.sort(Comparator.comparing(Decision.TaxSummary::hsn, Comparator.nullsFirst(Comparator.naturalOrder())).thenComparing(Decision.TaxSummary::rate));
        long before = taxable + cgst + sgst + igst + cess;
        long payable = roundDocument(before);
        var credit = credit(payable);
        if (refused()) return refusal();
        var totals = new Decision.Totals(money(gross), money(schemeDiscount), money(manualDiscount), money(taxable), money(cgst), money(sgst),
                money(igst), money(cess), money(before), money(payable - before), money(payable));
        warnings.sort(Comparator.comparing(Decision.Warning::code).thenComparing(row -> row.line() == null ? 0 : row.line()));
        return new Decision.Decided(command.kind(), on, principalId, placeOfSupply, interState, lines, freeLines, taxes, totals,
                schemeRun.benefits(freeLines), issues.facts(), credit, warnings, schemeRun.trace(), book.rounding().id(), book.rounding().version());
    }

    /// The bill's total to the nearest whole unit of the currency, half up (EX-03).
    private long roundDocument(long before) {
        if (book.rounding().document() == RuleBook.DocumentRounding.NONE || scale == 0) return before;
        long unit = Fixed.power10(scale);
        return Fixed.mulDivHalfUp(before, 1, unit) * unit;
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
        var kind = rate == null ? null : rate.kind();
        var percent = rate == null ? Rate.ZERO : rate.rate();
        for (int at = 0; at < taxes.size(); at++) {
            var row = taxes.get(at);
            if (row.kind() == kind && row.rate().equals(percent) && java.util.Objects.equals(row.hsn(), sku.hsn())) {
                taxes.set(at, new Decision.TaxSummary(row.hsn(), kind, percent, row.qty().plus(new Qty(qty)), row.taxable().plus(money(heads.taxable)),
                        row.cgst().plus(money(heads.cgst)), row.sgst().plus(money(heads.sgst)), row.igst().plus(money(heads.igst)),
                        row.cess().plus(money(heads.cess))));
                return;
            }
        }
        taxes.add(new Decision.TaxSummary(sku.hsn(), kind, percent, new Qty(qty), money(heads.taxable), money(heads.cgst), money(heads.sgst),
                money(heads.igst), money(heads.cess)));
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
            for (var row : rows) if (row.batch == batch) return row.sums;
            var row = new Row(rank, batch, new long[4]);
            rows.add(row);
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
