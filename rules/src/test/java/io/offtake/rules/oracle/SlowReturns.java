package io.offtake.rules.oracle;

import static io.offtake.rules.oracle.JsonText.decimal;
import static io.offtake.rules.oracle.JsonText.map;
import static io.offtake.rules.oracle.JsonText.maps;
import static io.offtake.rules.oracle.JsonText.strings;
import static java.math.BigDecimal.ZERO;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What comes back of a bill, worked out from PX-41, EX-24 and EX-25 alone: the bill as it would stand if only the goods that stay had been sold, looked at
/// once with all that came back before and once with what comes back now; a credit is the difference of the two. Nothing is remembered but quantities.
final class SlowReturns {
    private final Map<String, Object> book, command, decision;
    private final SlowTax tax;
    private final SlowPrices prices;
    private final int scale;
    /// Units that are back, by line and part; free units that are back or charged, by scheme and SKU.
    private final Map<String, BigDecimal> back = new TreeMap<>(), freeBack = new TreeMap<>();
    private Standing standing;
    private BigDecimal creditedBefore = ZERO, roundedBefore = ZERO, carry = ZERO;

    SlowReturns(String bookText, String commandText, String decisionText) {
        book = JsonText.object(bookText);
        command = JsonText.object(commandText);
        decision = JsonText.object(decisionText);
        tax = new SlowTax(book, command);
        prices = new SlowPrices(book, command);
        scale = ((Long) map(book.get("currency")).get("scale")).intValue();
        standing = stand();
    }

    private static String key(Map<String, Object> line) {
        return line.get("line") + "." + line.getOrDefault("part", 1L);
    }

    /// A line of the bill as far as it is taken back: value, heads, benefit by scheme.
    private record Taken(BigDecimal taxable, BigDecimal cgst, BigDecimal sgst, BigDecimal igst, BigDecimal cess, BigDecimal vat, Map<String, BigDecimal> benefits) {}

    /// @param freeDue what the goods that stay earn, by scheme and SKU
    private record Standing(Map<String, Taken> lines, Map<String, BigDecimal> freeDue) {}

    /// PX-41: the default is PROPORTIONAL for what goes by the line's own value or piece, RECOMPUTE for everything with a threshold over goods.
    private String policy(String schemeId) {
        for (var scheme : maps(book.get("schemes"))) {
            if (!scheme.get("id").equals(schemeId) || !isOn(scheme)) continue;
            if (scheme.get("returnPolicy") != null) return (String) scheme.get("returnPolicy");
            var type = (String) map(scheme.get("mechanic")).get("type");
            return type.equals("DISCOUNT") || type.equals("PER_CASE_REBATE") ? "PROPORTIONAL" : "RECOMPUTE";
        }
        throw new AssertionError("the bill has a scheme that the book has not: " + schemeId);
    }

    private boolean isOn(Map<String, Object> scheme) {
        for (var row : maps(decision.get("schemes"))) if (row.get("schemeId").equals(scheme.get("id")) && row.get("schemeVersion").equals(scheme.get("version"))) return true;
        return false;
    }

    private BigDecimal share(Object whole, BigDecimal part, BigDecimal of) {
        return part.compareTo(of) == 0 ? decimal(whole) : Slow.divideRounded(decimal(whole).multiply(part), of, scale);
    }

    // ---- what the goods that stay would have earned ----

    /// The schemes that gave something, on the goods that stay, at the prices that were billed: a bill of its own.
    private Map<String, Object> remaining() {
        var lines = new ArrayList<Map<String, Object>>();
        var stock = new ArrayList<Map<String, Object>>();
        long number = 0;
        for (var line : maps(decision.get("lines"))) {
            number++;
            var left = decimal(line.get("qty")).subtract(back.getOrDefault(key(line), ZERO));
            if (left.signum() <= 0) continue;
            // of its own MRP, and there: no scheme falls back for want of stock
            lines.add(AnyCase.tree("line", number, "skuId", line.get("skuId"), "qty", SlowSchemes.qty(left), "batchId", "plenty-" + number, "manualPrice", line.get("unitPrice"), "manualReason", "as billed"));
            stock.add(AnyCase.tree("batchId", "plenty-" + number, "skuId", line.get("skuId"), "batchNo", "P", "mrp", line.get("mrp"), "saleable", "1000000", "unitCost", "1.00"));
        }
        if (lines.isEmpty()) return Map.of();
        var schemes = new ArrayList<Map<String, Object>>();
        // the lines hold what was billed: units that were free inside of the ordered quantity are not among them, so a set is earned by its bought units (EX-10)
        for (var scheme : maps(book.get("schemes")))
            if (isOn(scheme)) schemes.add(map(scheme.get("mechanic")).get("inside") == null ? scheme : Case.with(scheme, "mechanic", Case.with(map(scheme.get("mechanic")), "inside", null)));
        var only = new LinkedHashMap<>(book);
        only.put("schemes", schemes);
        only.put("policy", Case.with(Case.with(map(book.get("policy")), "mrpCeiling", "OFF"), "floor", "OFF"));
        var asked = new LinkedHashMap<>(command);
        asked.put("kind", "ORDER_PREVIEW");
        asked.put("lines", lines);
        for (var sku : maps(book.get("skus")))
            stock.add(AnyCase.tree("batchId", "plenty-" + sku.get("id"), "skuId", sku.get("id"), "batchNo", "P", "mrp", sku.get("mrp"), "saleable", "1000000", "unitCost", "1.00"));
        asked.put("batches", stock);
        asked.remove("charges");
        asked.remove("choices");
        return SlowCalculator.decide(JsonText.write(only), JsonText.write(asked));
    }

    private Standing stand() {
        // a bill that nothing came back of stands as it was decided
        var due = back.isEmpty() ? Map.<String, Object>of() : remaining();
        if (!due.isEmpty() && !due.get("outcome").equals("DECIDED")) throw new AssertionError("what stays was refused: " + due.get("refusals"));
        var earned = new TreeMap<String, BigDecimal>();
        if (!due.isEmpty()) for (var line : maps(due.get("lines"))) for (var benefit : maps(line.get("benefits"))) earned.merge(line.get("line") + "|" + benefit.get("schemeId"), decimal(benefit.get("amount")), BigDecimal::add);
        var freeDue = new TreeMap<String, BigDecimal>();
        if (back.isEmpty()) for (var line : maps(decision.get("freeLines"))) freeDue.merge(line.get("schemeId") + "|" + line.get("skuId"), decimal(line.get("qty")), BigDecimal::add);
        if (!due.isEmpty()) for (var line : maps(due.get("freeLines"))) freeDue.merge(line.get("schemeId") + "|" + line.get("skuId"), decimal(line.get("qty")), BigDecimal::add);
        var lines = new TreeMap<String, Taken>();
        long number = 0;
        for (var line : maps(decision.get("lines"))) {
            number++;
            var qty = decimal(line.get("qty"));
            var came = back.getOrDefault(key(line), ZERO);
            var booked = new TreeMap<String, BigDecimal>();
            for (var benefit : maps(line.get("benefits"))) booked.merge((String) benefit.get("schemeId"), decimal(benefit.get("amount")), BigDecimal::add);
            var taken = new TreeMap<String, BigDecimal>();
            boolean inProportion = true;
            var stays = ZERO;
            for (var one : booked.entrySet()) {
                var proportional = share(one.getValue().toPlainString(), came, qty);
                var takenBack = switch (policy(one.getKey())) {
                    case "NONE" -> ZERO.setScale(scale);
                    case "PROPORTIONAL" -> proportional;
                    default -> back.isEmpty() ? ZERO.setScale(scale) : one.getValue().subtract(Slow.min(one.getValue(), came.compareTo(qty) == 0 ? ZERO : earned.getOrDefault(number + "|" + one.getKey(), ZERO)));
                };
                inProportion &= takenBack.compareTo(proportional) == 0;
                taken.put(one.getKey(), takenBack);
                stays = stays.add(one.getValue().subtract(takenBack));
            }
            lines.put(key(line), value(line, came, qty, inProportion || came.compareTo(qty) == 0, stays, taken));
        }
        return new Standing(lines, freeDue);
    }

    /// PX-41: value and each head in proportion, cumulatively; where a benefit is taken back otherwise, what stays is valued and taxed as it stands (EX-25).
    private Taken value(Map<String, Object> line, BigDecimal came, BigDecimal qty, boolean inProportion, BigDecimal stays, Map<String, BigDecimal> taken) {
        if (inProportion)
            return new Taken(share(line.get("taxable"), came, qty), share(line.get("cgst"), came, qty), share(line.get("sgst"), came, qty), share(line.get("igst"), came, qty), share(line.get("cess"), came, qty),
                    share(line.getOrDefault("vat", "0.00"), came, qty), taken);
        var left = decimal(line.get("gross")).subtract(share(line.get("gross"), came, qty)).subtract(stays)
                .subtract(decimal(line.get("manualDiscount")).subtract(share(line.get("manualDiscount"), came, qty))).add(decimal(line.get("sharedValue")).subtract(share(line.get("sharedValue"), came, qty)));
        left = Slow.max(left, ZERO);
        var rate = rate(line);
        boolean inclusive = Boolean.TRUE.equals(line.get("taxInclusive"));
        if (rate != null && "RSP".equals(rate.get("valuation"))) {
            // the tax on a retail price does not follow the discount
            var cgst = share(line.get("cgst"), came, qty);
            var sgst = share(line.get("sgst"), came, qty);
            var igst = share(line.get("igst"), came, qty);
            var cess = share(line.get("cess"), came, qty);
            var vat = share(line.getOrDefault("vat", "0.00"), came, qty);
            var taxesLeft = decimal(line.get("total")).subtract(decimal(line.get("taxable"))).subtract(cgst).subtract(sgst).subtract(igst).subtract(cess).subtract(vat);
            return new Taken(decimal(line.get("taxable")).subtract(inclusive ? left.subtract(taxesLeft) : left), cgst, sgst, igst, cess, vat, taken);
        }
        var heads = rate == null ? new SlowTax.Heads(left, ZERO, ZERO, ZERO, ZERO, ZERO, null) : inclusive ? tax.inclusive(left, rate) : tax.exclusive(left, rate, qty.subtract(came), null);
        return new Taken(decimal(line.get("taxable")).subtract(heads.taxable()), decimal(line.get("cgst")).subtract(heads.cgst()), decimal(line.get("sgst")).subtract(heads.sgst()),
                decimal(line.get("igst")).subtract(heads.igst()), decimal(line.get("cess")).subtract(heads.cess()), decimal(line.getOrDefault("vat", "0.00")).subtract(heads.vat()), taken);
    }

    private Map<String, Object> rate(Map<String, Object> line) {
        for (var rate : maps(book.get("taxRates"))) if (rate.get("id").equals(line.get("taxRateId")) && rate.getOrDefault("version", 1L).equals(line.get("taxRateVersion"))) return rate;
        return null;
    }

    // ---- one return ----

    /// Takes units back and answers what that credits: lines, free goods, totals, in the members of the JSON contract.
    Map<String, Object> takeBack(List<Map<String, Object>> lines, List<Map<String, Object>> free, boolean charge) {
        var before = standing;
        for (var line : lines) back.merge(key(line), decimal(line.get("qty")), BigDecimal::add);
        standing = stand();
        var rows = new ArrayList<Map<String, Object>>();
        BigDecimal taxable = ZERO, cgst = ZERO, sgst = ZERO, igst = ZERO, cess = ZERO, vat = ZERO;
        for (var line : maps(decision.get("lines"))) {
            var was = before.lines.get(key(line));
            var is = standing.lines.get(key(line));
            var row = AnyCase.tree("line", line.get("line"), "part", line.get("part"), "taxable", money(is.taxable.subtract(was.taxable)), "cgst", money(is.cgst.subtract(was.cgst)),
                    "sgst", money(is.sgst.subtract(was.sgst)), "igst", money(is.igst.subtract(was.igst)), "cess", money(is.cess.subtract(was.cess)), "vat", money(is.vat.subtract(was.vat)),
                    "schemeDiscount", money(sum(is.benefits).subtract(sum(was.benefits))));
            taxable = taxable.add(is.taxable).subtract(was.taxable);
            cgst = cgst.add(is.cgst).subtract(was.cgst);
            sgst = sgst.add(is.sgst).subtract(was.sgst);
            igst = igst.add(is.igst).subtract(was.igst);
            cess = cess.add(is.cess).subtract(was.cess);
            vat = vat.add(is.vat).subtract(was.vat);
            rows.add(row);
        }
        var freeRows = new ArrayList<Map<String, Object>>();
        for (var row : free(free, charge)) {
            taxable = taxable.subtract(row.taxable);
            cgst = cgst.subtract(row.heads.cgst());
            sgst = sgst.subtract(row.heads.sgst());
            igst = igst.subtract(row.heads.igst());
            cess = cess.subtract(row.heads.cess());
            vat = vat.subtract(row.heads.vat());
            freeRows.add(AnyCase.tree("schemeId", row.schemeId, "skuId", row.skuId, "back", SlowSchemes.qty(row.back), "charged", SlowSchemes.qty(row.charged), "openQty", SlowSchemes.qty(row.open),
                    "total", money(row.taxable.add(row.heads.sum()))));
        }
        var sum = taxable.add(cgst).add(sgst).add(igst).add(cess).add(vat);
        var rounded = rounded(creditedBefore.add(sum)).subtract(roundedBefore);
        creditedBefore = creditedBefore.add(sum);
        roundedBefore = roundedBefore.add(rounded);
        var owed = rounded.add(carry);
        carry = Slow.min(owed, ZERO);
        var schemes = new TreeMap<String, Object>();
        for (var row : maps(decision.get("schemes"))) {
            var id = (String) row.get("schemeId");
            BigDecimal taken = ZERO, booked = ZERO;
            for (var line : maps(decision.get("lines"))) {
                taken = taken.add(standing.lines.get(key(line)).benefits.getOrDefault(id, ZERO)).subtract(before.lines.get(key(line)).benefits.getOrDefault(id, ZERO));
                for (var benefit : maps(line.get("benefits"))) if (benefit.get("schemeId").equals(id)) booked = booked.add(decimal(benefit.get("amount")));
            }
            if (booked.signum() != 0) schemes.put(id, money(taken));
        }
        return AnyCase.tree("lines", rows, "free", freeRows, "schemes", schemes, "totals", AnyCase.tree("taxable", money(taxable), "cgst", money(cgst), "sgst", money(sgst), "igst", money(igst), "cess", money(cess),
                "vat", money(vat), "beforeRounding", money(sum), "credit", money(Slow.max(owed, ZERO)), "carry", money(carry)));
    }

    private record FreeRow(String schemeId, String skuId, BigDecimal back, BigDecimal charged, BigDecimal open, BigDecimal taxable, SlowTax.Heads heads) {}

    /// EX-24: free units that the goods that stay do not earn come back or are charged at their price on the bill; what one price had put on them is credited (EX-11).
    private List<FreeRow> free(List<Map<String, Object>> now, boolean charge) {
        var given = new LinkedHashMap<String, List<Map<String, Object>>>();
        for (var line : maps(decision.get("freeLines"))) given.computeIfAbsent(line.get("schemeId") + "|" + line.get("skuId"), any -> new ArrayList<>()).add(line);
        var pool = new TreeMap<String, BigDecimal>();
        standing.freeDue.forEach((key, qty) -> pool.merge(key.substring(0, key.indexOf('|')), qty, BigDecimal::add));
        var rows = new ArrayList<FreeRow>();
        given.forEach((key, lines) -> {
            var schemeId = (String) lines.getFirst().get("schemeId");
            var all = ZERO;
            for (var line : lines) all = all.add(decimal(line.get("qty")));
            var keeps = switch (policy(schemeId)) {
                case "NONE" -> all;
                case "PROPORTIONAL" -> all.subtract(proportional(all));
                default -> {
                    var due = ownReward(schemeId) ? standing.freeDue.getOrDefault(key, ZERO) : pool.getOrDefault(schemeId, ZERO);
                    var kept = Slow.min(all, due);
                    pool.merge(schemeId, kept.negate(), BigDecimal::add);
                    yield kept;
                }
            };
            var came = ZERO;
            for (var one : now) if (key.equals(one.get("schemeId") + "|" + one.get("skuId"))) came = came.add(decimal(one.get("qty")));
            var earlier = freeBack.getOrDefault(key, ZERO);
            var open = Slow.max(ZERO, all.subtract(keeps).subtract(earlier).subtract(came));
            var charged = charge ? open : ZERO;
            freeBack.put(key, earlier.add(came).add(charged));
            var first = lines.getFirst();
            var value = Slow.round(decimal(first.get("unitPrice")).multiply(charged), scale);
            var rate = rate(first);
            var mrp = first.get("mrp") == null ? null : Slow.round(decimal(first.get("mrp")).multiply(charged), scale);
            boolean inclusive = false;
            for (var line : maps(decision.get("lines"))) if (line.get("skuId").equals(first.get("skuId"))) {
                inclusive = Boolean.TRUE.equals(line.get("taxInclusive"));
                break;
            }
            var heads = charged.signum() == 0 || rate == null ? new SlowTax.Heads(value, ZERO, ZERO, ZERO, ZERO, ZERO, null) : inclusive ? tax.inclusive(value, rate) : tax.exclusive(value, rate, charged, mrp);
            var gone = freeBack.get(key);
            heads = new SlowTax.Heads(heads.taxable().subtract(part(lines, "taxable", earlier, gone, all)), heads.cgst().subtract(part(lines, "cgst", earlier, gone, all)),
                    heads.sgst().subtract(part(lines, "sgst", earlier, gone, all)), heads.igst().subtract(part(lines, "igst", earlier, gone, all)), heads.cess().subtract(part(lines, "cess", earlier, gone, all)),
                    heads.vat().subtract(part(lines, "vat", earlier, gone, all)), null);
            rows.add(new FreeRow(schemeId, (String) first.get("skuId"), came, charged, open.subtract(charged), heads.taxable(), heads));
        });
        return rows;
    }

    private BigDecimal part(List<Map<String, Object>> lines, String head, BigDecimal from, BigDecimal to, BigDecimal of) {
        var whole = ZERO;
        for (var line : lines) whole = whole.add(decimal(line.getOrDefault(head, "0")));
        var text = whole.toPlainString();
        return share(text, to, of).subtract(share(text, from, of));
    }

    /// Free goods of the SKU that was bought, each SKU for itself.
    private boolean ownReward(String schemeId) {
        for (var scheme : maps(book.get("schemes")))
            if (scheme.get("id").equals(schemeId) && isOn(scheme)) {
                var mechanic = map(scheme.get("mechanic"));
                return mechanic.get("type").equals("FREE_GOODS") && mechanic.get("rewardSkuId") == null && strings(mechanic.get("rewardSkuIds")).isEmpty();
            }
        return false;
    }

    /// PX-25: whole units, rounded down, of the free units that fall to the billed units that are back.
    private BigDecimal proportional(BigDecimal given) {
        BigDecimal billed = ZERO, came = ZERO;
        for (var line : maps(decision.get("lines"))) billed = billed.add(decimal(line.get("qty")));
        for (var qty : back.values()) came = came.add(qty);
        return billed.signum() == 0 ? ZERO : given.multiply(came).divide(billed, 0, RoundingMode.DOWN);
    }

    private static BigDecimal sum(Map<String, BigDecimal> amounts) {
        var sum = ZERO;
        for (var amount : amounts.values()) sum = sum.add(amount);
        return sum;
    }

    private String money(BigDecimal amount) {
        return amount.setScale(scale).toPlainString();
    }

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
