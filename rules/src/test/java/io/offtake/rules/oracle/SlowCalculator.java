package io.offtake.rules.oracle;

import static io.offtake.rules.oracle.JsonText.decimal;
import static io.offtake.rules.oracle.JsonText.map;
import static io.offtake.rules.oracle.JsonText.maps;
import static io.offtake.rules.oracle.JsonText.strings;
import static java.math.BigDecimal.ZERO;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The oracle: what a bill comes to, worked out slowly from domain/04 and domain/05a, from the same two texts as the engine. It shares
/// no code with it. The answer is a tree of the members of the JSON contract that it has an opinion about.
final class SlowCalculator {
    private final Map<String, Object> book, command, policy;
    private final SlowPrices prices;
    private final SlowStock stock;
    private final SlowTax tax;
    private final int scale;
    private final List<Piece> pieces = new ArrayList<>();
    private SlowSchemes schemes;
    private BigDecimal charges = ZERO;
    private final List<Map<String, Object>> chargeRows = new ArrayList<>();
    private final List<SlowTax.Heads> chargeHeads = new ArrayList<>();

    private SlowCalculator(Map<String, Object> book, Map<String, Object> command) {
        this.book = book;
        this.command = command;
        policy = map(book.get("policy"));
        prices = new SlowPrices(book, command);
        stock = new SlowStock(book, command);
        tax = new SlowTax(book, command);
        scale = ((Long) map(book.get("currency")).get("scale")).intValue();
    }

    static Map<String, Object> decide(String bookText, String commandText) {
        try {
            return new SlowCalculator(JsonText.object(bookText), JsonText.object(commandText)).decide();
        } catch (Refused refused) {
            return AnyCase.tree("outcome", "REFUSED", "refusals", refused.codes);
        }
    }

    private Map<String, Object> decide() {
        if ("COMPOSITION".equals(map(book.get("seller")).get("registration")) && tax.interState()) throw Refused.of("COMPOSITION_INTER_STATE");
        namedBatches();
        boolean invoice = "INVOICE".equals(command.get("kind"));
        boolean missing = allocate();
        for (var piece : pieces) if (piece.rate == null) throw Refused.of("TAX_RATE_MISSING");
        boolean tooLittle = missing && invoice && !strings(command.get("approved")).contains("STOCK_SHORT");
        // A price that is missing refuses before stock that is short, the price of free goods too.
        schemes = new SlowSchemes(book, command, pieces, prices, stock);
        schemes.px21();
        if (tooLittle || schemes.freeShort && invoice && !strings(command.get("approved")).contains("STOCK_SHORT")) throw Refused.of("STOCK_SHORT");
        manualDiscounts();
        for (var piece : pieces) piece.shared = ZERO.setScale(scale);
        var mixed = ex11();
        for (var piece : pieces) taxes(piece, mixed);
        ceilingAndFloor();
        charges();
        return answer();
    }

    // ---- lines ----

    /// A batch that a line names must be there, fit to be sold, and have the days that the channel asks.
    private void namedBatches() {
        var codes = new java.util.TreeSet<String>();
        for (var line : maps(command.get("lines"))) {
            if (line.get("batchId") == null) continue;
            Map<String, Object> named = null;
            for (var batch : maps(command.get("batches"))) if (batch.get("batchId").equals(line.get("batchId")) && batch.get("skuId").equals(line.get("skuId"))) named = batch;
            if (named == null) codes.add("BATCH_UNKNOWN");
            else if (stock.expired(named)) codes.add("BATCH_EXPIRED");
            else if (!stock.maySell(named)) codes.add("SHELF_LIFE_SHORT");
        }
        if (!codes.isEmpty()) throw Refused.of(codes.toArray(String[]::new));
    }

    private static final Comparator<BigDecimal> NONE_FIRST = Comparator.nullsFirst(Comparator.naturalOrder());

    /// Who takes from the batches first: what a line says decides, never where it stands (DOMAIN B: then quantity, then line).
    private static final Comparator<Map<String, Object>> ORDER = Comparator.comparing((Map<String, Object> line) -> line.get("batchId") == null)
            .thenComparing(line -> decimal(line.get("manualPrice")), NONE_FIRST).thenComparing(line -> decimal(line.get("manualDiscountPercent")), NONE_FIRST)
            .thenComparing(line -> decimal(line.get("qty"))).thenComparing(line -> (Long) line.get("line"));

    /// Splits every line over batches, MRPs and prices. True: something is short.
    private boolean allocate() {
        boolean missing = false;
        var order = new ArrayList<>(maps(command.get("lines")));
        order.sort(ORDER);
        boolean noPrice = false;
        for (var line : order) {
            var sku = sku((String) line.get("skuId"));
            var wanted = decimal(line.get("qty"));
            int part = 0;
            var left = wanted;
            var own = new ArrayList<Piece>();
            for (var taken : stock.take(sku, wanted, (String) line.get("batchId"))) {
                left = left.subtract(taken.qty());
                noPrice |= add(own, line, sku, decimal(taken.batch().get("mrp")), taken.batch(), taken.qty());
            }
            if (left.signum() > 0) {
                missing = true;
                Map<String, Object> named = null;
                for (var batch : maps(command.get("batches"))) if (batch.get("batchId").equals(line.get("batchId"))) named = batch;
                noPrice |= add(own, line, sku, named == null ? decimal(sku.get("mrp")) : decimal(named.get("mrp")), named, left);
            }
            for (var piece : own) piece.part = ++part;
            if (line.get("orderedQty") != null && !own.isEmpty()) own.getFirst().ordered = own.getFirst().qty.add(decimal(line.get("orderedQty"))).subtract(wanted);
            pieces.addAll(own);
        }
        pieces.sort(Comparator.comparing((Piece piece) -> piece.line).thenComparing(piece -> piece.part));
        for (var piece : pieces) if (piece.rate == null) throw Refused.of("TAX_RATE_MISSING");
        if (noPrice) throw Refused.of("PRICE_MISSING");
        for (var piece : pieces) piece.gross = Slow.round(piece.qty.multiply(piece.unitPrice), scale);
        return missing;
    }

    private boolean add(List<Piece> own, Map<String, Object> line, Map<String, Object> sku, BigDecimal mrp, Map<String, Object> batch, BigDecimal qty) {
        var piece = new Piece();
        piece.line = Math.toIntExact((Long) line.get("line"));
        piece.sku = sku;
        piece.mrp = mrp;
        piece.qty = qty;
        piece.manualPercent = decimal(line.get("manualDiscountPercent"));
        if (line.get("manualPrice") != null) {
            piece.unitPrice = decimal(line.get("manualPrice")).setScale(6);
            piece.manualPrice = true;
        } else {
            var price = prices.px01(sku, mrp, batch == null ? null : (String) batch.get("batchId"));
            if (price != null) {
                piece.unitPrice = price.unit();
                piece.inclusive = price.inclusive();
                piece.priceListId = price.listId();
                piece.priceListVersion = price.version();
                piece.priceLevel = price.level();
            }
        }
        piece.rate = prices.in06(sku, mrp, piece.unitPrice);
        for (var same : own)
            if (same.unitPrice != null && piece.unitPrice != null && (same.mrp == null ? mrp == null : mrp != null && same.mrp.compareTo(mrp) == 0)
                    && same.unitPrice.compareTo(piece.unitPrice) == 0 && same.inclusive == piece.inclusive) {
                same.qty = same.qty.add(qty);
                if (batch != null) same.batches.add(batch);
                return false;
            }
        if (batch != null) piece.batches.add(batch);
        own.add(piece);
        return piece.unitPrice == null;
    }

    private Map<String, Object> sku(String id) {
        for (var sku : maps(book.get("skus"))) if (sku.get("id").equals(id)) return sku;
        throw Refused.of("SKU_UNKNOWN");
    }

    // ---- after the schemes ----

    /// PX-43: the user's own discount works last, on what all schemes left.
    private void manualDiscounts() {
        for (var piece : pieces)
            piece.manualDiscount = piece.manualPercent == null ? ZERO.setScale(scale) : Slow.round(piece.net().multiply(piece.manualPercent).movePointLeft(2), scale);
    }

    private BigDecimal paid(Piece piece) {
        return piece.net().subtract(piece.manualDiscount).add(piece.shared);
    }

    /// EX-11: one price for bought and free goods. SINGLE_PRICE_ALLOCATED shares what is paid by list value, each part at its own rate;
    /// MIXED_SUPPLY leaves it on the bought goods, all of them at the highest rate. The latter's rates by line come back.
    private Map<Piece, Map<String, Object>> ex11() {
        var highest = new LinkedHashMap<Piece, Map<String, Object>>();
        for (var one : schemes.candidates) {
            var mode = (String) one.mechanic().getOrDefault("tax", "ZERO_PRICED");
            if (!one.applied || mode.equals("ZERO_PRICED")) continue;
            var free = schemes.freeGoods.stream().filter(row -> row.scheme == one.scheme).toList();
            if (free.isEmpty()) continue;
            var lines = new ArrayList<Piece>();
            for (var line : one.open) for (var piece : line.pieces()) if (piece.qty.signum() > 0) lines.add(piece);
            if (mode.equals("MIXED_SUPPLY")) {
                Map<String, Object> top = null;
                for (var piece : lines) if (top == null || higher(piece.rate, top)) top = piece.rate;
                for (var row : free) {
                    var rate = prices.in06(row.sku, row.mrp, row.unitPrice);
                    if (top == null || higher(rate, top)) top = rate;
                }
                for (var piece : lines) highest.put(piece, top);
                continue;
            }
            var shares = new ArrayList<Slow.Share<Object>>();
            var whole = ZERO;
            for (var piece : lines) {
                whole = whole.add(paid(piece));
                shares.add(new Slow.Share<>(piece, piece.gross, piece.skuCode(), piece.mrp, piece.qty, piece.manualPercent, piece.line, piece.part));
            }
            // Of equals the bought ones come before the free ones.
            for (var row : free) shares.add(new Slow.Share<>(row, row.value, (String) row.sku.get("code"), row.mrp, row.qty, BigDecimal.valueOf(1_000), Integer.MAX_VALUE, 0));
            for (var share : Slow.apportion(whole, shares, scale)) {
                if (share.taker() instanceof Piece piece) piece.shared = piece.shared.add(share.amount()).subtract(paid(piece));
                else ((SlowSchemes.Free) share.taker()).shared = share.amount();
            }
        }
        return highest;
    }

    private static boolean higher(Map<String, Object> one, Map<String, Object> other) {
        return decimal(one.get("rate")).compareTo(decimal(other.get("rate"))) > 0;
    }

    private BigDecimal retail(Map<String, Object> batch, BigDecimal mrp) {
        return batch != null && batch.get("rsp") != null ? decimal(batch.get("rsp")) : mrp;
    }

    private void taxes(Piece piece, Map<Piece, Map<String, Object>> mixed) {
        var rate = mixed.getOrDefault(piece, piece.rate);
        var rsp = retail(piece.batches.isEmpty() ? null : piece.batches.getFirst(), piece.mrp);
        var heads = piece.inclusive ? tax.inclusive(paid(piece), rate) : tax.exclusive(paid(piece), rate, piece.qty, rsp == null ? null : Slow.round(rsp.multiply(piece.qty), scale));
        piece.taxable = heads.taxable();
        piece.heads = heads;
        piece.total = heads.taxable().add(heads.sum());
    }

    /// PX-05, after all benefits.
    private void ceilingAndFloor() {
        boolean ceiling = "BLOCK".equals(policy.getOrDefault("mrpCeiling", "BLOCK")), floor = "BLOCK".equals(policy.getOrDefault("floor", "BLOCK"));
        var codes = new ArrayList<String>();
        var slack = BigDecimal.TWO.movePointLeft(scale);
        for (var piece : pieces) {
            if (piece.qty.signum() == 0) continue;
            if (ceiling && piece.mrp != null && piece.total.compareTo(piece.mrp.multiply(piece.qty).add(slack)) > 0) codes.add("PRICE_ABOVE_MRP");
            if (!floor || piece.sku.get("pts") == null) continue;
            var kept = piece.taxable;
            for (var one : schemes.candidates) if (piece.benefits.containsKey(one.id())) kept = kept.add(principalShare(one, piece.benefits.get(one.id())));
            if (kept.compareTo(Slow.round(decimal(piece.sku.get("pts")).multiply(piece.qty), scale)) < 0) codes.add("PRICE_BELOW_FLOOR");
        }
        if (!codes.isEmpty()) throw Refused.of(codes.stream().distinct().sorted().toArray(String[]::new));
    }

    private void charges() {
        for (var charge : maps(command.get("charges"))) {
            var amount = decimal(charge.get("amount"));
            var rate = prices.in06((String) charge.get("hsn"), Map.of(), null, null);
            if (rate == null) throw Refused.of("TAX_RATE_MISSING");
            var heads = tax.exclusive(amount, rate, Slow.ONE, null);
            charges = charges.add(amount);
            chargeHeads.add(heads);
            chargeRows.add(AnyCase.tree("code", charge.get("code"), "amount", money(amount), "cgst", money(heads.cgst()), "sgst", money(heads.sgst()), "igst", money(heads.igst()),
                    "cess", money(heads.cess()), "total", money(amount.add(heads.sum()))));
        }
    }

    /// PX-28: the principal's part of a rounded benefit is rounded, the distributor has the rest.
    private BigDecimal principalShare(SlowSchemes.Candidate one, BigDecimal benefit) {
        return Slow.round(benefit.multiply(decimal(one.scheme.getOrDefault("principalShare", "1"))), scale);
    }

    // ---- the answer ----

    private String money(BigDecimal value) {
        return value.setScale(scale).toPlainString();
    }

    private String unit(BigDecimal price) {
        var stripped = price.stripTrailingZeros();
        return stripped.setScale(Math.max(2, stripped.scale())).toPlainString();
    }

    private Map<String, Object> answer() {
        var lines = new ArrayList<Map<String, Object>>();
        BigDecimal gross = ZERO, discount = ZERO, manual = ZERO, taxable = ZERO, cgst = ZERO, sgst = ZERO, igst = ZERO, cess = ZERO, vat = ZERO;
        for (var piece : pieces) {
            if (piece.qty.signum() == 0) continue;
            var benefits = new ArrayList<Map<String, Object>>();
            for (var one : schemes.candidates) {
                var amount = piece.benefits.get(one.id());
                if (amount == null) continue;
                var principal = principalShare(one, amount);
                benefits.add(AnyCase.tree("schemeId", one.id(), "amount", money(amount), "principalShare", money(principal), "distributorShare", money(amount.subtract(principal))));
            }
            var heads = piece.heads;
            lines.add(AnyCase.tree("line", (long) piece.line, "skuId", piece.skuId(), "mrp", piece.mrp == null ? null : money(piece.mrp), "qty", SlowSchemes.qty(piece.qty),
                    "unitPrice", unit(piece.unitPrice), "priceListId", piece.priceListId, "priceListVersion", piece.priceListVersion,
                    "priceLevel", piece.manualPrice ? null : piece.priceLevel, "gross", money(piece.gross), "benefits", benefits, "schemeDiscount", money(piece.schemeDiscount()),
                    "manualDiscount", money(piece.manualDiscount), "sharedValue", money(piece.shared), "taxable", money(heads.taxable()), "cgst", money(heads.cgst()), "sgst", money(heads.sgst()),
                    "igst", money(heads.igst()), "cess", money(heads.cess()), "vat", heads.vat().signum() == 0 ? null : money(heads.vat()),
                    "assessable", heads.assessable() == null ? null : money(heads.assessable()), "total", money(piece.total)));
            gross = gross.add(piece.gross);
            discount = discount.add(piece.schemeDiscount());
            manual = manual.add(piece.manualDiscount);
            taxable = taxable.add(heads.taxable());
            cgst = cgst.add(heads.cgst());
            sgst = sgst.add(heads.sgst());
            igst = igst.add(heads.igst());
            cess = cess.add(heads.cess());
            vat = vat.add(heads.vat());
        }
        var freeLines = new ArrayList<Map<String, Object>>();
        for (var row : schemes.freeGoods) {
            var rate = prices.in06(row.sku, row.mrp, row.unitPrice);
            var heads = row.inclusive ? tax.inclusive(row.shared.setScale(scale), rate) : tax.exclusive(row.shared.setScale(scale), rate, row.qty, row.mrp == null ? null : Slow.round(row.mrp.multiply(row.qty), scale));
            freeLines.add(AnyCase.tree("schemeId", row.scheme.get("id"), "skuId", row.sku.get("id"), "qty", SlowSchemes.qty(row.qty), "inside", row.inside, "unitPrice", unit(row.unitPrice),
                    "value", money(row.value), "taxable", money(heads.taxable()), "cgst", money(heads.cgst()), "sgst", money(heads.sgst()), "igst", money(heads.igst()),
                    "cess", money(heads.cess()), "total", money(heads.taxable().add(heads.sum()))));
            taxable = taxable.add(heads.taxable());
            cgst = cgst.add(heads.cgst());
            sgst = sgst.add(heads.sgst());
            igst = igst.add(heads.igst());
            cess = cess.add(heads.cess());
            vat = vat.add(heads.vat());
        }
        // The totals' heads hold the charges' taxes too.
        for (var heads : chargeHeads) {
            cgst = cgst.add(heads.cgst());
            sgst = sgst.add(heads.sgst());
            igst = igst.add(heads.igst());
            cess = cess.add(heads.cess());
            vat = vat.add(heads.vat());
        }
        var before = taxable.add(cgst).add(sgst).add(igst).add(cess).add(vat).add(charges);
        var payable = rounded(before);
        schemes.accrue(payable);
        var totals = AnyCase.tree("gross", money(gross), "schemeDiscount", money(discount), "manualDiscount", money(manual), "taxable", money(taxable), "cgst", money(cgst), "sgst", money(sgst),
                "igst", money(igst), "cess", money(cess), "vat", vat.signum() == 0 ? null : money(vat), "charges", chargeRows.isEmpty() ? null : money(charges), "beforeRounding", money(before), "rounding", money(payable.subtract(before)), "payable", money(payable));
        return AnyCase.tree("outcome", "DECIDED", "placeOfSupply", tax.placeOfSupply(), "interState", tax.interState(), "lines", lines, "freeLines", freeLines, "totals", totals,
                "schemes", schemeRows(), "trace", trace(), "limits", schemes.limitRows.isEmpty() ? null : schemes.limitRows, "accruals", schemes.accruals.isEmpty() ? null : schemes.accruals,
                "charges", chargeRows.isEmpty() ? null : chargeRows, "cashDiscounts", schemes.cashDiscounts.isEmpty() ? null : schemes.cashDiscounts);
    }

    /// PX-27, PX-28: who pays for what each scheme gave. The principal's part of free goods is at the claim rate.
    private List<Map<String, Object>> schemeRows() {
        var rows = new ArrayList<Map<String, Object>>();
        for (var one : schemes.candidates) {
            BigDecimal discount = ZERO, principal = ZERO, value = ZERO, free = ZERO;
            for (var piece : pieces) {
                var amount = piece.benefits.getOrDefault(one.id(), ZERO);
                discount = discount.add(amount);
                principal = principal.add(principalShare(one, amount));
            }
            boolean gave = discount.signum() != 0, atCost = false;
            for (var row : schemes.freeGoods) {
                if (row.scheme != one.scheme) continue;
                gave = true;
                value = value.add(row.value);
                free = free.add(principalShare(one, claimed(row)));
                // Of units inside the ordered ones the oracle does not follow the batch.
                atCost |= row.inside && row.sku.get("pts") == null && !"PTR".equals(row.scheme.get("claimRate"));
            }
            if (!gave) continue;
            var claim = Boolean.TRUE.equals(one.scheme.get("claimable")) ? principal.add(free) : ZERO;
            rows.add(AnyCase.tree("schemeId", one.id(), "discount", money(discount), "principalShare", money(principal), "distributorShare", money(discount.subtract(principal)),
                    "freeGoodsValue", money(value), "freeGoodsPrincipalShare", atCost ? null : money(free), "claim", atCost ? null : money(claim)));
        }
        return rows;
    }

    /// PX-27: claimed at PTS, PTR or what the goods cost.
    private BigDecimal claimed(SlowSchemes.Free row) {
        return switch ((String) row.scheme.getOrDefault("claimRate", "PTS")) {
            case "PTR" -> Slow.round(row.qty.multiply(row.unitPrice), scale);
            case "COST" -> cost(row);
            default -> row.sku.get("pts") == null ? cost(row) : Slow.round(row.qty.multiply(decimal(row.sku.get("pts"))), scale);
        };
    }

    private BigDecimal cost(SlowSchemes.Free row) {
        var cost = ZERO;
        for (var taken : row.taken) cost = cost.add(Slow.round(taken.qty().multiply(decimal(taken.batch().get("unitCost"))), scale));
        return cost;
    }

    private List<Map<String, Object>> trace() {
        var trace = new ArrayList<Map<String, Object>>();
        for (var one : schemes.candidates) {
            var row = AnyCase.tree("code", one.code(), "freeQty", SlowSchemes.qty(one.freeQty));
            // What an accrual of nothing says of itself is left to the engine; its amount is compared.
            if (one.stage().equals("ACCRUAL") && (one.condition == null || one.condition.equals("THRESHOLD") || one.condition.equals("NO_VALUE"))) {
                trace.add(row);
                continue;
            }
            row.put("applied", one.applied);
            row.put("condition", one.condition);
            row.put("benefit", money(one.benefit));
            if ("EXCLUDED".equals(one.condition)) row.put("found", one.found);
            if ("CAP".equals(one.condition)) {
                row.put("wanted", one.wanted);
                row.put("found", one.found);
            }
            if (one.nextStated) row.put("next", one.next);
            trace.add(row);
        }
        return trace;
    }

    /// DOMAIN B: document rounding is a line of its own, half up.
    private BigDecimal rounded(BigDecimal before) {
        var rounding = map(book.get("rounding"));
        var modes = strings(rounding.get("paymentModes"));
        if ("NONE".equals(rounding.get("document")) || !modes.isEmpty() && !modes.contains(command.get("paymentMode"))) return before;
        var step = "NEAREST".equals(rounding.get("document")) ? decimal(rounding.get("step")) : Slow.ONE;
        var mode = switch ((String) rounding.getOrDefault("mode", "HALF_UP")) {
            case "UP" -> RoundingMode.CEILING;
            case "DOWN" -> RoundingMode.FLOOR;
            default -> RoundingMode.HALF_UP;
        };
        return before.divide(step, 0, mode).multiply(step).setScale(scale);
    }
}
