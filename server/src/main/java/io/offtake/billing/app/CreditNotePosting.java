package io.offtake.billing.app;

import io.offtake.billing.CreditNotes;
import io.offtake.billing.InvoiceView;
import io.offtake.billing.Notes;
import io.offtake.billing.PostCreditNote;
import io.offtake.billing.PostCreditNoteOutcome;
import io.offtake.billing.PostCreditNoteOutcome.AlreadyPosted;
import io.offtake.billing.PostCreditNoteOutcome.DateClosed;
import io.offtake.billing.PostCreditNoteOutcome.IdReused;
import io.offtake.billing.PostCreditNoteOutcome.OverCredited;
import io.offtake.billing.PostCreditNoteOutcome.PaperUnlike;
import io.offtake.billing.PostCreditNoteOutcome.Posted;
import io.offtake.billing.PostCreditNoteOutcome.Refused;
import io.offtake.billing.PostCreditNoteOutcome.SchemesGiven;
import io.offtake.billing.PostCreditNoteOutcome.SeriesMissing;
import io.offtake.billing.PostCreditNoteOutcome.Unknown;
import io.offtake.billing.PostCreditNoteOutcome.NotOnOriginal;
import io.offtake.billing.PostCreditNoteOutcome.TooLateForTax;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome.Finding;
import io.offtake.billing.PostNote;
import io.offtake.billing.Reversals;
import io.offtake.billing.Terms;
import io.offtake.billing.domain.InvoiceDraft;
import io.offtake.billing.domain.Papers;
import io.offtake.billing.store.InvoiceStore;
import io.offtake.billing.store.LineReturns;
import io.offtake.catalog.Batches;
import io.offtake.catalog.SkuNames;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.ConfigParts;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.network.Printed;
import io.offtake.platform.Actor;
import io.offtake.platform.BulkPost;
import io.offtake.platform.Documents;
import io.offtake.platform.Documents.Series;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.BookArchive;
import io.offtake.pricing.RuleBookSource;
import io.offtake.receivables.Receivables;
import io.offtake.receivables.Standing;
import io.offtake.rules.Account;
import io.offtake.rules.CommandJson;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.Decision;
import io.offtake.rules.Engine;
import io.offtake.rules.Journal;
import io.offtake.rules.Money;
import io.offtake.rules.Refusal;
import io.offtake.rules.ReturnNote;
import io.offtake.rules.RuleBook;
import io.offtake.rules.StockMoves;
import io.offtake.rules.StockMoves.Node;
import io.offtake.rules.UnitPrice;
import io.offtake.schemes.SchemeAccounts;
import io.offtake.schemes.SchemeTerms;
import io.offtake.stock.BatchStock;
import io.offtake.stock.Stock;
import io.offtake.tax.AnnualReturns;
import io.offtake.tax.TaxPacks;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

/// Posts notes on the invoices' path: the same engine decides value and tax, without schemes and at the credited price; the
/// ledgers take the opposite of what an invoice gives them, with 4010 for 4000 (P-07), or, for a debit note, the same. A note
/// with an original keeps the rates and the buyer of the original's day (IN-22).
@Service
class CreditNotePosting implements CreditNotes, Notes {
    /// @param sales     the account that takes what an invoice gives to 4000
    /// @param raisesDebt whether the outlet owes more by it
    private enum Kind {
        CREDIT_NOTE(Account.SALES_RETURNS, false, "credit-note.posted"), DEBIT_NOTE(Account.SALES, true, "debit-note.posted"),
        FINANCIAL_CREDIT_NOTE(Account.TRADE_DISCOUNT_OWN, false, "financial-credit-note.posted");

        private final Account sales;
        private final boolean raisesDebt;
        private final String topic;

        Kind(Account sales, boolean raisesDebt, String topic) {
            this.sales = sales;
            this.raisesDebt = raisesDebt;
            this.topic = topic;
        }
    }

    /// What stops a sale does not stop taking it back.
    private static final List<Refusal.Code> LET_THROUGH = List.of(Refusal.Code.OUTLET_BLOCKED, Refusal.Code.SHELF_LIFE_SHORT, Refusal.Code.PRICE_ABOVE_MRP,
            Refusal.Code.PRICE_BELOW_FLOOR, Refusal.Code.CREDIT_LIMIT, Refusal.Code.CREDIT_OVERDUE, Refusal.Code.STOCK_SHORT);

    private final TenantTransaction transactions;
    private final RuleBookSource books;
    private final InvoiceStore store;
    private final Clock clock;
    private final BookArchive archive;
    private final Policies policies;
    private final int backdateDays;
    private final Map<String, Engine> withoutSchemes = new ConcurrentHashMap<>();

    CreditNotePosting(TenantTransaction transactions, RuleBookSource books, InvoiceStore store, BookArchive archive, Policies policies, Clock clock, @Value("${offtake.billing.backdate-days:3}") int backdateDays) {
        this.transactions = transactions;
        this.books = books;
        this.store = store;
        this.clock = clock;
        this.archive = archive;
        this.policies = policies;
        this.backdateDays = backdateDays;
    }

    @Override
    public PostCreditNoteOutcome post(PostCreditNote command, Actor actor) {
        return postAll(List.of(command), actor, Terms.NATIVE).getFirst();
    }

    @Override
    public List<PostCreditNoteOutcome> postAll(List<PostCreditNote> commands, Actor actor, Terms terms) {
        if (commands.isEmpty()) return List.of();
        var given = given(terms);
        return Post.retried(() -> transactions.idempotent().writeOn(commands.getFirst().distributorId(),
                connection -> attempt(connection, Kind.CREDIT_NOTE, commands, commands.stream().map(Fingerprint::of).toList(), actor, terms, null, given)));
    }

    /// Papers are read before the posting: their books come from the archive, in a transaction of its own. A note whose book is not
    /// known here is decided by what is in force.
    private Map<UUID, Papers.Given> given(Terms terms) {
        if (terms.papers().isEmpty()) return Map.of();
        var given = new HashMap<UUID, Papers.Given>();
        terms.papers().forEach((id, paper) -> archive.engine(paper.ruleBookHash()).ifPresent(engine -> {
            try {
                given.put(id, new Papers.Given(paper.ruleBookHash(), engine, CommandJson.read(paper.command(), engine.book())));
            } catch (IllegalArgumentException | ArithmeticException unreadable) {
                // as if it had brought none
            }
        }));
        return given;
    }

    @Override
    public PostCreditNoteOutcome debit(PostNote command, Actor actor) {
        return note(Kind.DEBIT_NOTE, command, actor);
    }

    @Override
    public PostCreditNoteOutcome financial(PostNote command, Actor actor) {
        return note(Kind.FINANCIAL_CREDIT_NOTE, command, actor);
    }

    private PostCreditNoteOutcome note(Kind kind, PostNote command, Actor actor) {
        return Post.retried(() -> transactions.idempotent().writeOn(command.distributorId(), connection -> {
            var original = store.read(connection, command.distributorId(), List.of(command.originalId())).get(command.originalId());
            if (original == null || !original.kind().equals("INVOICE") || original.principalId() != command.principalId()) return new Unknown("original");
            var whole = new PostCreditNote(command.id(), command.distributorId(), command.principalId(), original.outlet().id(), original.warehouseId(), command.businessDate(),
                    command.originalId(), command.reason(), command.note(),
                    command.lines().stream().map(line -> new PostCreditNote.Line(line.line(), line.skuId(), line.qty(), line.unitPrice(), null)).toList());
            return attempt(connection, kind, List.of(whole), List.of(Fingerprint.of(command)), actor, Terms.NATIVE).getFirst();
        }));
    }

    /// A note for goods that somebody else has moved: from a bill's frozen lines, or, without a bill, at the command's prices.
    ///
    /// @param of       null without a bill
    /// @param setAside units of the command's lines whose cost belongs to 1320, without a bill
    record GoodsBack(Reversals.@Nullable ReverseInvoice of, @Nullable OriginalBill bill, List<BigDecimal> setAside) {}

    /// Posts one note for goods that came back, inside the caller's transaction; after the law's last day without tax (IN-22).
    PostCreditNoteOutcome goodsBack(Connection connection, PostCreditNote command, GoodsBack back, byte[] hash, Actor actor) throws SQLException {
        var taxed = attempt(connection, Kind.CREDIT_NOTE, List.of(command), List.of(hash), actor, Terms.NATIVE, back).getFirst();
        return taxed instanceof TooLateForTax || taxed instanceof IdReused ? attempt(connection, Kind.FINANCIAL_CREDIT_NOTE, List.of(command), List.of(hash), actor, Terms.NATIVE, back).getFirst() : taxed;
    }

    private List<PostCreditNoteOutcome> attempt(Connection connection, Kind kind, List<PostCreditNote> commands, List<byte[]> hashes, Actor actor, Terms terms) throws SQLException {
        return attempt(connection, kind, commands, hashes, actor, terms, null, Map.of());
    }

    private List<PostCreditNoteOutcome> attempt(Connection connection, Kind kind, List<PostCreditNote> commands, List<byte[]> hashes, Actor actor, Terms terms, @Nullable GoodsBack back) throws SQLException {
        return attempt(connection, kind, commands, hashes, actor, terms, back, Map.of());
    }

    private List<PostCreditNoteOutcome> attempt(Connection connection, Kind kind, List<PostCreditNote> commands, List<byte[]> hashes, Actor actor, Terms terms, @Nullable GoodsBack back,
                                                Map<UUID, Papers.Given> given) throws SQLException {
        var distributorId = commands.getFirst().distributorId();
        var loaded = load(connection, distributorId, kind, commands, back);
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var outcomes = new PostCreditNoteOutcome[commands.size()];
        var notes = new ArrayList<Note>();
        for (int place = 0; place < outcomes.length; place++) {
            var command = commands.get(place);
            var refused = check(loaded, kind, command, hashes.get(place), terms, back);
            if (refused != null) {
                outcomes[place] = refused;
                continue;
            }
            var original = command.originalId() == null ? null : loaded.originals.get(command.originalId());
            var supplied = original == null ? command.businessDate() : original.businessDate();
            var snapshot = loaded.snapshots.get(supplied);
            var buyer = asOf(Objects.requireNonNull(loaded.buyers.get(command.outletId())), original);
            var sale = asSale(command, command.businessDate());
            if (back != null && back.bill != null) {
                notes.add(reversed(loaded, kind, command, back, snapshot, new Drafting(place, sale, hashes.get(place), buyer, at, actor, terms)));
                continue;
            }
            var request = DecideCommands.of(asSale(command, supplied), buyer, goods(command, loaded.batches), new Standing(BigDecimal.ZERO.setScale(2), BigDecimal.ZERO.setScale(2), 0, 0),
                    LET_THROUGH, DecideCommand.Facts.NONE, null);
            var paper = given.get(command.id());
            var unlike = paper == null ? null : unlike(command, asSale(command, supplied), paper.command());
            if (unlike != null) {
                outcomes[place] = new PaperUnlike(unlike);
                continue;
            }
            var handed = paper == null ? null : Papers.costed(paper.command(), loaded.batches);
            // what was handed out stands as its device decided it, and is held against what is in force (OFF-10)
            var inForce = engine(snapshot, kind, original).decide(request);
            var asked = handed == null ? request : Papers.inForce(handed, handed.outlet(), DecideCommand.Facts.NONE, LET_THROUGH);
            var book = handed == null ? snapshot : new RuleBookSource.Snapshot(command.distributorId(), snapshot.versions(), paper.engine(), paper.hash(), List.of());
            switch (handed == null ? inForce : engine(book, kind, original).decide(asked)) {
                case Decision.Refused no -> outcomes[place] = new Refused(no.refusals(), loaded.names.values().stream().collect(Collectors.toMap(SkuNames.SkuName::id, SkuNames.SkuName::name)));
                case Decision.Decided decided -> {
                    var draft = new InvoiceDraft(place, sale, hashes.get(place), series(loaded, command, terms), decided,
                            CommandJson.write(asked), book, Objects.requireNonNull(loaded.seller), buyer, loaded.names, null, command.businessDate(), at, actor, terms.origin());
                    var findings = handed == null ? List.<Finding>of() : Papers.compare(decided, inForce).stream().filter(found -> found.kind() != Finding.Kind.CREDIT).toList();
                    notes.add(new Note(kind, command, draft, back, back == null ? BigDecimal.ZERO : setAside(decided, back), null, allotted(loaded, kind, command), findings));
                    if (kind == Kind.CREDIT_NOTE && original != null) {
                        loaded.schemes.giveBack(new SchemeAccounts.Document(command.id(), kind.name(), command.businessDate(), command.principalId(), command.outletId(), null), original.id(),
                                SchemeVersions.of(archive, original.ruleBookHash()), scheme -> ReturnedPart.of(original, command, decided, scheme), decided.totals().payable().scale());
                    }
                }
            }
        }
        if (notes.isEmpty()) return List.of(outcomes);
        var numbers = posted(connection, distributorId, notes, loaded, terms);
        for (int i = 0; i < numbers.size(); i++) {
            var note = notes.get(i);
            outcomes[note.draft.place()] = new Posted(note.draft.view(numbers.get(i), kind.name(), note.command.originalId()), note.findings);
        }
        return List.of(outcomes);
    }

    private static final java.util.Set<String> ZERO_RATED_BUYERS = java.util.Set.of("SEZ", "EXPORT");
    private static final Series NONE = new Series(0, "", "", 0, 0);

    /// The series of the number that a note has already, or the open one of its year.
    private static Series series(Loaded loaded, PostCreditNote command, Terms terms) {
        var known = terms.numbers().get(command.id());
        return known != null ? known.series() : loaded.series.get(Documents.fiscalYear(command.businessDate())).orElse(NONE);
    }

    private record Drafting(int place, PostInvoice sale, byte[] hash, Printed.Buyer buyer, Instant at, Actor actor, Terms terms) {}

    /// PX-41: the bill's own lines, benefits and taxes, in the part that comes back.
    private Note reversed(Loaded loaded, Kind kind, PostCreditNote command, GoodsBack back, RuleBookSource.Snapshot snapshot, Drafting drafting) {
        var bill = Objects.requireNonNull(back.bill);
        var drawn = bill.draw(Objects.requireNonNull(back.of), bill.engineOr(snapshot), (int) command.businessDate().toEpochDay(), kind == Kind.CREDIT_NOTE, true);
        var book = new RuleBookSource.Snapshot(command.distributorId(), snapshot.versions(), bill.engineOr(snapshot), bill.engine() == null ? snapshot.hash() : bill.view().ruleBookHash(), snapshot.parts());
        var draft = new InvoiceDraft(drafting.place, drafting.sale, drafting.hash, series(loaded, command, drafting.terms), drawn.note().decided(),
                bill.commandJson(), book, Objects.requireNonNull(loaded.seller), drafting.buyer, loaded.names, null, command.businessDate(), drafting.at, drafting.actor, drafting.terms.origin(),
                drawn.note().freeNumbers(), Map.of(), Map.of(), List.of());
        loaded.schemes.giveBackTo(new SchemeAccounts.Document(command.id(), kind.name(), command.businessDate(), command.principalId(), command.outletId(), null), bill.view().id(),
                SchemeVersions.of(archive, bill.view().ruleBookHash()), scheme -> bill.share(drawn, scheme), drawn.note().decided().totals().payable().scale());
        return new Note(kind, command, draft, back, bill.setAside(drawn.note(), back.of), drawn, List.of(), List.of());
    }

    /// Cost of what is set aside, line by line of the command.
    private static BigDecimal setAside(Decision.Decided decided, GoodsBack back) {
        var sum = BigDecimal.ZERO;
        for (var line : decided.lines()) {
            var aside = back.setAside.get(line.line() - 1);
            if (aside.signum() == 0) continue;
            sum = sum.add(BigDecimal.valueOf(line.cost().units(), line.cost().scale()).multiply(aside).divide(new BigDecimal(line.qty().toString()), line.cost().scale(), RoundingMode.HALF_UP));
        }
        return sum;
    }

    /// The units of a note by SKU, laid onto the lines of the bill: billed goods first.
    private static List<LineReturns.Units> allotted(Loaded loaded, Kind kind, PostCreditNote command) {
        if (kind != Kind.CREDIT_NOTE || command.originalId() == null) return List.of();
        var left = loaded.creditable.get(command.originalId());
        var units = new ArrayList<LineReturns.Units>();
        for (var line : command.lines()) {
            var want = line.qty();
            for (int at = 0; at < left.size() && want.signum() > 0; at++) {
                var one = left.get(at);
                if (one.skuId() != line.skuId() || one.left().signum() <= 0) continue;
                var taken = one.left().min(want);
                want = want.subtract(taken);
                left.set(at, new InvoiceStore.LineLeft(one.line(), one.part(), one.skuId(), one.sold(), one.left().subtract(taken)));
                units.add(new LineReturns.Units(one.line(), one.part(), one.skuId(), one.sold(), taken));
            }
        }
        var byLine = new LinkedHashMap<String, LineReturns.Units>();
        for (var one : units)
            byLine.merge(one.line() + "." + one.part(), one, (a, b) -> new LineReturns.Units(a.line(), a.part(), a.skuId(), a.sold(), a.qty().add(b.qty())));
        return List.copyOf(byLine.values());
    }

    /// A decided credit note on its way into the ledgers: everything but its number.
    ///
    /// @param back     who moved the goods, if it is not the note
    /// @param setAside cost that belongs to 1320 instead of 1300
    /// @param drawn    what the rules made of a bill's lines
    /// @param allotted units of the bill that it credits by SKU
    /// @param findings how a note that was handed out differs from what is in force: told with its event, so that a repeat knows them
    private record Note(Kind kind, PostCreditNote command, InvoiceDraft draft, @Nullable GoodsBack back, BigDecimal setAside, ReturnNote.@Nullable Drawn drawn, List<LineReturns.Units> allotted, List<Finding> findings) {
        Stock.Movement movement() {
            return new Stock.Movement(command.distributorId(), command.id(), kind.name(), command.businessDate(), command.principalId(), command.warehouseId(),
                    StockMoves.forInvoice(draft.decided(), Node.CUSTOMER, Node.SALEABLE));
        }

        Receivables.Booking booking() {
            var journal = Journal.forInvoice(draft.decided());
            var sales = back == null ? kind.sales : Account.SALES_RETURNS;   // goods that came back are a return under any law
            var entries = new ArrayList<Journal.Entry>();
            for (var entry : (kind.raisesDebt ? journal : journal.reversal()).entries())
                entries.add(entry.account() != Account.SALES ? entry : new Journal.Entry(sales, entry.amount(), entry.taxHead(), entry.taxRate(), entry.schemeId(), entry.schemeVersion()));
            int scale = draft.decided().totals().payable().scale();
            move(entries, Account.INVENTORY, Account.DAMAGED_HELD_FOR_CLAIM, Money.parse(setAside.setScale(scale).toPlainString(), scale));
            if (drawn != null) move(entries, Account.ROUNDING, Account.OUTLET_SCHEME_PAYABLE, drawn.note().carried());
            return new Receivables.Booking(command.id(), kind.name(), command.businessDate(), command.principalId(), command.outletId(), entries);
        }

        /// Moves an amount from one account's entry to another account.
        private static void move(List<Journal.Entry> entries, Account from, Account to, Money amount) {
            if (amount.isZero()) return;
            for (int at = 0; at < entries.size(); at++) {
                if (entries.get(at).account() != from) continue;
                var rest = entries.get(at).amount().minus(amount);
                entries.remove(at);
                if (!rest.isZero()) entries.add(at, new Journal.Entry(from, rest, null, null, null, null));
                entries.add(new Journal.Entry(to, amount, null, null, null, null));
                return;
            }
            throw new IllegalStateException("there is no entry of " + from);
        }

        Receivables.Item openItem() {
            return new Receivables.Item(command.id(), command.principalId(), command.outletId(), kind.raisesDebt ? "DEBIT_NOTE" : "CREDIT_NOTE", command.businessDate(), command.businessDate(), draft.payable(),
                    draft.payable());
        }

        AuditTrail.Entry auditEntry() {
            return new AuditTrail.Entry(command.distributorId(), draft.at(), draft.actor().username(), null, "POSTED", kind.name(), command.id(), command.businessDate(),
                    "{\"number\":\"{number}\",\"payable\":\"" + draft.decided().totals().payable() + "\",\"reason\":" + Fingerprint.json(command.reason()) + ",\"ruleBook\":\""
                            + draft.book().hash() + "\"}");
        }

        AuditTrail.Event event() {
            return new AuditTrail.Event(kind.topic, command.id(), command.businessDate(),
                    "{\"outletId\":\"" + command.outletId() + "\",\"principalId\":" + command.principalId() + ",\"payable\":\"" + draft.decided().totals().payable() + "\"" + (findings.isEmpty() ? "" : ",\"findings\":" + Fingerprint.json(findings)) + "}");
        }
    }

    // ---- load and check

    private record Loaded(Printed.@Nullable Seller seller, Map<UUID, Printed.Buyer> buyers, java.util.Set<UUID> warehouses, Map<String, BatchStock> batches,
                          Map<Integer, Optional<Series>> series, Map<Long, SkuNames.SkuName> names, Map<LocalDate, RuleBookSource.Snapshot> snapshots,
                          Map<UUID, Documents.Registered> registered, Map<UUID, InvoiceView> known, Map<UUID, List<InvoiceStore.LineLeft>> creditable,
                          Map<UUID, InvoiceView> originals, Map<Integer, LocalDate> annualReturns, SchemeAccounts schemes) {}

    private Loaded load(Connection connection, long distributorId, Kind kind, List<PostCreditNote> commands, @Nullable GoodsBack back) throws SQLException {
        var load = new Pipeline();
        var registered = Documents.find(load, distributorId, commands.stream().map(PostCreditNote::id).toArray(UUID[]::new));
        var parts = ConfigParts.read(load, books.parts(distributorId));
        var seller = Printed.seller(load, distributorId);
        var outlets = commands.stream().map(PostCreditNote::outletId).distinct().toArray(UUID[]::new);
        var buyers = Printed.buyers(load, distributorId, outlets);
        var warehouses = Printed.openWarehouses(load, distributorId, commands.stream().map(PostCreditNote::warehouseId).distinct().toArray(UUID[]::new));
        var facts = Batches.facts(load, distributorId, commands.stream().flatMap(command -> command.lines().stream()).map(PostCreditNote.Line::batchId).filter(Objects::nonNull)
                .distinct().toArray(UUID[]::new));
        // scheme limits are locked before the outlets' accounts (DESIGN section 4)
        var schemes = SchemeAccounts.lockOf(load, distributorId, back != null && back.bill != null ? Map.of(back.bill.view().id(), back.bill.view().businessDate())
                : datesOfOriginals(connection, distributorId, kind, commands));
        for (var principal : commands.stream().map(PostCreditNote::principalId).distinct().sorted().toList()) Receivables.lockAccounts(load, distributorId, principal, outlets);
        var creditable = new ArrayList<Pipeline.Answer<Map<UUID, List<InvoiceStore.LineLeft>>>>();
        var originals = commands.stream().filter(command -> command.originalId() != null)
                .collect(Collectors.groupingBy(PostCreditNote::outletId, TreeMap::new, Collectors.mapping(PostCreditNote::originalId, Collectors.toList())));
        originals.forEach((outlet, ids) -> creditable.add(InvoiceStore.creditable(load, distributorId, outlet, ids.stream().distinct().toArray(UUID[]::new))));
        var series = new TreeMap<Integer, Pipeline.Answer<Optional<Series>>>();
        for (var command : commands)
            series.computeIfAbsent(Documents.fiscalYear(command.businessDate()), year -> Documents.openSeries(load, distributorId, kind.name(), year));
        var names = SkuNames.read(load, LongStream.concat(commands.stream().flatMap(command -> command.lines().stream()).mapToLong(PostCreditNote.Line::skuId),
                back == null || back.bill == null ? LongStream.empty() : back.bill.skus()).distinct().sorted().toArray());
        var annualReturns = AnnualReturns.read(load, distributorId);
        load.run(connection);
        var quoted = commands.stream().map(PostCreditNote::originalId).filter(Objects::nonNull).distinct().toList();
        var invoices = quoted.isEmpty() ? Map.<UUID, InvoiceView>of() : store.read(connection, distributorId, quoted);
        var snapshots = new HashMap<LocalDate, RuleBookSource.Snapshot>();
        for (var command : commands) {
            var original = command.originalId() == null ? null : invoices.get(command.originalId());
            snapshots.computeIfAbsent(original == null ? command.businessDate() : original.businessDate(), on -> books.current(distributorId, parts.get(), on));
        }
        var batches = new HashMap<String, BatchStock>();
        facts.get().forEach((id, batch) -> batches.put(id, new BatchStock(batch.id(), batch.identity().skuId(), batch.principalId(), batch.identity().batchNo(), batch.identity().mrp(),
                batch.expiresOn(), batch.receivedOn(), BigDecimal.ZERO, batch.identity().unitCost())));
        var left = new HashMap<UUID, List<InvoiceStore.LineLeft>>();
        creditable.forEach(answer -> left.putAll(answer.get()));
        return new Loaded(seller.get().orElse(null), buyers.get(), warehouses.get(), batches,
                series.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().get())), names.get(), snapshots, registered.get(),
                registered.get().isEmpty() ? Map.of() : store.read(connection, distributorId, registered.get().keySet()), left, invoices, annualReturns.get(), schemes.get());
    }

    /// Of the invoices that are credited, if any scheme keeps accounts at all.
    private Map<UUID, LocalDate> datesOfOriginals(Connection connection, long distributorId, Kind kind, List<PostCreditNote> commands) throws SQLException {
        var ids = commands.stream().map(PostCreditNote::originalId).filter(Objects::nonNull).distinct().toArray(UUID[]::new);
        if (kind != Kind.CREDIT_NOTE || ids.length == 0) return Map.of();
        var book = books.current(distributorId);
        return SchemeTerms.of(book.hash(), book.book()).isEmpty() ? Map.of() : InvoiceStore.dates(connection, distributorId, ids);
    }

    private @Nullable PostCreditNoteOutcome check(Loaded loaded, Kind kind, PostCreditNote command, byte[] hash, Terms terms, @Nullable GoodsBack back) {
        var before = loaded.registered.get(command.id());
        if (before != null) return before.isRepeatOf(kind.name(), hash) ? new AlreadyPosted(loaded.known.get(command.id())) : new IdReused();
        if (loaded.seller == null) return new Unknown("distributor");
        if (!loaded.buyers.containsKey(command.outletId())) return new Unknown("outlet");
        if (!loaded.warehouses.contains(command.warehouseId())) return new Unknown("warehouse");
        for (var line : command.lines()) {
            if (line.batchId() == null) continue;
            var batch = loaded.batches.get(line.batchId().toString());
            if (batch == null || batch.skuId() != line.skuId()) return new Unknown("batch");
        }
        var today = LocalDate.now(clock.withZone(loaded.seller.zone()));
        var earliest = today.minusDays(policies.days(PolicyKey.BACKDATE_DAYS, command.distributorId(), today, backdateDays));
        if (!terms.anyDate() && (command.businessDate().isAfter(today) || command.businessDate().isBefore(earliest)))
            return new DateClosed(earliest, today);
        var year = Documents.fiscalYear(command.businessDate());
        if (loaded.series.get(year).isEmpty() && !terms.numbers().containsKey(command.id())) return new SeriesMissing(year);
        if (command.originalId() == null) return null;
        var left = loaded.creditable.get(command.originalId());
        var original = loaded.originals.get(command.originalId());
        if (left == null || original == null) return new Unknown("original");
        if (kind == Kind.CREDIT_NOTE) {
            var last = TaxPacks.of(loaded.seller.taxRegime()).lastDayForTaxNote(original.businessDate(), loaded.annualReturns.get(Documents.fiscalYear(original.businessDate())));
            if (last.isPresent() && command.businessDate().isAfter(last.get())) return new TooLateForTax(original.number(), last.get());
        } else {
            for (var line : command.lines()) if (left.stream().noneMatch(one -> one.skuId() == line.skuId())) return new NotOnOriginal(line.line());
            return null;
        }
        if (back != null) return null;   // its units are held: the guarded row of the line decides
        var asked = new LinkedHashMap<Long, BigDecimal>();
        for (var line : command.lines()) {
            var sum = asked.merge(line.skuId(), line.qty(), BigDecimal::add);
            var rest = left.stream().filter(one -> one.skuId() == line.skuId()).map(InvoiceStore.LineLeft::left).reduce(BigDecimal.ZERO, BigDecimal::add);
            if (sum.compareTo(rest) > 0) return new OverCredited(line.line(), sum, rest);
        }
        // a note of history says what was credited; whoever credits today, with the server or without, goes the way that reverses the schemes
        if (!terms.anyDate() || terms.isHandedOut(command.id())) {
            for (var line : command.lines())
                if (!original.freeLines().isEmpty() || original.lines().stream().anyMatch(sold -> sold.skuId() == line.skuId() && !sold.schemes().isEmpty())) return new SchemesGiven(line.line(), original.number());
        }
        return null;
    }

    // ---- decide

    /// The first member in which what a device decided is not the note; null if they are alike.
    private static @Nullable String unlike(PostCreditNote note, PostInvoice supply, DecideCommand decided) {
        var unlike = Papers.unlike(supply, decided);
        if (unlike != null) return unlike;
        var lines = decided.lines().stream().collect(Collectors.toMap(DecideCommand.Line::line, line -> line));
        for (int at = 0; at < note.lines().size(); at++) {
            var mine = note.lines().get(at);
            var line = lines.get(mine.line());
            if (!Objects.equals(line.batchId(), mine.batchId() == null ? null : mine.batchId().toString())) return "lines/" + at + "/batchId";
            if (line.manualPrice() == null || line.manualPrice().compareTo(UnitPrice.parse(mine.unitPrice().toPlainString())) != 0) return "lines/" + at + "/unitPrice";
        }
        return null;
    }

    /// The sale whose opposite the note is, for the engine and the stored document.
    private static PostInvoice asSale(PostCreditNote command, LocalDate on) {
        return new PostInvoice(command.id(), command.distributorId(), command.principalId(), command.outletId(), command.warehouseId(), on,
                DecideCommand.SaleType.COUNTER, DecideCommand.PaymentMode.CREDIT, null, command.note() == null ? command.reason() : command.reason() + ": " + command.note(),
                command.lines().stream().map(line -> new PostInvoice.Line(line.line(), line.skuId(), line.qty(), null, line.batchId(), line.unitPrice(), null, command.reason())).toList(), null);
    }

    /// The batches the goods go back to, as if they were there to be sold; an expired one may be taken back as well.
    private static List<BatchStock> goods(PostCreditNote command, Map<String, BatchStock> batches) {
        var wanted = new LinkedHashMap<UUID, BigDecimal>();
        for (var line : command.lines()) if (line.batchId() != null) wanted.merge(line.batchId(), line.qty(), BigDecimal::add);
        return wanted.entrySet().stream().map(entry -> {
            var batch = batches.get(entry.getKey().toString());
            var expires = batch.expiresOn() != null && batch.expiresOn().isBefore(command.businessDate()) ? null : batch.expiresOn();
            return new BatchStock(batch.batchId(), batch.skuId(), batch.principalId(), batch.batchNo(), batch.mrp(), expires, batch.receivedOn(), entry.getValue(), batch.unitCost());
        }).toList();
    }

    /// The outlet, registered and placed as it was on the original.
    private static Printed.Buyer asOf(Printed.Buyer buyer, @Nullable InvoiceView original) {
        if (original == null) return buyer;
        var then = original.outlet();
        return new Printed.Buyer(buyer.id(), buyer.code(), buyer.name(), buyer.nameLocal(), buyer.channel(), buyer.outletClass(), buyer.group(), buyer.parentId(), then.gstin(), then.registration(),
                then.stateCode(), buyer.address(), buyer.city(), buyer.pin(), buyer.phone(), buyer.beat(), buyer.salesman(), buyer.status());
    }

    /// The snapshot's engine without its schemes: a return earns none. A financial note is decided as if the seller charged no
    /// tax; one on a zero-rated bill bears tax if the bill did, whatever letters of undertaking were recorded since.
    private Engine engine(RuleBookSource.Snapshot snapshot, Kind kind, @Nullable InvoiceView original) {
        boolean taxed = kind != Kind.FINANCIAL_CREDIT_NOTE;
        var undertakings = original == null || !ZERO_RATED_BUYERS.contains(original.outlet().registration()) ? snapshot.book().seller().undertakings()
                : original.taxes().stream().anyMatch(tax -> "TAXABLE".equals(tax.kind())) ? List.<RuleBook.Undertaking>of() : List.of(new RuleBook.Undertaking(0, RuleBook.NO_END));
        if (taxed && snapshot.book().schemes().isEmpty() && undertakings.equals(snapshot.book().seller().undertakings())) return snapshot.engine();
        if (withoutSchemes.size() > 64) withoutSchemes.clear();
        return withoutSchemes.computeIfAbsent(snapshot.hash() + taxed + undertakings, _ -> {
            var book = snapshot.book();
            var seller = taxed ? new RuleBook.Seller(book.seller().distributorId(), book.seller().stateCode(), book.seller().registration(), book.seller().zone(), undertakings) : new RuleBook.Seller(book.seller().distributorId(), book.seller().stateCode(), RuleBook.Registration.UNREGISTERED, book.seller().zone(), book.seller().undertakings());
            return Engine.of(new RuleBook(seller, book.currency(), book.rounding(), book.validFrom(), book.validTo(), book.principals(), book.skus(), book.priceLists(),
                    List.of(), book.taxRates(), book.policy(), book.taxSystem()));
        });
    }

    // ---- post

    private static List<String> posted(Connection connection, long distributorId, Collection<Note> notes, Loaded loaded, Terms terms) throws SQLException {
        var post = new BulkPost(AuditTrail.OWNER);
        Documents.register(post, notes.stream().map(note -> new Documents.Registration(distributorId, note.command.id(), note.kind.name(), note.draft.bodyHash(), note.command.businessDate(),
                note.draft.at())).toList());
        Stock.move(post, distributorId, notes.stream().filter(note -> note.back == null).map(Note::movement).toList(), loaded.batches);
        for (var note : notes) {
            if (!note.allotted.isEmpty()) LineReturns.credit(post, distributorId, note.command.originalId(), note.command.principalId(), note.allotted);
            if (note.drawn != null) back(post, note);
        }
        loaded.schemes.post(post, notes.iterator().next().draft.at());
        InvoiceStore.noteLines(post, notes.stream().map(Note::draft).toList());
        Receivables.change(post, distributorId, notes.stream().map(note -> new Receivables.Change(note.command.principalId(), note.command.outletId(), note.kind.raisesDebt ? note.draft.payable() : note.draft.payable().negate())).toList());
        Receivables.book(post, distributorId, notes.stream().map(Note::booking).toList());
        var numbers = new HashMap<UUID, String>();
        for (var note : notes) {
            var known = terms.numbers().get(note.command.id());
            if (known != null) numbers.put(note.command.id(), headers(post, note, known));
        }
        var series = notes.stream().filter(note -> !numbers.containsKey(note.command.id())).map(note -> note.draft.series()).distinct().sorted(Comparator.comparingInt(Series::fiscalYear)).toList();
        for (var one : series) {
            var of = notes.stream().filter(note -> !numbers.containsKey(note.command.id()) && note.draft.series().equals(one)).toList();
            long next = Documents.takeNumbers(connection, one, of.size());
            for (var note : of) numbers.put(note.command.id(), headers(post, note, new Numbering.Known(one, next, one.format(next++))));
        }
        var inOrder = notes.stream().map(note -> numbers.get(note.command.id())).toList();
        AuditTrail.append(post, AuditTrail.lock(connection, distributorId), notes.stream().map(Note::auditEntry).toList(), inOrder, notes.stream().map(Note::event).toList());
        post.run(connection);
        return inOrder;
    }

    private static void back(Post post, Note note) {
        var command = note.command;
        var bill = note.back.bill;
        for (var part : note.back.of.parts()) LineReturns.settle(post, command.distributorId(), bill.view().id(), part.line(), part.part(), part.qty());
        var charged = bill.charged(note.drawn.note(), note.back.of);
        if (!charged.isEmpty()) LineReturns.credit(post, command.distributorId(), bill.view().id(), command.principalId(), charged);
        LineReturns.keep(post, command.distributorId(), bill.view().id(), bill.done().size() + 1, command.id(), command.principalId(), note.drawn.outcome(),
                BigDecimal.valueOf(note.drawn.note().carry().units(), note.drawn.note().carry().scale()), note.draft.at());
        LineReturns.takeBack(post, new LineReturns.Of(command.distributorId(), command.id(), note.kind.name(), command.businessDate(), bill.view().id(), bill.view().businessDate(),
                command.principalId(), command.outletId()), note.drawn.note().taken(), note.draft.at());
    }

    private static String headers(Post post, Note note, Numbering.Known numbering) {
        Documents.number(post, numbering, note.command.id());
        InvoiceStore.header(post, numbering, note.draft, note.kind.name(), note.command.originalId());
        Receivables.openItem(post, numbering, note.openItem());
        return numbering.formatted();
    }
}
