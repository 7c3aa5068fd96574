package io.offtake.rules.oracle;

import static io.offtake.rules.oracle.JsonText.decimal;
import static io.offtake.rules.oracle.JsonText.map;
import static io.offtake.rules.oracle.JsonText.maps;
import static io.offtake.rules.oracle.JsonText.strings;
import static java.math.BigDecimal.ZERO;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// PX-20 to PX-29 read literally. Every scheme is looked at for every bill; nothing is remembered between two looks.
final class SlowSchemes {
    static final List<String> STAGES = List.of("CONTRACT", "LINE", "GROUP", "BILL", "FREE_GOODS", "ACCRUAL");
    private static final int PRECISE = 30;
    private final Map<String, Object> book, command, outlet;
    private final List<Piece> pieces;
    private final SlowPrices prices;
    private final SlowStock stock;
    private final long date;
    private final int scale;
    final List<Candidate> candidates = new ArrayList<>();
    final List<Free> freeGoods = new ArrayList<>();
    final List<Map<String, Object>> accruals = new ArrayList<>();
    final List<Map<String, Object>> limitRows = new ArrayList<>();
    final List<Map<String, Object>> cashDiscounts = new ArrayList<>();
    boolean freeShort;

    SlowSchemes(Map<String, Object> book, Map<String, Object> command, List<Piece> pieces, SlowPrices prices, SlowStock stock) {
        this.book = book;
        this.command = command;
        this.pieces = pieces;
        this.prices = prices;
        this.stock = stock;
        outlet = map(command.get("outlet"));
        date = (Long) command.get("businessDate");
        scale = ((Long) map(book.get("currency")).get("scale")).intValue();
    }

    /// Lines equal in SKU, MRP and price, which every rule sees as one (contract of section 4).
    ///
    /// Thresholds look at `whole`: the merged line with its own roundings, as if it had been written in one. So a split moves no slab.
    record Merged(Map<String, Object> sku, BigDecimal mrp, BigDecimal unitPrice, boolean inclusive, List<Piece> pieces, Piece whole) {
        BigDecimal qty() {
            return pieces.stream().map(piece -> piece.qty).reduce(ZERO, BigDecimal::add);
        }

        /// The same line with its whole as the only piece.
        Merged asWhole() {
            return new Merged(sku, mrp, unitPrice, inclusive, List.of(whole), whole);
        }

        String code() {
            return (String) sku.get("code");
        }

        String id() {
            return (String) sku.get("id");
        }
    }

    /// Free units of one SKU that a scheme gives: how many, at which price, out of which batch.
    static final class Free {
        Map<String, Object> scheme, sku;
        BigDecimal mrp, qty, unitPrice, value;
        boolean inside, inclusive;
        /// Set by the tax modes: what of the one price belongs to the free goods.
        BigDecimal shared = ZERO;
        List<SlowStock.Taken> taken = new ArrayList<>();
    }

    static final class Candidate {
        Map<String, Object> scheme;
        List<Merged> set = new ArrayList<>();
        /// What its exclusion group left it; the same as `set` outside of groups.
        List<Merged> open;
        boolean applied;
        String condition, wanted, found;
        BigDecimal benefit = ZERO, freeQty = ZERO;
        Map<String, Object> next;
        /// Money taken off on each line, or due off the invoice.
        Map<Piece, BigDecimal> money = new LinkedHashMap<>();
        boolean nextStated;

        String id() {
            return (String) scheme.get("id");
        }

        String code() {
            return (String) scheme.get("code");
        }

        String stage() {
            return (String) scheme.get("stage");
        }

        long priority() {
            return (Long) scheme.getOrDefault("priority", 0L);
        }

        String group() {
            return (String) scheme.get("exclusionGroup");
        }

        Map<String, Object> mechanic() {
            return map(scheme.get("mechanic"));
        }

        String type() {
            return (String) mechanic().get("type");
        }
    }

    /// What a scheme would give on some lines: the condition that fails, or what it gives and which lines it needed for it.
    private static final class Outcome {
        String condition, wanted, found;
        final Map<Piece, BigDecimal> money = new LinkedHashMap<>();
        /// Free quantity by SKU id, before stock and limits.
        final Map<String, BigDecimal> free = new TreeMap<>();
        final List<Merged> used = new ArrayList<>();
        Map<String, Object> next;
        boolean nextStated;
        BigDecimal capWanted, capFound;

        BigDecimal sum() {
            return money.values().stream().reduce(ZERO, BigDecimal::add);
        }

        static Outcome failed(String condition) {
            var outcome = new Outcome();
            outcome.condition = condition;
            return outcome;
        }
    }

    /// Evaluates all schemes: what they take off is then in [Piece#benefits], free goods in [#freeGoods].
    void px21() {
        findCandidates();
        for (var one : candidates) if (one.condition == null) one.condition = eligibility(one.scheme);
        px22();
        for (var one : candidates) if (one.condition == null && isInside(one)) inside(one);
        for (var stage : STAGES.subList(0, 4)) {
            for (var one : candidates) if (one.condition == null && one.stage().equals(stage)) money(one);
        }
        for (var one : candidates) if (one.condition == null && one.stage().equals("FREE_GOODS") && !isInside(one) && !one.applied) outside(one);
    }

    // ---- candidates ----

    private void findCandidates() {
        var merged = merged();
        var ids = new ArrayList<String>();
        for (var scheme : maps(book.get("schemes"))) if (!ids.contains(scheme.get("id"))) ids.add((String) scheme.get("id"));
        for (var id : ids) {
            var versions = new ArrayList<Map<String, Object>>();
            for (var scheme : maps(book.get("schemes"))) if (scheme.get("id").equals(id)) versions.add(scheme);
            versions.sort(Comparator.comparing((Map<String, Object> scheme) -> (Long) scheme.get("version")).reversed());
            Map<String, Object> chosen = null;
            String condition = null;
            // PX-42: a version approved after the business date is not in force on it; retrospective ones pay beside the bill.
            for (var scheme : versions) if (chosen == null && SlowPrices.inForce(scheme, date) && (scheme.get("approvedOn") == null || (Long) scheme.get("approvedOn") <= date)) chosen = scheme;
            for (var scheme : versions) if (chosen == null && SlowPrices.inForce(scheme, date) && Boolean.TRUE.equals(scheme.get("retrospective"))) chosen = scheme;
            if (chosen == null) {
                chosen = versions.getFirst();
                if (!SlowPrices.inForce(chosen, date)) condition = "NOT_IN_FORCE";
            }
            var one = new Candidate();
            one.scheme = chosen;
            one.condition = condition;
            if (!command.get("principalId").equals(chosen.get("principalId"))) continue;
            for (var line : merged) if (inProducts(line.sku(), map(chosen.get("products")))) one.set.add(line);
            one.open = one.set;
            if (!one.set.isEmpty()) candidates.add(one);
        }
        candidates.sort(Comparator.comparing((Candidate one) -> STAGES.indexOf(one.stage())).thenComparing(Candidate::priority)
                .thenComparing(Candidate::group, Comparator.nullsFirst(Comparator.<String>naturalOrder())).thenComparing(Candidate::code));
    }

    /// In the order in which units are counted: SKU code, MRP, price.
    private List<Merged> merged() {
        var merged = new ArrayList<Merged>();
        for (var piece : pieces) {
            Merged same = null;
            for (var line : merged)
                if (line.id().equals(piece.skuId()) && same(line.mrp(), piece.mrp) && line.unitPrice().compareTo(piece.unitPrice) == 0 && line.inclusive() == piece.inclusive) same = line;
            if (same == null) merged.add(same = new Merged(piece.sku, piece.mrp, piece.unitPrice, piece.inclusive, new ArrayList<>(), new Piece()));
            same.pieces().add(piece);
        }
        for (var line : merged) {
            line.whole().sku = line.sku();
            line.whole().mrp = line.mrp();
            line.whole().unitPrice = line.unitPrice();
            setWhole(line);
        }
        merged.sort(Comparator.comparing(Merged::code).thenComparing(Merged::mrp, Comparator.nullsFirst(Comparator.<BigDecimal>naturalOrder())).thenComparing(Merged::unitPrice)
                .thenComparing(Merged::inclusive));
        return merged;
    }

    private void setWhole(Merged line) {
        var pieces = new ArrayList<>(line.pieces());
        line.whole().qty = pieces.stream().map(piece -> piece.qty).reduce(ZERO, BigDecimal::add);
        line.whole().ordered = quantity(List.of(line), true);
        line.whole().gross = Slow.round(line.whole().qty.multiply(line.unitPrice()), scale);
    }

    private static boolean same(BigDecimal one, BigDecimal other) {
        return one == null || other == null ? one == other : one.compareTo(other) == 0;
    }

    /// Product basis: inclusion lists add up, none means everything; exclusions are taken out.
    static boolean inProducts(Map<String, Object> sku, Map<String, Object> products) {
        boolean none = strings(products.get("skuIds")).isEmpty() && strings(products.get("brandIds")).isEmpty() && strings(products.get("categoryIds")).isEmpty();
        boolean in = none || strings(products.get("skuIds")).contains(sku.get("id")) || strings(products.get("brandIds")).contains(sku.get("brandId"))
                || strings(products.get("categoryIds")).contains(sku.get("categoryId"));
        return in && !strings(products.get("excludedSkuIds")).contains(sku.get("id")) && !strings(products.get("excludedBrandIds")).contains(sku.get("brandId"))
                && !strings(products.get("excludedCategoryIds")).contains(sku.get("categoryId"));
    }

    /// Eligibility: all conditions must hold, inside a list any value will do; the first that fails, in the contract's order.
    private String eligibility(Map<String, Object> scheme) {
        var asked = map(scheme.get("eligibility"));
        if (scheme.get("approvedOn") != null && (Long) scheme.get("approvedOn") > date && !Boolean.TRUE.equals(scheme.get("retrospective"))) return "APPROVED_LATER";
        if (!holds(asked, "channels", outlet.get("channel"))) return "CHANNEL";
        if (!holds(asked, "classes", outlet.get("class"))) return "CLASS";
        if (!holds(asked, "groups", outlet.get("group"))) return "GROUP";
        if (!holds(asked, "outletIds", outlet.get("id")) || strings(asked.get("excludedOutletIds")).contains(outlet.get("id"))) return "OUTLET";
        if (!holds(asked, "parentIds", outlet.get("parentId"))) return "PARENT";
        var territories = strings(asked.get("territories"));
        if (!territories.isEmpty() && Collections.disjoint(territories, strings(outlet.get("territories")))) return "TERRITORY";
        if (!holds(asked, "stateCodes", outlet.get("stateCode"))) return "STATE";
        if (!holds(asked, "warehouseIds", command.get("warehouseId"))) return "WAREHOUSE";
        if (!holds(asked, "paymentModes", command.get("paymentMode"))) return "PAYMENT_MODE";
        if (!holds(asked, "saleTypes", command.get("saleType"))) return "SALE_TYPE";
        if (!holds(asked, "orderSources", command.get("orderSource"))) return "ORDER_SOURCE";
        if (!holds(asked, "registrations", outlet.get("registration"))) return "REGISTRATION";
        if (Boolean.TRUE.equals(asked.get("firstOrderOnly")) && !Boolean.TRUE.equals(outlet.get("firstOrder"))) return "FIRST_ORDER";
        if (Boolean.TRUE.equals(asked.get("mslCompliantOnly")) && !Boolean.TRUE.equals(outlet.get("mslCompliant"))) return "MSL";
        var weekdays = (List<?>) asked.getOrDefault("weekdays", List.of());
        // Day 0 was a Thursday.
        if (!weekdays.isEmpty() && !weekdays.contains(Math.floorMod(date + 3, 7L) + 1)) return "WEEKDAY";
        var dayparts = maps(asked.get("dayparts"));
        if (!dayparts.isEmpty()) {
            boolean within = false;
            if (command.get("minuteOfDay") != null)
                for (var part : dayparts) within |= minute(part.get("from")) <= (Long) command.get("minuteOfDay") && (Long) command.get("minuteOfDay") < minute(part.get("to"));
            if (!within) return "DAYPART";
        }
        return null;
    }

    private static boolean holds(Map<String, Object> asked, String list, Object found) {
        var values = strings(asked.get(list));
        return values.isEmpty() || values.contains(found);
    }

    private static long minute(Object time) {
        var parts = ((String) time).split(":");
        return Long.parseLong(parts[0]) * 60 + Long.parseLong(parts[1]);
    }

    // ---- exclusion groups ----

    /// PX-22: each candidate of a group is valued alone on gross, whatever its stage; the best is taken and its lines are consumed;
    /// repeat with what is left; ties by priority, then code. With choice PRIORITY the order is priority, then code.
    private void px22() {
        var groups = new ArrayList<String>();
        for (var one : candidates) if (one.group() != null && !groups.contains(one.group())) groups.add(one.group());
        for (var group : groups) {
            var rivals = new ArrayList<Candidate>();
            for (var one : candidates) if (group.equals(one.group()) && one.condition == null && !one.stage().equals("ACCRUAL")) rivals.add(one);
            var taken = new LinkedHashMap<Merged, Candidate>();
            var alone = new LinkedHashMap<Candidate, Outcome>();
            for (var one : rivals) alone.put(one, alone(one, one.set));
            while (true) {
                Candidate best = null;
                Outcome bestOutcome = null;
                BigDecimal bestWorth = ZERO;
                for (var one : rivals) {
                    var open = new ArrayList<>(one.set);
                    open.removeAll(taken.keySet());
                    if (open.isEmpty()) continue;
                    var outcome = alone(one, open);
                    var worth = outcome.condition == null ? worth(one, outcome) : ZERO;
                    if (worth.signum() <= 0) continue;
                    if (best == null || better(one, worth, best, bestWorth)) {
                        best = one;
                        bestOutcome = outcome;
                        bestWorth = worth;
                    }
                }
                if (best == null) break;
                best.open = new ArrayList<>(best.set);
                best.open.removeAll(taken.keySet());
                var used = best.type().equals("FREE_GOODS") ? used(best, best.open, new Limits(best.scheme).cutFree(best, capped(best, bestOutcome))) : bestOutcome.used;
                for (var line : used) taken.put(line, best);
                rivals.remove(best);
            }
            for (var one : rivals) {
                // Nobody has any of its lines: it stands as if there were no group.
                if (one.set.stream().noneMatch(taken::containsKey)) continue;
                var outcome = alone.get(one);
                if (outcome.condition != null) {
                    one.condition = outcome.condition;
                    continue;
                }
                if (outcome.free.isEmpty() && outcome.sum().signum() <= 0) {
                    one.condition = "NO_VALUE";
                    continue;
                }
                if (outcome.capWanted != null && !outcome.free.isEmpty() && capped(one, outcome).isEmpty()) {
                    cap(one, outcome);
                    continue;
                }
                var limits = new Limits(one.scheme);
                if ((outcome.free.isEmpty() ? limits.cutMoney(outcome.sum()) : valueOf(one, limits.cutFree(one, capped(one, outcome)))).signum() == 0 && limits.condition != null) {
                    one.condition = limits.condition;
                    continue;
                }
                // What it would give on lines that nobody took is nothing; the lines that it lacks are another scheme's.
                var winner = one.set.stream().filter(taken::containsKey).map(taken::get).findFirst().orElse(null);
                one.condition = winner == null ? "NO_VALUE" : "EXCLUDED";
                one.found = winner == null ? null : winner.code();
            }
        }
    }

    private static boolean better(Candidate one, BigDecimal worth, Candidate best, BigDecimal bestWorth) {
        if (!"PRIORITY".equals(one.scheme.get("choice"))) {
            int more = worth.compareTo(bestWorth);
            if (more != 0) return more > 0;
        }
        if (one.priority() != best.priority()) return one.priority() < best.priority();
        return one.code().compareTo(best.code()) < 0;
    }

    /// On whole lines, so that a split decides no contest.
    private Outcome alone(Candidate one, List<Merged> lines) {
        var wholes = new ArrayList<Merged>();
        for (var line : lines) wholes.add(line.asWhole());
        var outcome = evaluate(one, wholes, true);
        for (int at = 0; at < outcome.used.size(); at++) {
            var whole = outcome.used.get(at).whole();
            outcome.used.set(at, lines.stream().filter(line -> line.whole() == whole).findFirst().orElseThrow());
        }
        return outcome;
    }

    /// What a candidate of an exclusion group is worth to the outlet: money off, or free goods at PTR; after its own limits.
    private BigDecimal worth(Candidate one, Outcome outcome) {
        var limits = new Limits(one.scheme);
        if (outcome.free.isEmpty()) return limits.cutMoney(outcome.sum());
        var given = limits.cutFree(one, capped(one, outcome));
        return valueOf(one, given);
    }

    // ---- mechanics ----

    private Outcome evaluate(Candidate one, List<Merged> lines, boolean onGross) {
        return switch (one.type()) {
            case "DISCOUNT" -> m1(one, lines, onGross);
            case "WHOLE_SLAB", "VALUE_SLAB" -> m2(one, lines, onGross);
            case "INCREMENTAL_SLAB" -> m3(one, lines, onGross);
            case "FREE_GOODS" -> m4(one, lines, onGross);
            case "CHEAPEST_FREE" -> m4Cheapest(one, lines, onGross);
            case "COMBO" -> m5(one, lines, onGross);
            case "BUNDLE_PRICE" -> m7(one, lines, onGross);
            case "PER_CASE_REBATE" -> m11(one, lines, onGross);
            default -> throw new IllegalArgumentException(one.type());
        };
    }

    /// PX-23: CASCADE works on what is left, ADDITIVE on gross; a candidate that is valued alone always on gross (PX-22).
    private BigDecimal base(Candidate one, Piece piece, boolean onGross) {
        return onGross || "ADDITIVE".equals(one.scheme.get("stacking")) ? piece.gross : piece.net();
    }

    private static BigDecimal room(Piece piece, boolean onGross) {
        return onGross ? piece.gross : piece.net();
    }

    private static List<Piece> piecesOf(List<Merged> lines) {
        var all = new ArrayList<Piece>();
        for (var line : lines) all.addAll(line.pieces());
        return all;
    }

    private boolean perLine(Candidate one) {
        return one.stage().equals("CONTRACT") || one.stage().equals("LINE");
    }

    /// M1: percent or amount off.
    private Outcome m1(Candidate one, List<Merged> lines, boolean onGross) {
        var outcome = new Outcome();
        outcome.used.addAll(lines);
        outcome.nextStated = true;
        reward(one, map(one.mechanic().get("reward")), lines, null, onGross, outcome, null);
        return outcome;
    }

    /// M2, M6: the rate of the reached slab on everything. The threshold itself belongs to the higher slab.
    private Outcome m2(Candidate one, List<Merged> lines, boolean onGross) {
        var basis = basis(one);
        var measured = measure(one, basis, lines, onGross, "ORDERED_SLAB".equals(one.scheme.get("honour")));
        Map<String, Object> reached = null, next = null;
        for (var slab : maps(one.mechanic().get("slabs"))) {
            if (measured.compareTo(decimal(slab.get("from"))) >= 0) reached = slab;
            else if (next == null) next = slab;
        }
        var outcome = reached == null ? Outcome.failed("THRESHOLD") : new Outcome();
        outcome.next = next == null ? null : slabStep(basis, next, measured);
        outcome.nextStated = true;
        if (reached == null) return outcome;
        outcome.used.addAll(lines);
        // PX-40: the slab may be the ordered quantity's, what it pays for is what is invoiced.
        reward(one, map(reached.get("reward")), lines, null, onGross, outcome, measure(one, basis, lines, onGross, false));
        return outcome;
    }

    private static final List<String> COUNTED = List.of("BASE_QTY", "CASES", "DISTINCT");

    /// M3: each band its own rate. Counted bases: a band begins with its `from`-th piece; measured bases (weight, value): above `from`.
    private Outcome m3(Candidate one, List<Merged> lines, boolean onGross) {
        var basis = basis(one);
        var measured = measure(one, basis, lines, onGross, false);
        var slabs = maps(one.mechanic().get("slabs"));
        Map<String, Object> next = null;
        for (var slab : slabs) if (next == null && measured.compareTo(decimal(slab.get("from"))) < 0) next = slab;
        boolean reached = measured.compareTo(decimal(slabs.getFirst().get("from"))) >= 0;
        var outcome = reached ? new Outcome() : Outcome.failed("THRESHOLD");
        outcome.next = next == null ? null : slabStep(basis, next, measured);
        outcome.nextStated = true;
        if (!reached) return outcome;
        outcome.used.addAll(lines);
        // Everything by kind of reward: units × rate over all bands, to be divided by the measured whole.
        BigDecimal percents = ZERO, perUnits = ZERO, fixed = ZERO, perCounts = ZERO;
        for (int at = 0; at < slabs.size(); at++) {
            var from = below(basis, decimal(slabs.get(at).get("from")));
            var to = at + 1 < slabs.size() ? Slow.min(measured, below(basis, decimal(slabs.get(at + 1).get("from")))) : measured;
            var width = Slow.max(to.subtract(from), ZERO);
            if (measured.compareTo(decimal(slabs.get(at).get("from"))) < 0) width = ZERO;
            var reward = map(slabs.get(at).get("reward"));
            if (reward.get("percent") != null) percents = percents.add(width.multiply(decimal(reward.get("percent"))));
            if (reward.get("perUnit") != null) perUnits = perUnits.add(width.multiply(decimal(reward.get("perUnit"))));
            if (reward.get("perCount") != null) perCounts = perCounts.add(width.multiply(decimal(reward.get("perCount"))));
            if (reward.get("fixed") != null && width.signum() > 0) fixed = fixed.add(decimal(reward.get("fixed")));
        }
        var exact = new LinkedHashMap<Piece, BigDecimal>();
        for (var piece : piecesOf(lines)) {
            var share = base(one, piece, onGross).multiply(percents).divide(measured, PRECISE, RoundingMode.HALF_UP);
            share = share.add(piece.qty.multiply(perUnits).divide(measured, PRECISE, RoundingMode.HALF_UP));
            exact.put(piece, share);
        }
        if (perCounts.signum() > 0 || fixed.signum() > 0) throw new IllegalArgumentException("bands of the oracle earn percent or perUnit");
        if (perLine(one)) for (var piece : exact.keySet()) outcome.money.put(piece, Slow.min(Slow.round(exact.get(piece), scale), room(piece, onGross)));
        else spread(Slow.round(exact.values().stream().reduce(ZERO, BigDecimal::add), scale), lines, null, onGross, outcome);
        return outcome;
    }

    private static BigDecimal below(String basis, BigDecimal from) {
        return COUNTED.contains(basis) ? from.subtract(Slow.ONE) : from;
    }

    /// M4: buy x get y. Without a reward SKU each bought SKU earns itself; the free quantity rounds down to whole (free) units.
    private Outcome m4(Candidate one, List<Merged> lines, boolean onGross) {
        var mechanic = one.mechanic();
        var basis = mechanic.get("buyUnit") != null ? "CASES" : basis(one);
        var buy = decimal(mechanic.get("buy"));
        var get = decimal(mechanic.get("get"));
        boolean repeat = !Boolean.FALSE.equals(mechanic.get("repeat"));
        boolean inside = Boolean.TRUE.equals(mechanic.get("inside"));
        boolean same = mechanic.get("rewardSkuId") == null && strings(mechanic.get("rewardSkuIds")).isEmpty();
        var step = inside ? buy.add(get) : buy;
        var outcome = new Outcome();
        var sets = new ArrayList<List<Merged>>();
        if (same) for (var line : lines) {
            if (sets.isEmpty() || !sets.getLast().getFirst().id().equals(line.id())) sets.add(new ArrayList<>());
            sets.getLast().add(line);
        }
        else sets.add(lines);
        for (var set : sets) {
            var measured = measure(one, basis, set, onGross, false);
            var times = measured.divide(step, 0, RoundingMode.DOWN);
            if (!repeat) times = times.min(Slow.ONE);
            if (times.signum() > 0) outcome.free.merge(same ? set.getFirst().id() : "*", times.multiply(get), BigDecimal::add);
            // The nearest next step: as many sets more as give one whole free unit more; with several SKUs the one that lacks least.
            if (repeat || times.signum() == 0) {
                var now = wholeFree(one, set, times.multiply(get));
                var then = times.add(Slow.ONE);
                while (wholeFree(one, set, then.multiply(get)).compareTo(now) <= 0) then = then.add(Slow.ONE);
                var from = then.multiply(step);
                var more = from.subtract(measured);
                if (outcome.next == null || more.compareTo(decimal(outcome.next.get("more"))) < 0)
                    outcome.next = AnyCase.tree("basis", basis, "from", plain(basis, from), "more", plain(basis, more), "kind", "FREE_QTY", "reward", qty(wholeFree(one, set, then.multiply(get)).subtract(now)));
                if (!repeat && then.compareTo(Slow.ONE) > 0) outcome.next = null;
            }
            if (times.signum() > 0 && wholeFree(one, set, times.multiply(get)).signum() == 0) outcome.free.remove(same ? set.getFirst().id() : "*");
        }
        outcome.nextStated = sets.size() == 1;
        if (outcome.free.isEmpty()) {
            outcome.condition = "THRESHOLD";
            return outcome;
        }
        var free = ZERO;
        for (var set : sets) free = free.add(wholeFree(one, set, outcome.free.getOrDefault(same ? set.getFirst().id() : "*", ZERO)));
        var cap = decimal(mechanic.get("capPerInvoice"));
        if (cap != null && free.compareTo(cap) > 0) {
            outcome.capWanted = cap;
            outcome.capFound = free;
        }
        // One set more would be above the cap: there is no next step.
        if (cap != null && free.compareTo(cap) >= 0) outcome.next = null;
        return outcome;
    }

    /// PX-22: the lines whose units earned what is given: in the order of SKU code, MRP, price. Units beyond a cap or a limit stay free for
    /// others of the group. Of bases other than base units all lines of the SKU (or set) count.
    private List<Merged> used(Candidate one, List<Merged> lines, Map<String, BigDecimal> given) {
        var mechanic = one.mechanic();
        boolean same = mechanic.get("rewardSkuId") == null && strings(mechanic.get("rewardSkuIds")).isEmpty();
        var step = Boolean.TRUE.equals(mechanic.get("inside")) ? decimal(mechanic.get("buy")).add(decimal(mechanic.get("get"))) : decimal(mechanic.get("buy"));
        var used = new ArrayList<Merged>();
        for (var id : given.keySet()) {
            var set = same ? lines.stream().filter(line -> line.id().equals(id)).toList() : lines;
            if (mechanic.get("buyUnit") != null || !basis(one).equals("BASE_QTY")) {
                used.addAll(set);
                continue;
            }
            var get = decimal(mechanic.get("get"));
            if (mechanic.get("getUnit") != null) get = get.multiply(units(sku(id), (String) mechanic.get("getUnit")));
            var left = given.get(id).divide(get, 0, RoundingMode.CEILING).multiply(step);
            for (var line : set) {
                if (left.signum() <= 0) break;
                used.add(line);
                left = left.subtract(line.qty());
            }
        }
        return used;
    }

    /// M4: of every `buy` units of the set `get` are free, the cheapest of all, as a discount on their lines.
    private Outcome m4Cheapest(Candidate one, List<Merged> lines, boolean onGross) {
        var buy = decimal(one.mechanic().get("buy"));
        var get = decimal(one.mechanic().get("get"));
        boolean repeat = !Boolean.FALSE.equals(one.mechanic().get("repeat"));
        var measured = measure(one, "BASE_QTY", lines, onGross, false);
        var times = measured.divide(buy, 0, RoundingMode.DOWN);
        if (!repeat) times = times.min(Slow.ONE);
        var outcome = times.signum() == 0 ? Outcome.failed("THRESHOLD") : new Outcome();
        outcome.nextStated = true;
        if (repeat || times.signum() == 0) {
            var from = times.add(Slow.ONE).multiply(buy);
            outcome.next = AnyCase.tree("basis", "BASE_QTY", "from", qty(from), "more", qty(from.subtract(measured)), "kind", "FREE_QTY", "reward", qty(get));
        }
        if (times.signum() == 0) return outcome;
        var free = times.multiply(get);
        var cap = decimal(one.mechanic().get("capPerInvoice"));
        if (cap != null && free.compareTo(cap) > 0) {
            outcome.capWanted = cap;
            outcome.capFound = free;
            free = cap;
        }
        if (cap != null && free.compareTo(cap) >= 0) outcome.next = null;
        outcome.used.addAll(lines);
        var cheapest = new ArrayList<>(lines);
        cheapest.sort(Comparator.comparing(Merged::unitPrice).thenComparing(Merged::code).thenComparing(Merged::mrp, Comparator.nullsFirst(Comparator.<BigDecimal>naturalOrder())));
        for (var line : cheapest) {
            var units = Slow.min(free, line.qty());
            if (units.signum() <= 0) continue;
            free = free.subtract(units);
            // Equal units are the same goods: each of the equal lines has its part of them, however they are written down.
            var value = ZERO;
            for (var piece : line.pieces()) value = value.add(base(one, piece, onGross));
            spread(Slow.round(value.multiply(units).divide(line.qty(), PRECISE, RoundingMode.HALF_UP), scale), List.of(line), null, onGross, outcome);
        }
        return outcome;
    }

    /// Of lines equal in SKU, MRP and price the one with the user's own discount is the cheapest; then DOMAIN B: quantity, line.
    private static List<Piece> cheapestFirst(List<Piece> pieces) {
        var order = new ArrayList<>(pieces);
        order.sort(Comparator.comparing((Piece piece) -> piece.manualPercent == null ? ZERO : piece.manualPercent.negate()).thenComparing(piece -> piece.qty)
                .thenComparing(piece -> piece.line).thenComparing(piece -> piece.part));
        return order;
    }

    /// M5: least distinct SKUs and least quantities of groups; repeated, the reward is for the units inside the sets.
    private Outcome m5(Candidate one, List<Merged> lines, boolean onGross) {
        var mechanic = one.mechanic();
        boolean repeat = Boolean.TRUE.equals(mechanic.get("repeat"));
        var groups = maps(mechanic.get("groups"));
        var outcome = new Outcome();
        BigDecimal sets = null;
        for (var group : groups) {
            var counted = ZERO;
            for (var line : lines) if (inProducts(line.sku(), map(group.get("products")))) counted = counted.add(line.qty());
            var fits = counted.divide(decimal(group.get("min")), 0, RoundingMode.DOWN);
            sets = sets == null ? fits : Slow.min(sets, fits);
        }
        if (sets != null && sets.signum() == 0) return Outcome.failed("THRESHOLD");
        var minDistinct = (Long) mechanic.getOrDefault("minDistinct", 0L);
        var minEach = mechanic.get("minEach") == null ? ZERO : decimal(mechanic.get("minEach"));
        var bySku = new TreeMap<String, BigDecimal>();
        for (var line : lines) bySku.merge(line.id(), line.qty(), BigDecimal::add);
        long distinct = bySku.values().stream().filter(qty -> qty.signum() > 0 && qty.compareTo(minEach) >= 0).count();
        if (distinct < minDistinct) return Outcome.failed("DISTINCT");
        Map<Merged, BigDecimal> units = null;
        if (repeat && sets != null) {
            units = new LinkedHashMap<>();
            for (var group : groups) takeUnits(lines, map(group.get("products")), sets.multiply(decimal(group.get("min"))), units);
        }
        if (units == null) outcome.used.addAll(lines);
        else outcome.used.addAll(units.keySet());
        var reward = map(mechanic.get("reward"));
        if (units != null && reward.get("fixed") != null)
            spread(decimal(reward.get("fixed")).multiply(sets), lines, units, onGross, outcome);
        else reward(one, reward, lines, units, onGross, outcome, BigDecimal.valueOf(distinct));
        return outcome;
    }

    /// The units of a group in the order of SKU code, MRP, price; a unit is in one set only.
    private static void takeUnits(List<Merged> lines, Map<String, Object> products, BigDecimal wanted, Map<Merged, BigDecimal> units) {
        var left = wanted;
        for (var line : lines) {
            if (left.signum() <= 0) return;
            if (!inProducts(line.sku(), products)) continue;
            var taken = Slow.min(left, line.qty().subtract(units.getOrDefault(line, ZERO)));
            if (taken.signum() <= 0) continue;
            units.merge(line, taken, BigDecimal::add);
            left = left.subtract(taken);
        }
    }

    /// M7: so many units of each component for one price.
    private Outcome m7(Candidate one, List<Merged> lines, boolean onGross) {
        var mechanic = one.mechanic();
        BigDecimal sets = null;
        for (var component : maps(mechanic.get("components"))) {
            var counted = ZERO;
            for (var line : lines) if (inProducts(line.sku(), map(component.get("products")))) counted = counted.add(line.qty());
            var fits = counted.divide(decimal(component.get("qty")), 0, RoundingMode.DOWN);
            sets = sets == null ? fits : Slow.min(sets, fits);
        }
        if (sets == null || sets.signum() == 0) return Outcome.failed("THRESHOLD");
        if (Boolean.FALSE.equals(mechanic.get("repeat"))) sets = sets.min(Slow.ONE);
        var outcome = new Outcome();
        if (mechanic.get("maxSets") != null && sets.compareTo(BigDecimal.valueOf((Long) mechanic.get("maxSets"))) > 0) {
            outcome.capWanted = BigDecimal.valueOf((Long) mechanic.get("maxSets"));
            outcome.capFound = sets;
            sets = outcome.capWanted;
        }
        var units = new LinkedHashMap<Merged, BigDecimal>();
        for (var component : maps(mechanic.get("components"))) takeUnits(lines, map(component.get("products")), sets.multiply(decimal(component.get("qty"))), units);
        outcome.used.addAll(units.keySet());
        var value = ZERO;
        for (var line : units.keySet()) for (var piece : line.pieces()) value = value.add(ofUnits(base(one, piece, onGross), units.get(line), line));
        var saved = Slow.max(Slow.round(value.subtract(sets.multiply(decimal(mechanic.get("price")))), scale), ZERO);
        spread(saved, lines, units, onGross, outcome);
        return outcome;
    }

    /// M11: an amount for each full case, or for each kg.
    private Outcome m11(Candidate one, List<Merged> lines, boolean onGross) {
        var mechanic = one.mechanic();
        var outcome = new Outcome();
        outcome.nextStated = false;
        boolean any = false;
        for (var set : bySku(lines)) {
            var qty = set.stream().map(Merged::qty).reduce(ZERO, BigDecimal::add);
            BigDecimal off;
            if (mechanic.get("perKg") != null) {
                var whole = weight(set.getFirst().sku(), qty).multiply(decimal(mechanic.get("perKg")));
                if (whole.signum() == 0) continue;
                any = true;
                outcome.used.addAll(set);
                byQuantity(whole, set, onGross, outcome);
                continue;
            }
            off = cases(set.getFirst().sku(), qty, (String) mechanic.getOrDefault("unit", "CASE")).multiply(decimal(mechanic.get("amount")));
            if (off.signum() <= 0) continue;
            any = true;
            outcome.used.addAll(set);
            spread(Slow.round(off, scale), set, null, onGross, outcome);
        }
        // Without a full case there is a next one; goods without weight never earn by the kg.
        if (!any) outcome.condition = mechanic.get("perKg") != null ? "NO_VALUE" : "THRESHOLD";
        return outcome;
    }

    /// PX-25: a rate rounds line by line; every line of the SKU has the part of the whole that its quantity is.
    private void byQuantity(BigDecimal whole, List<Merged> set, boolean onGross, Outcome outcome) {
        var qty = ZERO;
        for (var piece : piecesOf(set)) qty = qty.add(piece.qty);
        for (var piece : piecesOf(set)) outcome.money.put(piece, Slow.min(Slow.round(whole.multiply(piece.qty).divide(qty, PRECISE, RoundingMode.HALF_UP), scale), room(piece, onGross)));
    }

    private static List<List<Merged>> bySku(List<Merged> lines) {
        var sets = new ArrayList<List<Merged>>();
        for (var line : lines) {
            if (sets.isEmpty() || !sets.getLast().getFirst().id().equals(line.id())) sets.add(new ArrayList<>());
            sets.getLast().add(line);
        }
        return sets;
    }

    /// The reward of a mechanic on lines, or on the units of lines that lie inside sets.
    private void reward(Candidate one, Map<String, Object> reward, List<Merged> lines, Map<Merged, BigDecimal> units, boolean onGross, Outcome outcome, BigDecimal measured) {
        if (perLine(one)) {
            if (reward.get("percent") != null)
                for (var piece : piecesOf(lines))
                    outcome.money.put(piece, Slow.min(Slow.round(base(one, piece, onGross).multiply(decimal(reward.get("percent"))), scale), room(piece, onGross)));
            else if (reward.get("perUnit") != null)
                for (var piece : piecesOf(lines)) outcome.money.put(piece, Slow.min(Slow.round(piece.qty.multiply(decimal(reward.get("perUnit"))), scale), room(piece, onGross)));
            else if (reward.get("fixed") != null) for (var set : bySku(lines)) spread(decimal(reward.get("fixed")), set, null, onGross, outcome);
            else for (var set : bySku(lines)) {
                var whole = measure(one, basis(one), set, onGross, false).multiply(decimal(reward.get("perCount")));
                if (basis(one).equals("CASES")) spread(Slow.round(whole, scale), set, null, onGross, outcome);
                else byQuantity(whole, set, onGross, outcome);
            }
            return;
        }
        BigDecimal total;
        if (reward.get("percent") != null) {
            total = ZERO;
            for (var line : lines) {
                for (var piece : line.pieces()) {
                    if (units != null && !units.containsKey(line)) continue;
                    var base = base(one, piece, onGross);
                    total = total.add((units == null ? base : ofUnits(base, units.get(line), line)).multiply(decimal(reward.get("percent"))));
                }
            }
        } else if (reward.get("perUnit") != null) {
            total = ZERO;
            for (var line : lines) total = total.add((units == null ? line.qty() : units.getOrDefault(line, ZERO)).multiply(decimal(reward.get("perUnit"))));
        } else if (reward.get("fixed") != null) total = decimal(reward.get("fixed"));
        else total = measured.multiply(decimal(reward.get("perCount")));
        spread(Slow.round(total, scale), lines, units, onGross, outcome);
    }

    private static BigDecimal ofUnits(BigDecimal value, BigDecimal units, Merged line) {
        return value.multiply(units).divide(line.qty(), PRECISE, RoundingMode.HALF_UP);
    }

    /// PX-25, PX-26: a sum that was rounded once goes to the lines by the net value of the units that it is for, never above it.
    private void spread(BigDecimal sum, List<Merged> lines, Map<Merged, BigDecimal> units, boolean onGross, Outcome outcome) {
        var shares = new ArrayList<Slow.Share<Piece>>();
        var whole = ZERO;
        for (var line : lines) {
            for (var piece : line.pieces()) {
                if (units != null && !units.containsKey(line)) continue;
                var weight = room(piece, onGross);
                if (units != null) weight = ofUnits(weight, units.get(line), line);
                whole = whole.add(weight);
                shares.add(Slow.Share.of(piece, weight));
            }
        }
        var given = Slow.min(sum, whole.setScale(scale, RoundingMode.DOWN));
        for (var share : Slow.apportion(given, shares, scale)) outcome.money.merge(share.taker(), share.amount(), BigDecimal::add);
    }

    // ---- bases ----

    private static String basis(Candidate one) {
        var basis = (String) one.mechanic().get("basis");
        return basis != null ? basis : one.type().equals("VALUE_SLAB") ? "NET_VALUE" : "BASE_QTY";
    }

    private BigDecimal measure(Candidate one, String basis, List<Merged> lines, boolean onGross, boolean ordered) {
        var sum = ZERO;
        switch (basis) {
            case "BASE_QTY" -> {
                for (var set : bySku(lines)) sum = sum.add(quantity(set, ordered));
            }
            case "CASES" -> {
                var unit = (String) (one.mechanic().get("buyUnit") != null ? one.mechanic().get("buyUnit") : one.mechanic().getOrDefault("unit", "CASE"));
                for (var set : bySku(lines)) sum = sum.add(cases(set.getFirst().sku(), quantity(set, ordered), unit));
            }
            case "WEIGHT" -> {
                for (var set : bySku(lines)) sum = sum.add(weight(set.getFirst().sku(), quantity(set, ordered)));
            }
            case "GROSS_VALUE" -> {
                for (var line : lines) sum = sum.add(asOrdered(line, line.whole().gross, ordered));
            }
            case "NET_VALUE" -> {
                for (var line : lines) {
                    var net = line.whole().gross;
                    if (!onGross) net = net.subtract(one.mechanic().get("netAfter") == null ? line.whole().schemeDiscount() : takenUntil(line.whole(), (String) one.mechanic().get("netAfter")));
                    sum = sum.add(asOrdered(line, net, ordered));
                }
            }
            case "DISTINCT" -> sum = BigDecimal.valueOf(bySku(lines).stream().filter(set -> set.stream().anyMatch(line -> line.qty().signum() > 0)).count());
            default -> throw new IllegalArgumentException(basis);
        }
        return sum;
    }

    /// PX-40: what was ordered, where the supplier's shortfall must not cost the slab.
    private static BigDecimal quantity(List<Merged> set, boolean ordered) {
        var sum = ZERO;
        for (var piece : piecesOf(set)) sum = sum.add(ordered && piece.ordered != null ? Slow.max(piece.ordered, piece.qty) : piece.qty);
        return sum;
    }

    /// PX-40 for values: what the ordered quantity would have been worth.
    private BigDecimal asOrdered(Merged line, BigDecimal value, boolean ordered) {
        var whole = line.whole();
        return !ordered || whole.ordered == null || whole.qty.signum() == 0 ? value : Slow.round(value.multiply(whole.ordered).divide(whole.qty, PRECISE, RoundingMode.HALF_UP), scale);
    }

    private BigDecimal takenUntil(Piece piece, String stage) {
        var taken = ZERO;
        for (var one : candidates)
            if (STAGES.indexOf(one.stage()) <= STAGES.indexOf(stage) && piece.benefits.containsKey(one.id())) taken = taken.add(piece.benefits.get(one.id()));
        return taken;
    }

    /// PX-04: whole units only; a SKU without the unit has none.
    static BigDecimal cases(Map<String, Object> sku, BigDecimal qty, String unit) {
        for (var row : maps(sku.get("units")))
            if (row.get("code").equals(unit))
                return qty.multiply(BigDecimal.valueOf((Long) row.getOrDefault("den", 1L))).divide(BigDecimal.valueOf((Long) row.get("num")), 0, RoundingMode.DOWN);
        return ZERO;
    }

    static BigDecimal weight(Map<String, Object> sku, BigDecimal qty) {
        return sku.get("weight") == null ? ZERO : Slow.round(qty.multiply(decimal(sku.get("weight"))), 3);
    }

    private Map<String, Object> slabStep(String basis, Map<String, Object> slab, BigDecimal measured) {
        var from = decimal(slab.get("from"));
        var reward = map(slab.get("reward"));
        var kind = reward.get("percent") != null ? "PERCENT" : reward.get("perUnit") != null ? "PER_UNIT" : reward.get("fixed") != null ? "FIXED" : "PER_COUNT";
        return AnyCase.tree("basis", basis, "from", plain(basis, from), "more", plain(basis, from.subtract(measured)), "kind", kind);
    }

    private String plain(String basis, BigDecimal value) {
        return basis.equals("GROSS_VALUE") || basis.equals("NET_VALUE") ? value.setScale(scale).toPlainString() : qty(value);
    }

    static String qty(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    // ---- money off ----

    private boolean offInvoice(Candidate one) {
        var settlement = (String) one.scheme.getOrDefault("settlement", "ON_INVOICE");
        return !settlement.equals("ON_INVOICE") || later(one);
    }

    private boolean later(Candidate one) {
        return one.scheme.get("approvedOn") != null && (Long) one.scheme.get("approvedOn") > date;
    }

    private void money(Candidate one) {
        var outcome = evaluate(one, one.open, false);
        one.condition = outcome.condition;
        one.next = outcome.next;
        one.nextStated = outcome.nextStated;
        if (outcome.condition != null) return;
        give(one, outcome);
        if (one.applied && !offInvoice(one)) {
            var wholes = new ArrayList<Merged>();
            for (var line : one.open) wholes.add(line.asWhole());
            var whole = evaluate(one, wholes, false).money;
            var earned = whole.values().stream().reduce(ZERO, BigDecimal::add);
            for (var piece : cut(whole, new Limits(one.scheme).cutMoney(earned), earned).entrySet()) if (piece.getValue().signum() > 0) piece.getKey().benefits.merge(one.id(), piece.getValue(), BigDecimal::add);
        }
    }

    /// What a limit leaves goes to the lines in the proportion of what they earned.
    private Map<Piece, BigDecimal> cut(Map<Piece, BigDecimal> money, BigDecimal given, BigDecimal earned) {
        if (given.compareTo(earned) == 0) return money;
        var less = new LinkedHashMap<Piece, BigDecimal>();
        var shares = new ArrayList<Slow.Share<Piece>>();
        for (var piece : money.keySet()) shares.add(Slow.Share.of(piece, money.get(piece)));
        for (var share : Slow.apportion(given, shares, scale)) less.put(share.taker(), share.amount());
        return less;
    }

    private void give(Candidate one, Outcome outcome) {
        var earned = outcome.sum();
        if (earned.signum() <= 0) {
            one.condition = "NO_VALUE";
            return;
        }
        if (outcome.capWanted != null) cap(one, outcome);
        var limits = new Limits(one.scheme);
        var given = limits.cutMoney(earned);
        var money = cut(outcome.money, given, earned);
        if (given.compareTo(earned) < 0) {
            one.condition = limits.condition;
            one.nextStated = false;
        }
        if (given.signum() <= 0) return;
        one.applied = true;
        one.benefit = given;
        one.money = money;
        limits.take(given, ZERO);
        if (offInvoice(one)) {
            accruals.add(AnyCase.tree("schemeId", one.id(), "kind", later(one) ? "RETRO" : one.scheme.get("settlement"), "amount", money2(given)));
            return;
        }
        for (var piece : money.keySet()) if (money.get(piece).signum() > 0) piece.benefits.merge(one.id(), money.get(piece), BigDecimal::add);
    }

    private void cap(Candidate one, Outcome outcome) {
        one.condition = "CAP";
        one.wanted = qty(outcome.capWanted);
        one.found = qty(outcome.capFound);
        one.next = null;
        one.nextStated = true;
    }

    private String money2(BigDecimal value) {
        return value.setScale(scale).toPlainString();
    }

    // ---- free goods ----

    private boolean isInside(Candidate one) {
        return one.type().equals("FREE_GOODS") && Boolean.TRUE.equals(one.mechanic().get("inside"));
    }

    private Map<String, Object> sku(String id) {
        for (var sku : maps(book.get("skus"))) if (sku.get("id").equals(id)) return sku;
        throw new IllegalArgumentException(id);
    }

    /// The free quantity by SKU after the cap, rounded down to whole free units; "*" is the reward SKU, still to be chosen.
    private Map<String, BigDecimal> capped(Candidate one, Outcome outcome) {
        var mechanic = one.mechanic();
        var cap = decimal(mechanic.get("capPerInvoice"));
        var order = new ArrayList<>(outcome.free.keySet());
        order.sort(Comparator.comparing(id -> id.equals("*") ? "" : (String) sku(id).get("code")));
        var free = new LinkedHashMap<String, BigDecimal>();
        for (var id : order) {
            var reward = id.equals("*") ? mechanic.get("rewardSkuId") != null ? (String) mechanic.get("rewardSkuId") : chosen(one) : id;
            var qty = outcome.free.get(id);
            if (mechanic.get("getUnit") != null) qty = qty.multiply(units(sku(reward), (String) mechanic.get("getUnit")));
            if (cap != null) {
                qty = Slow.min(qty, cap);
                cap = cap.subtract(qty);
            }
            var unit = mechanic.get("freeUnit") == null ? null : units(sku(reward), (String) mechanic.get("freeUnit"));
            qty = unit == null ? qty.setScale(((Long) sku(reward).getOrDefault("qtyScale", 0L)).intValue(), RoundingMode.DOWN) : qty.divide(unit, 0, RoundingMode.DOWN).multiply(unit);
            if (qty.signum() > 0) free.put(reward, qty);
        }
        return free;
    }

    /// A free quantity in whole free units.
    private BigDecimal wholeFree(Candidate one, List<Merged> set, BigDecimal qty) {
        var mechanic = one.mechanic();
        var reward = mechanic.get("rewardSkuId") != null ? sku((String) mechanic.get("rewardSkuId")) : strings(mechanic.get("rewardSkuIds")).isEmpty() ? set.getFirst().sku() : sku(chosen(one));
        var all = mechanic.get("getUnit") == null ? qty : qty.multiply(units(reward, (String) mechanic.get("getUnit")));
        if (mechanic.get("freeUnit") == null) return all;
        var unit = units(reward, (String) mechanic.get("freeUnit"));
        return all.divide(unit, 0, RoundingMode.DOWN).multiply(unit);
    }

    private static BigDecimal units(Map<String, Object> sku, String unit) {
        for (var row : maps(sku.get("units"))) if (row.get("code").equals(unit)) return BigDecimal.valueOf((Long) row.get("num"));
        return Slow.ONE;
    }

    /// Choice list: the first SKU of the list that is in stock.
    private String chosen(Candidate one) {
        var list = strings(one.mechanic().get("rewardSkuIds"));
        for (var id : list) if (stock.free(sku(id)).signum() > 0) return id;
        return list.getFirst();
    }

    /// PX-22, PX-27: free goods at PTR, each unit at the price that it has here.
    private BigDecimal valueOf(Candidate one, Map<String, BigDecimal> free) {
        var value = ZERO;
        if (isInside(one)) {
            for (var id : free.keySet()) for (var part : cheapest(one, id, free.get(id))) value = value.add(Slow.round(part.qty.multiply(part.unitPrice), scale));
            return value;
        }
        var all = new ArrayList<SlowStock.Taken>();
        for (var id : free.keySet()) {
            var rows = rows(one, sku(id), free.get(id), all);
            for (var row : rows) value = value.add(row.value);
        }
        stock.putBack(all);
        return value;
    }

    /// The same without rounding, for what fits into a limit.
    private BigDecimal exactValueOf(Candidate one, Map<String, BigDecimal> free) {
        var value = ZERO;
        if (isInside(one)) {
            for (var id : free.keySet()) for (var part : cheapest(one, id, free.get(id))) value = value.add(part.qty.multiply(part.unitPrice()));
            return value;
        }
        var all = new ArrayList<SlowStock.Taken>();
        for (var id : free.keySet()) for (var row : rows(one, sku(id), free.get(id), all)) value = value.add(row.qty.multiply(row.unitPrice));
        stock.putBack(all);
        return value;
    }

    /// The free lines that the batches make of a free quantity: one for each MRP and price. What no batch covers is at the SKU's MRP.
    private List<Free> rows(Candidate one, Map<String, Object> sku, BigDecimal qty, List<SlowStock.Taken> all) {
        var rows = new ArrayList<Free>();
        var taken = stock.take(sku, qty, null);
        all.addAll(taken);
        var left = qty;
        for (var part : taken) {
            left = left.subtract(part.qty());
            addRow(rows, one, sku, decimal(part.batch().get("mrp")), (String) part.batch().get("batchId"), part.qty()).taken.add(part);
        }
        if (left.signum() > 0) addRow(rows, one, sku, decimal(sku.get("mrp")), null, left);
        for (var row : rows) row.value = Slow.round(row.qty.multiply(row.unitPrice), scale);
        return rows;
    }

    private Free addRow(List<Free> rows, Candidate one, Map<String, Object> sku, BigDecimal mrp, String batchId, BigDecimal qty) {
        var price = prices.px01(sku, mrp, batchId);
        if (price == null)
            for (var line : one.set) if (price == null && line.id().equals(sku.get("id")) && same(line.mrp(), mrp)) price = new SlowPrices.Price(null, 0, 0, line.unitPrice(), line.inclusive(), null);
        if (price == null) throw Refused.of("PRICE_MISSING");
        for (var row : rows)
            if (same(row.mrp, mrp) && row.unitPrice.compareTo(price.unit()) == 0) {
                row.qty = row.qty.add(qty);
                return row;
            }
        var row = new Free();
        row.scheme = one.scheme;
        row.sku = sku;
        row.mrp = mrp;
        row.qty = qty;
        row.unitPrice = price.unit();
        row.inclusive = price.inclusive();
        rows.add(row);
        return row;
    }

    private record Cheap(Merged line, BigDecimal qty, BigDecimal unitPrice) {}

    private List<Cheap> cheapest(Candidate one, String skuId, BigDecimal qty) {
        var lines = new ArrayList<Merged>();
        for (var line : one.open) if (line.id().equals(skuId)) lines.add(line);
        lines.sort(Comparator.comparing(Merged::unitPrice).thenComparing(Merged::mrp, Comparator.nullsFirst(Comparator.<BigDecimal>naturalOrder())));
        var parts = new ArrayList<Cheap>();
        var left = qty;
        for (var line : lines) {
            var units = Slow.min(left, line.qty());
            if (units.signum() <= 0) continue;
            parts.add(new Cheap(line, units, line.unitPrice()));
            left = left.subtract(units);
        }
        return parts;
    }

    /// M4 "11+1 included": the free units come out of the ordered ones, the cheapest price first, before any discount.
    private void inside(Candidate one) {
        var outcome = m4(one, one.open, true);
        one.next = outcome.next;
        one.nextStated = outcome.nextStated;
        if (outcome.condition != null) {
            one.condition = outcome.condition;
            return;
        }
        if (outcome.capWanted != null) cap(one, outcome);
        var limits = new Limits(one.scheme);
        var wanted = capped(one, outcome);
        var given = limits.cutFree(one, wanted);
        if (!given.equals(wanted)) {
            one.condition = limits.condition;
            one.nextStated = false;
        }
        for (var id : given.keySet())
            for (var part : cheapest(one, id, given.get(id))) {
                var row = new Free();
                row.scheme = one.scheme;
                row.sku = part.line().sku();
                row.mrp = part.line().mrp();
                row.qty = part.qty();
                row.unitPrice = part.unitPrice();
                row.inclusive = part.line().inclusive();
                row.inside = true;
                row.value = Slow.round(part.qty().multiply(part.unitPrice()), scale);
                freeGoods.add(row);
                one.benefit = one.benefit.add(row.value);
                one.freeQty = one.freeQty.add(row.qty);
                one.applied = true;
                var left = part.qty();
                for (var piece : cheapestFirst(part.line().pieces())) {
                    var units = Slow.min(left, piece.qty);
                    piece.qty = piece.qty.subtract(units);
                    if (piece.ordered != null) piece.ordered = piece.ordered.subtract(units);
                    piece.gross = Slow.round(piece.qty.multiply(piece.unitPrice), scale);
                    left = left.subtract(units);
                }
                setWhole(part.line());
            }
        if (one.applied) limits.take(one.benefit, one.freeQty);
        else if (one.condition == null) one.condition = "NO_VALUE";
    }

    private void outside(Candidate one) {
        var outcome = m4(one, one.open, false);
        one.next = outcome.next;
        one.nextStated = outcome.nextStated;
        if (outcome.condition != null) {
            one.condition = outcome.condition;
            return;
        }
        if (outcome.capWanted != null) cap(one, outcome);
        var limits = new Limits(one.scheme);
        var wanted = capped(one, outcome);
        var given = limits.cutFree(one, wanted);
        if (!given.equals(wanted)) {
            one.condition = limits.condition;
            one.nextStated = false;
        }
        var ifShort = (String) one.mechanic().getOrDefault("ifShort", "REFUSE");
        var toValue = ZERO;
        for (var id : given.keySet()) {
            var left = given.get(id);
            left = left.subtract(fromStock(one, sku(id), left, ifShort.equals("REFUSE")));
            if (ifShort.equals("SUBSTITUTE")) for (var other : strings(one.mechanic().get("substituteSkuIds"))) if (left.signum() > 0) left = left.subtract(fromStock(one, sku(other), left, false));
            if (left.signum() > 0 && !ifShort.equals("REFUSE")) {
                var price = prices.px01(sku(id), decimal(sku(id).get("mrp")), null);
                if (price == null) throw Refused.of("PRICE_MISSING");
                toValue = toValue.add(Slow.round(left.multiply(price.unit()), scale));
            }
        }
        if (toValue.signum() > 0) {
            var value = new Outcome();
            spread(toValue, one.open, null, false, value);
            for (var piece : value.money.keySet()) if (value.money.get(piece).signum() > 0) piece.benefits.merge(one.id(), value.money.get(piece), BigDecimal::add);
            one.money = value.money;
            if (value.sum().signum() > 0) one.applied = true;
            one.benefit = one.benefit.add(value.sum());
        }
        if (one.applied) limits.take(one.benefit, one.freeQty);
        else if (one.condition == null) one.condition = "NO_VALUE";
    }

    /// Takes free units first-expired first and writes their lines; `all`: what no batch covers is written too, and refuses the bill.
    private BigDecimal fromStock(Candidate one, Map<String, Object> sku, BigDecimal wanted, boolean all) {
        var available = Slow.min(wanted, stock.free(sku));
        if (all && available.compareTo(wanted) < 0) freeShort = true;
        var qty = all ? wanted : available;
        if (qty.signum() <= 0) return ZERO;
        for (var row : rows(one, sku, qty, new ArrayList<>())) {
            freeGoods.add(row);
            one.benefit = one.benefit.add(row.value);
            one.freeQty = one.freeQty.add(row.qty);
            one.applied = true;
        }
        return qty;
    }

    // ---- limits ----

    /// PX-24: per invoice, per outlet, per distributor, scheme total; what is left of them comes with the command.
    private final class Limits {
        private record Limit(String scope, BigDecimal amount, BigDecimal freeQty, Long times) {}

        private final List<Limit> limits = new ArrayList<>();
        private final String whenCut, schemeId;
        String condition;

        Limits(Map<String, Object> scheme) {
            var rows = map(scheme.get("limits"));
            whenCut = (String) rows.getOrDefault("whenCut", "PARTIAL");
            schemeId = (String) scheme.get("id");
            if (rows.get("perInvoice") != null) limits.add(left("INVOICE", map(rows.get("perInvoice"))));
            if (rows.get("perOutlet") != null) limits.add(left("OUTLET", map(rows.get("perOutlet"))));
            if (rows.get("perDistributor") != null) limits.add(left("DISTRIBUTOR", map(rows.get("perDistributor"))));
            if (rows.get("total") != null) limits.add(left("TOTAL", map(rows.get("total"))));
        }

        private Limit left(String scope, Map<String, Object> limit) {
            var amount = decimal(limit.get("amount"));
            var freeQty = decimal(limit.get("freeQty"));
            var times = (Long) limit.get("times");
            for (var row : maps(command.get("limits"))) {
                if (!row.get("schemeId").equals(schemeId) || !row.get("scope").equals(scope)) continue;
                if (amount != null && row.get("amount") != null) amount = Slow.max(decimal(row.get("amount")), ZERO);
                if (freeQty != null && row.get("freeQty") != null) freeQty = Slow.max(decimal(row.get("freeQty")), ZERO);
                if (times != null && row.get("times") != null) times = Math.max((Long) row.get("times"), 0);
            }
            return new Limit(scope, amount, freeQty, times);
        }

        BigDecimal cutMoney(BigDecimal earned) {
            var given = earned;
            for (var limit : limits) {
                var before = given;
                if (limit.times() != null && limit.times() <= 0) given = ZERO;
                else if (limit.amount() != null)
                    given = switch (whenCut) {
                        case "NONE" -> given.compareTo(limit.amount()) > 0 ? ZERO : given;
                        case "FULL_LAST" -> limit.amount().signum() > 0 ? given : ZERO;
                        default -> Slow.min(given, limit.amount());
                    };
                if (given.compareTo(before) < 0) condition = "LIMIT_" + limit.scope();
            }
            return given;
        }

        Map<String, BigDecimal> cutFree(Candidate one, Map<String, BigDecimal> wanted) {
            Map<String, BigDecimal> given = wanted;
            for (var limit : limits) {
                var qty = given.values().stream().reduce(ZERO, BigDecimal::add);
                var value = limit.amount() == null ? ZERO : valueOf(one, given);
                boolean over = limit.amount() != null && value.compareTo(limit.amount()) > 0 || limit.freeQty() != null && qty.compareTo(limit.freeQty()) > 0;
                boolean closed = limit.times() != null && limit.times() <= 0;
                boolean empty = limit.amount() != null && limit.amount().signum() <= 0 || limit.freeQty() != null && limit.freeQty().signum() <= 0;
                Map<String, BigDecimal> now = given;
                if (closed) now = Map.of();
                else if (over) now = switch (whenCut) {
                    case "NONE" -> Map.of();
                    case "FULL_LAST" -> empty ? Map.of() : given;
                    default -> fitting(one, given, limit);
                };
                if (!now.equals(given)) condition = "LIMIT_" + limit.scope();
                given = now;
            }
            return given;
        }

        /// Whole units that fit, one after the other in the order of the SKUs.
        private Map<String, BigDecimal> fitting(Candidate one, Map<String, BigDecimal> wanted, Limit limit) {
            var given = new LinkedHashMap<String, BigDecimal>();
            for (var id : wanted.keySet()) {
                var freeUnit = (String) one.mechanic().get("freeUnit");
                var step = freeUnit != null ? units(sku(id), freeUnit) : BigDecimal.ONE.movePointLeft(((Long) sku(id).getOrDefault("qtyScale", 0L)).intValue());
                var qty = wanted.get(id);
                while (qty.signum() > 0) {
                    given.put(id, qty);
                    boolean fits = limit.freeQty() == null || given.values().stream().reduce(ZERO, BigDecimal::add).compareTo(limit.freeQty()) <= 0;
                    if (fits && limit.amount() != null) fits = exactValueOf(one, given).compareTo(limit.amount()) <= 0;
                    if (fits) break;
                    qty = qty.subtract(step);
                    given.remove(id);
                }
            }
            return given;
        }

        void take(BigDecimal amount, BigDecimal freeQty) {
            for (var limit : limits) {
                if (limit.scope().equals("INVOICE")) continue;
                boolean exhausted = limit.amount() != null && amount.compareTo(limit.amount()) >= 0 || limit.freeQty() != null && freeQty.compareTo(limit.freeQty()) >= 0
                        || limit.times() != null && limit.times() <= 1;
                limitRows.add(AnyCase.tree("schemeId", schemeId, "scope", limit.scope(), "amount", money2(amount), "freeQty", qty(freeQty), "times", 1L, "exhausted", exhausted));
            }
        }
    }

    // ---- accruals ----

    /// Stage 6: what the bill earns beside itself, on what the bill schemes left.
    void accrue(BigDecimal payable) {
        for (var one : candidates) {
            if (one.condition != null || !one.stage().equals("ACCRUAL")) continue;
            switch (one.type()) {
                case "QPS", "TOD" -> m8(one);
                case "POINTS" -> m12(one);
                case "PER_CASE_REBATE" -> rebate(one);
                case "CASH_DISCOUNT" -> m10(one, payable);
                default -> throw new IllegalArgumentException(one.type());
            }
        }
    }

    private Map<String, Object> cumulated(Candidate one, String skuId) {
        for (var row : maps(command.get("cumulated"))) if (row.get("schemeId").equals(one.id()) && java.util.Objects.equals(row.get("skuId"), skuId)) return row;
        return Map.of();
    }

    private static BigDecimal or0(Object value) {
        return value == null ? ZERO : decimal(value);
    }

    /// DOMAIN B "Sales": after on-invoice discounts, before tax.
    private static BigDecimal netValue(Candidate one) {
        var value = ZERO;
        for (var piece : piecesOf(one.set)) value = value.add(piece.taxable);
        return value;
    }

    /// M8: slabs on what the period counted so far and this document together; what was accrued before is taken off (EX-15 to EX-17).
    private void m8(Candidate one) {
        var basis = one.mechanic().get("basis") == null ? "NET_VALUE" : (String) one.mechanic().get("basis");
        var value = netValue(one);
        var counted = basis.equals("NET_VALUE") ? value : measure(one, basis, one.set, false, false);
        var before = cumulated(one, null);
        var growth = one.mechanic().get("growth") == null ? null : map(one.mechanic().get("growth"));
        var dueBefore = before.get("accrued") != null ? decimal(before.get("accrued")) : due(one, basis, or0(before.get("counted")), or0(before.get("value")), growth, before);
        var allCounted = or0(before.get("counted")).add(counted);
        var due = due(one, basis, allCounted, or0(before.get("value")).add(value), growth, before);
        var amount = due.subtract(dueBefore);
        one.applied = amount.signum() != 0;
        one.benefit = amount;
        if (!one.applied) one.condition = allCounted.compareTo(decimal(maps(one.mechanic().get("slabs")).getFirst().get("from"))) < 0 || growth != null ? "THRESHOLD" : "NO_VALUE";
        accruals.add(AnyCase.tree("schemeId", one.id(), "kind", one.type(), "counted", plain(basis, counted), "value", money2(value), "amount", money2(amount), "accrued", money2(due)));
    }

    private BigDecimal due(Candidate one, String basis, BigDecimal counted, BigDecimal value, Map<String, Object> growth, Map<String, Object> before) {
        var slabs = maps(one.mechanic().get("slabs"));
        if (growth != null) {
            var base = or0(before.get("growthBase"));
            if (growth.get("minBase") != null && base.compareTo(decimal(growth.get("minBase"))) < 0 || base.signum() == 0) {
                if (growth.get("floorBase") == null) return ZERO;
                base = decimal(growth.get("floorBase"));
            }
            var increment = counted.subtract(base);
            Map<String, Object> reached = null;
            for (var slab : slabs) if (increment.compareTo(decimal(slab.get("from")).multiply(base)) >= 0 && increment.signum() > 0) reached = slab;
            return reached == null ? ZERO : Slow.round(increment.multiply(decimal(map(reached.get("reward")).get("percent"))), scale);
        }
        if ("INCREMENTAL".equals(one.mechanic().get("method"))) {
            var sum = ZERO;
            for (int at = 0; at < slabs.size(); at++) {
                var from = below(basis, decimal(slabs.get(at).get("from")));
                if (counted.compareTo(decimal(slabs.get(at).get("from"))) < 0) break;
                var to = at + 1 < slabs.size() ? Slow.min(counted, below(basis, decimal(slabs.get(at + 1).get("from")))) : counted;
                var width = to.subtract(from);
                var reward = map(slabs.get(at).get("reward"));
                if (reward.get("percent") != null) sum = sum.add(value.multiply(width).multiply(decimal(reward.get("percent"))).divide(counted, PRECISE, RoundingMode.HALF_UP));
                else if (reward.get("perUnit") != null) sum = sum.add(width.multiply(decimal(reward.get("perUnit"))));
                else sum = sum.add(decimal(reward.get("fixed")));
            }
            return Slow.round(sum, scale);
        }
        Map<String, Object> reached = null;
        for (var slab : slabs) if (counted.compareTo(decimal(slab.get("from"))) >= 0) reached = slab;
        if (reached == null) return ZERO;
        var reward = map(reached.get("reward"));
        if (reward.get("percent") != null) return Slow.round(value.multiply(decimal(reward.get("percent"))), scale);
        if (reward.get("perUnit") != null) return Slow.round(counted.multiply(decimal(reward.get("perUnit"))), scale);
        return decimal(reward.get("fixed"));
    }

    /// M12: floor(counted ÷ per) × points.
    private void m12(Candidate one) {
        var basis = one.mechanic().get("basis") == null ? "NET_VALUE" : (String) one.mechanic().get("basis");
        var counted = basis.equals("NET_VALUE") ? netValue(one) : measure(one, basis, one.set, false, false);
        var points = counted.divide(decimal(one.mechanic().get("per")), 0, RoundingMode.DOWN).multiply(decimal(one.mechanic().get("points")));
        if (points.signum() <= 0) {
            one.condition = "THRESHOLD";
            return;
        }
        one.applied = true;
        accruals.add(AnyCase.tree("schemeId", one.id(), "kind", "POINTS", "unit", "POINTS", "amount", qty(points)));
    }

    /// M11 over a period: full cases of what was left over and what is bought now, SKU by SKU (EX-30).
    private void rebate(Candidate one) {
        boolean cumulative = Boolean.TRUE.equals(one.mechanic().get("cumulative"));
        var unit = (String) one.mechanic().getOrDefault("unit", "CASE");
        for (var set : bySku(one.set)) {
            var sku = set.getFirst().sku();
            var qty = set.stream().map(Merged::qty).reduce(ZERO, BigDecimal::add);
            var whole = cumulative ? qty.add(or0(cumulated(one, set.getFirst().id()).get("counted"))) : qty;
            var cases = cases(sku, whole, unit);
            var amount = Slow.round(cases.multiply(decimal(one.mechanic().get("amount"))), scale);
            if (amount.signum() > 0) one.applied = true;
            one.benefit = one.benefit.add(amount);
            var carry = cumulative ? whole.subtract(cases.multiply(units(sku, unit))) : null;
            accruals.add(AnyCase.tree("schemeId", one.id(), "kind", "REBATE", "skuId", set.getFirst().id(), "amount", money2(amount), "carry", carry == null ? null : qty(carry)));
        }
        if (!one.applied) one.condition = "THRESHOLD";
    }

    private void m10(Candidate one, BigDecimal payable) {
        var terms = new ArrayList<Map<String, Object>>();
        for (var term : maps(one.mechanic().get("terms")))
            terms.add(AnyCase.tree("payBy", date + (Long) term.get("days"), "amount", money2(Slow.round(payable.multiply(decimal(term.get("percent"))), scale))));
        cashDiscounts.add(AnyCase.tree("schemeId", one.id(), "terms", terms));
        one.applied = true;
    }
}
