package io.offtake.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Seeded generators of books and commands for properties.
final class AnyBill {
    static final int TODAY = 20_500;
    private final Random random;
    final RuleBook book;

    AnyBill(long seed) {
        this(seed, false);
    }

    AnyBill(long seed, boolean all) {
        random = new Random(seed);
        this.all = all;
        book = book();
    }

    private int between(int from, int to) {
        return from + random.nextInt(to - from + 1);
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private RuleBook book() {
        var skus = new ArrayList<RuleBook.Sku>();
        var lines = new ArrayList<RuleBook.PriceLine>();
        var classA = new ArrayList<RuleBook.PriceLine>();
        for (int at = 1; at <= 9; at++) {
            long price = between(300, 90_000) * 10_000L;
            var id = Integer.toString(at);
            skus.add(new RuleBook.Sku(id, "S" + between(1, 99) + "-" + at, any(List.of("3401", "340250", "22021090", "1905")), "P", "B" + at % 3, "C" + at % 2,
                    at == 9 ? "KG" : "PCS", at == 9 ? 3 : 0, List.of(new RuleBook.Unit("CASE", 24, 1)), new UnitPrice(price * 95 / 100),
                    new Money(price / 10_000 * 2, 2), at % 3 != 0, at * 55_000L, null, false));
            lines.add(new RuleBook.PriceLine(id, null, null, new UnitPrice(price), null));
            if (at % 2 == 0) lines.add(new RuleBook.PriceLine(id, new Money(price / 10_000 * 2 + 200, 2), null, new UnitPrice(price + 37_123L), null));
            if (at % 4 == 0) classA.add(new RuleBook.PriceLine(id, null, null, new UnitPrice(price - 11_111L), null));
        }
        var schemes = new ArrayList<Scheme>();
        int count = between(0, 9);
        boolean additive = random.nextInt(4) == 0;
        for (int at = 1; at <= count; at++) schemes.add(scheme(Integer.toString(at), additive));
        return new RuleBook(new RuleBook.Seller("1", "27", RuleBook.Registration.REGULAR, null), new RuleBook.Currency("INR", 2),
                new RuleBook.RoundingPolicy("R", 1, any(List.of(RuleBook.DocumentRounding.NEAREST_UNIT, RuleBook.DocumentRounding.NONE))), TODAY - 100, TODAY + 100,
                List.of(new RuleBook.Principal("P", "P", "27", RuleBook.Registration.REGULAR)), skus,
                List.of(new RuleBook.PriceList("N", 1, "N", RuleBook.Level.NATIONAL, RuleBook.PriceKey.NONE, random.nextInt(8) == 0, null, TODAY - 90, RuleBook.NO_END, lines),
                        new RuleBook.PriceList("A", 1, "A", RuleBook.Level.CHANNEL_CLASS, new RuleBook.PriceKey(null, null, null, null, "A", null), false, null, TODAY - 90,
                                RuleBook.NO_END, classA)),
                schemes,
                List.of(rate("3401", 50_000), rate("3402", 180_000), rate("2202", 400_000), rate("1905", 50_000)),
                new RuleBook.Policy(0, List.of(), 30, new RuleBook.Credit(RuleBook.Check.OFF, RuleBook.Check.OFF, 0, List.of(DecideCommand.PaymentMode.CREDIT)),
                        RuleBook.Check.OFF, RuleBook.Check.OFF));
    }

    private static RuleBook.TaxRate rate(String hsn, int micros) {
        return new RuleBook.TaxRate(hsn, 1, hsn, RuleBook.TaxKind.TAXABLE, new Rate(micros), new Rate(hsn.equals("2202") ? 12_000 : 0), TODAY - 100, RuleBook.NO_END);
    }

    /// The mechanics of the first issue only, or all.
    private final boolean all;

    private Scheme scheme(String id, boolean additive) {
        var products = switch (between(0, 3)) {
            case 0 -> Scheme.ProductSet.ALL;
            case 1 -> new Scheme.ProductSet(List.of(), List.of("B" + between(0, 2)), List.of(), List.of("3"));
            case 2 -> new Scheme.ProductSet(List.of(), List.of(), List.of("C" + between(0, 1)), List.of());
            default -> new Scheme.ProductSet(List.of(Integer.toString(between(1, 9)), Integer.toString(between(1, 9))), List.of(), List.of(), List.of());
        };
        var stage = any(List.of(Scheme.Stage.values()).subList(0, 5));
        Scheme.Mechanic mechanic;
        if (stage == Scheme.Stage.FREE_GOODS) {
            boolean inside = random.nextInt(4) == 0;
            mechanic = new Scheme.Mechanic.FreeGoods(Qty.of(between(2, 12)), Qty.of(between(1, 3)), random.nextInt(4) != 0, inside,
                    inside || random.nextBoolean() ? null : Integer.toString(between(1, 9)), random.nextInt(3) == 0 ? Qty.of(between(1, 4)) : null,
                    random.nextInt(5) == 0 ? Scheme.FreeTax.SINGLE_PRICE_ALLOCATED : Scheme.FreeTax.ZERO_PRICED, any(List.of(Scheme.IfShort.values())));
        } else if (random.nextBoolean()) mechanic = new Scheme.Mechanic.Discount(reward());
        else {
            var basis = any(List.of(Scheme.Basis.BASE_QTY, Scheme.Basis.GROSS_VALUE, Scheme.Basis.NET_VALUE));
            var slabs = new ArrayList<Scheme.Slab>();
            long from = 0;
            for (int slab = between(1, 3); slab > 0; slab--) {
                from += basis == Scheme.Basis.BASE_QTY ? between(1, 30) * 1000L : between(100, 300_000);
                slabs.add(new Scheme.Slab(from, reward()));
            }
            mechanic = new Scheme.Mechanic.WholeSlab(basis, slabs);
        }
        var eligibility = random.nextInt(3) == 0
                ? new Scheme.Eligibility(List.of("GT"), List.of("A", "B"), List.of(), List.of(), List.of(), List.of(), List.of()) : Scheme.Eligibility.ALL;
        boolean grouped = random.nextInt(3) == 0;
        if (all && random.nextInt(3) != 0) {
            stage = any(List.of(Scheme.Stage.values()));
            mechanic = rarer(stage);
            return new Scheme(id, 1, "C" + between(1, 9) + "-" + id, null, "P", stage, mechanic, products, eligibility,
                    additive ? Scheme.Stacking.ADDITIVE : Scheme.Stacking.CASCADE, grouped ? "G" + between(1, 2) : null,
                    Scheme.Choice.BEST_FOR_OUTLET, between(1, 5), new Rate(between(0, 10) * 100_000), random.nextBoolean(),
                    any(List.of(Scheme.ClaimRate.values())), TODAY - 50, TODAY + 50, terms());
        }
        return new Scheme(id, 1, "C" + between(1, 9) + "-" + id, null, "P", stage, mechanic, products, eligibility,
                additive ? Scheme.Stacking.ADDITIVE : Scheme.Stacking.CASCADE, grouped ? "G" + between(1, 2) : null,
                Scheme.Choice.BEST_FOR_OUTLET, between(1, 5), new Rate(between(0, 10) * 100_000), random.nextBoolean(),
                any(List.of(Scheme.ClaimRate.values())), TODAY - 50, TODAY + 50);
    }

    private Scheme.Mechanic rarer(Scheme.Stage stage) {
        var set = new Scheme.ProductSet(List.of(), List.of("B" + between(0, 2)), List.of(), List.of());
        var other = new Scheme.ProductSet(List.of(), List.of(), List.of("C" + between(0, 1)), List.of());
        boolean whole = stage == Scheme.Stage.GROUP || stage == Scheme.Stage.BILL;
        if (stage == Scheme.Stage.FREE_GOODS) {
            var basis = any(List.of(Scheme.Basis.BASE_QTY, Scheme.Basis.CASES, Scheme.Basis.WEIGHT, Scheme.Basis.GROSS_VALUE, Scheme.Basis.NET_VALUE));
            return new Scheme.Mechanic.FreeGoods(basis == Scheme.Basis.CASES ? 1000 : basis == Scheme.Basis.GROSS_VALUE || basis == Scheme.Basis.NET_VALUE ? between(5_000, 90_000)
                    : between(2, 12) * 1000L, Scheme.Count.of(basis), Qty.of(between(1, 3)), null, null, random.nextBoolean(), false,
                    random.nextBoolean() ? List.of() : List.of(Integer.toString(between(1, 4)), Integer.toString(between(5, 8))), null,
                    any(List.of(Scheme.FreeTax.values())), any(List.of(Scheme.IfShort.values())), List.of("7"));
        }
        if (stage == Scheme.Stage.ACCRUAL) return switch (between(0, 2)) {
            case 0 -> new Scheme.Mechanic.Qps(Scheme.Count.of(Scheme.Basis.NET_VALUE), Scheme.Period.MONTH, random.nextBoolean(),
                    List.of(new Scheme.Slab(between(1, 100_000), new Scheme.Reward.Percent(new Rate(10_000))), new Scheme.Slab(200_000, new Scheme.Reward.Percent(new Rate(25_000)))), null, false);
            case 1 -> new Scheme.Mechanic.PerCaseRebate(new UnitPrice(12_000_000), "CASE", true, Scheme.Period.MONTH);
            default -> new Scheme.Mechanic.CashDiscount(List.of(new Scheme.Mechanic.CashDiscount.Term(7, new Rate(20_000))));
        };
        if (whole) switch (between(0, 2)) {
            case 0 -> {
                return new Scheme.Mechanic.BundlePrice(List.of(new Scheme.Part(set, Qty.of(between(1, 4))), new Scheme.Part(other, Qty.of(between(1, 4)))),
                        new Money(between(1_000, 60_000), 2), random.nextBoolean(), random.nextInt(3) == 0 ? 2 : null);
            }
            case 1 -> {
                return new Scheme.Mechanic.Combo(between(1, 3), random.nextBoolean() ? Qty.of(2) : null, random.nextBoolean() ? List.of()
                        : List.of(new Scheme.Part(set, Qty.of(between(1, 9)))), false, reward());
            }
            default -> {
                return new Scheme.Mechanic.Combo(0, null, List.of(new Scheme.Part(set, Qty.of(between(1, 9))), new Scheme.Part(other, Qty.of(between(1, 9)))), true, reward());
            }
        }
        return switch (between(0, 2)) {
            case 0 -> new Scheme.Mechanic.IncrementalSlab(Scheme.Count.of(Scheme.Basis.BASE_QTY),
                    List.of(new Scheme.Slab(between(1, 9) * 1000L, new Scheme.Reward.Percent(new Rate(20_000))), new Scheme.Slab(20_000, new Scheme.Reward.Percent(new Rate(45_000)))));
            case 1 -> new Scheme.Mechanic.PerCaseRebate(new UnitPrice(7_770_000), random.nextBoolean() ? "CASE" : null, false, Scheme.Period.MONTH);
            default -> stage == Scheme.Stage.LINE ? new Scheme.Mechanic.CheapestFree(Qty.of(between(2, 6)), Qty.of(between(1, 2)), random.nextBoolean(), null)
                    : new Scheme.Mechanic.WholeSlab(Scheme.Count.of(any(List.of(Scheme.Basis.CASES, Scheme.Basis.WEIGHT, Scheme.Basis.DISTINCT))),
                            List.of(new Scheme.Slab(1000, new Scheme.Reward.PerCount(new UnitPrice(1_250_000)))));
        };
    }

    private Scheme.Terms terms() {
        if (random.nextInt(3) != 0) return Scheme.Terms.ORDINARY;
        var limits = new ArrayList<Scheme.Limit>();
        if (random.nextInt(3) == 0) limits.add(new Scheme.Limit(Scheme.Scope.INVOICE, new Money(between(100, 9_000), 2), null, null, null));
        if (random.nextInt(3) == 0) limits.add(new Scheme.Limit(Scheme.Scope.TOTAL, null, Qty.of(between(1, 4)), null, null));
        return new Scheme.Terms(Scheme.Level.OUTLET, random.nextInt(4) == 0 ? Scheme.Settlement.CREDIT_NOTE : Scheme.Settlement.ON_INVOICE, Scheme.CreditNote.FIN_CN, null, null,
                random.nextBoolean() ? null : any(List.of(Scheme.ReturnPolicy.values())), any(List.of(Scheme.Honour.values())), null, false, limits, any(List.of(Scheme.WhenCut.values())));
    }

    private Scheme.Reward reward() {
        return switch (between(0, 3)) {
            case 0 -> new Scheme.Reward.PerUnit(new UnitPrice(between(1, 300) * 10_000L));
            case 1 -> new Scheme.Reward.Fixed(new Money(between(1, 20_000), 2));
            default -> new Scheme.Reward.Percent(new Rate(between(1, 120) * 1000));
        };
    }

    DecideCommand command() {
        var batches = new ArrayList<DecideCommand.Batch>();
        for (var sku : book.skus())
            for (int at = between(1, 3); at > 0; at--)
                batches.add(new DecideCommand.Batch(sku.id() + "-" + at, sku.id(), "N" + at, new Money(sku.mrp().units() + (at == 2 ? 200 : 0), 2),
                        random.nextInt(5) == 0 ? null : TODAY + between(-5, 200), TODAY - between(1, 60), Qty.of(between(3, 60)), new UnitPrice(sku.pts().micros() - at * 1000L)));
        var lines = new ArrayList<DecideCommand.Line>();
        for (int at = between(1, 8); at > 0; at--) lines.add(line(lines.size() + 1));
        return new DecideCommand(random.nextInt(5) == 0 ? DecideCommand.Kind.INVOICE : DecideCommand.Kind.ORDER_PREVIEW, TODAY, DecideCommand.SaleType.DELIVERY,
                DecideCommand.PaymentMode.CREDIT, "P",
                new DecideCommand.Outlet("O", "GT", any(List.of("A", "B", "C")), null, null, any(List.of("27", "29")), RuleBook.Registration.REGULAR, null, false, List.of()),
                lines, batches, List.of());
    }

    private DecideCommand.Line line(int number) {
        var sku = any(book.skus());
        boolean manual = random.nextInt(6) == 0;
        var qty = sku.qtyScale() == 0 ? Qty.of(between(1, 40)) : new Qty(between(100, 40_000));
        return new DecideCommand.Line(number, sku.id(), qty, null, manual ? new UnitPrice(sku.pts().micros() + 5000) : null,
                random.nextInt(6) == 0 ? new Rate(between(1, 50) * 1000) : null, "agreed", all && random.nextInt(8) == 0 ? qty.plus(Qty.of(between(1, 20))) : null, null);
    }

    /// The same lines and batches in another order, numbered anew.
    DecideCommand shuffled(DecideCommand command) {
        var lines = new ArrayList<>(command.lines());
        Collections.shuffle(lines, random);
        for (int at = 0; at < lines.size(); at++) lines.set(at, numbered(lines.get(at), at + 1, lines.get(at).qty()));
        var batches = new ArrayList<>(command.batches());
        Collections.shuffle(batches, random);
        return with(command, lines, batches);
    }

    /// One line of more than one unit as two of the same price; null if there is none.
    DecideCommand split(DecideCommand command) {
        var lines = new ArrayList<>(command.lines());
        var wide = lines.stream().filter(line -> line.qty().milli() >= 2000).toList();
        if (wide.isEmpty()) return null;
        var line = any(wide);
        long part = line.qty().isWhole() ? between(1, (int) (line.qty().milli() / 1000) - 1) * 1000L : between(1, (int) line.qty().milli() - 1);
        lines.remove(line);
        lines.add(numbered(line, line.line(), new Qty(part)));
        var rest = new Qty(line.qty().milli() - part);
        lines.add(new DecideCommand.Line(command.lines().size() + 1, line.skuId(), rest, line.batchId(), line.manualPrice(), line.manualDiscount(), line.manualReason(), null, null));
        return with(command, lines, command.batches());
    }

    private static DecideCommand.Line numbered(DecideCommand.Line line, int number, Qty qty) {
        return new DecideCommand.Line(number, line.skuId(), qty, line.batchId(), line.manualPrice(), line.manualDiscount(), line.manualReason(),
                line.orderedQty() == null ? null : line.orderedQty().minus(line.qty()).plus(qty), line.manualCode());
    }

    private static DecideCommand with(DecideCommand command, List<DecideCommand.Line> lines, List<DecideCommand.Batch> batches) {
        return new DecideCommand(command.kind(), command.businessDate(), command.saleType(), command.paymentMode(), command.principalId(), command.outlet(), lines,
                batches, command.approved(), command.facts());
    }
}
