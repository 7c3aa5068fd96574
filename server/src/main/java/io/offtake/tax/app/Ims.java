package io.offtake.tax.app;

import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.platform.Actor;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.PostedDocuments;
import io.offtake.tax.TaxRows;
import io.offtake.tax.india.EwayBill;
import io.offtake.tax.india.Gstr1.Heads;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/// What registered recipients do with notes in the invoice management system (IN-22): they accept one, with the input tax they reverse,
/// reject it, or keep it pending for one period; who says nothing by the 20th of the next month has accepted. A rejected credit note
/// adds its tax back to the supplier in the month it is rejected.
@Service
public class Ims {
    private final TenantTransaction transactions;
    private final TaxRows rows;
    private final PostedDocuments documents;
    private final AuditChain chain;
    private final Clock clock;

    Ims(TenantTransaction transactions, TaxRows rows, PostedDocuments documents, AuditChain chain, Clock clock) {
        this.transactions = transactions;
        this.rows = rows;
        this.documents = documents;
        this.chain = chain;
        this.clock = clock;
    }

    /// What a recipient can say.
    public enum Said { ACCEPTED, REJECTED, PENDING }

    /// OPEN: nothing was said and it is not yet too late. DEEMED_ACCEPTED: nothing was said, or it was kept pending, until it was.
    public enum Status { OPEN, PENDING, ACCEPTED, DEEMED_ACCEPTED, REJECTED }

    /// A note to a registered buyer.
    ///
    /// @param heads    of the note, positive
    /// @param reversed input tax that the recipient declared to reverse, rupees; null: it did not say
    /// @param silentOn the day after which silence counts as acceptance
    public record Note(UUID documentId, String kind, String number, LocalDate date, String buyerName, String buyerGstin, Heads heads, Status status, @Nullable LocalDate answeredOn, @Nullable BigDecimal reversed,
                       LocalDate silentOn) {}

    private record Answer(UUID documentId, LocalDate businessDate, String status, @Nullable BigDecimal reversed, LocalDate answeredOn) {}

    private static List<Answer> answers(JdbcClient db, RowScope scope, long distributorId, String condition, LocalDate from, LocalDate to) {
        return db.sql("select document_id, business_date, status, reversed, answered_on from tax.ims_answer where distributor_id = any(:scope) and distributor_id = :distributor and " + condition + " between :from and :to")
                .param("scope", scope.distributors().toArray(Long[]::new)).param("distributor", distributorId).param("from", from).param("to", to).query(Answer.class).list();
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), EwayBill.ZONE);
    }

    /// The notes of a month to registered buyers, by number.
    public List<Note> notes(RowScope scope, long distributorId, YearMonth month) {
        var said = new HashMap<UUID, Answer>();
        transactions.read(scope, db -> answers(db, scope, distributorId, "business_date", month.atDay(1), month.atEndOfMonth())).forEach(answer -> said.put(answer.documentId, answer));
        return notes(rows.documents(scope, distributorId, month.atDay(1), month.atEndOfMonth()), said);
    }

    private List<Note> notes(List<TaxRows.Row> found, Map<UUID, Answer> said) {
        var heads = new LinkedHashMap<UUID, Heads>();
        var first = new HashMap<UUID, TaxRows.Row>();
        for (var row : found) {
            if (row.kind().equals("INVOICE") || row.cancelled() || row.buyerGstin() == null) continue;
            first.putIfAbsent(row.id(), row);
            heads.merge(row.id(), Heads.of(row), (one, more) -> one.plus(more, 1));
        }
        var notes = new ArrayList<Note>();
        heads.forEach((id, sum) -> {
            var row = first.get(id);
            var answer = said.get(id);
            var silent = YearMonth.from(row.date()).plusMonths(answer != null && answer.status.equals("PENDING") ? 2 : 1).atDay(20);
            notes.add(new Note(id, row.kind(), row.number(), row.date(), row.buyerName(), row.buyerGstin(), sum, status(answer, silent), answer == null ? null : answer.answeredOn,
                    answer == null ? null : answer.reversed, silent));
        });
        return List.copyOf(notes);
    }

    private Status status(@Nullable Answer answer, LocalDate silent) {
        if (answer != null && !answer.status.equals("PENDING")) return Status.valueOf(answer.status);
        return today().isAfter(silent) ? Status.DEEMED_ACCEPTED : answer == null ? Status.OPEN : Status.PENDING;
    }

    /// Tax that credit notes rejected in a month add back to the supplier: beside 3.1(a) of its GSTR-3B, as the books know of no rejection.
    public Heads addedBack(RowScope scope, long distributorId, YearMonth month) {
        var rejected = transactions.read(scope, db -> answers(db, scope, distributorId, "status = 'REJECTED' and answered_on", month.atDay(1), month.atEndOfMonth()));
        var sum = Heads.NONE;
        for (var of : rejected.stream().map(answer -> YearMonth.from(answer.businessDate)).distinct().toList()) {
            var ids = rejected.stream().map(Answer::documentId).toList();
            for (var row : rows.documents(scope, distributorId, of.atDay(1), of.atEndOfMonth()))
                if (row.kind().equals("CREDIT_NOTE") && !row.cancelled() && ids.contains(row.id())) sum = sum.plus(Heads.of(row), 1);
        }
        return sum;
    }

    public sealed interface Outcome {
        record Done(Note note) implements Outcome {}

        /// There is no such note of this distributor to a registered buyer.
        record Unknown() implements Outcome {}

        /// It is said from the note's day to today.
        record DateClosed(LocalDate earliest, LocalDate latest) implements Outcome {}

        /// Only who accepts reverses, and at most the note's tax.
        record ReversalWrong(BigDecimal most) implements Outcome {}
    }

    /// Keeps what a recipient said; saying it again, or something else later, takes its place.
    ///
    /// @param reversed with ACCEPTED only; null: not said
    public Outcome say(long distributorId, UUID documentId, Said said, @Nullable BigDecimal reversed, LocalDate on, Actor actor) {
        var scope = RowScope.of(distributorId);
        var document = documents.find(scope, documentId).filter(one -> one.regime().equals("IN_GST") && !one.cancelled() && one.buyer().taxId() != null && (one.kind().equals("CREDIT_NOTE") || one.kind().equals("DEBIT_NOTE"))).orElse(null);
        if (document == null) return new Outcome.Unknown();
        if (on.isBefore(document.businessDate()) || on.isAfter(today())) return new Outcome.DateClosed(document.businessDate(), today());
        if (reversed != null && (said != Said.ACCEPTED || reversed.signum() < 0 || reversed.compareTo(document.totals().tax()) > 0))
            return new Outcome.ReversalWrong(said == Said.ACCEPTED ? document.totals().tax() : BigDecimal.ZERO);
        transactions.write(distributorId, db -> {
            var now = clock.instant();
            db.sql("""
                            insert into tax.ims_answer as a (distributor_id, document_id, business_date, status, reversed, answered_on, recorded_at, recorded_by)
                            values (:distributor, :document, :date, :status, :reversed, :on, :at, :by)
                            on conflict (distributor_id, document_id) do update set status = excluded.status, reversed = excluded.reversed, answered_on = excluded.answered_on,
                                   recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by, version = a.version + 1""")
                    .param("distributor", distributorId).param("document", documentId).param("date", document.businessDate()).param("status", said.name()).param("reversed", reversed).param("on", on)
                    .param("at", now.atOffset(ZoneOffset.UTC)).param("by", actor.username()).update();
            chain.append(distributorId, List.of(new AuditTrail.Entry(distributorId, now, actor.username(), null, said.name(), "ims-answer", documentId, document.businessDate(),
                    Fingerprint.json(Map.of("number", document.number(), "on", on.toString(), "reversed", String.valueOf(reversed))))));
            return null;
        });
        return new Outcome.Done(notes(scope, distributorId, YearMonth.from(document.businessDate())).stream().filter(note -> note.documentId().equals(documentId)).findFirst().orElseThrow());
    }
}
