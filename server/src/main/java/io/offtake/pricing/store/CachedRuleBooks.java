package io.offtake.pricing.store;

import io.offtake.catalog.Skus;
import io.offtake.governance.ConfigVersions;
import io.offtake.governance.ConfigVersions.Versions;
import io.offtake.governance.Policies;
import io.offtake.network.Sellers;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.BookPart;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.Engine;
import io.offtake.rules.RuleBook;
import io.offtake.rules.RuleBookJson;
import io.offtake.rules.Scheme;
import io.offtake.schemes.Schemes;
import io.offtake.tax.TaxPacks;
import io.offtake.tax.Taxes;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Rule books by distributor and window. A build runs on a thread and a connection of its own (the network role, which
/// reads in one repeatable-read snapshot), so that postings waiting for it hold no connection it would need.
@Component
class CachedRuleBooks implements RuleBookSource, AutoCloseable {
    private static final int WINDOWS_KEPT = 4096;
    private static final int NATIONALS_KEPT = 64;

    /// Both ends included. Today's window reaches from three months before this month to the end of the next but one;
    /// an older or later date is served by its quarter.
    record Window(LocalDate from, LocalDate to) {
        static Window holding(LocalDate on, LocalDate today) {
            var month = today.withDayOfMonth(1);
            var current = new Window(month.minusMonths(3), month.plusMonths(3).minusDays(1));
            if (current.holds(on)) return current;
            var quarter = on.withDayOfMonth(1).withMonth((on.getMonthValue() - 1) / 3 * 3 + 1);
            return new Window(quarter, quarter.plusMonths(3).minusDays(1));
        }

        /// The day of the window that is nearest to `on`.
        LocalDate clamp(LocalDate on) {
            return on.isBefore(from) ? from : on.isAfter(to) ? to : on;
        }

        boolean holds(LocalDate on) {
            return !on.isBefore(from) && !on.isAfter(to);
        }
    }

    private record Key(long distributorId, Window window) {}

    private record NationalKey(long version, Window window, String currency, int moneyScale, String regime, Set<String> principals) {}

    /// What all distributors of the same principals, currency and tax regime have in common, compiled once. The text of schemes is
    /// kept by audience, so that no distributor gets the offers made to another.
    private record National(Engine.Common common, RuleBook.RoundingPolicy rounding, List<BookPart> parts, Map<Audience, List<BookPart>> schemes) {}

    /// Whom a scheme is for, as far as it is known when books are built; both empty: everybody.
    private record Audience(Set<String> zones, Set<String> distributors) {
        static Audience of(Scheme scheme) {
            var more = scheme.eligibility().more();
            return new Audience(new TreeSet<>(more.zones()), new TreeSet<>(more.distributorIds()));
        }

        boolean holds(RuleBook.Seller seller) {
            return (zones.isEmpty() || seller.zone() != null && zones.contains(seller.zone())) && (distributors.isEmpty() || distributors.contains(seller.distributorId()));
        }
    }

    private record Built(Snapshot snapshot, @Nullable String zone) {}

    private final TenantTransaction transactions;
    private final Sellers sellers;
    private final Skus skus;
    private final Schemes schemes;
    private final Taxes taxes;
    private final PriceLists priceLists;
    private final Policies policies;
    private final Clock clock;
    private final ExecutorService builders = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Key, CompletableFuture<Built>> books = new ConcurrentHashMap<>();
    private final Map<NationalKey, National> nationals = new ConcurrentHashMap<>();

    CachedRuleBooks(TenantTransaction transactions, Sellers sellers, Skus skus, Schemes schemes, Taxes taxes, PriceLists priceLists, Policies policies, Clock clock) {
        this.transactions = transactions;
        this.sellers = sellers;
        this.skus = skus;
        this.schemes = schemes;
        this.taxes = taxes;
        this.priceLists = priceLists;
        this.policies = policies;
        this.clock = clock;
    }

    @Override
    public Set<String> parts(long distributorId) {
        return parts(distributorId, built(new Key(distributorId, window(today())), null).zone);
    }

    private static Set<String> parts(long distributorId, @Nullable String zone) {
        return zone == null ? Set.of(ConfigVersions.NATIONAL, ConfigVersions.distributor(distributorId))
                : Set.of(ConfigVersions.NATIONAL, ConfigVersions.distributor(distributorId), ConfigVersions.zone(zone));
    }

    @Override
    public Snapshot current(long distributorId, Map<String, Long> parts, LocalDate on) {
        return built(new Key(distributorId, window(on)), parts).snapshot;
    }

    @Override
    public Snapshot current(long distributorId) {
        var key = new Key(distributorId, window(today()));
        var known = built(key, null);
        var parts = elsewhere(() -> transactions.network(db -> ConfigVersions.read(db, parts(distributorId, known.zone))));
        return built(key, parts).snapshot;
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }

    private Window window(LocalDate on) {
        return Window.holding(on, today());
    }

    /// The cached book, if nothing it was built from is older than `wanted`; else a new one, built once for all who ask.
    private Built built(Key key, @Nullable Map<String, Long> wanted) {
        while (true) {
            var running = books.get(key);
            if (running == null) {
                if (books.size() >= WINDOWS_KEPT) books.clear();
                var mine = new CompletableFuture<Built>();
                running = books.putIfAbsent(key, mine);
                if (running == null) {
                    running = mine;
                    builders.execute(() -> complete(mine, key));
                }
            }
            Built built;
            try {
                built = running.join();
            } catch (CompletionException failure) {
                books.remove(key, running);
                if (failure.getCause() instanceof RuntimeException cause) throw cause;
                throw failure;
            }
            if (wanted == null || isFresh(built, wanted)) return built;
            books.remove(key, running);
        }
    }

    private static boolean isFresh(Built built, Map<String, Long> wanted) {
        var asked = Versions.of(wanted, built.zone, built.snapshot.distributorId());
        var found = built.snapshot.versions();
        return found.national() >= asked.national() && found.zone() >= asked.zone() && found.distributor() >= asked.distributor();
    }

    private void complete(CompletableFuture<Built> future, Key key) {
        try {
            future.complete(transactions.network(db -> build(db, key)));
        } catch (Throwable failure) {
            future.completeExceptionally(failure);
        }
    }

    private Built build(JdbcClient db, Key key) {
        db.sql("set transaction isolation level repeatable read, read only").update();
        var seller = sellers.seller(db, key.distributorId);
        var versions = Versions.of(ConfigVersions.read(db, parts(key.distributorId, seller.priceZone())), seller.priceZone(), key.distributorId);
        var currency = currency(seller.currency());
        var principals = sellers.principals(db, key.distributorId);
        var ids = new TreeSet<String>();
        principals.forEach(principal -> ids.add(principal.id()));
        var national = national(db, new NationalKey(versions.national(), key.window, currency.code(), currency.scale(), seller.taxRegime(), ids));

        var lists = new ArrayList<RuleBook.PriceList>();
        for (var one : priceLists.own(db, key.distributorId, seller.priceZone(), key.window.from, key.window.to, currency.scale()))
            if (ids.contains(Long.toString(one.principalId()))) lists.add(one.list());
        var contracts = priceLists.contracts(db, key.distributorId, key.window.from, key.window.to, currency.scale());

        var own = new ArrayList<BookPart>();
        for (var list : lists) own.add(BookPart.of("priceLists", RuleBookJson.priceLists(List.of(list))));
        chunks(contracts, list -> Math.floorMod(list.id().hashCode(), CONTRACT_PARTS)).forEach(chunk -> own.add(BookPart.of("priceLists", RuleBookJson.priceLists(chunk))));
        lists.addAll(contracts);
        var overlay = new RuleBook(
                new RuleBook.Seller(Long.toString(key.distributorId), seller.stateCode(), seller.registration(), seller.priceZone(),
                        taxes.undertakings(db, key.distributorId, key.window.from, key.window.to)),
                currency, national.rounding, (int) key.window.from.toEpochDay(), (int) key.window.to.toEpochDay(), principals, List.of(), lists, List.of(), List.of(),
                RulePolicy.of(policies.read(db, key.distributorId, key.window.clamp(today()))), national.common.book().taxSystem());
        var texts = new ArrayList<BookPart>();
        texts.add(BookPart.of("head", RuleBookJson.head(overlay)));
        texts.addAll(national.parts);
        national.schemes.forEach((audience, chunk) -> {
            if (audience.holds(overlay.seller())) texts.addAll(chunk);
        });
        texts.addAll(own);
        return new Built(Snapshot.of(key.distributorId, versions, Engine.of(national.common, overlay), texts), seller.priceZone());
    }

    private static final int CONTRACT_PARTS = 16;
    private static final int SCHEMES_TO_A_PART = 32;
    private static final int SKUS_TO_A_PART = 256;

    private National national(JdbcClient db, NationalKey key) {
        synchronized (nationals) {
            var known = nationals.get(key);
            if (known != null) return known;
            var mine = new ArrayList<RuleBook.Sku>();
            for (var sku : skus.all(db, key.moneyScale)) if (key.principals.contains(sku.principalId())) mine.add(sku);
            var offers = new ArrayList<Scheme>();
            for (var scheme : read(schemes.definitions(db, key.window.from, key.window.to), key)) if (key.principals.contains(scheme.principalId())) offers.add(scheme);
            var lists = new ArrayList<RuleBook.PriceList>();
            for (var one : priceLists.national(db, key.window.from, key.window.to, key.moneyScale))
                if (key.principals.contains(Long.toString(one.principalId()))) lists.add(one.list());
            var rates = taxes.rates(db, key.regime, key.window.from, key.window.to);
            var rounding = taxes.rounding(db, key.currency, key.window.to);
            var book = new RuleBook(new RuleBook.Seller("0", "", RuleBook.Registration.REGULAR, null), new RuleBook.Currency(key.currency, key.moneyScale), rounding,
                    (int) key.window.from.toEpochDay(), (int) key.window.to.toEpochDay(), List.of(), mine, lists, offers, rates, RulePolicy.of(new Policies.Values(Map.of(), Map.of())),
                    TaxPacks.of(key.regime).system());
            var texts = new ArrayList<BookPart>();
            chunks(mine, sku -> Long.parseLong(sku.id()) / SKUS_TO_A_PART).forEach(chunk -> texts.add(BookPart.of("skus", RuleBookJson.skus(chunk))));
            for (var list : lists) texts.add(BookPart.of("priceLists", RuleBookJson.priceLists(List.of(list))));
            texts.add(BookPart.of("taxRates", RuleBookJson.taxRates(rates)));
            var byAudience = new LinkedHashMap<Audience, List<BookPart>>();
            var audiences = new LinkedHashMap<Audience, List<Scheme>>();
            for (var scheme : offers) audiences.computeIfAbsent(Audience.of(scheme), _ -> new ArrayList<>()).add(scheme);
            audiences.forEach((audience, those) -> byAudience.put(audience, chunks(those, scheme -> Long.parseLong(scheme.id()) / SCHEMES_TO_A_PART).stream()
                    .map(chunk -> BookPart.of("schemes", RuleBookJson.schemes(chunk, key.moneyScale))).toList()));
            var built = new National(Engine.Common.of(book), rounding, List.copyOf(texts), byAudience);
            if (nationals.size() >= NATIONALS_KEPT) nationals.clear();
            nationals.keySet().removeIf(old -> old.version < key.version && old.window.equals(key.window));
            nationals.put(key, built);
            return built;
        }
    }

    /// Rows in groups that stay the same when another row changes.
    private static <T> Collection<List<T>> chunks(List<T> rows, ToLongFunction<T> group) {
        var groups = new TreeMap<Long, List<T>>();
        for (var row : rows) groups.computeIfAbsent(group.applyAsLong(row), _ -> new ArrayList<>()).add(row);
        return groups.values();
    }

    /// The rules' own reader turns definitions into schemes: a book that holds nothing else.
    private static List<Scheme> read(List<String> definitions, NationalKey key) {
        if (definitions.isEmpty()) return List.of();
        return RuleBookJson.read("""
                {"seller": {"distributorId": "0", "stateCode": "", "registration": "REGULAR"},
                 "currency": {"code": "%s", "scale": %d}, "rounding": {"id": "0", "version": 0, "document": "NONE"},
                 "validFrom": %d, "validTo": %d, "principals": [], "skus": [], "priceLists": [], "taxRates": [],
                 "schemes": [%s]}""".formatted(key.currency, key.moneyScale, key.window.from.toEpochDay(), key.window.to.toEpochDay(),
                String.join(",\n", definitions))).schemes();
    }

    private static RuleBook.Currency currency(String code) {
        return new RuleBook.Currency(code, Math.max(0, java.util.Currency.getInstance(code).getDefaultFractionDigits()));
    }

    /// Runs on a thread of its own, so that it opens its own transaction whatever the caller has open.
    private <T> T elsewhere(java.util.concurrent.Callable<T> work) {
        try {
            return builders.submit(work).get();
        } catch (java.util.concurrent.ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        builders.shutdown();
    }
}
