package io.offtake.tax.vat;

import io.offtake.platform.RowScope;
import io.offtake.tax.PostedDocuments;
import io.offtake.tax.TaxDocument;
import io.offtake.tax.vat.ControlUnit.Answer;
import io.offtake.tax.vat.EtimsState.Next;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/// Tells the control unit every posted document, after the posting and from the change feed: a bill never waits for the tax
/// office. The unit is called outside of transactions; what is about to be sent is noted as sent first.
@Service
class EtimsQueue {
    private static final Logger LOG = LoggerFactory.getLogger(EtimsQueue.class);
    private static final Set<String> TOPICS = Set.of("invoice.posted", "credit-note.posted");
    private static final int BATCH = 200;

    private final EtimsStore store;
    private final PostedDocuments documents;
    private final EtimsSimulator simulator;
    private final OscuControlUnit oscu;
    private final Clock clock;

    EtimsQueue(EtimsStore store, PostedDocuments documents, EtimsSimulator simulator, OscuControlUnit oscu, Clock clock) {
        this.store = store;
        this.documents = documents;
        this.simulator = simulator;
        this.oscu = oscu;
        this.clock = clock;
    }

    @Scheduled(initialDelayString = "PT5S", fixedDelayString = "${offtake.etims.every:PT2S}")
    void turn() {
        for (var unit : store.units()) {
            try {
                serve(unit);
            } catch (RuntimeException failure) {
                LOG.error("The control unit of distributor {} is not served; trying again", unit.distributorId(), failure);
            }
        }
    }

    /// Takes in what was posted since, and sends what is due.
    void serve(EtimsStore.Unit unit) {
        takeIn(unit);
        for (var due : store.due(unit.distributorId(), BATCH)) tell(unit, due);
    }

    private void takeIn(EtimsStore.Unit unit) {
        var events = store.events(unit, BATCH);
        if (events.isEmpty()) return;
        var posted = new ArrayList<TaxDocument>();
        for (var event : events) if (TOPICS.contains(event.topic())) documents.find(RowScope.of(unit.distributorId()), event.documentId()).ifPresent(posted::add);
        store.take(unit, events.getLast().seq(), posted);
    }

    /// One document, one step: looked up if an answer was lost, sent if the unit has not got it.
    void tell(EtimsStore.Unit unit, EtimsStore.Due due) {
        var document = documents.find(RowScope.of(unit.distributorId()), due.documentId()).orElseThrow();
        var now = clock.instant();
        String request;
        try {
            request = request(unit, due, document);
        } catch (EtimsRequest.NotReportable no) {
            store.heard(unit.distributorId(), due.documentId(), new Next(EtimsState.REJECTED, null, no.code(), no.getMessage(), false), unit.serial(), null, now);
            return;
        } catch (Waits waits) {
            store.heard(unit.distributorId(), due.documentId(), new Next(EtimsState.PENDING, null, "WAITS", waits.getMessage(), false), unit.serial(), null, EtimsState.retryAt(now, 1));
            return;
        }
        if (!store.sending(unit.distributorId(), due, request, EtimsState.retryAt(now, due.attempts() + 1))) return;
        var adapter = unit.adapter().equals("OSCU") ? oscu : simulator;
        boolean lost = due.state() == EtimsState.UNKNOWN;
        var answer = lost ? adapter.find(unit.distributorId(), unit.pin(), unit.branch(), due.invoiceNo()) : adapter.send(unit.distributorId(), unit.pin(), unit.branch(), due.invoiceNo(), request);
        var next = EtimsState.after(answer, document.number());
        if (lost && next.sendAgain()) {
            answer = adapter.send(unit.distributorId(), unit.pin(), unit.branch(), due.invoiceNo(), request);
            next = EtimsState.after(answer, document.number());
        } else if (lost && answer instanceof Answer.NotReached) {
            next = new Next(EtimsState.UNKNOWN, null, next.code(), next.message(), false);     // whether it was received is as open as before
        }
        store.heard(unit.distributorId(), due.documentId(), next, unit.serial(), answer instanceof Answer.Stamped stamped ? stamped.raw() : null, EtimsState.retryAt(clock.instant(), due.attempts() + 1));
    }

    /// A credit note goes after its original.
    private static final class Waits extends RuntimeException {
        Waits(String why) {
            super(why, null, false, false);
        }
    }

    private String request(EtimsStore.Unit unit, EtimsStore.Due due, TaxDocument document) {
        var country = VatCountries.of(document.regime()).orElseThrow(() -> new EtimsRequest.NotReportable("REGIME", "The document was posted under " + document.regime()));
        Long originalNo = null;
        if (document.isCredit()) {
            if (document.original() == null) throw new EtimsRequest.NotReportable("NO_ORIGINAL", "A credit note names the invoice it corrects (5b.2)");
            var original = store.original(unit.distributorId(), document.original().id())
                    .orElseThrow(() -> new EtimsRequest.NotReportable("ORIGINAL_UNSTAMPED", "Invoice " + document.original().number() + " was never told to the control unit"));
            if (original.state() != EtimsState.STAMPED) throw new Waits("waits for invoice " + document.original().number());
            originalNo = original.invoiceNo();
        }
        return EtimsRequest.of(document, country, due.invoiceNo(), originalNo, "offtake", ZoneId.of(unit.timeZone()));
    }

    /// Tries one document now.
    /// @return false if there is nothing to try
    boolean tryNow(long distributorId, UUID documentId) {
        if (!store.retry(distributorId, documentId)) return false;
        store.unit(distributorId).ifPresent(unit -> store.original(distributorId, documentId)
                .filter(due -> due.state() == EtimsState.PENDING || due.state() == EtimsState.UNKNOWN).ifPresent(due -> tell(unit, due)));
        return true;
    }
}
