package io.offtake.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A [RuleBook], indexed for deciding: prices by SKU, schemes by SKU, tax rates by HSN prefix. Immutable and safe to
/// share between threads; build it once per book.
public final class Engine {
    private final RuleBook book;
    private final Map<String, RuleBook.Sku> skus = new HashMap<>();
    private final Map<String, Integer> ranks = new HashMap<>();
    private final Map<String, RuleBook.Principal> principals = new HashMap<>();
    final PriceIndex prices;
    final SchemeIndex schemes;
    final TaxIndex taxes;

    private Engine(RuleBook book) {
        this.book = book;
        for (var sku : book.skus()) skus.put(sku.id(), sku);
        var byCode = book.skus().toArray(new RuleBook.Sku[0]);
        Arrays.sort(byCode, Comparator.comparing(RuleBook.Sku::code).thenComparing(RuleBook.Sku::id));
        for (int at = 0; at < byCode.length; at++) ranks.put(byCode[at].id(), at);
        for (var principal : book.principals()) principals.put(principal.id(), principal);
        prices = new PriceIndex(book, skus);
        schemes = new SchemeIndex(book);
        taxes = new TaxIndex(book);
    }

    public static Engine of(RuleBook book) {
        return new Engine(book);
    }

    public RuleBook book() {
        return book;
    }

    /// The SKU of this id, or null.
    public RuleBook.Sku sku(String id) {
        return skus.get(id);
    }

    /// The place of a SKU in the order of codes, by which every tie is broken.
    int rank(String skuId) {
        return ranks.get(skuId);
    }

    /// Prices, applies schemes, taxes, allocates batches and checks credit. Pure: the same command and book give the
    /// same decision, for any order of lines and batches.
    public Decision decide(DecideCommand command) {
        try {
            return new Bill(this, command).decide();
        } catch (ArithmeticException tooLarge) {
            return new Decision.Refused(List.of(refusal(Refusal.Code.AMOUNT_TOO_LARGE, null, null, "DOMAIN B", List.of(),
                    values("amountMax", new Money(Long.MAX_VALUE, book.currency().scale())))), List.of());
        }
    }

    /// The price of one SKU for one outlet on a day, before any scheme; null if there is none. For price enquiries.
    /// @param mrp of the batch; null takes the SKU's current MRP
    public Quote price(String skuId, DecideCommand.Outlet outlet, int on, Money mrp) {
        var sku = skus.get(skuId);
        if (sku == null) return null;
        var tax = taxes.find(sku.hsn(), on);
        long taxMicros = tax == null ? 0 : tax.rate().micros() + tax.cess().micros();
        var price = prices.forOutlet(book.seller(), outlet).resolve(sku, mrp == null ? sku.mrp() : mrp, null, on, taxMicros);
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
        long taxable = 0, cgst = 0, sgst = 0, igst = 0, cess = 0;
        for (var line : receipt.lines()) {
            var sku = skus.get(line.skuId());
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
            var rate = taxes.find(sku.hsn(), receipt.businessDate());
            if (taxed && rate == null) {
                refusals.add(refusal(Refusal.Code.TAX_RATE_MISSING, line.line(), sku.id(), "IN-06", values("hsn", sku.hsn()), List.of()));
                continue;
            }
            long value = line.unitCost().timesHalfUp(line.billed(), scale).units();
            var heads = TaxIndex.onExclusive(value, taxed ? rate.rate().micros() : 0, taxed ? rate.cess().micros() : 0, interState);
            var buckets = Apportion.split(value, new long[] {line.good().milli(), line.damaged().milli(), line.shortQty().milli()});
            var landed = line.free().isZero() ? line.unitCost()
                    : new UnitPrice(Fixed.mulDivHalfUp(line.unitCost().micros(), line.billed().milli(), came.milli()));
            lines.add(new GoodsReceipt.ValuedLine(line, rate == null ? null : rate.id(), taxed ? rate.rate() : Rate.ZERO,
                    new Money(value, scale), new Money(heads.cgst, scale), new Money(heads.sgst, scale), new Money(heads.igst, scale),
                    new Money(heads.cess, scale), new Money(value + heads.taxes(), scale), landed,
                    new Money(buckets[0], scale), new Money(buckets[1], scale), new Money(buckets[2], scale)));
            taxable = Math.addExact(taxable, value);
            cgst += heads.cgst;
            sgst += heads.sgst;
            igst += heads.igst;
            cess += heads.cess;
        }
        if (!refusals.isEmpty()) return new GoodsReceipt.Outcome.Refused(refusals);
        return new GoodsReceipt.Outcome.Ok(new GoodsReceipt.Valued(receipt.principalId(), interState, lines, new Money(taxable, scale),
                new Money(cgst, scale), new Money(sgst, scale), new Money(igst, scale), new Money(cess, scale),
                new Money(taxable + cgst + sgst + igst + cess, scale)));
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
