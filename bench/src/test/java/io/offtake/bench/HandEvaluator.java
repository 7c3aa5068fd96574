package io.offtake.bench;

import io.offtake.rules.DecideCommand;
import io.offtake.rules.Evaluation;
import io.offtake.rules.Qty;
import io.offtake.rules.RuleBook;
import io.offtake.rules.Scheme;
import io.offtake.rules.UnitPrice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The limit: this scenario written by hand over `long` and arrays, for its three kinds of offers and nothing else. Its answer is the
/// engine's, record by record; the benchmark refuses to run if it is not.
final class HandEvaluator {
    private static final int SLAB = 0, BUY_GET = 1, COMBO = 2;
    private final int count, words;
    private final int[] kind;
    private final Scheme[] schemes;
    /// Thresholds in pieces, rates in millionths.
    private final int[][] from, micros;
    private final int[][] schemesOfSku;
    private final long[][] byTerritory, byChannel, byClass;
    private final long[] anyTerritory;
    private final Map<String, Integer> skuPlace = new HashMap<>(), territoryPlace = new HashMap<>(), channelPlace = new HashMap<>(), classPlace = new HashMap<>();
    private final long[] pricePaise;
    private final UnitPrice[] unitPrice;
    private final String[] skuId;
    // working memory of the one thread
    private final long[] touched, eligible;
    private final int[][] members;
    private final int[] memberCount;
    private final long[] gross = new long[256], value = new long[256], shares = new long[256], rests = new long[256], place = new long[256];
    private final int[] qty = new int[256], line = new int[256], sku = new int[256], numbers = new int[256];

    HandEvaluator(Scenario scenario, RuleBook book) {
        var offers = new ArrayList<>(scenario.offers);
        offers.sort(Comparator.comparingInt((Scenario.Offer offer) -> switch (offer.kind()) { case SLAB -> 0; case COMBO -> 1; case BUY_GET -> 2; })
                .thenComparingInt(Scenario.Offer::priority).thenComparing(Scenario.Offer::code));
        count = offers.size();
        words = (count + 63) / 64;
        kind = new int[count];
        schemes = new Scheme[count];
        var byId = new HashMap<String, Scheme>();
        for (var scheme : book.schemes()) byId.put(scheme.id(), scheme);
        from = new int[count][];
        micros = new int[count][];
        byTerritory = masks(Scenario.TERRITORIES);
        byChannel = masks(Scenario.CHANNELS.size());
        byClass = masks(Scenario.CLASSES.size());
        anyTerritory = new long[words];
        touched = new long[words];
        eligible = new long[words];
        members = new int[count][];
        memberCount = new int[count];
        var ofSku = new ArrayList<List<Integer>>();
        for (int at = 0; at < Scenario.SKUS; at++) ofSku.add(new ArrayList<>());
        for (int at = 0; at < count; at++) {
            var offer = offers.get(at);
            kind[at] = switch (offer.kind()) { case SLAB -> SLAB; case BUY_GET -> BUY_GET; case COMBO -> COMBO; };
            schemes[at] = byId.get(offer.id());
            from[at] = offer.from();
            micros[at] = offer.micros();
            members[at] = new int[offer.skus().length];
            for (int one : offer.skus()) ofSku.get(one).add(at);
            if (offer.territories().length == 0) set(anyTerritory, at);
            for (int one : offer.territories()) set(byTerritory[one], at);
            for (int one = 0; one < byChannel.length; one++) if (offer.channels().length == 0 || Arrays.binarySearch(offer.channels(), one) >= 0) set(byChannel[one], at);
            for (int one = 0; one < byClass.length; one++) if (offer.classes().length == 0 || Arrays.binarySearch(offer.classes(), one) >= 0) set(byClass[one], at);
        }
        schemesOfSku = ofSku.stream().map(list -> list.stream().mapToInt(Integer::intValue).toArray()).toArray(int[][]::new);
        pricePaise = scenario.pricePaise;
        unitPrice = Arrays.stream(pricePaise).mapToObj(paise -> new UnitPrice(paise * 10_000)).toArray(UnitPrice[]::new);
        skuId = new String[Scenario.SKUS];
        for (int at = 0; at < Scenario.SKUS; at++) skuPlace.put(skuId[at] = Scenario.sku(at), at);
        for (int at = 0; at < Scenario.TERRITORIES; at++) territoryPlace.put(Scenario.territory(at), at);
        for (int at = 0; at < Scenario.CHANNELS.size(); at++) channelPlace.put(Scenario.CHANNELS.get(at), at);
        for (int at = 0; at < Scenario.CLASSES.size(); at++) classPlace.put(Scenario.CLASSES.get(at), at);
    }

    private long[][] masks(int size) {
        return new long[size][words];
    }

    private static void set(long[] bits, int at) {
        bits[at >>> 6] |= 1L << at;
    }

    Evaluation evaluate(DecideCommand command) {
        var outlet = command.outlet();
        var channel = byChannel[channelPlace.get(outlet.channel())];
        var outletClass = byClass[classPlace.get(outlet.outletClass())];
        System.arraycopy(anyTerritory, 0, eligible, 0, words);
        for (var territory : outlet.territories()) {
            var mask = byTerritory[territoryPlace.get(territory)];
            for (int word = 0; word < words; word++) eligible[word] |= mask[word];
        }
        for (int word = 0; word < words; word++) eligible[word] &= channel[word] & outletClass[word];
        // lines in the order of SKU codes, by which ties are broken
        int size = 0;
        for (var one : command.lines()) {
            int which = skuPlace.get(one.skuId());
            place[size] = (long) which << 32 | size;
            numbers[size] = one.line();
            qty[size] = (int) (one.qty().milli() / 1000);
            size++;
        }
        Arrays.sort(place, 0, size);
        long grossSum = 0;
        for (int at = 0; at < size; at++) {
            int which = (int) (place[at] >>> 32), original = (int) place[at];
            sku[at] = which;
            line[at] = original;
            gross[at] = value[at] = pricePaise[which] * qty[original];
            grossSum += gross[at];
            for (int scheme : schemesOfSku[which]) {
                if ((eligible[scheme >>> 6] & 1L << scheme) == 0) continue;
                if ((touched[scheme >>> 6] & 1L << scheme) == 0) {
                    touched[scheme >>> 6] |= 1L << scheme;
                    memberCount[scheme] = 0;
                }
                members[scheme][memberCount[scheme]++] = at;
            }
        }
        var applied = new ArrayList<Evaluation.Applied>();
        var free = new ArrayList<Evaluation.Free>();
        for (int word = 0; word < words; word++) {
            long bits = touched[word];
            touched[word] = 0;
            for (; bits != 0; bits &= bits - 1) {
                int scheme = (word << 6) + Long.numberOfTrailingZeros(bits);
                switch (kind[scheme]) {
                    case SLAB -> slab(scheme, applied);
                    case BUY_GET -> buyGet(scheme, applied, free);
                    default -> combo(scheme, applied);
                }
            }
        }
        var lines = new Evaluation.Line[size];
        long discountSum = 0;
        for (int at = 0; at < size; at++) {
            long discount = gross[at] - value[at];
            discountSum += discount;
            lines[line[at]] = new Evaluation.Line(numbers[line[at]], skuId[sku[at]], unitPrice[sku[at]], gross[at], discount);
        }
        return new Evaluation(Arrays.asList(lines), free, grossSum, discountSum, List.of(), applied, List.of(), List.of());
    }

    private void slab(int scheme, List<Evaluation.Applied> applied) {
        var member = members[scheme];
        int size = memberCount[scheme], counted = 0;
        for (int at = 0; at < size; at++) counted += qty[line[member[at]]];
        var thresholds = from[scheme];
        int next = 0;
        while (next < thresholds.length && thresholds[next] <= counted) next++;
        if (next == 0) return;
        long rate = micros[scheme][next - 1], benefit = 0;
        for (int at = 0; at < size; at++) {
            long off = (value[member[at]] * rate + 500_000) / 1_000_000;
            value[member[at]] -= off;
            benefit += off;
        }
        if (benefit == 0) return;
        applied.add(row(scheme, benefit, 0));
    }

    private void combo(int scheme, List<Evaluation.Applied> applied) {
        var member = members[scheme];
        int size = memberCount[scheme];
        if (size < from[scheme][0]) return;
        long sum = 0;
        for (int at = 0; at < size; at++) sum += value[member[at]];
        long benefit = (sum * micros[scheme][0] + 500_000) / 1_000_000;
        if (benefit == 0) return;
        long left = benefit;
        for (int at = 0; at < size; at++) {
            long product = benefit * value[member[at]];
            shares[at] = product / sum;
            rests[at] = product % sum;
            left -= shares[at];
        }
        while (left-- > 0) {
            int largest = 0;
            for (int at = 1; at < size; at++) if (rests[at] > rests[largest]) largest = at;
            rests[largest] = -1;
            shares[largest]++;
        }
        for (int at = 0; at < size; at++) value[member[at]] -= shares[at];
        applied.add(row(scheme, benefit, 0));
    }

    private void buyGet(int scheme, List<Evaluation.Applied> applied, List<Evaluation.Free> free) {
        var member = members[scheme];
        int size = memberCount[scheme], buy = from[scheme][0], get = from[scheme][1];
        long benefit = 0, given = 0;
        for (int at = 0; at < size; at++) {
            int times = qty[line[member[at]]] / buy;
            if (times == 0) continue;
            long units = (long) times * get, worth = pricePaise[sku[member[at]]] * units;
            free.add(new Evaluation.Free(schemes[scheme].id(), skuId[sku[member[at]]], new Qty(units * 1000), worth));
            benefit += worth;
            given += units;
        }
        if (given != 0) applied.add(row(scheme, benefit, given * 1000));
    }

    private Evaluation.Applied row(int scheme, long benefit, long freeMilli) {
        var lines = new int[memberCount[scheme]];
        for (int at = 0; at < lines.length; at++) lines[at] = numbers[line[members[scheme][at]]];
        return new Evaluation.Applied(schemes[scheme], benefit, freeMilli, lines);
    }

    /// Two answers that say the same, member by member.
    static boolean same(Evaluation one, Evaluation other) {
        if (!one.lines().equals(other.lines()) || !one.free().equals(other.free()) || one.gross() != other.gross() || one.discount() != other.discount()
                || !one.refusals().equals(other.refusals()) || !one.accruals().equals(other.accruals()) || one.applied().size() != other.applied().size()) return false;
        for (int at = 0; at < one.applied().size(); at++) {
            var a = one.applied().get(at);
            var b = other.applied().get(at);
            if (a.scheme() != b.scheme() || a.benefit() != b.benefit() || a.freeQty() != b.freeQty() || !Arrays.equals(a.lines(), b.lines())) return false;
        }
        return true;
    }
}
