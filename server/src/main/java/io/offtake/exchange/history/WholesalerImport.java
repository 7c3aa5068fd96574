package io.offtake.exchange.history;

import io.offtake.billing.Billing;
import io.offtake.billing.CreditNotes;
import io.offtake.billing.PostCreditNote;
import io.offtake.billing.PostCreditNoteOutcome;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.billing.Terms;
import io.offtake.exchange.history.HistoryStore.Ids;
import io.offtake.exchange.history.HistoryStore.Parties;
import io.offtake.exchange.history.SourceHistory.Customer;
import io.offtake.exchange.history.SourceHistory.Document;
import io.offtake.exchange.history.SourceHistory.Totals;
import io.offtake.platform.Actor;
import io.offtake.platform.Documents;
import io.offtake.platform.Numbering;
import io.offtake.platform.Partitions;
import io.offtake.platform.Progress;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.rules.Refusal;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.stereotype.Service;

/// Brings a wholesaler's whole invoice history into the books, through the posting path that everybody uses, with origin
/// MIGRATION (ORD-25, INT-16). It may be stopped and started again at any time: documents have ids made from the source's
/// own numbers, so what is posted is posted once.
///
/// - one distributor in pounds, under a regime without tax; its importer is the principal;
/// - the source's price is the manual price, and its number stands in the number register;
/// - cancellations (`C…`) are credit notes, unmatched, since the source does not say which invoice they cancel;
/// - bills stay open: the source knows no payments. Cost is zero: it knows no purchases.
@Service
public class WholesalerImport {
    private static final int LINES_PER_CHUNK = 2_500;
    private static final List<Refusal.Code> APPROVED = List.of(Refusal.Code.STOCK_SHORT, Refusal.Code.PRICE_ABOVE_MRP, Refusal.Code.PRICE_BELOW_FLOOR, Refusal.Code.CREDIT_LIMIT,
            Refusal.Code.CREDIT_OVERDUE);
    static final Parties PARTIES = new Parties("WHOLESALER", "Gift wholesaler (imported)", "IMPORTER", "Importer of the gift wholesaler");

    private final HistoryStore store;
    private final Billing billing;
    private final CreditNotes creditNotes;
    private final Partitions partitions;

    WholesalerImport(HistoryStore store, Billing billing, CreditNotes creditNotes, Partitions partitions) {
        this.store = store;
        this.billing = billing;
        this.creditNotes = creditNotes;
        this.partitions = partitions;
    }

    /// @param fresh  documents posted by this run; the others were in the books before
    /// @param source what the file holds, `posted` what the books hold of it, `notTaken` what was left out, each by month
    record Report(SourceHistory history, int fresh, List<String> refused, Map<String, Totals> source, Map<String, Totals> posted, Map<String, Totals> notTaken) {
        /// Whether every row, document, piece and penny of the file is in the books or in the list of what was not taken.
        boolean isComplete() {
            return sum(source).agrees(sum(posted).plus(sum(notTaken)))
                    && source.entrySet().stream().allMatch(month -> month.getValue().agrees(posted.getOrDefault(month.getKey(), Totals.ZERO).plus(notTaken.getOrDefault(month.getKey(), Totals.ZERO))));
        }

        static Totals sum(Map<String, Totals> months) {
            return months.values().stream().reduce(Totals.ZERO, Totals::plus);
        }
    }

    Report run(Path file, Parties parties, Progress progress) {
        progress.at("Reading the file", 0, 1);
        var history = SourceHistory.of(SourceFile.read(file));
        if (history.documents().isEmpty()) throw new SourceFile.Unreadable("The file holds no invoice that could be posted.");
        progress.at("Reading the file", 1, 1);
        var first = history.documents().getFirst().on();
        partitions.ensure(first.minusDays(1), history.documents().getLast().on());
        progress.at("Making masters and opening stock", 0, 2);
        var ids = store.network(parties, history);
        progress.at("Making masters and opening stock", 1, 2);
        var outlets = store.distributor(parties, ids, history);
        progress.at("Making masters and opening stock", 2, 2);

        var documentIds = new HashMap<String, UUID>();
        for (var document : history.documents()) documentIds.put(document.number(), HistoryStore.document(parties, document));
        var known = store.posted(ids.distributor(), List.copyOf(documentIds.values()));
        var refused = new ArrayList<String>();
        int fresh = 0;
        int done = 0;
        int total = history.documents().size();
        var chunk = new ArrayList<Document>();
        int lines = 0;
        for (var document : history.documents()) {
            done++;
            if (known.contains(documentIds.get(document.number()))) continue;
            // one chunk holds one kind of document, so that they are posted in the order in which stock was derived
            if (!chunk.isEmpty() && (lines > LINES_PER_CHUNK || chunk.getLast().credit() != document.credit())) {
                fresh += post(chunk, ids, parties, outlets, documentIds, refused);
                progress.at("Posting invoices and credit notes", done - 1, total);
                chunk.clear();
                lines = 0;
            }
            chunk.add(document);
            lines += document.rows().size();
        }
        if (!chunk.isEmpty()) fresh += post(chunk, ids, parties, outlets, documentIds, refused);
        progress.at("Posting invoices and credit notes", total, total);
        return new Report(history, fresh, refused, history.totals(), store.totals(ids.distributor()), history.totalsNotTaken());
    }

    private int post(List<Document> chunk, Ids ids, Parties parties, Map<Customer, UUID> outlets, Map<String, UUID> documentIds, List<String> refused) {
        var numbers = new HashMap<UUID, Numbering.Known>();
        for (var document : chunk) {
            var series = new Documents.Series(ids.distributor(), document.credit() ? "CREDIT_NOTE" : "INVOICE", document.credit() ? "C" : "", Documents.fiscalYear(document.on()), 6);
            numbers.put(documentIds.get(document.number()), new Numbering.Known(series, number(document.number()), document.number()));
        }
        var terms = new Terms("MIGRATION", true, APPROVED, numbers);
        int posted = 0;
        if (chunk.getFirst().credit()) {
            var outcomes = creditNotes.postAll(chunk.stream().map(document -> credit(document, ids, parties, outlets, documentIds)).toList(), Actor.SYSTEM, terms);
            for (int at = 0; at < outcomes.size(); at++) {
                switch (outcomes.get(at)) {
                    case PostCreditNoteOutcome.Posted _ -> posted++;
                    case PostCreditNoteOutcome.AlreadyPosted _ -> {}
                    case PostCreditNoteOutcome no -> refused.add(chunk.get(at).number() + ": " + no);
                }
            }
            return posted;
        }
        var outcomes = billing.postAll(chunk.stream().map(document -> invoice(document, ids, outlets, documentIds)).toList(), Actor.SYSTEM, terms);
        for (int at = 0; at < outcomes.size(); at++) {
            switch (outcomes.get(at)) {
                case PostInvoiceOutcome.Posted _ -> posted++;
                case PostInvoiceOutcome.AlreadyPosted _ -> {}
                case PostInvoiceOutcome no -> refused.add(chunk.get(at).number() + ": " + no);
            }
        }
        return posted;
    }

    /// The digits of a number; the register's key is a number, its text is the source's own.
    private static long number(String number) {
        var digits = number.replaceAll("[^0-9]", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }

    private static PostInvoice invoice(Document document, Ids ids, Map<Customer, UUID> outlets, Map<String, UUID> documentIds) {
        var lines = new ArrayList<PostInvoice.Line>();
        for (var row : document.rows())
            lines.add(new PostInvoice.Line(lines.size() + 1, ids.skus().get(row.code()), row.qty(), null, null, row.price(), null, "price of the source"));
        return new PostInvoice(documentIds.get(document.number()), ids.distributor(), ids.principal(), outlets.get(document.customer()), ids.warehouse(), document.on(), SaleType.COUNTER,
                PaymentMode.CREDIT, null, null, lines, null);
    }

    private static PostCreditNote credit(Document document, Ids ids, Parties parties, Map<Customer, UUID> outlets, Map<String, UUID> documentIds) {
        var lines = new ArrayList<PostCreditNote.Line>();
        for (var row : document.rows()) {
            var goods = SourceHistory.isCharge(row.code()) ? null : HistoryStore.batch(parties, row.code(), ids.first());
            lines.add(new PostCreditNote.Line(lines.size() + 1, ids.skus().get(row.code()), row.qty().negate(), row.price(), goods));
        }
        return new PostCreditNote(documentIds.get(document.number()), ids.distributor(), ids.principal(), outlets.get(document.customer()), ids.warehouse(), document.on(), null,
                "cancelled or returned, as the source says", null, lines);
    }

    /// What was left out, by reason: rows, pieces, value.
    static Map<SourceHistory.Reason, Totals> byReason(SourceHistory history) {
        var sums = new TreeMap<SourceHistory.Reason, Totals>();
        for (var one : history.notTaken()) sums.merge(one.reason(), new Totals(1, 0, 0, one.row().qty(), one.row().value()), Totals::plus);
        return sums;
    }

    static BigDecimal openingPieces(SourceHistory history) {
        return history.items().values().stream().map(SourceHistory.Item::opening).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
