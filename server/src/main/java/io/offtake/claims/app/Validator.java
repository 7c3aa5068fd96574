package io.offtake.claims.app;

import io.offtake.catalog.CatalogRelations;
import io.offtake.claims.domain.Risk;
import io.offtake.claims.domain.Rules;
import io.offtake.claims.domain.StraightThrough;
import io.offtake.claims.store.ClaimStore;
import io.offtake.claims.store.ClaimStore.Event;
import io.offtake.claims.store.ClaimStore.Head;
import io.offtake.claims.store.Validation;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Ids;
import io.offtake.platform.TenantTransaction;
import io.offtake.rules.Gstin;
import io.offtake.rules.Journal;
import io.offtake.rules.Json;
import io.offtake.rules.RuleBook;
import io.offtake.rules.Scheme;
import io.offtake.rules.SchemeJson;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// SUBMITTED to APPROVED or IN_REVIEW: all submitted claims of a distributor at once, rule by rule (domain/06 section 6.2), then
/// their risk (CL-23) and who has to look at them (CL-20).
@Component
class Validator {
    private static final BigDecimal ONE_HUNDRED = BigDecimal.valueOf(100);

    private final TenantTransaction transactions;
    private final Bookkeeper books;
    private final Policies policies;
    private final Ids ids;
    private final Clock clock;
    private final long seed;

    /// @param seed of the sample that people see although nothing speaks against it
    Validator(TenantTransaction transactions, Bookkeeper books, Policies policies, Ids ids, Clock clock, @Value("${offtake.claims.holdout-seed:20260401}") long seed) {
        this.transactions = transactions;
        this.books = books;
        this.policies = policies;
        this.ids = ids;
        this.clock = clock;
        this.seed = seed;
    }

    /// What is asked of the network before the distributor's own transaction: amounts of the principals' claims, and what others claim for the same outlets.
    /// @param others what all other distributors claim under a scheme with a cap over the whole network
    private record Network(Map<Long, List<BigDecimal>> amounts, List<Elsewhere> elsewhere, Map<Long, BigDecimal> others) {}

    private record Elsewhere(long schemeId, String period, UUID platformOutletId, @Nullable String gstin, BigDecimal claimed) {}

    /// @return how many claims were looked at
    int validate(long distributorId, List<UUID> claims) {
        if (claims.isEmpty()) return 0;
        var network = network(distributorId, claims);
        return transactions.idempotent().write(distributorId, db -> {
            var heads = ClaimStore.lock(db, distributorId, claims.toArray(UUID[]::new)).stream().filter(head -> head.status().equals("SUBMITTED")).toList();
            if (heads.isEmpty()) return 0;
            run(db, distributorId, heads, network);
            return heads.size();
        });
    }

    private Network network(long distributorId, List<UUID> claims) {
        var since = clock.instant().minus(java.time.Duration.ofDays(183)).atOffset(java.time.ZoneOffset.UTC);
        return transactions.network(db -> {
            record Amount(long principalId, BigDecimal claimed) {}
            var amounts = new HashMap<Long, List<BigDecimal>>();
            db.sql("""
                            /* network: an amount is judged by its place among all claims on the principal (CL-23) */
                            select o.principal_id, o.claimed from claims.claim o
                             where o.principal_id in (select c.principal_id from claims.claim c where c.distributor_id = :distributor and c.id = any (:claims)) and o.submitted_at >= :since and o.id <> all (:claims)
                             limit 20000""").param("distributor", distributorId).param("claims", claims.toArray(UUID[]::new)).param("since", since).query(Amount.class).list()
                    .forEach(one -> amounts.computeIfAbsent(one.principalId, _ -> new ArrayList<>()).add(one.claimed));
            var capped = db.sql("select distinct v.scheme_id from claims.claim c join " + io.offtake.schemes.SchemeRelations.VERSIONS + """
                             v on v.scheme_id = c.scheme_id and v.version_no = c.scheme_version
                             where c.distributor_id = :distributor and c.id = any (:claims) and v.definition #> '{limits,perOutlet,amount}' is not null""").param("distributor", distributorId)
                    .param("claims", claims.toArray(UUID[]::new)).query(Long.class).list();
            record Other(long schemeId, BigDecimal claimed) {}
            var others = new HashMap<Long, BigDecimal>();
            db.sql("""
                            /* network: a cap of a scheme over the whole network is used by all distributors (CL-06) */
                            select l.scheme_id, sum(l.claimed) as claimed from claims.claim_line l
                              join claims.claim c on c.distributor_id = l.distributor_id and c.id = l.claim_id and c.status not in ('DRAFT', 'WITHDRAWN', 'REJECTED')
                             where l.live and l.distributor_id <> :distributor and l.scheme_id in (
                                   select k.scheme_id from claims.claim k join\s""" + io.offtake.schemes.SchemeRelations.VERSIONS + """
                                  v on v.scheme_id = k.scheme_id and v.version_no = k.scheme_version
                                    where k.distributor_id = :distributor and k.id = any (:claims) and v.definition #> '{limits,total,amount}' is not null)
                             group by 1""").param("distributor", distributorId).param("claims", claims.toArray(UUID[]::new)).query(Other.class).list().forEach(one -> others.put(one.schemeId, one.claimed));
            if (capped.isEmpty()) return new Network(amounts, List.of(), others);
            var elsewhere = db.sql("""
                            /* network: one cap of an outlet holds at every distributor who sells to it (CL-19) */
                            select l.scheme_id, to_char(l.business_date, 'YYYY-MM') as period, o.platform_outlet_id, o.gstin, sum(l.claimed) as claimed
                              from claims.claim_line l
                              join claims.claim c on c.distributor_id = l.distributor_id and c.id = l.claim_id and c.status not in ('DRAFT', 'WITHDRAWN', 'REJECTED')
                              join\s""" + NetworkRelations.OUTLET_IDENTITIES + """
                             o on o.distributor_id = l.distributor_id and o.id = l.outlet_id
                             where l.scheme_id = any (:capped) and l.live and l.distributor_id <> :distributor
                               and exists (select from claims.claim_line m
                                             join\s""" + NetworkRelations.OUTLET_IDENTITIES + """
                                           i on i.distributor_id = m.distributor_id and i.id = m.outlet_id
                                            where m.distributor_id = :distributor and m.claim_id = any (:claims) and m.scheme_id = l.scheme_id
                                              and (i.platform_outlet_id = o.platform_outlet_id or i.gstin = o.gstin))
                             group by 1, 2, 3, 4""").param("capped", capped.toArray(Long[]::new)).param("distributor", distributorId).param("claims", claims.toArray(UUID[]::new)).query(Elsewhere.class).list();
            return new Network(amounts, elsewhere, others);
        });
    }

    private static final Rules[] ALL = Rules.values();

    private void run(JdbcClient db, long distributorId, List<Head> heads, Network network) {
        var seller = books.seller(db, distributorId);
        var at = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MICROS);
        var today = LocalDate.ofInstant(at, seller.zone());
        var claims = heads.stream().map(Head::id).toArray(UUID[]::new);
        var from = heads.stream().map(Head::periodFrom).min(LocalDate::compareTo).orElseThrow();
        var to = heads.stream().map(Head::periodTo).max(LocalDate::compareTo).orElseThrow();
        var rules = new Validation(db, distributorId, claims, seller.zone().getId(), from, to);
        // what a join of large sets needs, the default would sort on disk; compiling statements costs more than running them
        db.sql("set local work_mem = '64MB'").update();
        db.sql("set local jit = off").update();
        int late = rules.netLateReturns();
        if (late > 0) moveLateReturns(db, distributorId, claims, today, at);
        rules.recompute();
        rules.duplicates();
        rules.nearDuplicates(days(PolicyKey.CLAIM_NEAR_DAYS, distributorId, today), number(PolicyKey.CLAIM_NEAR_PERCENT, distributorId, today));
        rules.entitlement(number(PolicyKey.CLAIM_TOLERANCE, distributorId, today));
        rules.outOfPeriod();
        var schemes = new HashMap<String, Scheme>();
        for (var version : rules.versions()) schemes.put(version.schemeId() + "." + version.versionNo(), SchemeJson.read(Json.object(version.definition()), 2));
        eligibility(db, rules, schemes);
        segments(rules, schemes, seller, days(PolicyKey.CLAIM_SEGMENT_DAYS, distributorId, today));
        caps(rules, schemes, network);
        rules.spikes(number(PolicyKey.CLAIM_SPIKE_SIGMAS, distributorId, today));
        rules.loading(days(PolicyKey.CLAIM_LOAD_DAYS, distributorId, today), number(PolicyKey.CLAIM_LOAD_PERCENT, distributorId, today), number(PolicyKey.CLAIM_LOAD_RETURNED, distributorId, today));
        rules.splits(days(PolicyKey.CLAIM_SPLIT_BILLS, distributorId, today));
        rules.pooled(schemes.values().stream().filter(Validator::isSlab).map(scheme -> Long.parseLong(scheme.id())).distinct().toArray(Long[]::new), number(PolicyKey.CLAIM_POOL_PERCENT, distributorId, today));
        phantoms(rules, days(PolicyKey.CLAIM_PHANTOM_FLAGS, distributorId, today));
        digits(rules, days(PolicyKey.CLAIM_DIGIT_BILLS, distributorId, today));
        rules.pairs(number(PolicyKey.CLAIM_PAIR_PERCENT, distributorId, today), at.minus(java.time.Duration.ofDays(183)));
        rules.backDated(days(PolicyKey.CLAIM_BACKDATE_DAYS, distributorId, today), rules.liveSince());
        rules.passedOn(number(PolicyKey.CLAIM_PASSED_ON, distributorId, today));
        rules.cancelled();
        rules.evidence();
        rules.late();
        rules.conclude(ALL, at);
        route(db, distributorId, claims, rules.counts(), network, today, at);
    }

    /// Returns that came after the claim was filed leave 1400 again.
    private void moveLateReturns(JdbcClient db, long distributorId, UUID[] claims, LocalDate today, Instant at) {
        record Late(UUID claimId, long principalId, long schemeId, int schemeVersion, BigDecimal amount) {}
        var moved = db.sql("""
                        select c.id as claim_id, c.principal_id, c.scheme_id, c.scheme_version, sum(l.entitled) as amount
                          from claims.claim_line l join claims.claim c on c.distributor_id = l.distributor_id and c.id = l.claim_id
                         where l.distributor_id = :distributor and l.claim_id = any (:claims) and l.sort = 'RETURN' and l.claimed = 0 and l.booked = 0 and l.entitled <> 0
                         group by 1, 2, 3, 4""").param("distributor", distributorId).param("claims", claims).query(Late.class).list();
        db.sql("update claims.claim_line l set booked = l.entitled where l.distributor_id = :distributor and l.claim_id = any (:claims) and l.sort = 'RETURN' and l.claimed = 0 and l.booked = 0")
                .param("distributor", distributorId).param("claims", claims).update();
        for (var one : moved) {
            var document = ids.next();
            books.book(distributorId, document, "CLAIM", today, one.principalId, Journal.forClaimFiled(Bookkeeper.money(one.amount), Long.toString(one.schemeId), one.schemeVersion));
            ClaimStore.spend(db, distributorId, new UUID[] {one.claimId}, document, "CLAIMED", "case when l.sort = 'RETURN' and l.claimed = 0 then l.booked else 0 end", today, at);
            db.sql("update claims.claim set submitted = submitted + :amount where distributor_id = :distributor and id = :claim").param("amount", one.amount).param("distributor", distributorId).param("claim", one.claimId).update();
        }
    }

    private int days(PolicyKey key, long distributorId, LocalDate today) {
        return policies.days(key, distributorId, today, Integer.parseInt(String.valueOf(key.builtIn())));
    }

    private BigDecimal number(PolicyKey key, long distributorId, LocalDate today) {
        return policies.number(key, distributorId, today, new BigDecimal(String.valueOf(key.builtIn())));
    }

    private record SkuFacts(long id, long principalId, @Nullable Long brandId, @Nullable Long categoryId) {
        RuleBook.Sku sku() {
            return new RuleBook.Sku(Long.toString(id), "", "", Long.toString(principalId), brandId == null ? null : brandId.toString(), categoryId == null ? null : categoryId.toString(), "PCS", 0, List.of(), null, null, false);
        }
    }

    /// CL-04: SKU, channel and class as they stood on the bill, against the version that gave the benefit. A scheme that gives
    /// other goods than it asks for is judged by what it gives elsewhere: its free goods are no products of it.
    private static void eligibility(JdbcClient db, Validation rules, Map<String, Scheme> schemes) {
        var facts = rules.facts();
        var skus = new HashMap<Long, RuleBook.Sku>();
        db.sql("select s.id, s.principal_id, s.brand_id, s.category_id from " + CatalogRelations.SKUS + " s where s.id = any (:skus)")
                .param("skus", facts.stream().map(Validation.Facts::skuId).filter(id -> id != null).distinct().toArray(Long[]::new)).query(SkuFacts.class).list().forEach(one -> skus.put(one.id, one.sku()));
        for (var one : facts) {
            var scheme = schemes.get(one.schemeId() + "." + one.schemeVersion());
            if (scheme == null) {
                rules.notEligible(one, "The scheme", "a version that is there");
                continue;
            }
            var who = scheme.eligibility();
            var sku = one.skuId() == null ? null : skus.get(one.skuId());
            if (!isIn(who.channels(), one.channel())) rules.notEligible(one, "Channel " + one.channel(), String.join(", ", who.channels()));
            else if (!isIn(who.classes(), one.outletClass())) rules.notEligible(one, "Class " + one.outletClass(), String.join(", ", who.classes()));
            else if (sku != null && !givesGoods(scheme) && !scheme.products().contains(sku)) rules.notEligible(one, "The SKU", "the scheme's products");
        }
    }

    private static boolean givesGoods(Scheme scheme) {
        return switch (scheme.mechanic()) {
            case Scheme.Mechanic.Discount _, Scheme.Mechanic.WholeSlab _, Scheme.Mechanic.IncrementalSlab _ -> false;
            default -> true;
        };
    }

    private static boolean isSlab(Scheme scheme) {
        return scheme.mechanic() instanceof Scheme.Mechanic.WholeSlab || scheme.mechanic() instanceof Scheme.Mechanic.IncrementalSlab;
    }

    /// CL-11: outlets that so many signs speak against.
    private static void phantoms(Validation rules, int least) {
        for (var outlet : rules.suspects()) {
            var flags = new ArrayList<String>();
            if (outlet.noPlace()) flags.add("no place on the map");
            if (outlet.oneHand()) flags.add("one person makes all its bills");
            if (outlet.gstin() != null && !outlet.gstin().isBlank() && !Gstin.isValid(outlet.gstin())) flags.add("its GSTIN is invalid");
            if (outlet.shared() > 3) flags.add(outlet.shared() + " outlets have its phone");
            if (outlet.onlyScheme()) flags.add("it buys under schemes only");
            if (outlet.noMoney()) flags.add("it never paid");
            if (flags.size() >= least) rules.phantom(outlet.outletId(), String.join(", ", flags), flags.size());
        }
    }

    /// What first digits a number of many sizes has (Benford).
    private static final double[] BENFORD = {0.30103, 0.17609, 0.12494, 0.09691, 0.07918, 0.06695, 0.05799, 0.05115, 0.04576};
    /// χ² of eight degrees of freedom that chance passes once in a hundred times, and the mean deviation below which many bills make a difference of no size.
    private static final double CHI2_OF_1_PERCENT = 20.09;
    private static final double DEVIATION = 0.015;

    /// CL-18: first digits of the quarter's bills against the distributor's own year before, or against Benford's law where there is no such year.
    private static void digits(Validation rules, int least) {
        var now = new long[9];
        var before = new long[9];
        long bills = 0;
        long earlier = 0;
        for (var row : rules.digits()) {
            if (row.digit() < 1) continue;
            now[row.digit() - 1] = row.now();
            before[row.digit() - 1] = row.before();
            bills += row.now();
            earlier += row.before();
        }
        if (bills < least) return;
        boolean own = earlier >= least;
        double chi2 = 0;
        double deviation = 0;
        for (int digit = 0; digit < 9; digit++) {
            double share = own ? Math.max(before[digit], 0.5) / earlier : BENFORD[digit];
            chi2 += Math.pow(now[digit] - bills * share, 2) / (bills * share);
            deviation += Math.abs(now[digit] / (double) bills - share) / 9;
        }
        if (chi2 > CHI2_OF_1_PERCENT && deviation > DEVIATION) rules.drift(bills, own ? "its own year before" : "Benford's law", BigDecimal.valueOf(chi2).setScale(1, RoundingMode.HALF_UP));
    }

    private static boolean isIn(List<String> list, @Nullable String value) {
        return list.isEmpty() || list.contains(value);
    }

    /// CL-05: an outlet that was made eligible shortly before.
    private void segments(Validation rules, Map<String, Scheme> schemes, Bookkeeper.Seller seller, int days) {
        for (var change : rules.segmentChanges(days)) {
            for (var entry : schemes.entrySet()) {
                if (!entry.getKey().startsWith(change.schemeId() + ".")) continue;
                var who = entry.getValue().eligibility();
                boolean before = (change.channelBefore() == null || isIn(who.channels(), change.channelBefore())) && (change.classBefore() == null || isIn(who.classes(), change.classBefore()));
                boolean after = (change.channelAfter() == null || isIn(who.channels(), change.channelAfter())) && (change.classAfter() == null || isIn(who.classes(), change.classAfter()));
                if (before || !after) continue;
                rules.outOfSegment(change.schemeId(), change.outletId(), words(change.channelBefore(), change.classBefore()), words(change.channelAfter(), change.classAfter()),
                        LocalDate.ofInstant(change.at(), seller.zone()));
            }
        }
    }

    private static String words(@Nullable String channel, @Nullable String outletClass) {
        return channel == null ? "class " + outletClass : outletClass == null ? channel : channel + ", class " + outletClass;
    }

    /// CL-06 and CL-19: caps of outlets and of the distributor, in the principal's part of the money.
    private static void caps(Validation rules, Map<String, Scheme> schemes, Network network) {
        var done = new HashSet<String>();
        var capped = new HashMap<Long, Validation.Cap>();
        for (var scheme : schemes.values()) {
            for (var limit : scheme.terms().limits()) {
                if (limit.amount() != null && limit.scope() == Scheme.Scope.TOTAL) {
                    rules.capOfNetwork(Long.parseLong(scheme.id()), network.others.getOrDefault(Long.parseLong(scheme.id()), BigDecimal.ZERO),
                            BigDecimal.valueOf(limit.amount().units(), limit.amount().scale()).multiply(new BigDecimal(scheme.principalShare().toString())).setScale(2, RoundingMode.HALF_UP));
                    continue;
                }
                if (limit.amount() == null || (limit.scope() != Scheme.Scope.OUTLET && limit.scope() != Scheme.Scope.DISTRIBUTOR)) continue;
                var amount = BigDecimal.valueOf(limit.amount().units(), limit.amount().scale()).multiply(new BigDecimal(scheme.principalShare().toString())).setScale(2, RoundingMode.HALF_UP);
                var cap = new Validation.Cap(Long.parseLong(scheme.id()), limit.scope() == Scheme.Scope.OUTLET, limit.period() == null ? null : limit.period().name(), amount);
                if (done.add(cap.toString())) rules.cap(cap);
                if (cap.ofOutlet()) capped.put(cap.schemeId(), cap);
            }
        }
        if (network.elsewhere.isEmpty() || capped.isEmpty()) return;
        for (var own : rules.identities(capped.keySet().toArray(Long[]::new))) {
            var cap = capped.get(own.schemeId());
            var elsewhere = network.elsewhere.stream().filter(other -> other.schemeId == own.schemeId() && (other.platformOutletId.equals(own.platformOutletId()) || (own.gstin() != null && own.gstin().equals(other.gstin))))
                    .map(Elsewhere::claimed).reduce(BigDecimal.ZERO, BigDecimal::add);
            if (elsewhere.signum() > 0) rules.capUsedElsewhere(own.schemeId(), own.outletId(), elsewhere, cap.amount(), cap.period());
        }
    }

    private record History(long principalId, BigDecimal claimed, BigDecimal approved, Instant first) {}

    private record Repeated(long principalId, int rules) {}

    /// Risk, and who looks at it.
    private void route(JdbcClient db, long distributorId, UUID[] claims, List<Validation.Count> counts, Network network, LocalDate today, Instant at) {
        var since = at.minus(java.time.Duration.ofDays(183)).atOffset(java.time.ZoneOffset.UTC);
        var histories = new HashMap<Long, History>();
        db.sql("""
                        select principal_id, coalesce(sum(submitted) filter (where decided_at >= :since), 0) as claimed, coalesce(sum(approved) filter (where decided_at >= :since), 0) as approved, min(submitted_at) as first
                          from claims.claim where distributor_id = :distributor and submitted_at is not null group by 1""").param("since", since).param("distributor", distributorId).query(History.class).list()
                .forEach(one -> histories.put(one.principalId, one));
        var repeated = new HashMap<Long, Integer>();
        db.sql("""
                        select principal_id, count(*)::integer as rules from (
                          select c.principal_id, k.rule from claims.claim c join claims.rule_count k on k.distributor_id = c.distributor_id and k.claim_id = c.id and k.round = c.round and k.cut > 0
                           where c.distributor_id = :distributor and c.decided_at >= :since and c.disallowed > 0 group by 1, 2 having count(*) >= 3) r group by 1""").param("since", since).param("distributor", distributorId)
                .query(Repeated.class).list().forEach(one -> repeated.put(one.principalId, one.rules));
        var through = new ArrayList<Head>();
        var seed = this.seed;
        var byClaim = new HashMap<UUID, List<Validation.Count>>();
        for (var count : counts) byClaim.computeIfAbsent(count.claimId(), _ -> new ArrayList<>()).add(count);
        for (var head : ClaimStore.lock(db, distributorId, claims)) {
            var found = new ArrayList<Risk.Found>();
            int warned = 0;
            int stopped = 0;
            for (var count : byClaim.getOrDefault(head.id(), List.of())) {
                int score = Rules.of(count.rule()).warnScore();
                found.add(new Risk.Found(count.rule(), count.warned(), count.failed(), count.blocked(), score));
                if (count.warned() > 0) warned += score;
                stopped += count.failed() + count.blocked();
            }
            var history = histories.get(head.principalId());
            boolean isNew = history == null || history.first.isAfter(at.minus(java.time.Duration.ofDays(90)));
            var risk = Risk.of(found, StraightThrough.percentile(network.amounts.getOrDefault(head.principalId(), List.of()), head.claimed()), history == null ? BigDecimal.ZERO : history.claimed,
                    history == null ? BigDecimal.ZERO : history.approved, repeated.getOrDefault(head.principalId(), 0), isNew);
            var terms = new StraightThrough.Terms(number(PolicyKey.CLAIM_STP_LIMIT, distributorId, today), number(PolicyKey.CLAIM_STP_SCORE, distributorId, today), number(PolicyKey.CLAIM_HOLDOUT, distributorId, today));
            var way = StraightThrough.of(terms, stopped, warned, head.claimed(), StraightThrough.pick(head.id(), seed));
            var set = new LinkedHashMap<String, @Nullable Object>();
            set.put("warn_score", warned);
            set.put("risk_score", risk.score().min(ONE_HUNDRED));
            set.put("risk_band", risk.band().name());
            set.put("risk_reasons", Fingerprint.json(risk.reasons()));
            if (way == StraightThrough.Way.THROUGH) {
                set.put("straight_through", true);
                set.put("batch", today + "." + head.principalId());
                set.put("status", "AUTO_VALIDATED");
                through.add(head);
            } else {
                set.put("status", "IN_REVIEW");
                set.put("holdout", way == StraightThrough.Way.HOLDOUT);
                set.put("awaits", head.late() && !head.waived() ? "WAIVER" : "AUDITOR");
            }
            ClaimStore.set(db, distributorId, head.id(), set);
            books.tell(db, head, new Event("VALIDATED", "SUBMITTED", way == StraightThrough.Way.THROUGH ? "AUTO_VALIDATED" : "IN_REVIEW", null, null,
                    Map.of("risk", risk.score().toPlainString(), "band", risk.band().name(), "way", way.name())), at, "system", null);
        }
        if (!through.isEmpty()) approve(db, distributorId, through, today, at);
    }

    /// AUTO_VALIDATED to APPROVED, by the system.
    private void approve(JdbcClient db, long distributorId, List<Head> heads, LocalDate today, Instant at) {
        var claims = heads.stream().map(Head::id).toArray(UUID[]::new);
        var document = ids.next();
        ClaimStore.spend(db, distributorId, claims, document, "APPROVED", "coalesce(l.allowed, least(l.claimed, l.entitled))", today, at);
        ClaimStore.spend(db, distributorId, claims, document, "DISALLOWED", "l.booked - coalesce(l.allowed, least(l.claimed, l.entitled))", today, at);
        db.sql("update claims.claim_line l set approved = coalesce(l.allowed, least(l.claimed, l.entitled)) where l.distributor_id = :distributor and l.claim_id = any (:claims)").param("distributor", distributorId).param("claims", claims).update();
        int days = days(PolicyKey.CLAIM_SETTLEMENT_DAYS, distributorId, today);
        for (var head : ClaimStore.lock(db, distributorId, claims)) {
            var approved = head.left();
            var cut = head.submitted().subtract(approved);
            if (cut.signum() != 0) books.book(distributorId, ids.next(), "CLAIM_DECISION", today, head.principalId(), Journal.forClaimCut(Bookkeeper.money(cut), Long.toString(head.schemeId()), head.schemeVersion()));
            var set = new LinkedHashMap<String, @Nullable Object>();
            set.put("status", "APPROVED");
            set.put("awaits", approved.signum() == 0 ? null : "SETTLEMENT");
            set.put("approved", approved);
            set.put("disallowed", cut);
            set.put("decided_at", at);
            set.put("decided_by", "system");
            set.put("clock_started_at", at);
            set.put("clock_days", days);
            set.put("due_on", books.dueAfter(distributorId, today, days, today));
            ClaimStore.set(db, distributorId, head.id(), set);
            books.tell(db, head, new Event("DECIDED", "AUTO_VALIDATED", "APPROVED", null, null, Map.of("approved", approved.toPlainString(), "straightThrough", true)), at, "system", null);
        }
    }
}
