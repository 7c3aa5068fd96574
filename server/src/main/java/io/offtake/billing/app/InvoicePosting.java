package io.offtake.billing.app;

import io.offtake.billing.Billing;
import io.offtake.billing.InvoiceView;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.billing.PostInvoiceOutcome.AlreadyPosted;
import io.offtake.billing.PostInvoiceOutcome.ChoiceUnknown;
import io.offtake.billing.PostInvoiceOutcome.DateClosed;
import io.offtake.billing.PostInvoiceOutcome.Finding;
import io.offtake.billing.PostInvoiceOutcome.IdReused;
import io.offtake.billing.PostInvoiceOutcome.OrderNotReady;
import io.offtake.billing.PostInvoiceOutcome.Posted;
import io.offtake.billing.PostInvoiceOutcome.Refused;
import io.offtake.billing.PostInvoiceOutcome.SeriesMissing;
import io.offtake.billing.PostInvoiceOutcome.Unknown;
import io.offtake.billing.Terms;
import io.offtake.billing.domain.InvoiceDraft;
import io.offtake.billing.domain.Papers;
import io.offtake.billing.store.InvoiceStore;
import io.offtake.catalog.Batches;
import io.offtake.catalog.SkuNames;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.ConfigParts;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.network.Printed;
import io.offtake.orders.OrderSource;
import io.offtake.orders.OrderStock;
import io.offtake.platform.Actor;
import io.offtake.platform.BulkPost;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Documents.Series;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.BookArchive;
import io.offtake.pricing.RewardSkus;
import io.offtake.pricing.RuleBookSource;
import io.offtake.receivables.Receivables;
import io.offtake.receivables.Standing;
import io.offtake.rules.CommandJson;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.Decision;
import io.offtake.rules.DecisionJson;
import io.offtake.rules.Rate;
import io.offtake.rules.Refusal;
import io.offtake.rules.StockMoves.Node;
import io.offtake.schemes.BuyerFacts;
import io.offtake.schemes.FreeChoice;
import io.offtake.schemes.SchemeAccounts;
import io.offtake.schemes.SchemeBudgets;
import io.offtake.schemes.SchemeTerms;
import io.offtake.stock.BatchStock;
import io.offtake.stock.Stock;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/// The posting path (DESIGN section 4): accept, load, decide, post, tell. One document takes three round trips: the load
/// request, the posting request and the commit; many documents share one load and one batch per statement.
@Service
class InvoicePosting implements Billing {
    static final String TYPE = "INVOICE";
    private static final int TRIES = 8;

    private final TenantTransaction transactions;
    private final RuleBookSource books;
    private final InvoiceStore store;
    private final Cancellation cancellation;
    private final SchemeBudgets budgets;
    private final BookArchive archive;
    private final BuyerFacts buyerFacts;
    private final Clock clock;
    private final Policies policies;
    private final int backdateDays;
    private final Map<Long, RuleBookSource.Snapshot> lastBooks = new ConcurrentHashMap<>();

    /// @param backdateDays how far back a business date may lie without approval (PX-42)
    InvoicePosting(TenantTransaction transactions, RuleBookSource books, InvoiceStore store, Cancellation cancellation, SchemeBudgets budgets, BookArchive archive, BuyerFacts buyerFacts, Policies policies, Clock clock,
                   @Value("${offtake.billing.backdate-days:3}") int backdateDays) {
        this.transactions = transactions;
        this.books = books;
        this.store = store;
        this.cancellation = cancellation;
        this.budgets = budgets;
        this.archive = archive;
        this.buyerFacts = buyerFacts;
        this.clock = clock;
        this.policies = policies;
        this.backdateDays = backdateDays;
    }

    @Override
    public PostInvoiceOutcome post(PostInvoice command, Actor actor) {
        return posted(List.of(command), actor, Terms.NATIVE, Single::new).getFirst();
    }

    @Override
    public List<PostInvoiceOutcome> postAll(List<PostInvoice> commands, Actor actor, Terms terms) {
        if (commands.isEmpty()) return List.of();
        return posted(commands, actor, terms, connection -> new Bulk(connection, terms));
    }

    /// Papers are read before the posting: their books come from the archive, in a transaction of its own.
    /// @return nothing for a paper whose book is not known or which cannot be read
    private Map<UUID, Papers.Given> given(Terms terms) {
        if (terms.papers().isEmpty()) return Map.of();
        var given = new HashMap<UUID, Papers.Given>();
        terms.papers().forEach((id, paper) -> archive.engine(paper.ruleBookHash()).ifPresent(engine -> {
            try {
                given.put(id, new Papers.Given(paper.ruleBookHash(), engine, CommandJson.read(paper.command(), engine.book())));
            } catch (IllegalArgumentException | ArithmeticException unreadable) {
                // answered as unlike the document it comes with
            }
        }));
        return given;
    }

    private List<PostInvoiceOutcome> posted(List<PostInvoice> commands, Actor actor, Terms terms, Function<Connection, Way> way) {
        var distributorId = commands.getFirst().distributorId();
        var given = given(terms);
        return budgets.refilling(distributorId, () -> tried(distributorId, commands, actor, terms, given, way));
    }

    private List<PostInvoiceOutcome> tried(long distributorId, List<PostInvoice> commands, Actor actor, Terms terms, Map<UUID, Papers.Given> given, Function<Connection, Way> way) {
        for (int tried = 1; ; tried++) {
            try {
                return transactions.idempotent().writeOn(distributorId, connection -> attempt(connection, distributorId, commands, actor, terms, given, way.apply(connection)));
            } catch (BookNotKept missing) {
                archive.keep(missing.book);
            } catch (RuntimeException failure) {
                if (tried == TRIES || !(failure instanceof BookChanged || Post.isOvertaken(failure))) throw failure;
            }
        }
    }

    /// The rule book that was published while this posting loaded gives away goods whose stock was not loaded, or has schemes
    /// whose accounts were not.
    private static final class BookChanged extends RuntimeException {
        BookChanged() {
            super("the rule book changed", null, false, false);
        }
    }

    /// No document of this book was posted yet: it is kept first, so that the document can be decided again (INV-06).
    private static final class BookNotKept extends RuntimeException {
        private final transient RuleBookSource.Snapshot book;

        BookNotKept(RuleBookSource.Snapshot book) {
            super("the rule book is not kept yet", null, false, false);
            this.book = book;
        }
    }

    private List<PostInvoiceOutcome> attempt(Connection connection, long distributorId, List<PostInvoice> commands, Actor actor, Terms terms, Map<UUID, Papers.Given> given, Way way) throws SQLException {
        var loaded = load(connection, distributorId, commands, given, true);
        var outcomes = new PostInvoiceOutcome[commands.size()];
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var drafts = decided(loaded, commands, actor, terms, given, at, outcomes);
        // Whoever waited for a batch does not see the batches that came in meanwhile. With its locks held it looks again before it refuses, or says
        // that goods were sold which the ledger lacks, until it finds what it found before: that was there at one moment.
        for (Map<UUID, List<BatchStock>> before = Map.of(); isShort(outcomes, drafts) && !loaded.stock().equals(before); ) {
            before = loaded.stock();
            loaded = load(connection, distributorId, commands, given, true);
            Arrays.fill(outcomes, null);
            drafts = decided(loaded, commands, actor, terms, given, at, outcomes);
        }
        if (!drafts.isEmpty()) {
            for (var draft : drafts) if (!archive.holds(draft.book().hash())) throw new BookNotKept(draft.book());
            loaded.schemes().requireSlices(scheme -> budgets.isDry(distributorId, scheme));
            way.post(distributorId, drafts, loaded);
            for (var draft : drafts) outcomes[draft.place()] = new Posted(draft.view(way.number(draft)), draft.findings());
        }
        return List.of(outcomes);
    }

    /// Decides one after the other, each on what those before it leave; fills in the answers, and answers the drafts.
    private List<InvoiceDraft> decided(Loaded loaded, List<PostInvoice> commands, Actor actor, Terms terms, Map<UUID, Papers.Given> given, Instant at, PostInvoiceOutcome[] outcomes) {
        var drafts = new ArrayList<InvoiceDraft>();
        for (int place = 0; place < outcomes.length; place++) {
            var command = commands.get(place);
            boolean stands = terms.papers().containsKey(command.id());
            switch (stands ? stand(loaded, command, given.get(command.id()), terms, actor) : decide(loaded, command, terms, actor, false)) {
                case Step.Answered answered -> outcomes[place] = answered.outcome();
                case Step.Drafted drafted -> {
                    var lacking = stands ? loaded.lacking(drafted, command) : Map.<UUID, BigDecimal>of();
                    var beyond = loaded.use(drafted, command, stands);
                    drafts.add(new InvoiceDraft(place, command, Fingerprint.of(command), drafted.series(), drafted.decided(), drafted.commandJson(),
                            drafted.book(), loaded.seller(), loaded.buyers().get(command.outletId()), loaded.names(), drafted.order(), drafted.dueOn(), at, actor, terms.origin(), List.of(), lacking, beyond,
                            stands ? found(drafted, lacking, beyond) : List.of()));
                }
            }
        }
        return drafts;
    }

    private static boolean isShort(PostInvoiceOutcome[] outcomes, List<InvoiceDraft> drafts) {
        for (var outcome : outcomes)
            if (outcome instanceof Refused(var refusals, _)) for (var refusal : refusals) if (refusal.code() == Refusal.Code.STOCK_SHORT) return true;
        for (var draft : drafts) if (!draft.lacking().isEmpty()) return true;
        return false;
    }

    // ---- load

    private static List<Finding> found(Step.Drafted drafted, Map<UUID, BigDecimal> lacking, Map<String, BigDecimal> beyond) {
        var all = new ArrayList<>(drafted.findings());
        lacking.forEach((batch, qty) -> all.add(new Finding(Finding.Kind.STOCK, "batch " + batch, qty.stripTrailingZeros().toPlainString(), "0")));
        beyond.forEach((scheme, part) -> all.add(new Finding(Finding.Kind.OVERSHOOT, "scheme " + scheme, part.stripTrailingZeros().toPlainString(), "0")));
        return all;
    }

    private Loaded load(Connection connection, long distributorId, List<PostInvoice> commands, Map<UUID, Papers.Given> given, boolean lock) throws SQLException {
        var known = lastBooks.computeIfAbsent(distributorId, books::current);
        var load = new Pipeline();
        var ids = commands.stream().map(PostInvoice::id).toArray(UUID[]::new);
        var registered = Documents.find(load, distributorId, ids);
        var parts = ConfigParts.read(load, books.parts(distributorId));
        var seller = Printed.seller(load, distributorId);
        var outletIds = commands.stream().map(PostInvoice::outletId).distinct().toArray(UUID[]::new);
        var buyers = Printed.buyers(load, distributorId, outletIds);
        var warehouses = Printed.openWarehouses(load, distributorId, commands.stream().map(PostInvoice::warehouseId).distinct().toArray(UUID[]::new));
        var orderIds = commands.stream().map(PostInvoice::orderId).filter(id -> id != null).distinct().toArray(UUID[]::new);
        var orders = orderIds.length == 0 ? null : OrderStock.lock(load, distributorId, orderIds);
        var skuIds = new TreeSet<Long>();
        for (var command : commands) command.lines().forEach(line -> skuIds.add(line.skuId()));
        for (var paper : given.values()) paper.command().batches().forEach(batch -> skuIds.add(Long.parseLong(batch.skuId())));
        var papersBatches = given.isEmpty() ? null : Batches.facts(load, distributorId, given.values().stream().flatMap(paper -> paper.command().batches().stream())
                .map(batch -> UUID.fromString(batch.batchId())).distinct().toArray(UUID[]::new));
        skuIds.addAll(RewardSkus.of(known.book()));
        var choices = commands.stream().flatMap(command -> command.choices().stream()).toList();
        choices.forEach(choice -> skuIds.add(choice.skuId()));
        var skus = skuIds.stream().mapToLong(Long::longValue).toArray();
        var stock = new TreeMap<UUID, Pipeline.Answer<List<BatchStock>>>();
        var reserved = new TreeMap<UUID, Pipeline.Answer<List<BatchStock>>>();
        for (var warehouse : new TreeSet<>(commands.stream().map(PostInvoice::warehouseId).toList())) {
            stock.put(warehouse, lock ? Stock.lock(load, distributorId, warehouse, Node.SALEABLE, skus) : Stock.peek(load, distributorId, warehouse, Node.SALEABLE, skus));
            if (orders != null) reserved.put(warehouse, Stock.lock(load, distributorId, warehouse, Node.RESERVED, skus));
        }
        var dates = commands.stream().map(PostInvoice::businessDate).distinct().toList();
        var sold = skusOf(commands);
        var terms = SchemeTerms.of(known.hash(), known.book());
        var schemes = !lock ? SchemeAccounts.peek(load, distributorId, terms.concerning(sold, dates), outletIds, dates)
                : SchemeAccounts.lock(load, distributorId, terms.concerning(sold, dates), outletIds, dates, terms.isEmpty() ? new UUID[0] : orderIds);
        var more = buyerFacts.read(load, distributorId, commands.stream().map(PostInvoice::principalId).toList(), outletIds, dates, terms);
        var accounts = new TreeMap<Long, Pipeline.Answer<Map<UUID, Receivables.Account>>>();
        var oldestDue = new TreeMap<Long, Pipeline.Answer<Map<UUID, LocalDate>>>();
        var commitments = new TreeMap<Long, Pipeline.Answer<Map<UUID, BigDecimal>>>();
        for (var principal : new TreeSet<>(commands.stream().map(PostInvoice::principalId).toList())) {
            accounts.put(principal, lock ? Receivables.lockAccounts(load, distributorId, principal, outletIds) : Receivables.peekAccounts(load, distributorId, principal, outletIds));
            oldestDue.put(principal, Receivables.oldestDue(load, distributorId, principal, outletIds));
            commitments.put(principal, OrderStock.commitments(load, distributorId, principal, outletIds));
        }
        var series = new TreeMap<Integer, Pipeline.Answer<Optional<Series>>>();
        for (var year : new TreeSet<>(commands.stream().map(command -> Documents.fiscalYear(command.businessDate())).toList()))
            series.put(year, Documents.openSeries(load, distributorId, TYPE, year));
        var names = SkuNames.read(load, skus);
        var chosen = FreeChoice.schemes(load, choices);
        load.run(connection);

        var snapshots = new HashMap<LocalDate, RuleBookSource.Snapshot>();
        for (var date : dates) snapshots.put(date, books.current(distributorId, parts.get(), date));
        for (var snapshot : snapshots.values()) {
            if (snapshot.hash().equals(known.hash())) continue;
            lastBooks.put(distributorId, snapshot);
            if (!skuIds.containsAll(RewardSkus.of(snapshot.book()))) throw new BookChanged();
            var now = SchemeTerms.of(snapshot.hash(), snapshot.book());
            if (!now.asksNoMoreThan(terms) || !schemes.holds(now.concerning(sold, dates))) throw new BookChanged();
        }
        return new Loaded(seller.get().orElse(null), buyers.get(), warehouses.get(), orders == null ? Map.of() : orders.get(), values(stock), values(reserved),
                values(accounts), values(oldestDue), values(commitments), values(series), names.get(), snapshots, schemes.get(), more, chosen == null ? Set.of() : chosen.get(), papersBatches == null ? Map.of() : stock(papersBatches.get()),
                registered.get().isEmpty() ? Map.of() : registered.get(),
                registered.get().isEmpty() ? Map.of() : store.read(connection, distributorId, registered.get().keySet()));
    }

    private static Map<String, BatchStock> stock(Map<String, Batches.Facts> facts) {
        var stock = new HashMap<String, BatchStock>();
        facts.forEach((id, batch) -> stock.put(id, new BatchStock(batch.id(), batch.identity().skuId(), batch.principalId(), batch.identity().batchNo(), batch.identity().mrp(),
                batch.expiresOn(), batch.receivedOn(), BigDecimal.ZERO, batch.identity().unitCost())));
        return stock;
    }

    private static List<Long> skusOf(List<PostInvoice> commands) {
        return commands.stream().flatMap(command -> command.lines().stream()).map(PostInvoice.Line::skuId).distinct().toList();
    }

    private static <K, V> Map<K, V> values(Map<K, Pipeline.Answer<V>> answers) {
        return answers.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().get()));
    }

    // ---- decide

    private sealed interface Step {
        /// @param refused the rules' own answer, if it is they who refuse
        record Answered(PostInvoiceOutcome outcome, Decision.@Nullable Refused refused) implements Step {
            Answered(PostInvoiceOutcome outcome) {
                this(outcome, null);
            }
        }

        record Drafted(Decision.Decided decided, String commandJson, RuleBookSource.Snapshot book, Series series, OrderStock.@Nullable Open order,
                       LocalDate dueOn, List<Finding> findings) implements Step {}
    }

    private Step decide(Loaded loaded, PostInvoice command, Terms terms, Actor actor, boolean explain) {
        var before = loaded.registered().get(command.id());
        if (before != null && !explain) {
            if (!before.isRepeatOf(TYPE, Fingerprint.of(command))) return new Step.Answered(new IdReused());
            return new Step.Answered(new AlreadyPosted(loaded.posted().get(command.id())));
        }
        var seller = loaded.seller();
        var buyer = loaded.buyers().get(command.outletId());
        if (seller == null) return unknown("distributor");
        if (buyer == null) return unknown("outlet");
        if (!loaded.warehouses().contains(command.warehouseId())) return unknown("warehouse");
        var today = LocalDate.now(clock.withZone(seller.zone()));
        var earliest = today.minusDays(policies.days(PolicyKey.BACKDATE_DAYS, command.distributorId(), today, backdateDays));
        if (!terms.anyDate() && (command.businessDate().isAfter(today) || command.businessDate().isBefore(earliest)))
            return new Step.Answered(new DateClosed(earliest, today));
        OrderStock.Open order = null;
        if (command.orderId() != null) {
            order = loaded.orders().get(command.orderId());
            if (order == null) return unknown("order");
            boolean fits = order.outletId().equals(command.outletId()) && order.principalId() == command.principalId() && order.warehouseId().equals(command.warehouseId());
            if (!fits || order.allocations().isEmpty()) return new Step.Answered(new OrderNotReady(order.status()));
        }
        var year = Documents.fiscalYear(command.businessDate());
        var known = terms.numbers().get(command.id());
        var series = known == null ? loaded.series().get(year) : Optional.of(known.series());
        if (series.isEmpty()) return new Step.Answered(new SeriesMissing(year));
        var chosen = FreeChoice.unknown(command.choices(), loaded.chosenSchemes(), loaded.names().keySet());
        if (chosen != null) return new Step.Answered(new ChoiceUnknown(chosen));
        var snapshot = loaded.snapshots().get(command.businessDate());
        var request = DecideCommands.of(command, buyer, loaded.stockFor(command, order), loaded.standing(command, order), terms.approved(),
                facts(loaded, command, order, snapshot, actor, today, explain), loaded.more());
        return switch (snapshot.engine().decide(request)) {
            case Decision.Refused refused -> new Step.Answered(new Refused(refused.refusals(),
                    loaded.names().values().stream().collect(Collectors.toMap(SkuNames.SkuName::id, SkuNames.SkuName::name))), refused);
            case Decision.Decided decided -> new Step.Drafted(decided, CommandJson.write(request), snapshot, series.get(), order,
                    LocalDate.ofEpochDay(decided.credit().dueOn()), List.of());
        };
    }

    /// A document that was handed out already: decided again as its device decided it, and compared with what is in force. Nothing but
    /// what makes it no document at all refuses it (OFF-10).
    private Step stand(Loaded loaded, PostInvoice command, Papers.@Nullable Given paper, Terms terms, Actor actor) {
        var before = loaded.registered().get(command.id());
        if (before != null)
            return new Step.Answered(before.isRepeatOf(TYPE, Fingerprint.of(command)) ? new AlreadyPosted(loaded.posted().get(command.id())) : new IdReused());
        var buyer = loaded.buyers().get(command.outletId());
        if (loaded.seller() == null) return unknown("distributor");
        if (buyer == null) return unknown("outlet");
        if (!loaded.warehouses().contains(command.warehouseId())) return unknown("warehouse");
        var known = terms.numbers().get(command.id());
        var series = known == null ? loaded.series().get(Documents.fiscalYear(command.businessDate())).orElse(null) : known.series();
        if (series == null) return new Step.Answered(new SeriesMissing(Documents.fiscalYear(command.businessDate())));
        if (paper == null) return new Step.Answered(archive.engine(terms.papers().get(command.id()).ruleBookHash()).isEmpty()
                ? new PostInvoiceOutcome.BookUnknown(terms.papers().get(command.id()).ruleBookHash()) : new PostInvoiceOutcome.PaperUnlike("decided"));
        var unlike = Papers.unlike(command, paper.command());
        if (unlike != null) return new Step.Answered(new PostInvoiceOutcome.PaperUnlike(unlike));
        var request = Papers.costed(paper.command(), loaded.papersBatches());
        if (request == null) return unknown("batch");
        var order = command.orderId() == null ? null : loaded.orders().get(command.orderId());
        if (order != null && (!order.outletId().equals(command.outletId()) || order.principalId() != command.principalId() || !order.warehouseId().equals(command.warehouseId())
                || order.allocations().isEmpty())) order = null;
        var snapshot = loaded.snapshots().get(command.businessDate());
        var today = LocalDate.now(clock.withZone(loaded.seller().zone()));
        var chosen = FreeChoice.unknown(command.choices(), loaded.chosenSchemes(), loaded.names().keySet());
        var now = DecideCommands.of(command, buyer, List.of(), loaded.standing(command, order), terms.approved(),
                chosen != null ? DecideCommand.Facts.NONE : facts(loaded, command, order, snapshot, actor, today, false), loaded.more());
        return switch (paper.engine().decide(request)) {
            case Decision.Refused refused -> new Step.Answered(new Refused(refused.refusals(),
                    loaded.names().values().stream().collect(Collectors.toMap(SkuNames.SkuName::id, SkuNames.SkuName::name))), refused);
            case Decision.Decided decided -> new Step.Drafted(decided, CommandJson.write(request),
                    new RuleBookSource.Snapshot(command.distributorId(), snapshot.versions(), paper.engine(), paper.hash(), List.of()), series, order,
                    LocalDate.ofEpochDay(decided.credit().dueOn()), Papers.compare(decided, snapshot.engine().decide(Papers.inForce(request, now.outlet(), now.facts(), terms.approved()))));
        };
    }

    private DecideCommand.Facts facts(Loaded loaded, PostInvoice command, OrderStock.@Nullable Open order, RuleBookSource.Snapshot snapshot, Actor actor, LocalDate today, boolean explain) {
        var given = limited(command, actor, explain ? EXPLAIN : DecideCommand.Facts.NONE);
        var terms = SchemeTerms.of(snapshot.hash(), snapshot.book());
        var choices = order != null && command.choices().isEmpty() ? order.choices() : command.choices();
        var source = source(command, order, terms);
        if (!choices.isEmpty() || source != null)
            given = given.withOrderSource(source == null ? null : source.name()).withChoices(FreeChoice.forRules(choices));
        if (terms.asks(SchemeTerms.Asks.DAYPART) && command.businessDate().equals(today)) {
            int minute = LocalTime.ofInstant(clock.instant(), loaded.seller().zone()).toSecondOfDay() / 60;
            given = given.withMinuteOfDay(minute);
        }
        if (terms.asks(SchemeTerms.Asks.WAREHOUSE)) given = given.withWarehouseId(command.warehouseId().toString());
        var concerned = terms.concerning(skusOf(List.of(command)), List.of(command.businessDate()));
        return loaded.schemes().facts(given, concerned, command.outletId(), command.businessDate(), command.orderId(),
                scheme -> budgets.isDry(command.distributorId(), scheme), snapshot.book().currency().scale());
    }

    /// How the order came in, as the bill or its order says; a counter sale that says nothing was asked for at the counter, which only
    /// matters where a scheme asks.
    private static @Nullable OrderSource source(PostInvoice command, OrderStock.@Nullable Open order, SchemeTerms terms) {
        if (command.orderSource() != null) return command.orderSource();
        if (order != null) return order.source();
        return command.saleType() == DecideCommand.SaleType.COUNTER && terms.asks(SchemeTerms.Asks.ORDER_SOURCE) ? OrderSource.COUNTER : null;
    }

    /// The person's own limit for manual prices and discounts (PX-43), where the bill has some and the policies set one.
    private DecideCommand.Facts limited(PostInvoice command, Actor actor, DecideCommand.Facts facts) {
        if (actor.roles().isEmpty() || command.lines().stream().allMatch(line -> line.manualPrice() == null && line.manualDiscountPercent() == null)) return facts;
        var limit = policies.forRoles(PolicyKey.MANUAL_DISCOUNT_LIMIT, actor.roles(), command.businessDate());
        if (limit.compareTo(WITHOUT_LIMIT) >= 0) return facts;
        return facts.withManualLimit(Rate.ofPercent(limit.toPlainString()));
    }

    private static final BigDecimal WITHOUT_LIMIT = new BigDecimal(100);

    private static final DecideCommand.Facts EXPLAIN = DecideCommand.Facts.NONE.explained();

    private static Step unknown(String what) {
        return new Step.Answered(new Unknown(what));
    }

    /// What one posting attempt has read, less what its earlier documents have used.
    private record Loaded(Printed.@Nullable Seller seller, Map<UUID, Printed.Buyer> buyers, Set<UUID> warehouses, Map<UUID, OrderStock.Open> orders,
                          Map<UUID, List<BatchStock>> stock, Map<UUID, List<BatchStock>> reserved, Map<Long, Map<UUID, Receivables.Account>> accounts,
                          Map<Long, Map<UUID, LocalDate>> oldestDue, Map<Long, Map<UUID, BigDecimal>> commitments, Map<Integer, Optional<Series>> series,
                          Map<Long, SkuNames.SkuName> names, Map<LocalDate, RuleBookSource.Snapshot> snapshots, SchemeAccounts schemes,
                          BuyerFacts.Read more, Set<Long> chosenSchemes, Map<String, BatchStock> papersBatches, Map<UUID, Documents.Registered> registered, Map<UUID, InvoiceView> posted,
                          Map<UUID, BigDecimal> used, Map<UUID, BigDecimal> charged) {

        Loaded(Printed.@Nullable Seller seller, Map<UUID, Printed.Buyer> buyers, Set<UUID> warehouses, Map<UUID, OrderStock.Open> orders,
               Map<UUID, List<BatchStock>> stock, Map<UUID, List<BatchStock>> reserved, Map<Long, Map<UUID, Receivables.Account>> accounts,
               Map<Long, Map<UUID, LocalDate>> oldestDue, Map<Long, Map<UUID, BigDecimal>> commitments, Map<Integer, Optional<Series>> series,
               Map<Long, SkuNames.SkuName> names, Map<LocalDate, RuleBookSource.Snapshot> snapshots, SchemeAccounts schemes,
               BuyerFacts.Read more, Set<Long> chosenSchemes, Map<String, BatchStock> papersBatches, Map<UUID, Documents.Registered> registered, Map<UUID, InvoiceView> posted) {
            this(seller, buyers, warehouses, orders, stock, reserved, accounts, oldestDue, commitments, series, names, snapshots, schemes, more, chosenSchemes, papersBatches, registered, posted,
                    new HashMap<>(), new HashMap<>());
        }

        /// The batches this command may be given: an order's own allocation, or what is left of the saleable stock.
        List<BatchStock> stockFor(PostInvoice command, OrderStock.@Nullable Open order) {
            if (order != null) {
                var mine = new LinkedHashMap<UUID, BigDecimal>();
                order.allocations().forEach(allocated -> mine.merge(allocated.batchId(), allocated.qty(), BigDecimal::add));
                return reserved.getOrDefault(command.warehouseId(), List.of()).stream().filter(batch -> mine.containsKey(batch.batchId()))
                        .map(batch -> with(batch, mine.get(batch.batchId()))).toList();
            }
            var wanted = command.lines().stream().map(PostInvoice.Line::skuId).collect(Collectors.toSet());
            wanted.addAll(RewardSkus.of(snapshots.get(command.businessDate()).book()));
            return stock.get(command.warehouseId()).stream().filter(batch -> wanted.contains(batch.skuId()))
                    .map(batch -> with(batch, batch.qty().subtract(used.getOrDefault(batch.batchId(), BigDecimal.ZERO))))
                    .filter(batch -> batch.qty().signum() > 0).toList();
        }

        private static BatchStock with(BatchStock batch, BigDecimal qty) {
            return new BatchStock(batch.batchId(), batch.skuId(), batch.principalId(), batch.batchNo(), batch.mrp(), batch.expiresOn(), batch.receivedOn(), qty,
                    batch.unitCost());
        }

        /// The outlet's standing before this command; the order that is billed is not counted twice (LESSONS 48).
        @Nullable Standing standing(PostInvoice command, OrderStock.@Nullable Open order) {
            var account = accounts.get(command.principalId()).get(command.outletId());
            if (account == null) return null;
            var committed = commitments.get(command.principalId()).getOrDefault(command.outletId(), BigDecimal.ZERO)
                    .add(charged.getOrDefault(command.outletId(), BigDecimal.ZERO));
            if (order != null) committed = committed.subtract(order.indicative());
            return Standing.of(account, committed, oldestDue.get(command.principalId()).get(command.outletId()), command.businessDate());
        }

        /// What a document that stands issues beyond the ledger's stock.
        Map<UUID, BigDecimal> lacking(Step.Drafted drafted, PostInvoice command) {
            var there = new HashMap<UUID, BigDecimal>();
            if (drafted.order() != null) drafted.order().allocations().forEach(allocated -> there.merge(allocated.batchId(), allocated.qty(), BigDecimal::add));
            else stock.get(command.warehouseId()).forEach(batch -> there.put(batch.batchId(), batch.qty().subtract(used.getOrDefault(batch.batchId(), BigDecimal.ZERO))));
            return Papers.lacking(drafted.decided(), there);
        }

        /// @return the part of schemes' benefits beyond their limits, for a document that stands
        Map<String, BigDecimal> use(Step.Drafted drafted, PostInvoice command, boolean stands) {
            if (drafted.order() == null) {
                for (var issue : drafted.decided().posting().issues())
                    used.merge(UUID.fromString(issue.batchId()), BigDecimal.valueOf(issue.billed().plus(issue.free()).milli(), 3), BigDecimal::add);
            }
            more.billed(command.outletId(), command.principalId(), command.businessDate(), command.lines().stream().map(PostInvoice.Line::skuId).collect(Collectors.toSet()));
            var beyond = schemes.bill(new SchemeAccounts.Document(command.id(), TYPE, command.businessDate(), command.principalId(), command.outletId(), command.orderId()), drafted.decided(), stands);
            if (InvoiceDraft.onCredit(command)) charged.merge(command.outletId(), new BigDecimal(drafted.decided().totals().payable().toString()), BigDecimal::add);
            return beyond;
        }

        /// Fixed facts of every batch in sight, by batch id.
        Map<String, BatchStock> facts() {
            var facts = new HashMap<String, BatchStock>();
            stock.values().forEach(list -> list.forEach(batch -> facts.put(batch.batchId().toString(), batch)));
            reserved.values().forEach(list -> list.forEach(batch -> facts.putIfAbsent(batch.batchId().toString(), batch)));
            papersBatches.forEach(facts::putIfAbsent);
            return facts;
        }
    }

    // ---- post

    /// One document in one request, or many in one batch per statement: the same statements, the same order of locks.
    private abstract static sealed class Way {
        abstract void post(long distributorId, List<InvoiceDraft> drafts, Loaded loaded) throws SQLException;

        abstract String number(InvoiceDraft draft);

        /// Everything that needs no number: it goes first, so that the series' row is held for the shortest time.
        static void ledgers(Post post, long distributorId, List<InvoiceDraft> drafts, Loaded loaded) {
            Documents.register(post, drafts.stream().map(draft -> new Documents.Registration(distributorId, draft.command().id(), TYPE, draft.bodyHash(),
                    draft.command().businessDate(), draft.at())).toList());
            for (var draft : drafts) {
                if (draft.order() != null) OrderStock.invoiced(post, distributorId, draft.order().id(), draft.command().principalId(), draft.at(), draft.actor().username(), null);
            }
            Stock.move(post, distributorId, drafts.stream().flatMap(draft -> draft.movements().stream()).toList(), loaded.facts());
            InvoiceStore.lines(post, drafts);
            loaded.schemes().post(post, drafts.getFirst().at());
            Receivables.change(post, distributorId, drafts.stream().filter(draft -> InvoiceDraft.onCredit(draft.command()))
                    .map(draft -> new Receivables.Change(draft.command().principalId(), draft.command().outletId(), draft.payable())).toList());
            Receivables.book(post, distributorId, drafts.stream().map(InvoiceDraft::booking).toList());
        }

        static void headers(Post post, InvoiceDraft draft, Numbering numbering) {
            InvoiceStore.header(post, numbering, draft);
            Receivables.openItem(post, numbering, draft.openItem());
        }
    }

    private static final class Single extends Way {
        private final Connection connection;
        private @Nullable String number;

        Single(Connection connection) {
            this.connection = connection;
        }

        @Override
        void post(long distributorId, List<InvoiceDraft> drafts, Loaded loaded) throws SQLException {
            var draft = drafts.getFirst();
            var numbering = new Numbering.Next(draft.series());
            var post = new Pipeline();
            ledgers(post, distributorId, drafts, loaded);
            var taken = Documents.takeNumber(post, numbering, draft.command().id());
            headers(post, draft, numbering);
            AuditTrail.append(post, draft.auditEntry(), numbering, draft.event());
            post.run(connection);
            number = taken.get();
        }

        @Override
        String number(InvoiceDraft draft) {
            return java.util.Objects.requireNonNull(number);
        }
    }

    private static final class Bulk extends Way {
        private final Connection connection;
        private final Terms terms;
        private final Map<UUID, String> numbers = new HashMap<>();

        Bulk(Connection connection, Terms terms) {
            this.connection = connection;
            this.terms = terms;
        }

        @Override
        void post(long distributorId, List<InvoiceDraft> drafts, Loaded loaded) throws SQLException {
            var post = new BulkPost(AuditTrail.OWNER);
            ledgers(post, distributorId, drafts, loaded);
            for (var draft : drafts) {
                var known = terms.numbers().get(draft.command().id());
                if (known == null) continue;
                numbers.put(draft.command().id(), known.formatted());
                Documents.number(post, known, draft.command().id());
                headers(post, draft, known);
            }
            var bySeries = drafts.stream().filter(draft -> !numbers.containsKey(draft.command().id())).collect(Collectors.groupingBy(InvoiceDraft::series, () -> new TreeMap<>(Comparator.comparingInt(Series::fiscalYear)), Collectors.toList()));
            for (var entry : bySeries.entrySet()) {
                var series = entry.getKey();
                var next = Documents.takeNumbers(connection, series, entry.getValue().size());
                for (var draft : entry.getValue()) {
                    var formatted = series.format(next);
                    numbers.put(draft.command().id(), formatted);
                    var known = new Numbering.Known(series, next++, formatted);
                    Documents.number(post, known, draft.command().id());
                    headers(post, draft, known);
                }
            }
            AuditTrail.append(post, AuditTrail.lock(connection, distributorId), drafts.stream().map(InvoiceDraft::auditEntry).toList(),
                    drafts.stream().map(this::number).toList(), drafts.stream().map(InvoiceDraft::event).toList());
            post.run(connection);
        }

        @Override
        String number(InvoiceDraft draft) {
            return numbers.get(draft.command().id());
        }
    }

    // ---- explain

    @Override
    public Quote quote(PostInvoice command, Actor actor) {
        for (int tried = 1; ; tried++) {
            try {
                return quoted(command, actor);
            } catch (BookChanged changed) {
                if (tried == TRIES) throw changed;
            }
        }
    }

    private Quote quoted(PostInvoice command, Actor actor) {
        return transactions.writeOn(command.distributorId(), connection -> switch (decide(load(connection, command.distributorId(), List.of(command), Map.of(), false), command, Terms.NATIVE, actor, true)) {
            case Step.Drafted drafted -> new Quote.Decided(DecisionJson.write(drafted.decided()));
            case Step.Answered(var _, var refused) when refused != null -> new Quote.Decided(DecisionJson.write(refused));
            case Step.Answered(var outcome, var _) -> new Quote.NotPossible(outcome);
        });
    }

    @Override
    public Optional<Explanation> explain(RowScope scope, UUID id) {
        var stored = transactions.readOn(scope, connection -> store.inputs(connection, scope, id)).orElse(null);
        if (stored == null) return Optional.empty();
        var engine = archive.engine(stored.ruleBookHash()).orElse(null);
        if (engine == null) return Optional.of(new Explanation(stored.decision(), false, stored.ruleBookHash(), stored.configVersion()));
        var command = CommandJson.read(stored.command(), engine.book());
        boolean same = DecisionJson.write(engine.decide(command)).equals(stored.decision());
        var facts = command.facts().explained();
        var asked = new DecideCommand(command.kind(), command.businessDate(), command.saleType(), command.paymentMode(), command.principalId(), command.outlet(), command.lines(),
                command.batches(), command.approved(), facts);
        return Optional.of(new Explanation(same ? DecisionJson.write(engine.decide(asked)) : stored.decision(), same, stored.ruleBookHash(), stored.configVersion()));
    }

    // ---- read and cancel

    @Override
    public Map<UUID, InvoiceView> read(RowScope scope, long distributorId, Collection<UUID> ids) {
        return ids.isEmpty() ? Map.of() : transactions.readOn(scope, connection -> store.read(connection, distributorId, ids));
    }

    @Override
    public Optional<InvoiceView> find(RowScope scope, UUID id) {
        return transactions.readOn(scope, connection -> store.find(connection, scope, id));
    }

    @Override
    public CancelOutcome cancel(long distributorId, UUID invoiceId, UUID id, String reason, Actor actor) {
        return cancellation.cancel(distributorId, invoiceId, id, reason, actor);
    }

    @Override
    public CancelOutcome askToCancel(long distributorId, UUID invoiceId, UUID id, String reason, Actor actor) {
        return cancellation.ask(distributorId, invoiceId, id, reason, actor);
    }

    @Override
    public CancelOutcome keep(long distributorId, UUID invoiceId, String reason, Actor actor) {
        return cancellation.keep(distributorId, invoiceId, reason, actor);
    }

    @Override
    public DeliverOutcome deliver(long distributorId, UUID invoiceId, UUID id, Actor actor) {
        return cancellation.deliver(distributorId, invoiceId, id, actor);
    }
}
