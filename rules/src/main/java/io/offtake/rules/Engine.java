package io.offtake.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// A [RuleBook], indexed for deciding: prices by SKU, schemes by SKU, tax rates by HSN prefix. Immutable and safe to
/// share between threads; build it once per book. What many distributors have in common is compiled once ([Common]).
public final class Engine {
    private final RuleBook book;
    private final Rule.Skus skus;
    private final Map<String, RuleBook.Principal> principals = new HashMap<>();
    private final java.util.Set<String> sold;
    final PriceIndex prices;
    final SchemeIndex schemes;
    final TaxIndex taxes;
    private final AtomicReference<Scratch> spare = new AtomicReference<>();

    /// SKUs, schemes, tax rates and price lists that the books of several distributors share, compiled. Immutable.
    public static final class Common {
        private final RuleBook book;
        private final Rule.Skus skus;
        private final Rule[] rules;
        private final TaxIndex taxes;
        private final List<PriceIndex.Compiled> lists = new ArrayList<>();

        private Common(RuleBook book) {
            this.book = book;
            skus = new Rule.Skus(book.skus());
            rules = new Rule[book.schemes().size()];
            for (int at = 0; at < rules.length; at++) rules[at] = new Rule(book.schemes().get(at), skus);
            Arrays.sort(rules, Rule.ORDER);
            taxes = new TaxIndex(book.taxRates(), book.skus(), book.taxSystem());
            for (var list : book.priceLists()) lists.add(new PriceIndex.Compiled(list, skus));
        }

        /// Compiles what `book` holds; its seller, window and policy are of no interest.
        public static Common of(RuleBook book) {
            return new Common(book);
        }

        /// Everything that was compiled.
        public RuleBook book() {
            return book;
        }
    }

    private Engine(Common common, RuleBook overlay, boolean whole) {
        book = whole ? common.book : merged(common, overlay);
        skus = common.skus;
        for (var principal : book.principals()) principals.put(principal.id(), principal);
        sold = whole ? null : principals.keySet();
        taxes = common.taxes;
        var lists = new ArrayList<PriceIndex.Compiled>(common.lists.size());
        for (var list : common.lists) if (whole || isFor(list.list, overlay.seller())) lists.add(list);
        var rules = new ArrayList<Rule>();
        for (var rule : common.rules) if (rule.isFor(book.seller()) && (sold == null || sold.contains(rule.scheme.principalId()))) rules.add(rule);
        if (!whole) {
            for (var list : overlay.priceLists()) lists.add(new PriceIndex.Compiled(list, skus));
            boolean own = false;
            for (var scheme : overlay.schemes()) {
                var rule = new Rule(scheme, skus);
                if (rule.isFor(book.seller())) own |= rules.add(rule);
            }
            if (own) rules.sort(Rule.ORDER);
        }
        prices = new PriceIndex(lists, skus);
        schemes = new SchemeIndex(rules.toArray(new Rule[0]), skus);
    }

    private static boolean isFor(RuleBook.PriceList list, RuleBook.Seller seller) {
        return list.level() != RuleBook.Level.ZONE || list.key().zone() == null || list.key().zone().equals(seller.zone());
    }

    /// The distributor's whole book: lists of rows that it shares with the others.
    private static RuleBook merged(Common common, RuleBook overlay) {
        var ids = new java.util.HashSet<String>();
        for (var principal : overlay.principals()) ids.add(principal.id());
        var skus = new ArrayList<RuleBook.Sku>();
        for (var sku : common.book.skus()) if (ids.contains(sku.principalId())) skus.add(sku);
        var schemes = new ArrayList<Scheme>();
        for (var rule : common.rules) if (ids.contains(rule.scheme.principalId()) && rule.isFor(overlay.seller())) schemes.add(rule.scheme);
        schemes.addAll(overlay.schemes());
        var lists = new ArrayList<RuleBook.PriceList>();
        for (var list : common.book.priceLists()) if (isFor(list, overlay.seller())) lists.add(list);
        lists.addAll(overlay.priceLists());
        return new RuleBook(overlay.seller(), overlay.currency(), overlay.rounding(), overlay.validFrom(), overlay.validTo(), overlay.principals(),
                skus.size() == common.book.skus().size() ? common.book.skus() : skus, lists, schemes, common.book.taxRates(), overlay.policy(), common.book.taxSystem());
    }

    public static Engine of(RuleBook book) {
        return new Engine(new Common(book), book, true);
    }

    /// One distributor's engine: the common part with what is its own — seller, window, principals, rounding, policy, price lists and schemes
    /// of the overlay; the overlay's SKUs and tax rates are not read. Schemes and lists that cannot be this seller's are left out, and
    /// only its principals' SKUs are sold. It decides as the engine of the one book that holds both ([#book]).
    public static Engine of(Common common, RuleBook overlay) {
        return new Engine(common, overlay, false);
    }

    public RuleBook book() {
        return book;
    }

    /// The SKU of this id, or null.
    public RuleBook.Sku sku(String id) {
        int rank = skus.rank(id);
        return rank < 0 || !isSold(rank) ? null : skus.byRank[rank];
    }

    boolean isSold(int rank) {
        return sold == null || sold.contains(skus.byRank[rank].principalId());
    }

    /// The principal of a rank; one text for each principal.
    String owner(int rank) {
        return skus.owners[rank];
    }

    /// The SKU of a rank that [#rank] gave.
    RuleBook.Sku sku(int rank) {
        return skus.byRank[rank];
    }

    /// The place of a SKU in the order of codes, by which every tie is broken.
    int rank(String skuId) {
        return skus.rank(skuId);
    }

    /// Prices, applies schemes, taxes, allocates batches and checks credit. Pure: the same command and book give the
    /// same decision, for any order of lines and batches.
    public Decision decide(DecideCommand command) {
        var scratch = scratch();
        try {
            return new Bill(this, command, scratch, false, true).decide();
        } catch (ArithmeticException tooLarge) {
            return tooLarge();
        } finally {
            spare.set(scratch);
        }
    }

    private Decision.Refused tooLarge() {
        return new Decision.Refused(List.of(refusal(Refusal.Code.AMOUNT_TOO_LARGE, null, null, "DOMAIN B", List.of(),
                values("amountMax", new Money(Long.MAX_VALUE, book.currency().scale())))), List.of());
    }

    /// Prices and schemes alone, without stock, tax and credit: what a cart earns. Lines need only SKU and quantity; free goods are taken as in stock.
    /// @param whyNot there is a trace, of every candidate scheme with what failed; else only what applied is said
    public Evaluation evaluate(DecideCommand command, boolean whyNot) {
        var scratch = scratch();
        try {
            return new Bill(this, command, scratch, true, whyNot).evaluate();
        } catch (ArithmeticException tooLarge) {
            return new Evaluation(List.of(), List.of(), 0, 0, tooLarge().refusals(), List.of(), List.of(), List.of());
        } finally {
            spare.set(scratch);
        }
    }

    /// What the named schemes (`id|version`) give on the lines of a command, at its manual prices and these MRPs by line; for what stays after a return.
    Bill.Due due(DecideCommand command, java.util.Set<String> only, java.util.Map<Integer, Money> mrps) {
        var scratch = scratch();
        try {
            var bill = new Bill(this, command, scratch, true, true);
            bill.only = only;
            return bill.due(mrps);
        } finally {
            spare.set(scratch);
        }
    }

    /// Working memory, kept for the next bill; two threads at once make a second one.
    private Scratch scratch() {
        var scratch = spare.getAndSet(null);
        return scratch == null ? new Scratch() : scratch;
    }

    static final class Scratch {
        Candidate[] candidates = new Candidate[64];
        long[] eligible = {}, words = {}, amounts = {}, poolAmounts = {}, weights = {}, rests = {};
        int[] head = {}, tail = {}, next = new int[256], pool = new int[256];
        private long[] touched = {};
        private int links;
        private Bill.Pool[] pools = new Bill.Pool[64];
        private Bill.Part[] parts = new Bill.Part[64];
        private int[] groups = {}, numbers = new int[64], ranks = new int[64];
        private long[] keys = new long[64];

        /// The parts of light bills, which nothing outlives.
        private Bill.Part[] lightParts = new Bill.Part[64];

        Bill.Part lightPart(int at) {
            if (at >= lightParts.length) lightParts = Arrays.copyOf(lightParts, at * 2);
            var part = lightParts[at];
            return part == null ? lightParts[at] = new Bill.Part(true) : part.again();
        }

        int[] ranks(int size) {
            return ranks = ranks.length < size ? new int[size * 2] : ranks;
        }

        long[] keys(int size) {
            return keys = keys.length < size ? new long[size * 2] : keys;
        }

        Candidate[] moreCandidates() {
            return candidates = Arrays.copyOf(candidates, candidates.length * 2);
        }

        Bill.Pool[] pools(int size) {
            return pools = pools.length < size ? new Bill.Pool[size * 2] : pools;
        }

        Bill.Part[] parts(int size) {
            return parts = parts.length < size ? new Bill.Part[size * 2] : parts;
        }

        int[] numbers(int size) {
            return numbers = numbers.length < size ? new int[size * 2] : numbers;
        }

        /// Room for amounts on `size` rows.
        void ensure(int size) {
            if (amounts.length >= size) return;
            amounts = new long[size * 2];
            poolAmounts = new long[size * 2];
            weights = new long[size * 2];
            rests = new long[size * 2];
        }

        long[] touched(SchemeIndex index) {
            if (touched.length < index.words) {
                touched = new long[index.words];
                eligible = new long[index.words];
                words = new long[index.words];
            }
            Arrays.fill(touched, 0);
            return touched;
        }

        void links(int poolCount, SchemeIndex index) {
            links = 0;
            if (head.length < index.rules.length) {
                head = new int[index.rules.length];
                tail = new int[index.rules.length];
            }
        }

        int link(int poolAt) {
            if (links == next.length) {
                next = Arrays.copyOf(next, links * 2);
                pool = Arrays.copyOf(pool, links * 2);
            }
            pool[links] = poolAt;
            return links++;
        }

        int[] groupSizes(int count) {
            if (groups.length < count) groups = new int[count];
            Arrays.fill(groups, 0, count, 0);
            return groups;
        }
    }

    /// The price of one SKU for one outlet on a day, before any scheme; null if there is none. For price enquiries.
    /// @param mrp of the batch; null takes the SKU's current MRP
    public Quote price(String skuId, DecideCommand.Outlet outlet, int on, Money mrp) {
        var sku = sku(skuId);
        if (sku == null) return null;
        var at = mrp == null ? sku.mrp() : mrp;
        var tax = taxes.find(sku, at, null, outlet.registration(), on);
        long taxMicros = tax == null ? 0 : tax.rate().micros() + tax.cess().micros();
        var price = prices.forOutlet(book.seller(), outlet).resolve(sku, rank(skuId), at, null, on, taxMicros);
        return price == null ? null : new Quote(price.unit(), price.list().taxInclusive(), price.list().id(), price.list().version(),
                price.list().level().number(), tax == null ? null : tax.rate());
    }

    public record Quote(UnitPrice unitPrice, boolean taxInclusive, String priceListId, int priceListVersion, int level, Rate taxRate) {}

    /// Taxes and values a goods receipt (P-01): the principal's State decides between CGST with SGST and IGST.
    public GoodsReceipt.Outcome value(GoodsReceipt receipt) {
        int scale = book.currency().scale();
        var refusals = new ArrayList<Refusal>();
        var principal = principals.get(receipt.principalId());
        var seller = book.seller();
        boolean taxed = principal == null || principal.registration() == RuleBook.Registration.REGULAR;
        boolean interState = principal != null && principal.stateCode() != null && seller.stateCode() != null
                && !principal.stateCode().equals(seller.stateCode());
        if (receipt.lines().isEmpty()) refusals.add(refusal(Refusal.Code.LINES_MISSING, null, null, "P-01", List.of(), List.of()));
        var lines = new ArrayList<GoodsReceipt.ValuedLine>();
        long taxable = 0, cgst = 0, sgst = 0, igst = 0, cess = 0, vat = 0;
        for (var line : receipt.lines()) {
            var sku = sku(line.skuId());
            if (sku == null) {
                refusals.add(refusal(Refusal.Code.SKU_UNKNOWN, line.line(), line.skuId(), "P-01", List.of(), List.of()));
                continue;
            }
            if (!sku.principalId().equals(receipt.principalId())) {
                refusals.add(refusal(Refusal.Code.PRINCIPAL_MIXED, line.line(), sku.id(), "P-01",
                        values("principalId", sku.principalId()), values("principalId", receipt.principalId())));
                continue;
            }
            var came = line.billed().plus(line.free());
            if (line.billed().milli() < 0 || line.free().milli() < 0 || line.good().milli() < 0 || line.damaged().milli() < 0
                    || line.shortQty().milli() < 0 || !came.isPositive()
                    || !line.good().plus(line.damaged()).plus(line.shortQty()).equals(came)) {
                refusals.add(refusal(Refusal.Code.QTY_NOT_POSITIVE, line.line(), sku.id(), "P-01",
                        values("good", line.good(), "damaged", line.damaged(), "short", line.shortQty()), values("sum", came)));
                continue;
            }
            if (sku.qtyScale() == 0 && !(line.billed().isWhole() && line.free().isWhole() && line.good().isWhole()
                    && line.damaged().isWhole() && line.shortQty().isWhole())) {
                refusals.add(refusal(Refusal.Code.QTY_NOT_WHOLE, line.line(), sku.id(), "PX-04", List.of(), values("unit", sku.baseUnit())));
                continue;
            }
            var rate = taxes.find(sku, sku.mrp(), line.unitCost(), seller.registration(), receipt.businessDate());
            if (taxed && rate == null) {
                refusals.add(refusal(Refusal.Code.TAX_RATE_MISSING, line.line(), sku.id(), "IN-06", values("hsn", sku.hsn()), List.of()));
                continue;
            }
            long value = line.unitCost().timesHalfUp(line.billed(), scale).units();
            var heads = taxes.heads(taxed ? rate : null, value, false, interState,
                    sku.mrp() == null ? 0 : Fixed.mulDivHalfUp(sku.mrp().units(), line.billed().milli(), 1000), line.billed().milli(), scale);
            var buckets = Apportion.split(value, new long[] {line.good().milli(), line.damaged().milli(), line.shortQty().milli()});
            var landed = line.free().isZero() ? line.unitCost()
                    : new UnitPrice(Fixed.mulDivHalfUp(line.unitCost().micros(), line.billed().milli(), came.milli()));
            lines.add(new GoodsReceipt.ValuedLine(line, rate == null ? null : rate.id(), taxed ? rate.rate() : Rate.ZERO,
                    new Money(value, scale), new Money(heads.cgst, scale), new Money(heads.sgst, scale), new Money(heads.igst, scale),
                    new Money(heads.cess, scale), new Money(value + heads.taxes(), scale), landed,
                    new Money(buckets[0], scale), new Money(buckets[1], scale), new Money(buckets[2], scale), new Money(heads.vat, scale)));
            taxable = Math.addExact(taxable, value);
            cgst += heads.cgst;
            sgst += heads.sgst;
            igst += heads.igst;
            cess += heads.cess;
            vat += heads.vat;
        }
        if (!refusals.isEmpty()) return new GoodsReceipt.Outcome.Refused(refusals);
        return new GoodsReceipt.Outcome.Ok(new GoodsReceipt.Valued(receipt.principalId(), interState, lines, new Money(taxable, scale),
                new Money(cgst, scale), new Money(sgst, scale), new Money(igst, scale), new Money(cess, scale),
                new Money(taxable + cgst + sgst + igst + cess + vat, scale), new Money(vat, scale)));
    }

    static Refusal refusal(Refusal.Code code, Integer line, String skuId, String rule, List<Refusal.Value> values, List<Refusal.Value> accepted) {
        return new Refusal(code, line, skuId, rule, values, accepted);
    }

    /// Name and value by turns.
    static List<Refusal.Value> values(Object... pairs) {
        var values = new ArrayList<Refusal.Value>(pairs.length / 2);
        for (int at = 0; at < pairs.length; at += 2)
            values.add(new Refusal.Value((String) pairs[at], pairs[at + 1] == null ? null : pairs[at + 1].toString()));
        return values;
    }
}
