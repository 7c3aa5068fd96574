package io.offtake.billing.app;

import io.offtake.billing.InvoiceView;
import io.offtake.billing.PostCreditNote;
import io.offtake.billing.PostCreditNoteOutcome;
import io.offtake.billing.Reversals;
import io.offtake.billing.app.CreditNotePosting.GoodsBack;
import io.offtake.billing.store.InvoiceStore;
import io.offtake.billing.store.LineReturns;
import io.offtake.platform.Actor;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.BookArchive;
import io.offtake.pricing.RuleBookSource;
import io.offtake.receivables.Receivables;
import io.offtake.rules.Money;
import io.offtake.rules.ReturnNote;
import io.offtake.tax.AnnualReturns;
import io.offtake.tax.TaxPacks;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/// Returns of bills: what is left of them, holding it, and the notes that credit it.
@Service
class InvoiceReversals implements Reversals {
    private final TenantTransaction transactions;
    private final InvoiceStore store;
    private final BookArchive archive;
    private final RuleBookSource books;
    private final CreditNotePosting notes;

    InvoiceReversals(TenantTransaction transactions, InvoiceStore store, BookArchive archive, RuleBookSource books, CreditNotePosting notes) {
        this.transactions = transactions;
        this.store = store;
        this.archive = archive;
        this.books = books;
        this.notes = notes;
    }

    @Override
    public Optional<Reversible> reversible(RowScope scope, UUID invoiceId) {
        return transactions.readOn(scope, connection -> {
            var found = store.find(connection, scope, invoiceId).filter(view -> view.kind().equals("INVOICE"));
            if (found.isEmpty()) return Optional.empty();
            var view = found.get();
            var states = LineReturns.states(connection, view.distributorId(), invoiceId);
            var since = InvoiceStore.since(connection, view.distributorId(), invoiceId);
            var prices = OriginalBill.netPrices(view);
            var lines = new ArrayList<Line>();
            for (var line : view.lines()) {
                var state = states.getOrDefault(ReturnNote.key(line.line(), line.part()), NOTHING);
                lines.add(new Line(line.line(), line.part(), false, null, line.skuId(), line.skuCode(), line.skuName(), line.skuNameLocal(), line.unit(), line.mrp(), line.batches(), line.qty(),
                        state[0], state[1], line.qty().subtract(state[0]).subtract(state[1]), prices.get(ReturnNote.key(line.line(), line.part())), line.taxRate()));
            }
            int number = freeFrom(view);
            for (var line : view.freeLines()) {
                var state = states.getOrDefault(ReturnNote.key(number, 1), NOTHING);
                lines.add(new Line(number++, 1, true, line.schemeId(), line.skuId(), line.skuCode(), line.skuName(), line.skuNameLocal(), line.unit(), line.mrp(), line.batches(), line.qty(),
                        state[0], state[1], line.qty().subtract(state[0]).subtract(state[1]), BigDecimal.ZERO, line.taxRate()));
            }
            return Optional.of(new Reversible(view, since.cancelled(), view.saleType().equals("COUNTER") || since.delivered(), lines, LineReturns.notes(connection, view.distributorId(), invoiceId)));
        });
    }

    private static final BigDecimal[] NOTHING = {BigDecimal.ZERO, BigDecimal.ZERO};

    private static int freeFrom(InvoiceView view) {
        return view.lines().stream().mapToInt(InvoiceView.Line::line).max().orElse(0) + 1;
    }

    @Override
    public HoldOutcome hold(Connection connection, long distributorId, UUID invoiceId, List<Part> parts) throws SQLException {
        var view = store.read(connection, distributorId, List.of(invoiceId)).get(invoiceId);
        if (view == null || !view.kind().equals("INVOICE")) return new HoldOutcome.Unknown();
        var load = new Pipeline();
        Receivables.lockItem(load, distributorId, invoiceId);   // whoever cancels the bill holds it, too
        load.run(connection);
        if (InvoiceStore.since(connection, distributorId, invoiceId).cancelled()) return new HoldOutcome.Cancelled();
        var states = LineReturns.states(connection, distributorId, invoiceId);
        var units = new ArrayList<LineReturns.Units>();
        for (var part : parts) {
            var line = unitsOf(view, part);
            if (line == null) return new HoldOutcome.NoSuchLine(part.line(), part.part());
            var state = states.getOrDefault(ReturnNote.key(part.line(), part.part()), NOTHING);
            var left = line.sold().subtract(state[0]).subtract(state[1]);
            if (part.qty().compareTo(left) > 0) return new HoldOutcome.Over(part.line(), part.part(), part.qty(), left);
            units.add(line);
        }
        var post = new Pipeline();
        LineReturns.hold(post, distributorId, invoiceId, view.principalId(), units);
        post.run(connection);
        return new HoldOutcome.Held();
    }

    private static LineReturns.@Nullable Units unitsOf(InvoiceView view, Part part) {
        for (var line : view.lines())
            if (line.line() == part.line() && line.part() == part.part()) return new LineReturns.Units(part.line(), part.part(), line.skuId(), line.qty(), part.qty());
        int place = part.line() - freeFrom(view);
        if (place < 0 || place >= view.freeLines().size() || part.part() != 1) return null;
        var free = view.freeLines().get(place);
        return new LineReturns.Units(part.line(), 1, free.skuId(), free.qty(), part.qty());
    }

    @Override
    public void release(Connection connection, long distributorId, UUID invoiceId, List<Part> parts) throws SQLException {
        var post = new Pipeline();
        for (var part : parts) if (part.qty().signum() > 0) LineReturns.release(post, distributorId, invoiceId, part.line(), part.part(), part.qty());
        post.run(connection);
    }

    @Override
    public PostCreditNoteOutcome credit(Connection connection, ReverseInvoice command, Actor actor) throws SQLException {
        var bill = bill(connection, command.distributorId(), command.invoiceId());
        if (bill == null) return new PostCreditNoteOutcome.Unknown("original");
        return notes.goodsBack(connection, asNote(command, bill.view()), new GoodsBack(command, bill, List.of()), Fingerprint.of(command), actor);
    }

    private static PostCreditNote asNote(ReverseInvoice command, InvoiceView view) {
        var lines = command.parts().stream().map(part -> {
            var units = unitsOf(view, part);
            return new PostCreditNote.Line(part.line(), units == null ? 0 : units.skuId(), part.qty(), BigDecimal.ZERO, null);
        }).toList();
        return new PostCreditNote(command.id(), command.distributorId(), view.principalId(), view.outlet().id(), command.warehouseId(), command.businessDate(), view.id(), command.reason(),
                command.note(), lines);
    }

    /// Locks the bill's open item: returns of one bill follow each other.
    private @Nullable OriginalBill bill(Connection connection, long distributorId, UUID invoiceId) throws SQLException {
        var inputs = store.inputs(connection, RowScope.of(distributorId), invoiceId);
        var view = store.read(connection, distributorId, List.of(invoiceId)).get(invoiceId);
        if (inputs.isEmpty() || view == null) return null;
        var lock = new Pipeline();
        Receivables.lockItem(lock, distributorId, invoiceId);
        lock.run(connection);
        int scale = view.totals().payable().scale();
        return OriginalBill.of(view, inputs.get().command(), inputs.get().decision(), archive.engine(inputs.get().ruleBookHash()).orElse(null),
                LineReturns.done(connection, distributorId, invoiceId, scale), LineReturns.states(connection, distributorId, invoiceId), scale);
    }

    @Override
    public PostCreditNoteOutcome creditUnmatched(Connection connection, PostCreditNote command, List<BigDecimal> setAside, Actor actor) throws SQLException {
        return notes.goodsBack(connection, command, new GoodsBack(null, null, List.copyOf(setAside)), Fingerprint.of(command), actor);
    }

    @Override
    public Optional<Preview> preview(Connection connection, ReverseInvoice command) throws SQLException {
        var distributorId = command.distributorId();
        var inputs = store.inputs(connection, RowScope.of(distributorId), command.invoiceId());
        var view = store.read(connection, distributorId, List.of(command.invoiceId())).get(command.invoiceId());
        if (inputs.isEmpty() || view == null) return Optional.empty();
        int scale = view.totals().payable().scale();
        var bill = OriginalBill.of(view, inputs.get().command(), inputs.get().decision(), archive.engine(inputs.get().ruleBookHash()).orElse(null),
                LineReturns.done(connection, distributorId, command.invoiceId(), scale), LineReturns.states(connection, distributorId, command.invoiceId()), scale);
        var load = new Pipeline();
        var filed = AnnualReturns.read(load, distributorId);
        var seller = io.offtake.network.Printed.seller(load, distributorId);
        load.run(connection);
        var last = TaxPacks.of(seller.get().orElseThrow().taxRegime()).lastDayForTaxNote(view.businessDate(), filed.get().get(Documents.fiscalYear(view.businessDate())));
        boolean taxed = last.isEmpty() || !command.businessDate().isAfter(last.get());
        ReturnNote.Drawn drawn;
        try {
            drawn = bill.draw(command, bill.engine() == null ? books.current(distributorId, Map.of(), view.businessDate()).engine() : bill.engine(), (int) command.businessDate().toEpochDay(), taxed, false);
        } catch (IllegalArgumentException tooMuch) {
            return Optional.empty();
        }
        var note = drawn.note().decided();
        var totals = note.totals();
        var tax = totals.beforeRounding().minus(totals.taxable());
        return Optional.of(new Preview(taxed ? "CREDIT_NOTE" : "FINANCIAL_CREDIT_NOTE", last.orElse(null), decimal(totals.taxable()), decimal(tax), decimal(totals.rounding()), decimal(totals.payable()),
                decimal(drawn.note().carry()),
                note.schemes().stream().map(row -> new Benefit(Long.parseLong(row.schemeId()), row.schemeVersion(), row.code(), decimal(row.discount()), decimal(row.claim()))).toList(),
                drawn.outcome().free().stream().filter(row -> !row.charged().isZero()).map(row -> new Charged(Long.parseLong(row.skuId()), new BigDecimal(row.charged().toString()),
                        decimal(taxed ? row.total() : row.taxable()))).toList()));
    }

    private static BigDecimal decimal(Money money) {
        return BigDecimal.valueOf(money.units(), money.scale());
    }

    @Override
    public List<LastSold> lastSold(Connection connection, long distributorId, long principalId, UUID outletId, long skuId, int bills) throws SQLException {
        var load = new Pipeline();
        var found = LineReturns.lastSold(load, distributorId, principalId, outletId, skuId, bills);
        load.run(connection);
        if (found.get().isEmpty()) return List.of();
        var views = store.read(connection, distributorId, found.get().stream().map(LastSold::invoiceId).toList());
        return found.get().stream().map(sold -> new LastSold(sold.invoiceId(), sold.number(), sold.businessDate(), sold.unitPrice(), sold.taxRate(),
                views.get(sold.invoiceId()).lines().stream().filter(line -> line.skuId() == skuId).flatMap(line -> line.batches().stream()).map(InvoiceView.BatchQty::batchId).findFirst().orElse(null))).toList();
    }

    @Override
    public Turnover turnover(Connection connection, long distributorId, UUID outletId, LocalDate from, LocalDate to) throws SQLException {
        var load = new Pipeline();
        var found = LineReturns.turnover(load, distributorId, outletId, from, to);
        load.run(connection);
        return found.get();
    }
}
