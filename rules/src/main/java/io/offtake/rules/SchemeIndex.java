package io.offtake.rules;

import io.offtake.rules.Decision.Condition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The schemes of one distributor in the order of evaluation (PX-21), by SKU and by what they ask of a bill. Schemes are shared
/// with other distributors' indexes; what is here is places (`int`) and bits.
final class SchemeIndex {
    static final int[] NONE = {};
    final Rule[] rules;
    /// The exclusion group's number of each place, −1 for none.
    final int[] groups;
    final int groupCount;
    final int words;
    private final int[][] byRank;
    /// The place of each scheme in the order in which an exclusion group breaks ties (PX-22): priority, code, id.
    final int[] choiceOrder;
    private final Map<String, int[]> allOf = new HashMap<>();
    /// Places of other versions of the same scheme, null where there is only one.
    final int[][] siblings;
    private final Asks channel, outletClass, group, outlet, parent, state, payment, sale, source, registration, weekday, territory, warehouse;
    private final long[] noFirst, noMsl;
    private final long[][] ofLevel = new long[Scheme.Level.values().length][];
    private final boolean anyExcluded, anyDaypart;
    /// Some scheme counts the value as it was after an earlier stage.
    final boolean netAfter;
    /// Some scheme adds to the account of a period.
    final boolean accrues;
    /// By stage: schemes of it stack in different ways.
    final boolean[] mixes = new boolean[Scheme.Stage.values().length];

    SchemeIndex(Rule[] sorted, Rule.Skus skus) {
        rules = sorted;
        words = (rules.length + 63) >>> 6;
        groups = new int[rules.length];
        siblings = new int[rules.length][];
        var groupOf = new HashMap<String, Integer>();
        var versions = new HashMap<String, int[]>();
        var all = new HashMap<String, List<Integer>>();
        var counts = new int[skus.byRank.length];
        for (var rule : rules) if (rule.ranks != null) for (int rank : rule.ranks) counts[rank]++;
        byRank = new int[skus.byRank.length][];
        for (int rank = 0; rank < counts.length; rank++) byRank[rank] = counts[rank] == 0 ? NONE : new int[counts[rank]];
        Arrays.fill(counts, 0);
        channel = new Asks(words);
        outletClass = new Asks(words);
        group = new Asks(words);
        outlet = new Asks(words);
        parent = new Asks(words);
        state = new Asks(words);
        payment = new Asks(words);
        sale = new Asks(words);
        source = new Asks(words);
        registration = new Asks(words);
        weekday = new Asks(words);
        territory = new Asks(words);
        warehouse = new Asks(words);
        noFirst = new long[words];
        noMsl = new long[words];
        for (var level : Scheme.Level.values()) ofLevel[level.ordinal()] = new long[words];
        boolean excluded = false, daypart = false, after = false, accruing = false;
        for (int place = 0; place < rules.length; place++) {
            var scheme = rules[place].scheme;
            var name = scheme.exclusionGroup();
            groups[place] = name == null ? -1 : groupOf.computeIfAbsent(name, any -> groupOf.size());
            var others = versions.get(scheme.id());
            others = others == null ? new int[1] : Arrays.copyOf(others, others.length + 1);
            others[others.length - 1] = place;
            versions.put(scheme.id(), others);
            if (rules[place].ranks == null) all.computeIfAbsent(scheme.principalId(), any -> new ArrayList<>()).add(place);
            else for (int rank : rules[place].ranks) byRank[rank][counts[rank]++] = place;
            var asks = scheme.eligibility();
            channel.add(place, asks.channels());
            outletClass.add(place, asks.classes());
            group.add(place, asks.groups());
            outlet.add(place, asks.outletIds());
            payment.add(place, asks.paymentModes());
            sale.add(place, asks.saleTypes());
            registration.add(place, asks.registrations());
            var more = asks.more();
            parent.add(place, more.parentIds());
            state.add(place, more.stateCodes());
            source.add(place, more.orderSources());
            territory.add(place, more.territories());
            warehouse.add(place, more.warehouseIds());
            weekday.add(place, more.weekdays());
            if (!more.firstOrderOnly()) set(noFirst, place);
            if (!more.mslCompliantOnly()) set(noMsl, place);
            excluded |= !more.excludedOutletIds().isEmpty();
            daypart |= !more.dayparts().isEmpty();
            accruing |= rules[place].accrues;
            after |= rules[place].count != null && rules[place].count.netAfter() != null;
            set(ofLevel[scheme.terms().level().ordinal()], place);
        }
        var first = new Rule[mixes.length];
        for (var rule : rules) {
            if (first[rule.stageNumber] == null) first[rule.stageNumber] = rule;
            mixes[rule.stageNumber] |= first[rule.stageNumber].additive != rule.additive;
        }
        var byChoice = rules.clone();
        Arrays.sort(byChoice, Rule.CHOICE_ORDER);
        var orderOf = new java.util.IdentityHashMap<Rule, Integer>();
        for (int at = 0; at < byChoice.length; at++) orderOf.put(byChoice[at], at);
        choiceOrder = new int[rules.length];
        for (int place = 0; place < rules.length; place++) choiceOrder[place] = orderOf.get(rules[place]);
        groupCount = groupOf.size();
        netAfter = after;
        accrues = accruing;
        anyExcluded = excluded;
        anyDaypart = daypart;
        for (var places : versions.values()) if (places.length > 1) for (int place : places) siblings[place] = places;
        for (var entry : all.entrySet()) {
            var places = new int[entry.getValue().size()];
            for (int at = 0; at < places.length; at++) places[at] = entry.getValue().get(at);
            allOf.put(entry.getKey(), places);
        }
        for (var asks : List.of(channel, outletClass, group, outlet, parent, state, payment, sale, source, registration, weekday, territory, warehouse)) asks.close();
    }

    static void set(long[] bits, int place) {
        bits[place >>> 6] |= 1L << place;
    }

    static boolean has(long[] bits, int place) {
        return (bits[place >>> 6] & 1L << place) != 0;
    }

    /// Places of the schemes that name this SKU, ascending. Those on all SKUs are in [#all].
    int[] of(int rank) {
        return rank < byRank.length ? byRank[rank] : NONE;
    }

    /// Places of the schemes on all SKUs of a principal (but for their exclusions).
    int[] all(String principalId) {
        return allOf.isEmpty() ? NONE : allOf.getOrDefault(principalId, NONE);
    }

    /// What the schemes ask of one fact: for each value the schemes that accept it.
    private static final class Asks {
        private final long[] open;
        private final Map<String, long[]> byValue = new HashMap<>();
        private final int words;
        private boolean asked;

        Asks(int words) {
            this.words = words;
            open = new long[words];
        }

        void add(int place, List<?> accepted) {
            if (accepted.isEmpty()) {
                set(open, place);
                return;
            }
            asked = true;
            for (var value : accepted) set(byValue.computeIfAbsent(value.toString(), any -> new long[words]), place);
        }

        void close() {
            for (var bits : byValue.values()) for (int word = 0; word < words; word++) bits[word] |= open[word];
        }

        void keep(long[] bits, String value) {
            if (!asked) return;
            var accepts = value == null ? null : byValue.get(value);
            if (accepts == null) accepts = open;
            for (int word = 0; word < words; word++) bits[word] &= accepts[word];
        }

        void keepAny(long[] bits, List<String> values, long[] scratch) {
            if (!asked) return;
            System.arraycopy(open, 0, scratch, 0, words);
            for (var value : values) {
                var accepts = byValue.get(value);
                if (accepts != null) for (int word = 0; word < words; word++) scratch[word] |= accepts[word];
            }
            for (int word = 0; word < words; word++) bits[word] &= scratch[word];
        }
    }

    /// The schemes whose conditions on the bill's head hold, as bits; dates are not looked at.
    void eligible(DecideCommand command, long[] bits, long[] scratch) {
        var outletFacts = command.outlet();
        var facts = command.facts();
        System.arraycopy(ofLevel[facts.level().ordinal()], 0, bits, 0, words);
        channel.keep(bits, outletFacts.channel());
        outletClass.keep(bits, outletFacts.outletClass());
        group.keep(bits, outletFacts.group());
        outlet.keep(bits, outletFacts.id());
        parent.keep(bits, outletFacts.parentId());
        state.keep(bits, outletFacts.stateCode());
        payment.keep(bits, command.paymentMode().name());
        sale.keep(bits, command.saleType().name());
        source.keep(bits, facts.orderSource());
        warehouse.keep(bits, facts.warehouseId());
        registration.keep(bits, outletFacts.registration().name());
        territory.keepAny(bits, outletFacts.territories(), scratch);
        if (weekday.asked) weekday.keep(bits, Integer.toString(Periods.weekday(command.businessDate())));
        if (!outletFacts.firstOrder()) for (int word = 0; word < words; word++) bits[word] &= noFirst[word];
        if (!outletFacts.mslCompliant()) for (int word = 0; word < words; word++) bits[word] &= noMsl[word];
        if (!anyExcluded && !anyDaypart) return;
        for (int place = 0; place < rules.length; place++) {
            if (!has(bits, place)) continue;
            var more = rules[place].scheme.eligibility().more();
            if (more.excludedOutletIds().contains(outletFacts.id()) || !inDaypart(more.dayparts(), facts.minuteOfDay())) bits[place >>> 6] &= ~(1L << place);
        }
    }

    /// The schemes of the command's level, as bits.
    long[] ofLevel(Scheme.Level level) {
        return ofLevel[level.ordinal()];
    }

    private static boolean inDaypart(List<Scheme.Daypart> dayparts, Integer minute) {
        if (dayparts.isEmpty()) return true;
        if (minute != null) for (var part : dayparts) if (part.from() <= minute && minute < part.to()) return true;
        return false;
    }

    private static final int CONDITIONS = 17;

    /// The conditions that the scheme does not meet, in the order of [Condition]: only the first, or all.
    static List<Failed> failing(Rule rule, DecideCommand command, boolean all) {
        var found = new ArrayList<Failed>(1);
        for (int at = 0; at < CONDITIONS && (all || found.isEmpty()); at++) check(found, rule, command, at);
        return found;
    }

    private static void check(List<Failed> found, Rule rule, DecideCommand command, int which) {
        var scheme = rule.scheme;
        var asks = scheme.eligibility();
        var more = asks.more();
        var outlet = command.outlet();
        int on = command.businessDate();
        switch (which) {
            case 0 -> {
                if (on < scheme.validFrom() || on > scheme.validTo())
                    found.add(new Failed(Condition.NOT_IN_FORCE, scheme.validFrom() + ".." + (scheme.validTo() == RuleBook.NO_END ? "" : scheme.validTo()), Integer.toString(on)));
                var terms = scheme.terms();
                if (terms.approvedOn() != null && on < terms.approvedOn() && !terms.retrospective())
                    found.add(new Failed(Condition.APPROVED_LATER, Integer.toString(terms.approvedOn()), Integer.toString(on)));
            }
            case 1 -> check(found, rule, Condition.CHANNEL, asks.channels(), outlet.channel());
            case 2 -> check(found, rule, Condition.CLASS, asks.classes(), outlet.outletClass());
            case 3 -> check(found, rule, Condition.GROUP, asks.groups(), outlet.group());
            case 4 -> {
                if (misses(asks.outletIds(), outlet.id())) found.add(new Failed(Condition.OUTLET, asks.outletIds().size() + " outlets", outlet.id()));
                if (more.excludedOutletIds().contains(outlet.id())) found.add(new Failed(Condition.OUTLET, "not " + outlet.id(), outlet.id()));
            }
            case 5 -> check(found, rule, Condition.PARENT, more.parentIds(), outlet.parentId());
            case 6 -> {
                if (more.territories().isEmpty()) return;
                boolean inside = false;
                for (var territory : outlet.territories()) inside |= more.territories().contains(territory);
                if (!inside) found.add(new Failed(Condition.TERRITORY, rule.asked(Condition.TERRITORY, more.territories()), outlet.territories().isEmpty() ? null : join(outlet.territories())));
            }
            case 7 -> check(found, rule, Condition.STATE, more.stateCodes(), outlet.stateCode());
            case 8 -> check(found, rule, Condition.WAREHOUSE, more.warehouseIds(), command.facts().warehouseId());
            case 9 -> check(found, rule, Condition.PAYMENT_MODE, asks.paymentModes(), command.paymentMode());
            case 10 -> check(found, rule, Condition.SALE_TYPE, asks.saleTypes(), command.saleType());
            case 11 -> check(found, rule, Condition.ORDER_SOURCE, more.orderSources(), command.facts().orderSource());
            case 12 -> check(found, rule, Condition.REGISTRATION, asks.registrations(), outlet.registration());
            case 13 -> {
                if (more.firstOrderOnly() && !outlet.firstOrder()) found.add(new Failed(Condition.FIRST_ORDER, "true", "false"));
            }
            case 14 -> {
                if (more.mslCompliantOnly() && !outlet.mslCompliant()) found.add(new Failed(Condition.MSL, "true", "false"));
            }
            case 15 -> {
                if (!more.weekdays().isEmpty()) check(found, rule, Condition.WEEKDAY, more.weekdays(), Periods.weekday(on));
            }
            default -> {
                if (inDaypart(more.dayparts(), command.facts().minuteOfDay())) return;
                var wanted = new ArrayList<String>();
                for (var part : more.dayparts()) wanted.add(SchemeJson.time(part.from()) + "-" + SchemeJson.time(part.to()));
                found.add(new Failed(Condition.DAYPART, join(wanted), command.facts().minuteOfDay() == null ? null : SchemeJson.time(command.facts().minuteOfDay())));
            }
        }
    }

    record Failed(Condition condition, String wanted, String found) {}

    private static boolean misses(List<?> accepted, Object found) {
        return !accepted.isEmpty() && (found == null || !accepted.contains(found));
    }

    private static void check(List<Failed> failed, Rule rule, Condition condition, List<?> accepted, Object found) {
        if (misses(accepted, found)) failed.add(new Failed(condition, rule.asked(condition, accepted), found == null ? null : found.toString()));
    }

    static String join(List<?> values) {
        var joined = new StringBuilder();
        for (var value : values) {
            if (!joined.isEmpty()) joined.append(", ");
            joined.append(value);
        }
        return joined.toString();
    }

    /// A slab's threshold or a count, as text.
    static String basisText(Scheme.Basis basis, long amount, int moneyScale) {
        return basis.isMoney() ? Fixed.print(amount, moneyScale, moneyScale) : Fixed.print(amount, 3, 0);
    }
}
