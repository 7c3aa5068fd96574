package io.offtake.tax.app;

import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.DocumentKind;
import io.offtake.tax.PostedDocuments;
import io.offtake.tax.TaxDocument;
import io.offtake.tax.india.EInvoice;
import io.offtake.tax.india.EwayBill;
import io.offtake.tax.india.EwayPayload;
import io.offtake.tax.india.Fault;
import io.offtake.tax.india.FiscalYears;
import io.offtake.tax.india.Inv01;
import io.offtake.tax.india.Inv01Check;
import io.offtake.tax.india.Law;
import io.offtake.tax.india.SignedCopy;
import io.offtake.tax.portal.HttpPortal;
import io.offtake.tax.portal.TaxPortal;
import io.offtake.tax.portal.TaxPortal.Answer;
import io.offtake.tax.store.FilingStore;
import io.offtake.tax.store.FilingStore.Event;
import io.offtake.tax.store.FilingStore.Filing;
import io.offtake.tax.store.FilingStore.State;
import io.offtake.tax.store.FilingStore.Task;
import io.offtake.tax.store.LawStore;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The state machine of a document at a portal. A step is chosen and noted in one transaction, the portal is called in
/// none, and its answer is written in another, guarded by the version: so a document has one reference whatever dies when,
/// and what is not known is asked for before anything is sent again (IN-35, LESSONS 38, 42, 43).
public final class Filings {
    private static final Logger LOG = LoggerFactory.getLogger(Filings.class);
    private static final String SYSTEM = "system";
    private static final int ASKED_AGAIN = 3;
    private static final int AT_ONCE = 5;
    /// Errors of the provider's session and of its own faults: nothing is wrong with the document.
    private static final List<String> PASSING = List.of("1005", "1010", "1013", "5001", "GSP102", "GSP752", "238");

    private final TenantTransaction transactions;
    private final PostedDocuments documents;
    private final FilingStore store;
    private final Clock clock;
    private final Backoff backoff;

    /// How long is waited before a step is tried again: doubling up to a limit, and how long a step may take before it counts
    /// as lost with its node.
    public record Backoff(Duration first, Duration longest, Duration lease) {
        public static final Backoff USUAL = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(15), Duration.ofMinutes(3));

        Duration after(int attempts) {
            var wait = first.multipliedBy(1L << Math.min(attempts, 20));
            return wait.compareTo(longest) > 0 ? longest : wait;
        }
    }

    public Filings(TenantTransaction transactions, PostedDocuments documents, FilingStore store, Clock clock, Backoff backoff) {
        this.transactions = transactions;
        this.documents = documents;
        this.store = store;
        this.clock = clock;
        this.backoff = backoff;
    }

    // ---- what is due

    private enum Step { REGISTER, ASK, CANCEL, ASK_CANCELLED }

    private record Work(Filing filing, Step step) {}

    /// Takes the next due steps of a distributor, carries them out, some at a time, and returns how many there were.
    public int drain(long distributorId, TaxPortal portal, @Nullable PublicKey key, int most) {
        var claimed = transactions.write(distributorId, db -> claim(db, distributorId, most));
        if (claimed.size() == 1) carryOut(claimed.getFirst(), portal, key);
        else if (!claimed.isEmpty()) {
            var room = new Semaphore(AT_ONCE);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var work : claimed) {
                    room.acquireUninterruptibly();
                    threads.submit(() -> {
                        try {
                            carryOut(work, portal, key);
                        } catch (RuntimeException failure) {
                            // its lease runs out, and the portal is asked
                            LOG.warn("The answer for {} could not be written", work.filing.number(), failure);
                        } finally {
                            room.release();
                        }
                    });
                }
            }
        }
        return claimed.size();
    }

    private List<Work> claim(JdbcClient db, long distributorId, int most) {
        var now = clock.instant();
        var due = store.due(db, distributorId, now, most);
        if (due.isEmpty()) return List.of();
        var law = LawStore.law(db);
        var read = documents.read(distributorId, due.stream().map(Filing::documentId).distinct().toList()).stream().collect(Collectors.toMap(TaxDocument::id, document -> document));
        return due.stream().map(filing -> claim(db, filing, read.get(filing.documentId()), law, now)).filter(Objects::nonNull).toList();
    }

    private @Nullable Work claim(JdbcClient db, Filing filing, @Nullable TaxDocument document, Law law, Instant now) {
        var leased = now.plus(backoff.lease);
        return switch (filing.state()) {
            case WAITING -> {
                if (filing.cancelReason() != null || document == null || document.cancelled()) {
                    save(db, filing, filing.with(State.CANCELLED, null, "cancelled in the books before it was sent", null), SYSTEM, "CANCEL", null, now);
                    yield null;
                }
                var prepared = prepare(db, filing, document, law, now);
                if (prepared.state() == State.BLOCKED) {
                    save(db, filing, prepared, SYSTEM, "CHECK", null, now);
                    yield null;
                }
                var sent = prepared.tried(filing.attempts() + 1, 0).with(State.SUBMITTED, null, null, leased);
                yield claimed(db, filing, sent, Step.REGISTER, now);
            }
            case SUBMITTED, UNKNOWN, DIFFERS -> claimed(db, filing, filing.tried(filing.attempts(), filing.asked() + 1).with(filing.state() == State.SUBMITTED ? State.UNKNOWN : filing.state(),
                    filing.code(), filing.reason() == null ? "no answer came, so the portal is asked" : filing.reason(), leased), Step.ASK, now);
            case CANCELLING -> claimed(db, filing, filing.tried(filing.attempts() + 1, filing.asked()).with(State.CANCELLING, filing.code(), filing.reason(), leased),
                    filing.asked() > 0 ? Step.ASK_CANCELLED : Step.CANCEL, now);
            case BLOCKED, REGISTERED, REJECTED, CANCELLED -> {
                save(db, filing, filing.with(filing.state(), filing.code(), filing.reason(), null), SYSTEM, "REST", null, now);
                yield null;
            }
        };
    }

    private @Nullable Work claimed(JdbcClient db, Filing before, Filing after, Step step, Instant now) {
        return store.save(db, after, now) ? new Work(version(after), step) : null;
    }

    /// Builds the payload and holds it to every rule the portal has.
    private Filing prepare(JdbcClient db, Filing filing, TaxDocument posted, Law law, Instant now) {
        var document = completed(db, posted);
        var today = LocalDate.ofInstant(now, EwayBill.ZONE);
        if (filing.task() == Task.E_WAY_BILL) {
            var transport = Inv01.JSON.readValue(filing.request(), EwayPayload.Transport.class);
            var faults = EwayPayload.faults(document, transport, today, law);
            return blocked(filing, faults).orElseGet(() -> filing.sending(Inv01.JSON.writeValueAsString(EwayPayload.of(document, kind(document), transport)), List.of()));
        }
        var payload = Inv01.of(document, document.buyer().registration().equals("EXPORT") ? ExportShipments.of(db, filing.distributorId(), filing.documentId()).orElse(null) : null);
        boolean sixDigits = law.isAbove(Law.Key.HSN_DIGITS_TURNOVER, LawStore.turnover(db, filing.distributorId(), FiscalYears.of(document.businessDate()) - 1), document.businessDate());
        var faults = Inv01Check.faults(payload, new Inv01Check.Terms(sixDigits, today, filing.reportBy()));
        return blocked(filing, faults).orElseGet(() -> filing.sending(Inv01.JSON.writeValueAsString(payload), List.of()));
    }

    /// What the paper left blank of addresses, from the masters of today: so that a gap in a master does not hold a posted
    /// document for ever. What stands on the paper is never changed.
    private static TaxDocument completed(JdbcClient db, TaxDocument document) {
        var seller = document.seller();
        var buyer = document.buyer();
        if (!seller.isComplete()) seller = db.sql("select address, city, pin from network.distributor where id = ?").param(document.distributorId())
                .query((row, _) -> document.seller().completed(row.getString(1), row.getString(2), row.getString(3))).single();
        if (!buyer.isComplete() && buyer.id() != null) buyer = db.sql("select address, city, pin from network.outlet where distributor_id = ? and id = ?").params(document.distributorId(), buyer.id())
                .query((row, _) -> document.buyer().completed(row.getString(1), row.getString(2), row.getString(3))).single();
        return document.between(seller, buyer);
    }

    private static Optional<Filing> blocked(Filing filing, List<Fault> faults) {
        if (faults.isEmpty()) return Optional.empty();
        var first = faults.getFirst();
        var more = faults.size() == 1 ? "" : " (and " + (faults.size() - 1) + " more)";
        return Optional.of(filing.sending(null, faults).with(State.BLOCKED, first.code(), first.detail() + more, null));
    }

    static DocumentKind kind(TaxDocument document) {
        return DocumentKind.of(document.kind(), document.seller().registration(), !document.buyer().registration().equals("UNREGISTERED"),
                document.lines().stream().map(TaxDocument.Line::kind).filter(Objects::nonNull).distinct().toList());
    }

    // ---- the portal's answer

    private void carryOut(Work work, TaxPortal portal, @Nullable PublicKey key) {
        Answer answer;
        try {
            answer = ask(work, portal);
        } catch (RuntimeException failure) {
            LOG.warn("The portal could not be asked about {}", work.filing.number(), failure);
            answer = new Answer.NoAnswer("the step broke off: " + failure.getClass().getSimpleName());
        }
        var said = answer;
        transactions.idempotent().write(work.filing.distributorId(), db -> {
            var now = clock.instant();
            // whoever asked for a cancellation meanwhile raised the version; the answer is written over what is there now
            var present = store.lock(db, work.filing.distributorId(), work.filing.documentId(), work.filing.task()).orElseThrow();
            if (present.version() != work.filing.version() && present.state() != work.filing.state()) return null;
            var after = after(work.step, present, said, key, now);
            save(db, present, after, SYSTEM, work.step.name(), said.raw(), now);
            return null;
        });
    }

    private static Answer ask(Work work, TaxPortal portal) {
        var filing = work.filing;
        var payload = Inv01.JSON.readTree(Objects.requireNonNull(filing.payload()));
        if (filing.task() == Task.E_WAY_BILL) {
            var seller = payload.path("fromGstin").asString();
            return switch (work.step) {
                case REGISTER -> portal.registerEwayBill(payload);
                case ASK, ASK_CANCELLED -> portal.findEwayBill(new TaxPortal.DocumentKey(seller, payload.path("docType").asString(), payload.path("docNo").asString(), filing.businessDate()));
                case CANCEL -> portal.cancelEwayBill(seller, Objects.requireNonNull(filing.reference()), reason(filing).ewayCode(), remark(filing));
            };
        }
        var seller = payload.at("/SellerDtls/Gstin").asString();
        return switch (work.step) {
            case REGISTER -> portal.registerInvoice(payload);
            case ASK, ASK_CANCELLED -> portal.findInvoice(new TaxPortal.DocumentKey(seller, payload.at("/DocDtls/Typ").asString(), payload.at("/DocDtls/No").asString(), filing.businessDate()));
            case CANCEL -> portal.cancelInvoice(seller, Objects.requireNonNull(filing.reference()), reason(filing).invoiceCode(), remark(filing));
        };
    }

    private static EInvoice.CancelReason reason(Filing filing) {
        return EInvoice.CancelReason.valueOf(Objects.requireNonNull(filing.cancelReason()));
    }

    private static String remark(Filing filing) {
        return filing.cancelRemark() == null ? "cancelled" : filing.cancelRemark();
    }

    private Filing after(Step step, Filing filing, Answer answer, @Nullable PublicKey key, Instant now) {
        var again = now.plus(backoff.after(Math.max(filing.attempts(), filing.asked())));
        return switch (step) {
            case REGISTER -> switch (answer) {
                case Answer.Found found -> found(filing, found.registered(), key, now);
                case Answer.Refused refused when refused.has(HttpPortal.DUPLICATE_IRN) || refused.has(HttpPortal.DUPLICATE_EWAY_BILL) ->
                        filing.with(State.UNKNOWN, refused.faults().getFirst().code(), "the portal has this document already, so it is asked for it", now);
                case Answer.Refused refused when refused.faults().stream().allMatch(fault -> PASSING.contains(fault.code())) -> filing.with(State.WAITING, refused.faults().getFirst().code(), text(refused), again);
                case Answer.Refused refused -> filing.with(State.REJECTED, refused.faults().getFirst().code(), text(refused), null);
                case Answer.Absent _ -> filing.with(State.UNKNOWN, null, "the portal's answer does not fit the question", again);
                case Answer.NotReached(var why) -> filing.with(State.WAITING, "PORTAL_DOWN", why, again);
                case Answer.NoAnswer(var why) -> filing.with(State.UNKNOWN, "NO_ANSWER", why, again);
            };
            case ASK -> switch (answer) {
                case Answer.Found found -> found(filing, found.registered(), key, now);
                case Answer.Absent _ -> filing.with(State.WAITING, null, "the portal does not have it: it is sent again", filing.asked() <= 1 ? now : again);
                case Answer.Refused refused -> unsaid(filing).with(filing.state(), refused.faults().getFirst().code(), text(refused), again);
                case Answer.NotReached(var why) -> unsaid(filing).with(filing.state(), "PORTAL_DOWN", why, again);
                case Answer.NoAnswer(var why) -> unsaid(filing).with(filing.state(), "NO_ANSWER", why, again);
            };
            case CANCEL -> switch (answer) {
                case Answer.Found _ -> filing.cancelling(filing.cancelReason(), filing.cancelRemark(), now).with(State.CANCELLED, null, null, null);
                case Answer.Refused refused when refused.has("9999") || refused.has("320") -> filing.cancelling(filing.cancelReason(), filing.cancelRemark(), now).with(State.CANCELLED, null, null, null);
                case Answer.Refused refused when refused.faults().stream().allMatch(fault -> PASSING.contains(fault.code())) -> filing.with(State.CANCELLING, refused.faults().getFirst().code(), text(refused), again);
                case Answer.Refused refused -> filing.cancelling(null, null, null).with(State.REGISTERED, refused.faults().getFirst().code(), "not cancelled: " + text(refused), null);
                case Answer.Absent _ -> filing.with(State.CANCELLING, null, "the portal does not have it", again);
                case Answer.NotReached(var why) -> filing.with(State.CANCELLING, "PORTAL_DOWN", why, again);
                case Answer.NoAnswer(var why) -> filing.tried(filing.attempts(), 1).with(State.CANCELLING, "NO_ANSWER", why, again);
            };
            case ASK_CANCELLED -> switch (answer) {
                case Answer.Found found when found.registered().cancelled() -> filing.cancelling(filing.cancelReason(), filing.cancelRemark(), now).with(State.CANCELLED, null, null, null);
                case Answer.Found _ -> filing.tried(filing.attempts(), 0).with(State.CANCELLING, null, "the portal has not cancelled it: asked again to", now);
                case Answer.Absent _ -> filing.with(State.CANCELLING, null, "the portal does not have it", again);
                case Answer.Refused refused -> filing.with(State.CANCELLING, refused.faults().getFirst().code(), text(refused), again);
                case Answer.NotReached(var why) -> filing.with(State.CANCELLING, "PORTAL_DOWN", why, again);
                case Answer.NoAnswer(var why) -> filing.with(State.CANCELLING, "NO_ANSWER", why, again);
            };
        };
    }

    /// An answer that says nothing of the content is not counted among those that differ.
    private static Filing unsaid(Filing filing) {
        return filing.state() == State.DIFFERS ? filing.tried(filing.attempts(), Math.max(0, filing.asked() - 1)) : filing;
    }

    private Filing found(Filing filing, TaxPortal.Registered registered, @Nullable PublicKey key, Instant now) {
        var with = filing.registered(registered.reference(), registered.acknowledgement(), registered.acknowledgedAt(), registered.validUntil(),
                registered.signedDocument().isEmpty() ? null : registered.signedDocument(), registered.signedQr().isEmpty() ? null : registered.signedQr());
        if (registered.cancelled()) return with.cancelling(filing.cancelReason(), filing.cancelRemark(), now).with(State.CANCELLED, null, "cancelled at the portal", null);
        if (filing.task() == Task.E_INVOICE) {
            var differences = new java.util.ArrayList<String>();
            var expected = expected(filing);
            if (!registered.reference().equals(expected)) differences.add("IRN " + registered.reference() + ", and ours is " + expected);
            differences.addAll(SignedCopy.differences(Objects.requireNonNull(filing.payload()), registered.signedDocument(), key));
            if (!differences.isEmpty()) {
                // an answer may be spoilt on its way: the portal is asked a few times before a person has to look
                int spoilt = filing.state() == State.DIFFERS ? filing.asked() : 0;
                return filing.tried(filing.attempts(), spoilt).with(State.DIFFERS, "CONTENT_DIFFERS", "the portal has another content: " + differences.getFirst(),
                        spoilt < ASKED_AGAIN ? now.plus(backoff.after(spoilt)) : null);
            }
        }
        if (filing.cancelReason() != null) return with.tried(0, 0).with(State.CANCELLING, null, "cancelled in the books meanwhile", now);
        return with.with(State.REGISTERED, null, null, null);
    }

    private static String expected(Filing filing) {
        var payload = Inv01.JSON.readTree(Objects.requireNonNull(filing.payload()));
        return EInvoice.irn(payload.at("/SellerDtls/Gstin").asString(), filing.businessDate(), payload.at("/DocDtls/Typ").asString(), payload.at("/DocDtls/No").asString());
    }

    private static String text(Answer.Refused refused) {
        return refused.faults().stream().map(fault -> fault.text() + " (" + fault.code() + ")").collect(Collectors.joining("; "));
    }

    private void save(JdbcClient db, Filing before, Filing after, String actor, String step, @Nullable String raw, Instant now) {
        if (store.save(db, after, now)) store.note(db, before, new Event(now, actor, step, after.state().name(), after.code(), after.reason() == null ? "" : after.reason(), raw));
    }

    private static Filing version(Filing saved) {
        return new Filing(saved.distributorId(), saved.documentId(), saved.task(), saved.principalId(), saved.kind(), saved.number(), saved.businessDate(), saved.buyer(), saved.payable(), saved.state(),
                saved.reference(), saved.payload(), saved.request(), saved.acknowledgement(), saved.acknowledgedAt(), saved.validUntil(), saved.signedDocument(), saved.signedQr(), saved.code(), saved.reason(),
                saved.faults(), saved.cancelReason(), saved.cancelRemark(), saved.cancelledAt(), saved.reportBy(), saved.attempts(), saved.asked(), saved.nextTryAt(), saved.createdAt(), saved.changedAt(),
                saved.version() + 1);
    }

    // ---- what people ask for

    /// Every answer to somebody who wants something done with a document.
    public sealed interface Outcome {
        record Done(Filing filing) implements Outcome {}

        record Unknown() implements Outcome {}

        /// Not possible in its state; `accepted` are the states in which it is.
        record WrongState(State state, List<State> accepted) implements Outcome {}

        /// The window has closed, or an e-way bill stands in the way; `code` is the rule.
        record Refused(String rule, String why) implements Outcome {}

        /// What would be sent is not acceptable.
        record Faulty(List<Fault> faults) implements Outcome {}
    }

    /// Looks at a document again at once: what is blocked or rejected is built and sent anew, what is unknown or differs is
    /// asked for.
    public Outcome retry(long distributorId, UUID documentId, Task task, Actor actor) {
        return change(distributorId, documentId, task, actor, "RETRY", filing -> switch (filing.state()) {
            case BLOCKED, REJECTED, WAITING -> new Outcome.Done(filing.with(State.WAITING, null, null, clock.instant()));
            case SUBMITTED, UNKNOWN, DIFFERS, CANCELLING -> new Outcome.Done(filing.with(filing.state(), filing.code(), filing.reason(), clock.instant()));
            case REGISTERED, CANCELLED -> new Outcome.WrongState(filing.state(), List.of(State.BLOCKED, State.WAITING, State.REJECTED, State.UNKNOWN, State.DIFFERS));
        });
    }

    /// Cancels a registration at the portal, within its window and before anything stands on it (IN-35, IN-41).
    public Outcome cancel(long distributorId, UUID documentId, Task task, EInvoice.CancelReason reason, String remark, Actor actor) {
        return change(distributorId, documentId, task, actor, "CANCEL_ASKED", filing -> {
            var law = transactions.shared(LawStore::law);
            var now = clock.instant();
            if (filing.state() != State.REGISTERED && filing.state() != State.DIFFERS) return new Outcome.WrongState(filing.state(), List.of(State.REGISTERED));
            if (filing.acknowledgedAt() == null) return new Outcome.WrongState(filing.state(), List.of(State.REGISTERED));
            if (task == Task.E_WAY_BILL) {
                if (!EwayBill.mayBeCancelled(now, filing.acknowledgedAt(), false, law)) return new Outcome.Refused("IN-41", "an e-way bill is cancelled within 24 hours of its making");
            } else {
                var eway = transactions.write(distributorId, db -> store.find(db, distributorId, documentId, Task.E_WAY_BILL));
                boolean active = eway.filter(one -> one.state() == State.REGISTERED || one.state() == State.CANCELLING || one.state() == State.SUBMITTED || one.state() == State.UNKNOWN).isPresent();
                if (active) return new Outcome.Refused("IN-35", "its e-way bill stands; cancel that first");
                if (!EInvoice.mayBeCancelled(now, filing.acknowledgedAt(), false, law))
                    return new Outcome.Refused("IN-35", "the portal cancels until " + EInvoice.cancelBy(filing.acknowledgedAt(), law) + " only; write a credit note instead");
            }
            return new Outcome.Done(filing.cancelling(reason.name(), remark, null).tried(0, 0).with(State.CANCELLING, null, null, now));
        });
    }

    private Outcome change(long distributorId, UUID documentId, Task task, Actor actor, String step, java.util.function.Function<Filing, Outcome> how) {
        return transactions.write(distributorId, db -> {
            var filing = store.lock(db, distributorId, documentId, task).orElse(null);
            if (filing == null) return new Outcome.Unknown();
            var outcome = how.apply(filing);
            if (outcome instanceof Outcome.Done(var after)) {
                save(db, filing, after, actor.username(), step, null, clock.instant());
                return new Outcome.Done(version(after));
            }
            return outcome;
        });
    }

    /// Whose goods an invoice in the scope sells.
    public Optional<Long> principalOf(RowScope scope, UUID documentId) {
        return documents.find(scope, documentId).map(TaxDocument::principalId);
    }

    /// Opens an e-way bill for a posted invoice and sends it as soon as the portal is reached.
    public Outcome openEwayBill(long distributorId, UUID documentId, EwayPayload.Transport transport, Actor actor) {
        return transactions.write(distributorId, db -> {
            var posted = documents.read(distributorId, List.of(documentId)).stream().findFirst().orElse(null);
            if (posted == null || !posted.kind().equals("INVOICE")) return new Outcome.Unknown();
            var document = completed(db, posted);
            if (document.cancelled()) return new Outcome.Refused("IN-40", "the invoice is cancelled");
            var now = clock.instant();
            var faults = EwayPayload.faults(document, transport, LocalDate.ofInstant(now, EwayBill.ZONE), LawStore.law(db));
            if (!faults.isEmpty()) return new Outcome.Faulty(faults);
            var filing = opening(document, Task.E_WAY_BILL, null, now).asking(Inv01.JSON.writeValueAsString(transport));
            var before = store.lock(db, distributorId, documentId, Task.E_WAY_BILL).orElse(null);
            if (before == null) {
                store.open(db, filing);
                var opened = store.find(db, distributorId, documentId, Task.E_WAY_BILL).orElseThrow();
                store.note(db, new Filing(opened.distributorId(), opened.documentId(), opened.task(), opened.principalId(), opened.kind(), opened.number(), opened.businessDate(), opened.buyer(),
                        opened.payable(), opened.state(), null, null, opened.request(), null, null, null, null, null, null, null, List.of(), null, null, null, null, 0, 0, null, now, now, 0),
                        new Event(now, actor.username(), "OPENED", opened.state().name(), null, "", null));
                return new Outcome.Done(opened);
            }
            if (!Stream.of(State.BLOCKED, State.REJECTED, State.CANCELLED).toList().contains(before.state())) return new Outcome.WrongState(before.state(), List.of(State.BLOCKED, State.REJECTED, State.CANCELLED));
            var after = new Filing(before.distributorId(), before.documentId(), before.task(), before.principalId(), before.kind(), before.number(), before.businessDate(), before.buyer(), before.payable(),
                    State.WAITING, null, null, filing.request(), null, null, null, null, null, null, null, List.of(), null, null, null, null, 0, 0, now, before.createdAt(), now, before.version());
            save(db, before, after, actor.username(), "OPENED", null, now);
            return new Outcome.Done(version(after));
        });
    }

    /// A way that has not begun.
    static Filing opening(TaxDocument document, Task task, @Nullable LocalDate reportBy, Instant now) {
        return new Filing(document.distributorId(), document.id(), task, document.principalId(), document.kind(), document.number(), document.businessDate(), document.buyer().name(),
                document.totals().payable(), State.WAITING, null, null, "{}", null, null, null, null, null, null, null, List.of(), null, null, null, reportBy, 0, 0, now, now, now, 1);
    }

    /// Books an invoice's cancellation: what was never sent stays unsent, what is registered is cancelled at the portal.
    void cancelledInTheBooks(JdbcClient db, long distributorId, UUID documentId, Instant now) {
        for (var task : Task.values()) {
            var filing = store.lock(db, distributorId, documentId, task).orElse(null);
            if (filing == null || filing.cancelReason() != null || filing.state() == State.CANCELLED) continue;
            var marked = filing.cancelling(EInvoice.CancelReason.ORDER_CANCELLED.name(), "cancelled in the books", null);
            var after = switch (filing.state()) {
                case WAITING, BLOCKED, REJECTED -> marked.with(State.CANCELLED, null, "cancelled in the books before it was registered", null);
                case REGISTERED -> marked.tried(0, 0).with(State.CANCELLING, null, "cancelled in the books", now);
                case SUBMITTED, UNKNOWN, DIFFERS, CANCELLING, CANCELLED -> marked;
            };
            save(db, filing, after, SYSTEM, "CANCELLED_IN_BOOKS", null, now);
        }
    }
}
