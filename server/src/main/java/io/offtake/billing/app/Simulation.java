package io.offtake.billing.app;

import io.offtake.catalog.CatalogRelations;
import io.offtake.governance.PastBills;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.Jobs;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.CommandJson;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.Decision;
import io.offtake.rules.Engine;
import io.offtake.rules.Money;
import io.offtake.rules.Periods;
import io.offtake.rules.Qty;
import io.offtake.rules.Refusal;
import io.offtake.rules.RuleBookJson;
import io.offtake.rules.Scheme;
import io.offtake.schemes.SchemeGrowth;
import io.offtake.schemes.SchemeTerms;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Decides past bills again, once with the rule book as it is and once with a change in it, and compares. Bills stream
/// distributor by distributor in the order of their days; nothing is written.
@Component
class Simulation implements PastBills {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int TOP = 10;
    private static final int PAGE = 1_000;
    private static final String APPROVED_MEMBER = "\"approved\":[";
    /// Stock, credit and floors were a matter of that day: they must not hide what a change would cost.
    private static final String APPROVED = Stream.of(Refusal.Code.OUTLET_BLOCKED, Refusal.Code.SHELF_LIFE_SHORT, Refusal.Code.STOCK_SHORT, Refusal.Code.CREDIT_LIMIT, Refusal.Code.CREDIT_OVERDUE)
            .map(code -> '"' + code.name() + '"').collect(Collectors.joining(","));

    private final TenantTransaction transactions;
    private final RuleBookSource books;
    private final Clock clock;

    Simulation(TenantTransaction transactions, RuleBookSource books, Clock clock) {
        this.transactions = transactions;
        this.books = books;
        this.clock = clock;
    }

    private record Seller(long id, String code, String name, String currency, long bills) {}

    @Override
    public Result decideAgain(Order order, Jobs.Steps steps) {
        var began = clock.instant();
        var sellers = transactions.network(db -> sellers(db, order));
        var currency = sellers.stream().max(Comparator.comparingLong(Seller::bills)).map(Seller::currency).orElse("");
        var chosen = sellers.stream().filter(seller -> seller.currency.equals(currency)).toList();
        steps.total(chosen.stream().mapToLong(Seller::bills).sum());
        var sums = new Sums();
        for (var seller : chosen) {
            var of = new Sums();
            replay(order, seller, of, sums, steps);
            sums.add(seller, of);
        }
        return result(sums, currency, began);
    }

    @Override
    public LocalDate latestDay(Set<Long> distributors) {
        var now = clock.instant();
        var zones = transactions.shared(db -> db.sql("select distinct d.time_zone from " + NetworkRelations.DISTRIBUTORS + " d where d.id = any (:distributors::bigint[])").param("distributors", distributors.toArray(Long[]::new))
                .query(String.class).list());
        return zones.stream().map(zone -> LocalDate.ofInstant(now, ZoneId.of(zone))).max(Comparator.naturalOrder()).orElseGet(() -> LocalDate.now(clock));
    }

    private static List<Seller> sellers(JdbcClient db, Order order) {
        return db.sql("""
                        select d.id, d.code, d.name, d.currency, n.bills
                          from (select i.distributor_id, count(*) as bills from billing.invoice i
                                 where i.kind = 'INVOICE' and i.business_date between :from and :to and (:distributors::bigint[] is null or i.distributor_id = any (:distributors::bigint[]))
                                 group by 1) n
                          join\s""" + NetworkRelations.DISTRIBUTORS + """
                           d on d.id = n.distributor_id
                         order by d.id""")
                .param("from", order.from()).param("to", order.to()).param("distributors", order.distributors() == null ? null : order.distributors().toArray(Long[]::new)).query(Seller.class).list();
    }

    /// Both engines of a window of business dates.
    ///
    /// @param limited       the changed schemes whose limits outlive a bill
    /// @param countedBefore the schemes that the change touches and that add up over a period, as they are
    /// @param countedAfter  and as they are to be
    private record Engines(Engine before, Engine after, Set<String> changed, List<Scheme> limited, List<Scheme> countedBefore, List<Scheme> countedAfter) {}

    private Engines engines(long distributorId, LocalDate on, Order order) {
        var snapshot = books.current(distributorId, Map.of(), on);
        var node = (ObjectNode) JSON.readTree(snapshot.json());
        var known = new HashSet<String>();
        for (var scheme : node.path("schemes")) known.add(scheme.toString());
        order.put().accept(node);
        var changed = new HashSet<String>();
        for (var scheme : node.path("schemes")) if (!known.contains(scheme.toString())) changed.add(scheme.path("id").asString(""));
        var after = Engine.of(RuleBookJson.read(node.toString()));
        return new Engines(snapshot.engine(), after, changed, after.book().schemes().stream().filter(scheme -> changed.contains(scheme.id()) && SchemeTerms.isLimited(scheme)).toList(),
                counted(snapshot.engine(), changed), counted(after, changed));
    }

    private static List<Scheme> counted(Engine engine, Set<String> changed) {
        return engine.book().schemes().stream().filter(scheme -> changed.contains(scheme.id()) && SchemeTerms.isCumulated(scheme)).toList();
    }

    private record Bill(LocalDate on, UUID id, UUID outlet, UUID warehouse, String command) {}

    private void replay(Order order, Seller seller, Sums of, Sums all, Jobs.Steps steps) {
        Engines engines = null;
        var spent = new Spent();
        Function<SchemeGrowth.Wanted, Map<UUID, BigDecimal>> bases = wanted -> GrowthBases.bought(transactions, seller.id, wanted);
        var was = new Counted(bases);
        var is = new Counted(bases);
        var after = new Bill(order.from(), new UUID(0, 0), new UUID(0, 0), new UUID(0, 0), "");
        while (true) {
            var page = page(seller.id, after, order.to());
            for (var bill : page) {
                int day = (int) bill.on.toEpochDay();
                if (engines == null || day > engines.before.book().validTo() || day < engines.before.book().validFrom()) {
                    engines = engines(seller.id, bill.on, order);
                    all.changed.addAll(engines.changed);
                    engines.after.book().schemes().forEach(scheme -> all.codes.put(scheme.id(), scheme.code()));
                    engines.before.book().schemes().forEach(scheme -> all.codes.put(scheme.id(), scheme.code()));
                }
                decide(engines, spent, was, is, seller, bill, of, all);
                all.seen++;
            }
            steps.done(all.seen);
            if (page.size() < PAGE) return;
            after = page.getLast();
        }
    }

    /// The next bills, whole in memory: deciding them keeps no transaction open.
    private List<Bill> page(long distributorId, Bill after, LocalDate to) {
        return transactions.network(db -> db.sql("""
                        select i.business_date as "on", i.id, i.outlet_id as outlet, i.warehouse_id as warehouse, i.command
                          from billing.invoice i
                         where i.distributor_id = :distributor and i.kind = 'INVOICE' and i.business_date between :from and :to and (i.business_date, i.id) > (:from, :id)
                           and not exists (select 1 from billing.invoice_cancellation c where c.distributor_id = i.distributor_id and c.invoice_id = i.id)
                         order by i.business_date, i.id limit\s""" + PAGE)
                .param("distributor", distributorId).param("from", after.on).param("id", after.id).param("to", to).query(Bill.class).list());
    }

    /// What the changed schemes have given out in the simulation so far, from what their limits over a period allow. Each bill finds
    /// what the earlier ones of the window left; before the window nothing was spent.
    private static final class Spent {
        private record Key(String scheme, Scheme.Scope scope, String outlet, String period) {}

        private record Sum(Money amount, Qty freeQty, int times) {
            Sum plus(Sum other) {
                return new Sum(amount.plus(other.amount), freeQty.plus(other.freeQty), times + other.times);
            }
        }

        private final Map<Key, Sum> sums = new HashMap<>();

        private static Key key(String scheme, Scheme.Scope scope, String outlet, String period) {
            return new Key(scheme, scope, scope == Scheme.Scope.OUTLET ? outlet : "", period);
        }

        /// The bill with what is left of the changed schemes' limits in place of what was left of them on its day.
        DecideCommand before(DecideCommand command, Engines engines) {
            if (engines.limited.isEmpty()) return command;
            var rows = new ArrayList<DecideCommand.LimitLeft>();
            for (var row : command.facts().limits()) if (!engines.changed.contains(row.schemeId())) rows.add(row);
            for (var scheme : engines.limited) {
                for (var limit : scheme.terms().limits()) {
                    if (limit.scope() != Scheme.Scope.OUTLET && limit.scope() != Scheme.Scope.DISTRIBUTOR) continue;
                    var period = limit.period() == null ? "S" : Periods.key(limit.period(), command.businessDate());
                    var sum = sums.get(key(scheme.id(), limit.scope(), command.outlet().id(), period));
                    if (sum == null) continue;
                    rows.add(new DecideCommand.LimitLeft(scheme.id(), limit.scope(), period, limit.amount() == null ? null : limit.amount().minus(sum.amount),
                            limit.freeQty() == null ? null : limit.freeQty().minus(sum.freeQty), limit.times() == null ? null : limit.times() - sum.times));
                }
            }
            var facts = command.facts();
            return command.with(facts.withStanding(rows, facts.cumulated()));
        }

        void take(String outlet, Decision.Decided decided, Engines engines) {
            if (engines.limited.isEmpty()) return;
            for (var use : decided.more().limits())
                if (engines.changed.contains(use.schemeId())) sums.merge(key(use.schemeId(), use.scope(), outlet, use.period()), new Sum(use.amount(), use.freeQty(), use.times()), Sum::plus);
        }
    }

    /// What the periods of the changed schemes have counted and accrued so far, on one side of the comparison: each bill finds what
    /// the earlier bills of its outlet and period have added, so that a slab is that of the sum (EX-15, EX-30). Both sides begin with
    /// nothing before the window.
    private static final class Counted {
        private record Key(String scheme, String outlet, String period, String sku) {}

        private record Sum(BigDecimal counted, BigDecimal value, BigDecimal accrued, BigDecimal carry) {
            static final Sum NOTHING = new Sum(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);
        }

        private final Map<Key, Sum> sums = new HashMap<>();
        private final Map<String, Map<UUID, BigDecimal>> bases = new HashMap<>();
        private final Function<SchemeGrowth.Wanted, Map<UUID, BigDecimal>> bought;

        /// @param bought what outlets bought in the period that growth counts from
        Counted(Function<SchemeGrowth.Wanted, Map<UUID, BigDecimal>> bought) {
            this.bought = bought;
        }

        /// The bill with the simulated sums of these schemes in place of those of its day.
        DecideCommand before(DecideCommand command, List<Scheme> schemes, Engines engines, Engine engine) {
            if (engines.countedBefore.isEmpty() && engines.countedAfter.isEmpty()) return command;
            var rows = new ArrayList<DecideCommand.Cumulated>();
            for (var row : command.facts().cumulated()) if (!engines.changed.contains(row.schemeId())) rows.add(row);
            int scale = engine.book().currency().scale();
            var outlet = command.outlet().id();
            var seen = new HashSet<String>();
            for (var scheme : schemes) {
                if (scheme.validFrom() > command.businessDate() || command.businessDate() > scheme.validTo() || !seen.add(scheme.id())) continue;
                var period = Periods.key(SchemeTerms.periodOf(scheme), command.businessDate());
                var base = base(scheme, period, LocalDate.ofEpochDay(command.businessDate()), engine, outlet);
                boolean any = false;
                for (var entry : sums.entrySet()) {
                    var key = entry.getKey();
                    var sum = entry.getValue();
                    if (!key.scheme.equals(scheme.id()) || !key.outlet.equals(outlet) || !key.period.equals(period)) continue;
                    any = true;
                    rows.add(key.sku != null ? new DecideCommand.Cumulated(scheme.id(), period, key.sku, plain(sum.carry), null, null, null)
                            : new DecideCommand.Cumulated(scheme.id(), period, null, plain(sum.counted), money(sum.value, scale), plain(sum.accrued), base == null ? null : money(base, scale)));
                }
                if (!any && base != null) rows.add(new DecideCommand.Cumulated(scheme.id(), period, null, null, null, null, money(base, scale)));
            }
            rows.sort(Comparator.comparing(DecideCommand.Cumulated::schemeId).thenComparing(any -> String.valueOf(any.skuId())));
            var facts = command.facts();
            return command.with(facts.withStanding(facts.limits(), rows));
        }

        /// EX-17; null where the scheme does not ask, or the outlet bought nothing then.
        private @Nullable BigDecimal base(Scheme scheme, String period, LocalDate on, Engine engine, String outlet) {
            if (!(scheme.mechanic() instanceof Scheme.Mechanic.Qps qps) || qps.growth() == null) return null;
            return bases.computeIfAbsent(scheme.id() + " " + period, _ -> SchemeGrowth.of(engine.book(), on).stream().filter(wanted -> wanted.scheme().id().equals(scheme.id()) && !wanted.skuIds().isEmpty())
                    .findFirst().map(bought).orElse(Map.of())).get(UUID.fromString(outlet));
        }

        void take(String outlet, Decision.Decided decided, Set<String> changed) {
            for (var accrual : decided.more().accruals()) {
                if (!changed.contains(accrual.schemeId()) || accrual.period() == null) continue;
                sums.merge(new Key(accrual.schemeId(), outlet, accrual.period(), accrual.skuId()),
                        new Sum(accrual.counted() == null ? BigDecimal.ZERO : new BigDecimal(accrual.counted()), accrual.value() == null ? BigDecimal.ZERO : of(accrual.value()), new BigDecimal(accrual.amount()),
                                accrual.carry() == null ? BigDecimal.ZERO : new BigDecimal(accrual.carry().toString())),
                        (sum, more) -> new Sum(sum.counted.add(more.counted), sum.value.add(more.value), sum.accrued.add(more.accrued), more.carry));
            }
        }

        private static Money money(BigDecimal value, int scale) {
            return Money.parse(value.max(BigDecimal.ZERO).setScale(scale, RoundingMode.DOWN).toPlainString(), scale);
        }

        private static String plain(BigDecimal value) {
            return value.toPlainString();
        }
    }

    private static void decide(Engines engines, Spent spent, Counted was, Counted is, Seller seller, Bill bill, Sums of, Sums all) {
        var asked = CommandJson.read(approving(bill.command), engines.before.book());
        // a bill of before any scheme asked for its warehouse did not say it to the rules
        var stored = asked.with(asked.facts().withWarehouseId(bill.warehouse.toString()));
        var command = is.before(stored, engines.countedAfter, engines, engines.after);
        if (!(engines.before.decide(was.before(stored, engines.countedBefore, engines, engines.before)) instanceof Decision.Decided before)) return;
        switch (engines.after.decide(spent.before(command, engines))) {
            case Decision.Refused refused -> {
                all.bills++;
                all.refused++;
                refused.refusals().stream().map(refusal -> refusal.code().name()).distinct().forEach(code -> all.refusals.merge(code, 1L, Long::sum));
            }
            case Decision.Decided after -> {
                spent.take(command.outlet().id(), after, engines);
                was.take(command.outlet().id(), before, engines.changed);
                is.take(command.outlet().id(), after, engines.changed);
                all.compare(of, bill.outlet.toString(), seller.id, before, after, engines.changed);
            }
        }
    }

    /// The stored command with what was a matter of its day let through.
    static String approving(String command) {
        int at = command.lastIndexOf(APPROVED_MEMBER);
        if (at < 0) return command.substring(0, command.lastIndexOf('}')) + ",\"approved\":[" + APPROVED + "]}";
        int open = at + APPROVED_MEMBER.length();
        return command.substring(0, open) + APPROVED + (command.charAt(open) == ']' ? "" : ",") + command.substring(open);
    }

    private static BigDecimal of(io.offtake.rules.Money money) {
        return new BigDecimal(money.toString());
    }

    private static final class Cost {
        BigDecimal before = BigDecimal.ZERO;
        BigDecimal after = BigDecimal.ZERO;
        BigDecimal principalBefore = BigDecimal.ZERO;
        BigDecimal principalAfter = BigDecimal.ZERO;
        long billsBefore;
        long billsAfter;
        long linesAfter;
    }

    private static final class Sums {
        final Set<String> changed = new HashSet<>();
        final Map<String, String> codes = new HashMap<>();
        final Map<String, Long> refusals = new TreeMap<>();
        final Map<String, Cost> schemes = new TreeMap<>();
        final Map<String, BigDecimal> outlets = new HashMap<>();
        final Map<String, Long> sellerOf = new HashMap<>();
        final Map<String, BigDecimal> skus = new HashMap<>();
        final Map<String, Long> same = new TreeMap<>();
        final Map<String, Long> displaced = new TreeMap<>();
        final List<DistributorDelta> distributors = new ArrayList<>();
        long seen;
        long bills;
        long lines;
        long moved;
        long refused;
        long changedLines;
        BigDecimal payableBefore = BigDecimal.ZERO;
        BigDecimal payableAfter = BigDecimal.ZERO;
        BigDecimal principal = BigDecimal.ZERO;
        BigDecimal distributor = BigDecimal.ZERO;
        BigDecimal freeCost = BigDecimal.ZERO;
        BigDecimal tax = BigDecimal.ZERO;

        void compare(Sums of, String outlet, long seller, Decision.Decided before, Decision.Decided after, Set<String> changed) {
            bills++;
            of.bills++;
            lines += before.lines().size();
            var was = Simulation.of(before.totals().payable());
            var is = Simulation.of(after.totals().payable());
            var delta = is.subtract(was);
            payableBefore = payableBefore.add(was);
            payableAfter = payableAfter.add(is);
            of.payableBefore = of.payableBefore.add(was);
            of.payableAfter = of.payableAfter.add(is);
            var net = delta.subtract(later(after).subtract(later(before)));
            if (net.signum() != 0) {
                outlets.merge(outlet, net, BigDecimal::add);
                sellerOf.putIfAbsent(outlet, seller);
            }
            schemes(before, true, BigDecimal.ONE.negate());
            schemes(after, false, BigDecimal.ONE);
            freeCost = freeCost.add(Simulation.of(after.posting().freeGoodsCost())).subtract(Simulation.of(before.posting().freeGoodsCost()));
            tax = tax.add(taxes(after)).subtract(taxes(before));
            bySku(before, BigDecimal.ONE.negate());
            bySku(after, BigDecimal.ONE);
            if (delta.signum() != 0 || !schemesOf(before).equals(schemesOf(after)) || freeOf(before) != freeOf(after)) moved++;
            if (!changed.isEmpty()) conflicts(before, after, changed);
        }

        /// What the bill adds to what schemes pay later.
        private static BigDecimal later(Decision.Decided decided) {
            var sum = BigDecimal.ZERO;
            for (var accrual : decided.more().accruals()) if (accrual.unit().equals("MONEY")) sum = sum.add(new BigDecimal(accrual.amount()));
            return sum;
        }

        private static BigDecimal taxes(Decision.Decided decided) {
            var totals = decided.totals();
            return Simulation.of(totals.payable()).subtract(Simulation.of(totals.rounding())).subtract(Simulation.of(totals.taxable()));
        }

        private void schemes(Decision.Decided decided, boolean isBefore, BigDecimal sign) {
            for (var scheme : decided.schemes()) {
                var cost = schemes.computeIfAbsent(scheme.schemeId(), _ -> new Cost());
                var benefit = Simulation.of(scheme.discount()).add(Simulation.of(scheme.freeGoodsValue()));
                var share = Simulation.of(scheme.principalShare()).add(Simulation.of(scheme.freeGoodsPrincipalShare()));
                principal = principal.add(share.multiply(sign));
                distributor = distributor.add(Simulation.of(scheme.distributorShare()).multiply(sign));
                if (isBefore) {
                    cost.before = cost.before.add(benefit);
                    cost.principalBefore = cost.principalBefore.add(share);
                    cost.billsBefore++;
                } else {
                    cost.after = cost.after.add(benefit);
                    cost.principalAfter = cost.principalAfter.add(share);
                    cost.billsAfter++;
                }
            }
            for (var accrual : decided.more().accruals()) {
                if (!accrual.unit().equals("MONEY")) continue;
                var cost = schemes.computeIfAbsent(accrual.schemeId(), _ -> new Cost());
                var amount = new BigDecimal(accrual.amount());
                var share = accrual.principalShare() == null ? BigDecimal.ZERO : Simulation.of(accrual.principalShare());
                principal = principal.add(share.multiply(sign));
                if (accrual.distributorShare() != null) distributor = distributor.add(Simulation.of(accrual.distributorShare()).multiply(sign));
                if (isBefore) {
                    cost.before = cost.before.add(amount);
                    cost.principalBefore = cost.principalBefore.add(share);
                    if (amount.signum() != 0) cost.billsBefore++;
                } else {
                    cost.after = cost.after.add(amount);
                    cost.principalAfter = cost.principalAfter.add(share);
                    if (amount.signum() != 0) cost.billsAfter++;
                }
            }
            if (isBefore) return;
            for (var line : decided.lines()) for (var benefit : line.benefits()) schemes.computeIfAbsent(benefit.schemeId(), _ -> new Cost()).linesAfter++;
        }

        private void bySku(Decision.Decided decided, BigDecimal sign) {
            for (var line : decided.lines()) skus.merge(line.skuId(), Simulation.of(line.taxable()).multiply(sign), BigDecimal::add);
        }

        private static Map<String, BigDecimal> schemesOf(Decision.Decided decided) {
            var found = new HashMap<String, BigDecimal>();
            for (var scheme : decided.schemes()) found.put(scheme.schemeId(), Simulation.of(scheme.discount()));
            return found;
        }

        private static long freeOf(Decision.Decided decided) {
            return decided.freeLines().stream().mapToLong(line -> line.qty().toString().hashCode() + 31L * line.skuId().hashCode()).sum();
        }

        /// Lines on which a changed scheme works: what else works on them, and what worked on them before.
        private void conflicts(Decision.Decided before, Decision.Decided after, Set<String> changed) {
            var was = onLines(before);
            var is = onLines(after);
            for (var line : is.entrySet()) {
                if (line.getValue().stream().noneMatch(changed::contains)) continue;
                changedLines++;
                for (var other : line.getValue()) if (!changed.contains(other)) same.merge(other, 1L, Long::sum);
                for (var other : was.getOrDefault(line.getKey(), Set.of())) if (!changed.contains(other) && !line.getValue().contains(other)) displaced.merge(other, 1L, Long::sum);
            }
        }

        /// The schemes that work on each line of the command, free goods by the lines that the trace names.
        private static Map<Integer, Set<String>> onLines(Decision.Decided decided) {
            var found = new HashMap<Integer, Set<String>>();
            for (var trace : decided.trace()) if (trace.applied()) for (var line : trace.lines()) found.computeIfAbsent(line, _ -> new HashSet<>()).add(trace.schemeId());
            return found;
        }

        void add(Seller seller, Sums of) {
            if (of.bills > 0) distributors.add(new DistributorDelta(seller.id, seller.name, of.bills, of.payableAfter.subtract(of.payableBefore)));
        }
    }

    private Result result(Sums sums, String currency, Instant began) {
        var schemes = new ArrayList<SchemeCost>();
        var benefitBefore = BigDecimal.ZERO;
        var benefitAfter = BigDecimal.ZERO;
        for (var entry : sums.schemes.entrySet()) {
            var cost = entry.getValue();
            schemes.add(new SchemeCost(entry.getKey(), sums.codes.getOrDefault(entry.getKey(), entry.getKey()), sums.changed.contains(entry.getKey()), cost.before, cost.after, cost.principalBefore,
                    cost.principalAfter, cost.billsBefore, cost.billsAfter, cost.linesAfter));
            benefitBefore = benefitBefore.add(cost.before);
            benefitAfter = benefitAfter.add(cost.after);
        }
        schemes.sort(Comparator.comparing(SchemeCost::changed).reversed().thenComparing(scheme -> scheme.benefitAfter().subtract(scheme.benefitBefore()).abs(), Comparator.reverseOrder()));
        var conflicts = new ArrayList<Conflict>();
        sums.same.forEach((id, lines) -> conflicts.add(conflict(sums, id, lines, "SAME_LINES")));
        sums.displaced.forEach((id, lines) -> conflicts.add(conflict(sums, id, lines, "DISPLACED")));
        conflicts.sort(Comparator.comparing(Conflict::share).reversed().thenComparing(Conflict::code));
        sums.distributors.sort(Comparator.comparing((DistributorDelta one) -> one.delta().abs()).reversed());
        return new Result(sums.bills, sums.lines, sums.moved, sums.refused, sums.refusals.entrySet().stream().map(one -> new RefusedBills(one.getKey(), one.getValue())).toList(),
                ChronoUnit.MILLIS.between(began, clock.instant()), currency, sums.payableBefore, sums.payableAfter, sums.payableAfter.subtract(sums.payableBefore), benefitBefore, benefitAfter,
                sums.principal, sums.distributor, sums.freeCost, sums.tax, schemes, side(sums.outlets, ids -> outlets(ids, sums)), side(sums.skus, this::skus), List.copyOf(sums.distributors), conflicts, null);
    }

    private static Conflict conflict(Sums sums, String id, long lines, String kind) {
        return new Conflict(id, sums.codes.getOrDefault(id, id), lines, BigDecimal.valueOf(lines).divide(BigDecimal.valueOf(sums.changedLines), 4, RoundingMode.HALF_UP), kind);
    }

    private interface Names {
        Map<String, Delta> of(Set<String> ids);
    }

    private static Side side(Map<String, BigDecimal> deltas, Names names) {
        long winners = deltas.values().stream().filter(delta -> delta.signum() < 0).count();
        long losers = deltas.values().stream().filter(delta -> delta.signum() > 0).count();
        var gain = deltas.values().stream().filter(delta -> delta.signum() < 0).reduce(BigDecimal.ZERO, BigDecimal::add);
        var loss = deltas.values().stream().filter(delta -> delta.signum() > 0).reduce(BigDecimal.ZERO, BigDecimal::add);
        var order = Map.Entry.<String, BigDecimal>comparingByValue().thenComparing(Map.Entry.comparingByKey());
        var top = deltas.entrySet().stream().filter(one -> one.getValue().signum() < 0).sorted(order).limit(TOP).toList();
        var bottom = deltas.entrySet().stream().filter(one -> one.getValue().signum() > 0).sorted(order.reversed()).limit(TOP).toList();
        var ids = new TreeSet<String>();
        top.forEach(one -> ids.add(one.getKey()));
        bottom.forEach(one -> ids.add(one.getKey()));
        var named = names.of(ids);
        return new Side(winners, losers, gain.negate(), loss, deltas(top, named), deltas(bottom, named));
    }

    private static List<Delta> deltas(List<Map.Entry<String, BigDecimal>> entries, Map<String, Delta> named) {
        return entries.stream().map(entry -> {
            var name = named.get(entry.getKey());
            return name == null ? new Delta(entry.getKey(), "", "", null, entry.getValue()) : new Delta(name.id(), name.code(), name.name(), name.distributorId(), entry.getValue());
        }).toList();
    }

    private Map<String, Delta> outlets(Set<String> ids, Sums sums) {
        var found = new HashMap<String, Delta>();
        transactions.network(db -> {
            db.sql("select o.id, o.code, o.name, o.distributor_id from " + NetworkRelations.OUTLETS + " o where o.id = any (:ids)").param("ids", ids.stream().map(UUID::fromString).toArray(UUID[]::new)).query(row -> {
                found.put(row.getString(1), new Delta(row.getString(1), row.getString(2), row.getString(3), sums.sellerOf.get(row.getString(1)), BigDecimal.ZERO));
            });
            return null;
        });
        return found;
    }

    private Map<String, Delta> skus(Set<String> ids) {
        var found = new HashMap<String, Delta>();
        transactions.network(db -> {
            db.sql("select s.id, s.code, s.name from " + CatalogRelations.SKUS + " s where s.id = any (:ids)").param("ids", ids.stream().map(Long::valueOf).toArray(Long[]::new)).query(row -> {
                found.put(row.getString(1), new Delta(row.getString(1), row.getString(2), row.getString(3), null, BigDecimal.ZERO));
            });
            return null;
        });
        return found;
    }
}
