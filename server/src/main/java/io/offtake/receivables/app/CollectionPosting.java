package io.offtake.receivables.app;

import io.offtake.governance.AuditTrail;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.network.Printed;
import io.offtake.platform.Actor;
import io.offtake.platform.BulkPost;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.receivables.CashTerms;
import io.offtake.receivables.CollectionView;
import io.offtake.receivables.Collections;
import io.offtake.receivables.PostCollection;
import io.offtake.receivables.Receivables;
import io.offtake.receivables.store.CollectionStore;
import io.offtake.rules.Journal;
import io.offtake.rules.Money;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/// Posts collections: money account, bills settled, rest on account, number, audit and event in one transaction (P-05).
@Service
class CollectionPosting implements Collections {
    static final String TYPE = "COLLECTION";

    private final TenantTransaction transactions;
    private final CollectionStore store;
    private final Clock clock;
    private final BigDecimal cashLimit;
    private final Policies policies;
    private final int backdateDays;

    CollectionPosting(TenantTransaction transactions, CollectionStore store, Policies policies, Clock clock, @Value("${offtake.receivables.cash-limit:200000}") BigDecimal cashLimit,
                      @Value("${offtake.billing.backdate-days:3}") int backdateDays) {
        this.transactions = transactions;
        this.store = store;
        this.clock = clock;
        this.cashLimit = cashLimit;
        this.policies = policies;
        this.backdateDays = backdateDays;
    }

    @Override
    public Outcome post(PostCollection command, Actor actor) {
        return Post.retried(() -> transactions.idempotent().writeOn(command.distributorId(), connection -> attempt(connection, command, actor)));
    }

    @Override
    public Optional<CollectionView> find(RowScope scope, UUID id) {
        return transactions.readOn(scope, connection -> store.find(connection, scope, id));
    }

    @Override
    public List<Outcome> postAll(List<PostCollection> commands, Actor actor, boolean anyDate, Map<UUID, Numbering.Known> numbers) {
        if (commands.isEmpty()) return List.of();
        return Post.retried(() -> transactions.idempotent().writeOn(commands.getFirst().distributorId(), connection -> attemptAll(connection, commands, actor, anyDate, numbers)));
    }

    private Outcome attempt(Connection connection, PostCollection command, Actor actor) throws SQLException {
        var distributorId = command.distributorId();
        var bodyHash = Fingerprint.of(command);
        var load = new Pipeline();
        var registered = Documents.find(load, distributorId, new UUID[] {command.id()});
        var seller = Printed.seller(load, distributorId);
        var buyers = Printed.buyers(load, distributorId, new UUID[] {command.outletId()});
        var series = Documents.openSeries(load, distributorId, TYPE, Documents.fiscalYear(command.businessDate()));
        Receivables.lockAccounts(load, distributorId, command.principalId(), new UUID[] {command.outletId()});
        var bills = CollectionStore.lockBills(load, distributorId, command.principalId(), command.outletId());
        var cashToday = CollectionStore.cashOfDay(load, distributorId, command.outletId(), command.businessDate());
        load.run(connection);

        var before = registered.get().get(command.id());
        if (before != null) return known(connection, command, before, bodyHash);
        var buyer = buyers.get().get(command.outletId());
        var refused = check(command, seller.get().orElse(null), buyer, series.get().isPresent(), cashToday.get(), false);
        if (refused != null) return refused;
        var allocated = new LinkedHashMap<CollectionStore.Bill, CashTerms.Settlement>();
        refused = allocate(command, bills.get(), allocated);
        if (refused != null) return refused;

        var draft = new Draft(command, bodyHash, series.get().orElseThrow(), Objects.requireNonNull(buyer), allocated, clock.instant().truncatedTo(ChronoUnit.MICROS), actor);
        var numbering = new Numbering.Next(draft.series);
        var post = new Pipeline();
        ledgers(post, distributorId, List.of(draft));
        var number = Documents.takeNumber(post, numbering, command.id());
        headers(post, draft, numbering);
        AuditTrail.append(post, draft.auditEntry(), numbering, draft.event());
        post.run(connection);
        return new Outcome.Posted(draft.view(number.get()));
    }

    private List<Outcome> attemptAll(Connection connection, List<PostCollection> commands, Actor actor, boolean anyDate, Map<UUID, Numbering.Known> given) throws SQLException {
        var distributorId = commands.getFirst().distributorId();
        var principalId = commands.getFirst().principalId();
        var outlets = commands.stream().map(PostCollection::outletId).distinct().toArray(UUID[]::new);
        var dates = commands.stream().map(PostCollection::businessDate).sorted().toList();
        var load = new Pipeline();
        var registered = Documents.find(load, distributorId, commands.stream().map(PostCollection::id).toArray(UUID[]::new));
        var seller = Printed.seller(load, distributorId);
        var buyers = Printed.buyers(load, distributorId, outlets);
        var series = new TreeMap<Integer, Pipeline.Answer<Optional<Documents.Series>>>();
        for (var on : dates) series.computeIfAbsent(Documents.fiscalYear(on), year -> Documents.openSeries(load, distributorId, TYPE, year));
        Receivables.lockAccounts(load, distributorId, principalId, outlets);
        var open = CollectionStore.lockBillsOf(load, distributorId, principalId, outlets);
        var cash = CollectionStore.cashOfDays(load, distributorId, outlets, dates.getFirst(), dates.getLast());
        load.run(connection);

        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var outcomes = new Outcome[commands.size()];
        var drafts = new ArrayList<Draft>();
        var places = new ArrayList<Integer>();
        for (int place = 0; place < outcomes.length; place++) {
            var command = commands.get(place);
            if (command.distributorId() != distributorId || command.principalId() != principalId)
                throw new IllegalArgumentException("collections of one posting belong to one distributor and principal");
            var bodyHash = Fingerprint.of(command);
            var before = registered.get().get(command.id());
            if (before != null) {
                outcomes[place] = known(connection, command, before, bodyHash);
                continue;
            }
            var buyer = buyers.get().get(command.outletId());
            var day = new CollectionStore.OutletDay(command.outletId(), command.businessDate());
            var known = given.get(command.id());
            var found = known == null ? series.get(Documents.fiscalYear(command.businessDate())).get() : Optional.of(known.series());
            var bills = open.get().getOrDefault(command.outletId(), List.of());
            var allocated = new LinkedHashMap<CollectionStore.Bill, CashTerms.Settlement>();
            var refused = check(command, seller.get().orElse(null), buyer, found.isPresent(), cash.get().getOrDefault(day, BigDecimal.ZERO), anyDate);
            if (refused == null) refused = known == null ? allocate(command, bills, allocated) : settleWhatIsOpen(command, bills, allocated);
            if (refused != null) {
                outcomes[place] = refused;
                continue;
            }
            var draft = new Draft(command, bodyHash, found.orElseThrow(), Objects.requireNonNull(buyer), allocated, at, actor);
            if (command.mode().equals("CASH")) cash.get().merge(day, command.amount(), BigDecimal::add);
            if (!draft.held()) open.get().put(command.outletId(), lessen(bills, allocated));
            places.add(place);
            drafts.add(draft);
        }
        if (drafts.isEmpty()) return List.of(outcomes);
        var post = new BulkPost(AuditTrail.OWNER);
        ledgers(post, distributorId, drafts);
        var numbers = new String[drafts.size()];
        for (int i = 0; i < numbers.length; i++) {
            var known = given.get(drafts.get(i).command.id());
            if (known == null) continue;
            numbers[i] = known.formatted();
            Documents.number(post, known, drafts.get(i).command.id());
            headers(post, drafts.get(i), known);
        }
        for (var one : drafts.stream().filter(draft -> !given.containsKey(draft.command.id())).map(Draft::series).distinct().sorted(Comparator.comparingInt(Documents.Series::fiscalYear)).toList()) {
            long next = Documents.takeNumbers(connection, one, (int) drafts.stream().filter(draft -> !given.containsKey(draft.command.id()) && draft.series.equals(one)).count());
            for (int i = 0; i < numbers.length; i++) {
                if (numbers[i] != null || !drafts.get(i).series.equals(one)) continue;
                numbers[i] = one.format(next);
                var known = new Numbering.Known(one, next++, numbers[i]);
                Documents.number(post, known, drafts.get(i).command.id());
                headers(post, drafts.get(i), known);
            }
        }
        AuditTrail.append(post, AuditTrail.lock(connection, distributorId), drafts.stream().map(Draft::auditEntry).toList(), List.of(numbers),
                drafts.stream().map(Draft::event).toList());
        post.run(connection);
        for (int i = 0; i < numbers.length; i++) outcomes[places.get(i)] = new Outcome.Posted(drafts.get(i).view(numbers[i]));
        return List.of(outcomes);
    }

    /// What is left open of an outlet's bills.
    private static List<CollectionStore.Bill> lessen(List<CollectionStore.Bill> bills, Map<CollectionStore.Bill, CashTerms.Settlement> allocated) {
        return bills.stream().map(bill -> new CollectionStore.Bill(bill.documentId(), bill.number(), bill.businessDate(), bill.dueOn(),
                allocated.containsKey(bill) ? bill.open().subtract(allocated.get(bill).settled()) : bill.open(), bill.cashTerms())).filter(bill -> bill.open().signum() > 0).toList();
    }

    private Outcome known(Connection connection, PostCollection command, Documents.Registered before, byte[] bodyHash) throws SQLException {
        if (!before.isRepeatOf(TYPE, bodyHash)) return new Outcome.IdReused();
        return new Outcome.AlreadyPosted(store.find(connection, RowScope.of(command.distributorId()), command.id()).orElseThrow());
    }

    private @Nullable Outcome check(PostCollection command, Printed.@Nullable Seller seller, Printed.@Nullable Buyer buyer, boolean hasSeries, BigDecimal cashToday,
                                    boolean anyDate) {
        if (seller == null) return new Outcome.Unknown("distributor");
        if (buyer == null) return new Outcome.Unknown("outlet");
        var today = LocalDate.now(clock.withZone(seller.zone()));
        var earliest = today.minusDays(policies.days(PolicyKey.BACKDATE_DAYS, command.distributorId(), today, backdateDays));
        if (!anyDate && (command.businessDate().isAfter(today) || command.businessDate().isBefore(earliest)))
            return new Outcome.DateClosed(earliest, today);
        if (!hasSeries) return new Outcome.SeriesMissing(Documents.fiscalYear(command.businessDate()));
        if (command.mode().equals("CHEQUE")) {
            if (command.chequeOn() == null) return new Outcome.ChequeIncomplete("chequeOn");
            if (command.reference() == null || command.reference().isBlank()) return new Outcome.ChequeIncomplete("reference");
        }
        var limit = policies.number(PolicyKey.CASH_LIMIT, command.distributorId(), today, cashLimit);
        if (command.mode().equals("CASH") && cashToday.add(command.amount()).compareTo(limit) >= 0)
            return new Outcome.CashLimit(cashToday.add(command.amount()), limit);
        return null;
    }

    /// Fills `allocated`, cash discount included (EX-18); answers the refusal, or null. Of money meant for a bill, what the discount
    /// spares stays on account.
    private static @Nullable Outcome allocate(PostCollection command, List<CollectionStore.Bill> bills, Map<CollectionStore.Bill, CashTerms.Settlement> allocated) {
        var left = command.amount();
        if (command.allocations() == null || command.allocations().isEmpty()) {
            for (var bill : bills) {
                if (left.signum() <= 0) break;
                var part = bill.cashTerms().settle(bill.businessDate(), bill.open(), command.businessDate(), left);
                allocated.put(bill, part);
                left = part.surplus();
            }
            return null;
        }
        var meant = new LinkedHashMap<CollectionStore.Bill, BigDecimal>();
        for (var wanted : command.allocations()) {
            var bill = bills.stream().filter(open -> open.documentId().equals(wanted.invoiceId())).findFirst().orElse(null);
            if (bill == null) return new Outcome.OverAllocated(wanted.invoiceId(), wanted.amount(), BigDecimal.ZERO.setScale(2));
            var sum = meant.merge(bill, wanted.amount(), BigDecimal::add);
            if (sum.compareTo(bill.open()) > 0) return new Outcome.OverAllocated(wanted.invoiceId(), sum, bill.open());
            left = left.subtract(wanted.amount());
        }
        meant.forEach((bill, money) -> allocated.put(bill, bill.cashTerms().settle(bill.businessDate(), bill.open(), command.businessDate(), money)));
        return left.signum() < 0 ? new Outcome.OverAllocated(null, command.amount().subtract(left), command.amount()) : null;
    }

    /// A receipt that was handed out settles what is still open of the bills it names; the rest is on account.
    private static @Nullable Outcome settleWhatIsOpen(PostCollection command, List<CollectionStore.Bill> bills, Map<CollectionStore.Bill, CashTerms.Settlement> allocated) {
        if (command.allocations() == null || command.allocations().isEmpty()) return allocate(command, bills, allocated);
        var left = command.amount();
        var meant = new LinkedHashMap<CollectionStore.Bill, BigDecimal>();
        for (var wanted : command.allocations()) {
            var bill = bills.stream().filter(open -> open.documentId().equals(wanted.invoiceId())).findFirst().orElse(null);
            if (bill == null) continue;
            var part = wanted.amount().min(left).min(bill.open().subtract(meant.getOrDefault(bill, BigDecimal.ZERO)));
            if (part.signum() <= 0) continue;
            meant.merge(bill, part, BigDecimal::add);
            left = left.subtract(part);
        }
        meant.forEach((bill, money) -> allocated.put(bill, bill.cashTerms().settle(bill.businessDate(), bill.open(), command.businessDate(), money)));
        return null;
    }

    /// A checked collection on its way into the ledgers: everything but its number.
    private record Draft(PostCollection command, byte[] bodyHash, Documents.Series series, Printed.Buyer buyer, Map<CollectionStore.Bill, CashTerms.Settlement> allocated,
                         Instant at, Actor actor) {

        /// A post-dated cheque is a promise until its date: it is noted and reduces nothing (domain/02 section 2.9).
        boolean held() {
            return command.mode().equals("CHEQUE") && command.chequeOn() != null && command.chequeOn().isAfter(command.businessDate());
        }

        /// The money that settled bills.
        BigDecimal settled() {
            return allocated.values().stream().map(CashTerms.Settlement::money).reduce(BigDecimal.ZERO.setScale(2), BigDecimal::add);
        }

        BigDecimal discount() {
            return allocated.values().stream().map(CashTerms.Settlement::discount).reduce(BigDecimal.ZERO.setScale(2), BigDecimal::add);
        }

        BigDecimal onAccount() {
            return held() ? BigDecimal.ZERO.setScale(2) : command.amount().subtract(settled());
        }

        String status() {
            return switch (command.mode()) {
                case "CHEQUE" -> held() ? "HELD" : "IN_HAND";
                case "CASH" -> "POSTED";
                default -> "INITIATED";
            };
        }

        AuditTrail.Entry auditEntry() {
            return new AuditTrail.Entry(command.distributorId(), at, actor.username(), null, "POSTED", TYPE, command.id(), command.businessDate(),
                    "{\"number\":\"{number}\",\"amount\":\"" + command.amount().toPlainString() + "\",\"mode\":\"" + command.mode() + "\"}");
        }

        AuditTrail.Event event() {
            return new AuditTrail.Event("collection.posted", command.id(), command.businessDate(), Fingerprint.json(Map.of("outletId", command.outletId().toString(),
                    "principalId", command.principalId(), "amount", command.amount().toPlainString())));
        }

        CollectionView view(String number) {
            var bills = new ArrayList<CollectionView.Settled>();
            if (!held()) allocated.forEach((bill, part) -> bills.add(new CollectionView.Settled(bill.documentId(), bill.number(), part.money(), part.discount())));
            return new CollectionView(command.id(), number, command.distributorId(), command.principalId(), command.outletId(), buyer.name(), command.businessDate(), at,
                    actor.username(), command.mode(), command.amount(), onAccount(), command.reference(), command.bank(), command.chequeOn(), command.note(), status(), bills);
        }
    }

    /// Everything that needs no number.
    private static void ledgers(Post post, long distributorId, List<Draft> drafts) {
        Documents.register(post, drafts.stream().map(draft -> new Documents.Registration(distributorId, draft.command.id(), TYPE, draft.bodyHash,
                draft.command.businessDate(), draft.at)).toList());
        var posted = drafts.stream().filter(draft -> !draft.held()).toList();
        Receivables.change(post, distributorId, posted.stream().map(draft -> new Receivables.Change(draft.command.principalId(), draft.command.outletId(),
                draft.command.amount().add(draft.discount()).negate())).toList());
        for (var draft : posted) CollectionStore.settle(post, distributorId, draft.command.id(), draft.allocated);
        Receivables.book(post, distributorId, posted.stream().map(draft -> new Receivables.Booking(draft.command.id(), TYPE, draft.command.businessDate(),
                draft.command.principalId(), draft.command.outletId(), Journal.forCollection(Journal.CollectionMode.valueOf(draft.command.mode()),
                money(draft.command.amount()), money(draft.settled()), money(draft.discount())).entries())).toList());
    }

    private static void headers(Post post, Draft draft, Numbering numbering) {
        var command = draft.command;
        CollectionStore.header(post, numbering, command, draft.onAccount(), draft.status(), draft.at, draft.actor.username());
        if (draft.onAccount().signum() > 0)
            Receivables.openItem(post, numbering, new Receivables.Item(command.id(), command.principalId(), command.outletId(), "ON_ACCOUNT", command.businessDate(),
                    command.businessDate(), draft.onAccount(), draft.onAccount()));
    }

    private static Money money(BigDecimal amount) {
        return new Money(amount.movePointRight(2).longValueExact(), 2);
    }
}
