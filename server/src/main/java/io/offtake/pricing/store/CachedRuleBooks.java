package io.offtake.pricing.store;

import io.offtake.catalog.Skus;
import io.offtake.governance.ConfigVersions;
import io.offtake.governance.ConfigVersions.Versions;
import io.offtake.governance.Policies;
import io.offtake.network.Sellers;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.Engine;
import io.offtake.rules.RuleBook;
import io.offtake.rules.RuleBookJson;
import io.offtake.rules.Scheme;
import io.offtake.schemes.Schemes;
import io.offtake.tax.TaxPacks;
import io.offtake.tax.Taxes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Rule books by distributor and window. A build runs on a thread and a connection of its own (the network role, which
/// reads in one repeatable-read snapshot), so that postings waiting for it hold no connection it would need.
@Component
class CachedRuleBooks implements RuleBookSource, AutoCloseable {
    private static final int WINDOWS_KEPT = 4096;
    private static final int NATIONALS_KEPT = 8;

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

    private record NationalKey(long version, Window window, String currency, int moneyScale, String regime) {}

    /// What all distributors of one currency and tax regime have in common.
    private record National(Map<String, List<RuleBook.Sku>> skus, Map<String, List<Scheme>> schemes, List<RuleBook.TaxRate> taxRates,
                            RuleBook.RoundingPolicy rounding, List<PriceLists.Listed> lists) {}

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
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
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
        var national = national(db, new NationalKey(versions.national(), key.window, currency.code(), currency.scale(), seller.taxRegime()));
        var principals = sellers.principals(db, key.distributorId);
        var ids = new HashSet<String>();
        principals.forEach(principal -> ids.add(principal.id()));

        var lists = new ArrayList<RuleBook.PriceList>();
        var listed = new ArrayList<>(national.lists);
        listed.addAll(priceLists.own(db, key.distributorId, seller.priceZone(), key.window.from, key.window.to, currency.scale()));
        for (var one : listed) if (ids.contains(Long.toString(one.principalId()))) lists.add(one.list());
        lists.addAll(priceLists.contracts(db, key.distributorId, key.window.from, key.window.to, currency.scale()));

        var book = new RuleBook(
                new RuleBook.Seller(Long.toString(key.distributorId), seller.stateCode(), seller.registration(), seller.priceZone()),
                currency, national.rounding, (int) key.window.from.toEpochDay(), (int) key.window.to.toEpochDay(), principals,
                ofPrincipals(national.skus, ids), lists, ofPrincipals(national.schemes, ids), national.taxRates,
                RulePolicy.of(policies.read(db, key.distributorId, key.window.clamp(today()))), TaxPacks.of(seller.taxRegime()).system());
        var json = RuleBookJson.write(book);
        return new Built(new Snapshot(key.distributorId, versions, Engine.of(book), sha256(json), json), seller.priceZone());
    }

    private National national(JdbcClient db, NationalKey key) {
        var known = nationals.get(key);
        if (known != null) return known;
        var byPrincipal = new LinkedHashMap<String, List<RuleBook.Sku>>();
        for (var sku : skus.all(db, key.moneyScale)) byPrincipal.computeIfAbsent(sku.principalId(), _ -> new ArrayList<>()).add(sku);
        var schemesOf = new LinkedHashMap<String, List<Scheme>>();
        for (var scheme : read(schemes.definitions(db, key.window.from, key.window.to), key)) {
            schemesOf.computeIfAbsent(scheme.principalId(), _ -> new ArrayList<>()).add(scheme);
        }
        var built = new National(byPrincipal, schemesOf, taxes.rates(db, key.regime, key.window.from, key.window.to),
                taxes.rounding(db, key.currency, key.window.to), priceLists.national(db, key.window.from, key.window.to, key.moneyScale));
        if (nationals.size() >= NATIONALS_KEPT) nationals.keySet().removeIf(old -> old.version < key.version);
        nationals.put(key, built);
        return built;
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

    private static <T> List<T> ofPrincipals(Map<String, List<T>> byPrincipal, Set<String> ids) {
        var all = new ArrayList<T>();
        byPrincipal.forEach((principal, rows) -> {
            if (ids.contains(principal)) all.addAll(rows);
        });
        return all;
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

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        builders.shutdown();
    }
}
