package io.offtake.sync.app;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.offtake.access.AccessRefused;
import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.SecurityLog;
import io.offtake.billing.Billing;
import io.offtake.billing.CreditNoteAnswers;
import io.offtake.billing.CreditNotes;
import io.offtake.billing.InvoiceAnswers;
import io.offtake.billing.InvoiceView;
import io.offtake.billing.PostCreditNote;
import io.offtake.billing.PostCreditNoteOutcome;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.billing.PostInvoiceOutcome.Finding;
import io.offtake.billing.Terms;
import io.offtake.claims.ClaimView;
import io.offtake.governance.AuditTrail;
import io.offtake.network.NewOutlets;
import io.offtake.network.Printed;
import io.offtake.orders.OrderAnswers;
import io.offtake.orders.OrderView;
import io.offtake.orders.Orders;
import io.offtake.orders.PostOrder;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.primary.GoodsReceiptAnswers;
import io.offtake.primary.GoodsReceiptView;
import io.offtake.primary.GoodsReceipts;
import io.offtake.primary.PostGoodsReceipt;
import io.offtake.receivables.CollectionAnswers;
import io.offtake.receivables.CollectionView;
import io.offtake.receivables.Collections;
import io.offtake.receivables.PostCollection;
import io.offtake.rules.Refusal;
import io.offtake.sync.domain.CutOffs;
import io.offtake.sync.domain.Lease;
import io.offtake.sync.domain.OfflinePolicy;
import io.offtake.sync.domain.Queued;
import io.offtake.sync.store.LeaseStore;
import io.offtake.sync.store.OutcomeStore;
import io.offtake.tax.OfflineIssues;
import io.offtake.tax.TaxPack;
import io.offtake.returns.ReturnView;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Takes a device's queued commands in their order and answers each on its own: a bad one never holds up the others, those that need
/// it wait. Invoices that follow each other are posted together; a repeat of any command is harmless; each has one recorded outcome.
@Service
public class Commands {
    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
    /// What a device may send; each is the body of the REST operation of the same name.
    public static final Set<String> KINDS = Set.of("invoice", "order", "edit-order", "allocate-order", "cancel-order", "collection", "credit-note", "goods-receipt", "cancel-invoice", "keep-invoice",
            "outlet", "outlet-edit", "draft", "void-number", "return-request", "return-approval", "return-receipt", "return-inspection", "return-credit", "return-cancel",
            "claim-evidence", "claim-submission", "claim-reply", "claim-withdrawal", "claim-dispute", "claim-appeal");
    private static final LocalDate EARLIEST = LocalDate.of(2000, 1, 1);
    private static final LocalDate LATEST = LocalDate.of(2199, 12, 31);
    /// Kinds that leave no document under their id: that they were done is known from their outcome alone.
    private static final Set<String> STEPS = Set.of("edit-order", "outlet", "outlet-edit", "void-number");
    /// Kinds that may carry a legal number of the device's own, and the document type it belongs to.
    private static final Map<String, String> NUMBERED = Map.of("invoice", "INVOICE", "collection", "COLLECTION", "credit-note", "CREDIT_NOTE");
    /// A bill that was handed out is not refused for these (OFF-10); they become warnings.
    private static final List<Refusal.Code> PASSED = List.of(Refusal.Code.OUTLET_BLOCKED, Refusal.Code.SHELF_LIFE_SHORT, Refusal.Code.MANUAL_ABOVE_LIMIT, Refusal.Code.PRICE_ABOVE_MRP,
            Refusal.Code.PRICE_BELOW_FLOOR, Refusal.Code.CREDIT_LIMIT, Refusal.Code.CREDIT_OVERDUE);

    private final Billing billing;
    private final CreditNotes notes;
    private final Orders orders;
    private final Collections collections;
    private final GoodsReceipts receipts;
    private final ReturnCommands returnCommands;
    private final ClaimCommands claimCommands;
    private final Drafts drafts;
    private final OutletEdits outletEdits;
    private final OutletCreations outletCreations;
    private final Tasks tasks;
    private final Devices devices;
    private final TenantTransaction transactions;
    private final SecurityLog securityLog;
    private final Validator validator;
    private final JsonMapper json;
    private final Clock clock;

    Commands(Billing billing, CreditNotes notes, Orders orders, Collections collections, GoodsReceipts receipts, ReturnCommands returnCommands, ClaimCommands claimCommands, Drafts drafts, OutletEdits outletEdits,
             OutletCreations outletCreations, Tasks tasks, Devices devices,
             TenantTransaction transactions, SecurityLog securityLog, Validator validator, JsonMapper json, Clock clock) {
        this.billing = billing;
        this.notes = notes;
        this.orders = orders;
        this.collections = collections;
        this.receipts = receipts;
        this.returnCommands = returnCommands;
        this.claimCommands = claimCommands;
        this.drafts = drafts;
        this.outletEdits = outletEdits;
        this.outletCreations = outletCreations;
        this.tasks = tasks;
        this.devices = devices;
        this.transactions = transactions;
        this.securityLog = securityLog;
        this.validator = validator;
        this.json = json;
        this.clock = clock;
    }

    /// @param outcome     ACCEPTED; DIFFERS: accepted, but the server decided another amount or a person has to look; REFUSED: may be corrected and
    ///                    sent again; WAITS: what it waits for is not accepted; QUARANTINED: another content than the accepted one, kept and never posted
    /// @param document    the posted document
    /// @param difference  what the device expected and what the server posted
    /// @param differences of a document that stands, to what is in force
    /// @param late        LATE or PRIOR_PERIOD (OFF-08)
    /// @param tasks       opened for somebody who decides
    /// @param waitsFor    what it waits for
    public record Answer(UUID id, @Schema(allowableValues = {"ACCEPTED", "DIFFERS", "REFUSED", "WAITS", "QUARANTINED"}) String outcome, boolean replayed,
                         @Schema(oneOf = {InvoiceView.class, OrderView.class, CollectionView.class, GoodsReceiptView.class, InvoiceAnswers.InvoiceState.class, ReturnView.class, ClaimView.class}) @Nullable Object document,
                         @Nullable Difference difference, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Found> differences, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String late,
                         @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<UUID> tasks, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<UUID> waitsFor,
                         @Schema(ref = "#/components/schemas/Problem") @Nullable Object problem) {
        static Answer of(UUID id, String outcome, boolean replayed, @Nullable Object document, @Nullable Object problem) {
            return new Answer(id, outcome, replayed, document, null, null, null, null, null, problem);
        }

        boolean accepted() {
            return outcome.equals("ACCEPTED") || outcome.equals("DIFFERS");
        }

        Answer with(@Nullable Difference difference, @Nullable List<Found> differences) {
            return new Answer(id, difference == null && (differences == null || differences.isEmpty()) ? outcome : "DIFFERS", replayed, document, difference,
                    differences == null || differences.isEmpty() ? null : differences, late, tasks, waitsFor, problem);
        }

        Answer arrived(@Nullable String late, List<UUID> tasks) {
            return new Answer(id, outcome, replayed, document, difference, differences, late, tasks.isEmpty() ? null : tasks, waitsFor, problem);
        }
    }

    public record Difference(String field, BigDecimal mine, BigDecimal server) {}

    /// @param kind PRICE, SCHEME, TAX, CREDIT, STOCK or OVERSHOOT
    public record Found(@JsonProperty("class") String kind, String field, String mine, String server) {}

    private record Step(@NotNull UUID id, @Nullable String reason) {}

    private record OrderEdit(@NotNull UUID id, @NotNull @Size(min = 1, max = 500) List<PostOrder.@NotNull @Valid Line> lines, @Nullable @Size(max = 500) String note, @Nullable Integer orderVersion) {}

    private record VoidNumber(@NotBlank String documentType, @NotBlank String series, long number, @NotBlank @Size(max = 200) String reason) {}

    /// What a hand-in works on.
    private final class Hand {
        private final Caller caller;
        private final UUID deviceId;
        private final long distributorId;
        private final Map<UUID, OutcomeStore.Known> known;
        private final Set<UUID> documents;
        private final List<Lease> leases;
        private final OfflineIssues issues;
        private final OfflinePolicy policy;
        private final LocalDateTime localTime;
        private final boolean rescued;
        private final Map<UUID, Answer> answers = new LinkedHashMap<>();
        private final Map<String, TreeMap<Long, LocalDate>> given = new HashMap<>();
        private final Map<String, Map<Long, LeaseStore.Place>> places = new HashMap<>();
        private final Map<UUID, @Nullable String> taxIds;

        Hand(Caller caller, UUID deviceId, long distributorId, List<Queued> commands, boolean rescued) {
            this.caller = caller;
            this.deviceId = deviceId;
            this.distributorId = distributorId;
            this.rescued = rescued;
            var ids = new HashSet<UUID>();
            var needed = new HashSet<UUID>();
            var outlets = new HashSet<UUID>();
            var numbers = new HashMap<String, Set<Long>>();
            for (var command : commands) {
                ids.add(command.id());
                needed.addAll(command.waitsFor());
                if (command.number() == null) continue;
                numbers.computeIfAbsent(command.number().series(), _ -> new HashSet<>()).add(command.number().number());
                var outlet = command.body().path("outletId");
                if (outlet.isString()) try {
                    outlets.add(UUID.fromString(outlet.asString()));
                } catch (IllegalArgumentException notAnId) {
                    // the command's own check says so
                }
            }
            ids.addAll(needed);
            record Read(Map<UUID, OutcomeStore.Known> known, Set<UUID> documents, List<Lease> leases, Map<String, Map<Long, LeaseStore.Place>> places, OfflineIssues issues, OfflinePolicy policy,
                        LocalDateTime localTime, Map<UUID, @Nullable String> taxIds) {}
            var read = transactions.<Read>writeOn(distributorId, connection -> {
                var db = client(connection);
                var load = new Pipeline();
                var seller = Printed.seller(load, distributorId);
                var buyers = outlets.isEmpty() ? null : Printed.buyers(load, distributorId, outlets.toArray(UUID[]::new));
                load.run(connection);
                var zone = seller.get().orElseThrow(() -> caller.notFound("distributor")).zone();
                var today = LocalDate.now(clock.withZone(zone));
                var held = numbers.isEmpty() ? List.<Lease>of() : LeaseStore.of(db, distributorId, deviceId);
                var found = new HashMap<String, Map<Long, LeaseStore.Place>>();
                for (var entry : numbers.entrySet()) {
                    var lease = LeaseStore.find(held, entry.getKey()).orElse(null);
                    if (lease != null) found.put(entry.getKey(), LeaseStore.places(db, lease.asSeries(), entry.getValue()));
                }
                var taxIds = new HashMap<UUID, @Nullable String>();
                if (buyers != null) buyers.get().forEach((id, buyer) -> taxIds.put(id, taxId(buyer.gstin(), buyer.registration())));
                return new Read(OutcomeStore.known(db, distributorId, deviceId, ids), OutcomeStore.documents(db, distributorId, needed), held, found,
                        OfflineIssues.of(db, distributorId, seller.get().get().taxRegime(), today), devices.policy(db, distributorId, today), LocalDateTime.now(clock.withZone(zone)), taxIds);
            });
            known = read.known;
            documents = read.documents;
            leases = read.leases;
            places.putAll(read.places);
            issues = read.issues;
            policy = read.policy;
            localTime = read.localTime;
            taxIds = read.taxIds;
        }

        /// A buyer abroad has no number of its own and is no consumer: its invoice needs an IRN too (IN-30).
        private static @Nullable String taxId(@Nullable String gstin, String registration) {
            return gstin == null && registration.equals("EXPORT") ? "URP" : gstin;
        }

        /// An outlet that came in this hand-in.
        void knows(UUID outletId, @Nullable String gstin, String registration) {
            taxIds.put(outletId, taxId(gstin, registration));
        }

        LocalDate today() {
            return localTime.toLocalDate();
        }

        /// What a command waits for and does not have.
        List<UUID> missing(Queued command) {
            return command.waitsFor().stream().filter(id -> {
                var here = answers.get(id);
                if (here != null) return !here.accepted();
                var before = known.get(id);
                return !(before != null && before.isAccepted()) && !documents.contains(id);
            }).toList();
        }

        /// The number that a command brings, checked against the device's leases (OFF-03, OFF-04, OFF-07).
        Numbering.Known number(Queued command) {
            var asked = java.util.Objects.requireNonNull(command.number());
            var type = NUMBERED.get(command.kind());
            if (type == null) throw Problem.of(ProblemCode.INVALID, "A " + command.kind() + " has no legal number.").rule("OFF-03").at("/number", ProblemCode.INVALID, "is not for this kind").exception();
            return numbering(type, asked.series(), asked.number(), command.id(), command.businessDate(), command.kind().equals("collection") ? null : outletOf(command));
        }

        Numbering.Known numbering(String type, String series, long number, UUID documentId, LocalDate on, @Nullable UUID outletId) {
            var mine = leases.stream().filter(lease -> lease.documentType().equals(type)).toList();
            var lease = LeaseStore.find(mine, series).orElse(null);
            if (lease == null)
                throw Problem.of(ProblemCode.LEASE_UNKNOWN, series + " is no " + type + " series of this device.").rule("OFF-03")
                        .at("/number/series", ProblemCode.LEASE_UNKNOWN, "is not leased to this device", mine.stream().map(Lease::series).toList()).exception();
            var place = places.getOrDefault(series, Map.of()).get(number);
            var known = new Numbering.Known(lease.asSeries(), number, lease.asSeries().format(number));
            if (place != null && documentId.equals(place.holder())) return known;
            if (!lease.active() && (!rescued || lease.voidedAt() != null))
                throw Problem.of(ProblemCode.LEASE_RETIRED, "The series " + series + " is retired.").rule("OFF-03").at("/number/series", ProblemCode.LEASE_RETIRED, "is retired").exception();
            if (on.isBefore(lease.validFrom()) || on.isAfter(lease.validTo()))
                throw Problem.of(ProblemCode.LEASE_UNKNOWN, series + " is for " + lease.validFrom() + " to " + lease.validTo() + ".").rule("OFF-03")
                        .at("/businessDate", ProblemCode.LEASE_UNKNOWN, "is outside of the series' fiscal year", lease.validFrom() + " to " + lease.validTo()).exception();
            if (number > lease.max())
                throw Problem.of(ProblemCode.NUMBER_ABOVE_MAX, known.formatted() + " was not leased.").rule("OFF-03").with("accepted", lease.max())
                        .at("/number/number", ProblemCode.NUMBER_ABOVE_MAX, "is above the lease", lease.max()).exception();
            var mineNow = given.computeIfAbsent(series, _ -> new TreeMap<>());
            if ((place != null && place.holder() != null) || mineNow.containsKey(number))
                throw Problem.of(ProblemCode.NUMBER_TAKEN, known.formatted() + " belongs to another document.").rule("OFF-03").at("/number/number", ProblemCode.NUMBER_TAKEN, "is taken").exception();
            if (on.isAfter(today())) throw dateOrder(known, "no later than " + today());
            var below = later(place == null ? null : place.below(), mineNow.lowerEntry(number) == null ? null : mineNow.lowerEntry(number).getValue());
            var above = earlier(place == null ? null : place.above(), mineNow.higherEntry(number) == null ? null : mineNow.higherEntry(number).getValue());
            if (below != null && on.isBefore(below)) throw dateOrder(known, "no earlier than " + below);
            if (above != null && on.isAfter(above)) throw dateOrder(known, "no later than " + above);
            if (outletId != null && issues.to(taxIds.get(outletId)) == TaxPack.OfflineIssue.NO)
                throw Problem.of(ProblemCode.OFFLINE_ISSUE, "A tax document for this buyer needs an IRN before it is one; send it without a number.").rule("OFF-04")
                        .at("/number", ProblemCode.OFFLINE_ISSUE, "cannot be given without the tax portal", "leave it out").exception();
            return known;
        }

        private ProblemException dateOrder(Numbering.Known known, String accepted) {
            return Problem.of(ProblemCode.NUMBER_ORDER, known.formatted() + " must be dated " + accepted + ": numbers and dates rise together.").rule("OFF-07").with("accepted", accepted)
                    .at("/businessDate", ProblemCode.NUMBER_ORDER, "does not fit the number", accepted).exception();
        }

        /// The number is used within this hand-in.
        void took(Queued command) {
            if (command.number() != null) given.computeIfAbsent(command.number().series(), _ -> new TreeMap<>()).put(command.number().number(), command.businessDate());
        }

        void lost(Queued command) {
            if (command.number() != null) given.getOrDefault(command.number().series(), new TreeMap<>()).remove(command.number().number());
        }
    }

    private static @Nullable UUID outletOf(Queued command) {
        try {
            return UUID.fromString(command.body().path("outletId").asString(""));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static @Nullable LocalDate later(@Nullable LocalDate one, @Nullable LocalDate other) {
        return one == null ? other : other == null || one.isAfter(other) ? one : other;
    }

    private static @Nullable LocalDate earlier(@Nullable LocalDate one, @Nullable LocalDate other) {
        return one == null ? other : other == null || one.isBefore(other) ? one : other;
    }

    private static JdbcClient client(Connection connection) {
        return JdbcClient.create(new org.springframework.jdbc.datasource.SingleConnectionDataSource(connection, true));
    }

    /// Answers every command, in the order given.
    /// @param raw the commands as they came; one that cannot be read is refused alone
    public List<Answer> take(Caller caller, UUID deviceId, long distributorId, List<JsonNode> raw) {
        return take(caller, deviceId, distributorId, raw, false);
    }

    /// @param rescued whether a manager lets the queue of a stopped device through
    List<Answer> take(Caller caller, UUID deviceId, long distributorId, List<JsonNode> raw, boolean rescued) {
        var unreadable = new HashMap<Integer, Answer>();
        var commands = new ArrayList<Queued>(raw.size());
        var places = new ArrayList<Integer>(raw.size());
        for (int at = 0; at < raw.size(); at++) {
            try {
                commands.add(read(raw.get(at)));
                places.add(at);
            } catch (ProblemException refusal) {
                unreadable.put(at, Answer.of(idOf(raw.get(at), at), "REFUSED", false, null, refusal.problem()));
            }
        }
        var hand = new Hand(caller, deviceId, distributorId, commands, rescued);
        var recorded = new ArrayList<OutcomeStore.New>();
        for (int at = 0; at < commands.size(); ) {
            int end = at;
            var together = new HashSet<UUID>();
            while (end < commands.size() && joins(commands.get(end), commands.get(at), together)) together.add(commands.get(end++).id());
            if (end - at > 1) {
                invoices(hand, commands.subList(at, end)).forEach(answer -> hand.answers.put(answer.id, answer));
                at = end;
            } else {
                var command = commands.get(at++);
                hand.answers.put(command.id(), one(hand, command));
            }
        }
        for (var command : commands) settle(hand, command, recorded);
        record(hand, recorded);
        var answers = new Answer[raw.size()];
        for (int at = 0; at < commands.size(); at++) answers[places.get(at)] = hand.answers.get(commands.get(at).id());
        unreadable.forEach((at, answer) -> answers[at] = answer);
        return Arrays.asList(answers);
    }

    private static UUID idOf(JsonNode raw, int at) {
        try {
            return UUID.fromString(raw.path("id").asString(""));
        } catch (IllegalArgumentException _) {
            throw Problem.of(ProblemCode.INVALID, "A command without an id cannot be answered.").rule("OFF-02").at("/commands/" + at + "/id", ProblemCode.INVALID, "must be a UUID").exception();
        }
    }

    private Queued read(JsonNode raw) {
        Queued command;
        try {
            command = json.treeToValue(raw, Queued.class);
        } catch (JacksonException unreadable) {
            throw malformed("", unreadable);
        }
        if (command == null) throw Problem.of(ProblemCode.MALFORMED).exception();
        valid("", command);
        if (command.businessDate().isBefore(EARLIEST) || command.businessDate().isAfter(LATEST))
            throw Problem.of(ProblemCode.INVALID).at("/businessDate", ProblemCode.INVALID, "is no date of business", EARLIEST + " to " + LATEST).exception();
        return command;
    }

    /// Whether a command is posted together with those before it: invoices without anything that has to be asked first.
    private static boolean joins(Queued command, Queued first, Set<UUID> before) {
        if (!command.kind().equals("invoice") || before.contains(command.id())) return false;
        for (var awaited : command.waitsFor()) if (before.contains(awaited)) return false;
        return (command.number() == null) == (first.number() == null);
    }

    private List<Answer> invoices(Hand hand, List<Queued> queued) {
        var answers = new Answer[queued.size()];
        var bodies = new ArrayList<PostInvoice>();
        var places = new ArrayList<Integer>();
        var numbers = new HashMap<UUID, Numbering.Known>();
        for (int at = 0; at < answers.length; at++) {
            var command = queued.get(at);
            try {
                answers[at] = before(hand, command);
                if (answers[at] != null) continue;
                var body = invoice(hand, command);
                if (command.number() != null) {
                    numbers.put(command.id(), hand.number(command));
                    hand.took(command);
                }
                bodies.add(body);
                places.add(at);
            } catch (ProblemException refusal) {
                answers[at] = refused(command.id(), refusal);
            }
        }
        if (bodies.isEmpty()) return Arrays.asList(answers);
        List<PostInvoiceOutcome> outcomes;
        try {
            outcomes = billing.postAll(bodies, hand.caller.actor(), terms(queued, numbers));
        } catch (RuntimeException together) {
            LOG.warn("invoices of device {} could not be posted together, each is tried alone", hand.deviceId, together);
            places.forEach(place -> hand.lost(queued.get(place)));
            for (int place : places) answers[place] = one(hand, queued.get(place));
            return Arrays.asList(answers);
        }
        for (int at = 0; at < bodies.size(); at++) answers[places.get(at)] = answer(hand, queued.get(places.get(at)), bodies.get(at), outcomes.get(at));
        return Arrays.asList(answers);
    }

    /// A document with a number of the device's own was handed out: any date that fits its number, and nothing that money can settle stops it.
    private static Terms terms(List<Queued> queued, Map<UUID, Numbering.Known> numbers) {
        if (numbers.isEmpty()) return Terms.NATIVE;
        var papers = new HashMap<UUID, Terms.Paper>();
        for (var command : queued)
            if (command.decided() != null && numbers.containsKey(command.id())) papers.put(command.id(), new Terms.Paper(command.decided().ruleBookHash(), String.valueOf(command.asked())));
        return new Terms("NATIVE", true, PASSED, numbers, papers);
    }

    /// What answers a command before its module is asked: it waits, or it is another content than the accepted one.
    private @Nullable Answer before(Hand hand, Queued command) {
        var missing = hand.missing(command);
        if (!missing.isEmpty()) return new Answer(command.id(), "WAITS", false, null, null, null, null, null, missing, null);
        var known = hand.known.get(command.id());
        if (known == null) return null;
        if (known.outcome().equals("REFUSED") && known.attempt() != null && known.problem() != null && command.attempt() != null && command.attempt() <= known.attempt())
            return Answer.of(command.id(), "REFUSED", true, null, json.readTree(known.problem()));
        if (!known.isAccepted()) return null;
        if (Arrays.equals(known.bodyHash(), hash(command))) {
            if (STEPS.contains(command.kind())) return Answer.of(command.id(), "ACCEPTED", true, null, null).with(null, stored(hand, command.id()));
            // an order that was held leaves no document by which the step would know itself: decided anew, the copy of an accepted step might be refused, or allocate
            if (command.kind().equals("allocate-order")) return Answer.of(command.id(), "ACCEPTED", true, orders.find(RowScope.of(hand.distributorId), body(command, Step.class).id).orElse(null), null);
            return null;
        }
        return quarantined(command.id(), Problem.of(ProblemCode.ID_REUSED, "This command was accepted with another content.").rule("OFF-06").at("/id", ProblemCode.ID_REUSED, "was used for another content"));
    }

    private static Answer quarantined(UUID id, Problem problem) {
        return Answer.of(id, "QUARANTINED", false, null, problem);
    }

    private static byte[] hash(Queued command) {
        var content = new LinkedHashMap<String, Object>();
        content.put("kind", command.kind());
        content.put("body", command.body());
        if (command.number() != null) content.put("number", command.number());
        return Fingerprint.of(content);
    }

    private Answer one(Hand hand, Queued queued) {
        var caller = hand.caller;
        var distributorId = hand.distributorId;
        var actor = caller.actor();
        try {
            var first = before(hand, queued);
            if (first != null) return first;
            if (queued.number() != null && !NUMBERED.containsKey(queued.kind())) hand.number(queued);
            return switch (queued.kind()) {
                case "invoice" -> {
                    var body = invoice(hand, queued);
                    if (queued.number() == null) yield answer(hand, queued, body, billing.post(body, actor));
                    var number = hand.number(queued);
                    hand.took(queued);
                    yield answer(hand, queued, body, billing.postAll(List.of(body), actor, terms(List.of(queued), Map.of(queued.id(), number))).getFirst());
                }
                case "credit-note" -> {
                    caller.require(Permission.CREDIT_NOTE_POST, distributorId);
                    var body = body(queued, PostCreditNote.class);
                    same(queued, body.id(), distributorId, body.distributorId());
                    dated(queued, body.businessDate());
                    caller.requirePrincipal(body.principalId());
                    if (queued.number() == null) yield answer(queued.id(), CreditNoteAnswers.of(notes.post(body, actor), body));
                    var number = hand.number(queued);
                    hand.took(queued);
                    yield answer(hand, queued, body, notes.postAll(List.of(body), actor, terms(List.of(queued), Map.of(queued.id(), number))).getFirst());
                }
                case "order" -> {
                    caller.require(Permission.ORDER_WRITE, distributorId);
                    var body = body(queued, PostOrder.class);
                    same(queued, body.id(), distributorId, body.distributorId());
                    caller.requirePrincipal(body.principalId());
                    yield answer(queued.id(), OrderAnswers.of(orders.book(body, actor), HttpStatus.CREATED));
                }
                case "edit-order" -> edit(hand, queued);
                case "allocate-order" -> {
                    caller.require(Permission.ORDER_ALLOCATE, distributorId);
                    var step = body(queued, Step.class);
                    requireOrder(caller, step.id);
                    yield answer(queued.id(), OrderAnswers.of(orders.allocate(distributorId, step.id, queued.id(), actor), HttpStatus.CREATED));
                }
                case "cancel-order" -> {
                    caller.require(Permission.ORDER_CANCEL, distributorId);
                    var step = body(queued, Step.class);
                    requireOrder(caller, step.id);
                    yield answer(queued.id(), OrderAnswers.of(orders.cancel(distributorId, step.id, queued.id(), step.reason, actor), HttpStatus.CREATED));
                }
                case "collection" -> {
                    caller.require(Permission.COLLECTION_POST, distributorId);
                    var body = body(queued, PostCollection.class);
                    same(queued, body.id(), distributorId, body.distributorId());
                    caller.requirePrincipal(body.principalId());
                    if (queued.number() == null) yield answer(queued.id(), CollectionAnswers.of(collections.post(body, actor)));
                    var number = hand.number(queued);
                    hand.took(queued);
                    yield took(hand, queued, answer(queued.id(), CollectionAnswers.of(collections.postAll(List.of(body), actor, true, Map.of(queued.id(), number)).getFirst())));
                }
                case "goods-receipt" -> {
                    caller.require(Permission.GOODS_RECEIPT_POST, distributorId);
                    var body = body(queued, PostGoodsReceipt.class);
                    same(queued, body.id(), distributorId, body.distributorId());
                    caller.requirePrincipal(body.principalId());
                    yield answer(queued.id(), GoodsReceiptAnswers.of(receipts.post(body, actor, false), body));
                }
                case "cancel-invoice" -> {
                    caller.require(caller.can(Permission.INVOICE_CANCEL_CONFIRM) ? Permission.INVOICE_CANCEL_CONFIRM : Permission.INVOICE_CANCEL, distributorId);
                    var step = body(queued, Step.class);
                    requireInvoice(caller, step.id);
                    var reason = step.reason == null ? "" : step.reason;
                    yield answer(queued.id(), InvoiceAnswers.of(caller.can(Permission.INVOICE_CANCEL_CONFIRM) ? billing.cancel(distributorId, step.id, queued.id(), reason, actor)
                            : billing.askToCancel(distributorId, step.id, queued.id(), reason, actor)));
                }
                case "keep-invoice" -> {
                    caller.require(Permission.INVOICE_CANCEL_CONFIRM, distributorId);
                    var step = body(queued, Step.class);
                    requireInvoice(caller, step.id);
                    yield answer(queued.id(), InvoiceAnswers.of(billing.keep(distributorId, step.id, step.reason == null ? "" : step.reason, actor)));
                }
                case "outlet" -> {
                    var body = body(queued, NewOutlets.Form.class);
                    same(queued, body.id(), distributorId, body.distributorId() == null ? distributorId : body.distributorId());
                    var taken = outletCreations.take(caller, hand.deviceId, distributorId, queued, body, hand.today());
                    // its bills may follow in the same hand-in
                    hand.knows(queued.id(), taken.created().gstin(), taken.created().registration());
                    yield taken.answer();
                }
                case "outlet-edit" -> outletEdits.take(caller, hand.deviceId, distributorId, queued, hand.today());
                case "draft" -> drafts.take(caller, hand.deviceId, distributorId, queued.id(), body(queued, Drafts.Draft.class));
                case "void-number" -> voided(hand, queued);
                case String kind when ReturnCommands.KINDS.contains(kind) -> answer(queued.id(), returnCommands.take(caller, distributorId, queued.id(), kind, bodyOf(queued)));
                case String kind when ClaimCommands.KINDS.contains(kind) -> answer(queued.id(), claimCommands.take(caller, distributorId, queued.id(), kind, bodyOf(queued)));
                default -> throw Problem.of(ProblemCode.INVALID, "This server does not know the command " + queued.kind() + ".").at("/kind", ProblemCode.INVALID, "is not known",
                        KINDS.stream().sorted().toList()).exception();
            };
        } catch (ProblemException refusal) {
            return refused(queued.id(), refusal);
        } catch (RuntimeException fault) {
            // what the next attempt may find otherwise is the whole hand-in's: nothing is answered, everything is sent again
            if (isPassing(fault)) throw fault;
            LOG.error("command {} of device {} fails", queued.id(), hand.deviceId, fault);
            return Answer.of(queued.id(), "REFUSED", false, null, Problem.of(ProblemCode.FAULT, "This command makes the server fail; the others were taken.").with("fault", queued.id().toString()));
        }
    }

    private static boolean isPassing(RuntimeException fault) {
        return Post.isOvertaken(fault) || fault instanceof TransientDataAccessException || fault instanceof RecoverableDataAccessException || fault instanceof DataAccessResourceFailureException
                || fault instanceof TransactionException;
    }

    /// An order may be changed until it is allocated; where somebody else was faster, the device's lines become a proposal (OFF-13).
    private Answer edit(Hand hand, Queued queued) {
        hand.caller.require(Permission.ORDER_WRITE, hand.distributorId);
        var edit = body(queued, OrderEdit.class);
        requireOrder(hand.caller, edit.id);
        var outcome = orders.edit(hand.distributorId, edit.id, queued.id(), edit.orderVersion, edit.lines, edit.note, hand.caller.actor());
        if (!(outcome instanceof Orders.Outcome.WrongState(var state, var _)) || state.equals("CANCELLED")) return answer(queued.id(), OrderAnswers.of(outcome, HttpStatus.CREATED));
        var order = orders.find(RowScope.of(hand.distributorId), edit.id).orElseThrow(() -> hand.caller.notFound("order"));
        var task = transactions.<UUID>write(hand.distributorId, db -> tasks.open(db, hand.distributorId, Tasks.Kind.ORDER_AMENDMENT,
                new Tasks.About(edit.id, "ORDER", order.number(), order.outletId(), hand.deviceId, hand.caller.username()), Map.of("state", state, "proposal", edit, "command", queued.id()), hand.today()));
        return Answer.of(queued.id(), "ACCEPTED", false, order, null).with(null, List.of(new Found("ORDER", "lines", "proposal", state))).arrived(null, List.of(task));
    }

    private Answer voided(Hand hand, Queued queued) {
        hand.caller.require(Permission.SYNC, hand.distributorId);
        var step = body(queued, VoidNumber.class);
        transactions.writeOn(hand.distributorId, connection -> {
            hand.places.computeIfAbsent(step.series, _ -> new HashMap<>());
            var lease = LeaseStore.of(client(connection), hand.distributorId, hand.deviceId).stream().filter(any -> any.series().equals(step.series) && any.documentType().equals(step.documentType))
                    .findFirst().orElseThrow(() -> Problem.of(ProblemCode.LEASE_UNKNOWN, step.series + " is no series of this device.").rule("OFF-03").at("/body/series", ProblemCode.LEASE_UNKNOWN, "is not leased to this device").exception());
            if (step.number < 1 || step.number > lease.max())
                throw Problem.of(ProblemCode.NUMBER_ABOVE_MAX).rule("OFF-03").at("/body/number", ProblemCode.NUMBER_ABOVE_MAX, "was not leased", lease.max()).exception();
            var place = LeaseStore.places(client(connection), lease.asSeries(), List.of(step.number)).get(step.number);
            if (place != null && queued.id().equals(place.holder())) return null;
            if (place != null && place.holder() != null)
                throw Problem.of(ProblemCode.NUMBER_TAKEN, lease.asSeries().format(step.number) + " belongs to a document.").rule("OFF-03").at("/body/number", ProblemCode.NUMBER_TAKEN, "is taken").exception();
            var post = new Pipeline();
            Documents.voidNumber(post, new Numbering.Known(lease.asSeries(), step.number, lease.asSeries().format(step.number)), queued.id(), queued.businessDate(), step.reason);
            post.run(connection);
            return null;
        });
        return Answer.of(queued.id(), "ACCEPTED", false, Map.of("series", step.series, "number", step.number, "fate", "VOID"), null);
    }

    /// The wall between principals; without one the distributor, which was asked for already, is enough.
    private void requireOrder(Caller caller, UUID id) {
        if (caller.scope().principals() != null) orders.find(caller.scope(), id).orElseThrow(() -> caller.notFound("order"));
    }

    private void requireInvoice(Caller caller, UUID id) {
        if (caller.scope().principals() != null) billing.find(caller.scope(), id).orElseThrow(() -> caller.notFound("invoice"));
    }

    private PostInvoice invoice(Hand hand, Queued queued) {
        hand.caller.require(Permission.INVOICE_POST, hand.distributorId);
        var body = body(queued, PostInvoice.class);
        same(queued, body.id(), hand.distributorId, body.distributorId());
        dated(queued, body.businessDate());
        hand.caller.requirePrincipal(body.principalId());
        return body;
    }

    /// Numbers and dates rise together by the command's date, so the document has that date.
    private static void dated(Queued queued, LocalDate businessDate) {
        if (!businessDate.equals(queued.businessDate()))
            throw Problem.of(ProblemCode.INVALID).rule("OFF-07").at("/body/businessDate", ProblemCode.INVALID, "must be the command's business date", queued.businessDate()).exception();
    }

    /// A note that was handed out: what its paper says beside what was posted and what is in force (OFF-10).
    private Answer answer(Hand hand, Queued queued, PostCreditNote command, PostCreditNoteOutcome outcome) {
        var plain = took(hand, queued, answer(command.id(), CreditNoteAnswers.of(outcome, command)));
        if (!(plain.document instanceof InvoiceView note) || queued.decided() == null) return plain;
        var printed = queued.decided().payable();
        var difference = printed == null || printed.compareTo(note.totals().payable()) == 0 ? null : new Difference("payable", printed, note.totals().payable());
        if (difference != null) record(hand, command.id(), "credit-note", difference);
        return plain.with(difference, outcome instanceof PostCreditNoteOutcome.Posted(var _, var found) ? found.stream().map(Commands::view).toList() : stored(hand, command.id()));
    }

    private Answer answer(Hand hand, Queued queued, PostInvoice command, PostInvoiceOutcome outcome) {
        var plain = took(hand, queued, answer(command.id(), InvoiceAnswers.of(outcome, command)));
        if (!(plain.document instanceof InvoiceView invoice)) return plain;
        var printed = queued.decided() != null && queued.decided().payable() != null ? queued.decided().payable() : command.expected() == null ? null : command.expected().payable();
        var decided = invoice.totals().payable();
        var difference = printed == null || printed.compareTo(decided) == 0 ? null : new Difference("payable", printed, decided);
        if (difference != null) record(hand, command.id(), "invoice", difference);
        var findings = outcome instanceof PostInvoiceOutcome.Posted(var _, var found) ? found.stream().map(Commands::view).toList() : plain.replayed && queued.decided() != null ? stored(hand, command.id()) : List.<Found>of();
        if (queued.number() != null && queued.decided() == null && outcome instanceof PostInvoiceOutcome.Posted) {
            // decided here, so only what was let through can be told
            findings = invoice.warnings().stream().filter(warning -> warning.code().startsWith("CREDIT") || warning.code().equals("OUTLET_BLOCKED"))
                    .map(warning -> new Found("CREDIT", warning.code(), decided.toPlainString(), "let through")).toList();
        }
        return plain.with(difference, findings);
    }

    private static Found view(Finding finding) {
        return new Found(finding.kind().name(), finding.field(), finding.mine(), finding.server());
    }

    /// The findings of a document that was posted before. Where the server was cut off between the posting and its outcome, they are
    /// those that were told with the posting itself.
    private List<Found> stored(Hand hand, UUID id) {
        var known = hand.known.get(id);
        if (known != null && known.isAccepted()) return known.differs() == null ? List.of() : json.readValue(known.differs(), new TypeReference<List<Found>>() {});
        return transactions.<java.util.Optional<String>>write(hand.distributorId, db -> OutcomeStore.toldWith(db, hand.distributorId, id))
                .map(payload -> json.convertValue(json.readTree(payload).path("findings"), new TypeReference<List<Finding>>() {})).orElse(List.of()).stream().map(Commands::view).toList();
    }

    private static Answer took(Hand hand, Queued queued, Answer answer) {
        if (!answer.accepted()) hand.lost(queued);
        return answer;
    }

    private void record(Hand hand, UUID documentId, String kind, Difference difference) {
        transactions.write(hand.distributorId, db -> db.sql("""
                insert into sync.difference (distributor_id, document_id, device_id, kind, expected, decided, recorded_at, recorded_by)
                values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing""")
                .params(hand.distributorId, documentId, hand.deviceId, kind, difference.mine, difference.server, clock.instant().atOffset(ZoneOffset.UTC), hand.caller.username()).update());
    }

    // ---- what is recorded

    /// Says how late an accepted document came, opens its tasks, and notes the outcome.
    private void settle(Hand hand, Queued command, List<OutcomeStore.New> recorded) {
        var answer = hand.answers.get(command.id());
        var known = hand.known.get(command.id());
        if (known != null && known.isAccepted()) {
            if (answer.accepted()) hand.answers.put(command.id(), answer.arrived(known.late(), answer.tasks == null ? List.of() : answer.tasks));
            else if (answer.outcome.equals("QUARANTINED")) keep(hand, command, answer);
            // what was accepted is never said to be refused: its person would take back what stands in the books (OFF-06)
            else hand.answers.put(command.id(), Answer.of(command.id(), "ACCEPTED", true, null, null).with(null, stored(hand, command.id())).arrived(known.late(), List.of()));
            return;
        }
        var late = answer.accepted() && NUMBERED.containsKey(command.kind()) ? CutOffs.late(command.businessDate(), hand.localTime, hand.policy) : null;
        if (answer.accepted()) {
            var opened = new ArrayList<UUID>(answer.tasks == null ? List.of() : answer.tasks);
            opened.addAll(tasks(hand, command, answer, late));
            hand.answers.put(command.id(), answer = answer.arrived(late, opened));
        } else if (answer.problem instanceof Problem problem && problem.code() == ProblemCode.ID_REUSED) {
            // a document of this id came another way, with another content
            hand.answers.put(command.id(), answer = quarantined(command.id(), problem));
            keep(hand, command, answer);
        } else if (command.number() != null && answer.outcome.equals("REFUSED")) {
            keep(hand, command, answer);
        }
        // what was refused stays refused, and is not looked at again, until a person sends it again
        if (answer.replayed && answer.outcome.equals("REFUSED")) return;
        var code = answer.problem instanceof Problem problem ? problem.code().name() : null;
        recorded.add(new OutcomeStore.New(command.id(), command.seq(), command.kind(), command.businessDate(), hash(command), answer.outcome, code, numberOf(hand, command, answer),
                answer.accepted() ? documentOf(command) : null, late, CutOffs.PRIOR_PERIOD.equals(late) ? hand.today() : null,
                answer.differences == null ? null : Fingerprint.json(answer.differences), command.attempt(),
                answer.outcome.equals("REFUSED") && command.attempt() != null && answer.problem != null ? json.writeValueAsString(answer.problem) : null));
    }

    private static @Nullable String numberOf(Hand hand, Queued command, Answer answer) {
        if (command.number() != null)
            return LeaseStore.find(hand.leases, command.number().series()).map(lease -> lease.asSeries().format(command.number().number())).orElse(command.number().series() + command.number().number());
        return switch (answer.document) {
            case InvoiceView invoice -> invoice.number();
            case CollectionView collection -> collection.number();
            case OrderView order -> order.number();
            case GoodsReceiptView receipt -> receipt.number();
            case null, default -> null;
        };
    }

    private static @Nullable UUID documentOf(Queued command) {
        return switch (command.kind()) {
            case "invoice", "order", "collection", "credit-note", "goods-receipt", "draft", "return-request", "return-credit" -> command.id();
            default -> null;
        };
    }

    private void keep(Hand hand, Queued command, Answer answer) {
        transactions.idempotent().write(hand.distributorId, db -> {
            OutcomeStore.keep(db, hand.distributorId, hand.deviceId, command.id(), hash(command), json.writeValueAsString(command), clock.instant());
            if (answer.outcome.equals("QUARANTINED"))
                tasks.open(db, hand.distributorId, Tasks.Kind.QUARANTINE, new Tasks.About(command.id(), command.kind(), null, outletOf(command), hand.deviceId, hand.caller.username()),
                        Map.of("command", command, "problem", answer.problem == null ? Map.of() : answer.problem), hand.today());
            return null;
        });
    }

    private List<UUID> tasks(Hand hand, Queued command, Answer answer, @Nullable String late) {
        var kinds = new LinkedHashSet<Tasks.Kind>();
        if (answer.differences != null)
            for (var found : answer.differences)
                switch (found.kind) {
                    case "PRICE" -> kinds.add(Tasks.Kind.PRICE_DIFFERS);
                    case "SCHEME" -> kinds.add(Tasks.Kind.SCHEME_DIFFERS);
                    case "TAX" -> kinds.add(Tasks.Kind.TAX_DIFFERS);
                    case "CREDIT" -> kinds.add(Tasks.Kind.CREDIT_PASSED);
                    case "STOCK" -> kinds.add(Tasks.Kind.STOCK_NEGATIVE);
                    case "OVERSHOOT" -> kinds.add(Tasks.Kind.SCHEME_OVERSHOOT);
                    default -> {
                        // an order's proposal has its task already
                    }
                }
        if (answer.difference != null && kinds.isEmpty()) kinds.add(Tasks.Kind.PRICE_DIFFERS);
        if (late != null) kinds.add(Tasks.Kind.LATE_DOCUMENT);
        if (kinds.isEmpty()) return List.of();
        var evidence = new LinkedHashMap<String, Object>();
        evidence.put("differences", answer.differences == null ? List.of() : answer.differences);
        if (answer.difference != null) evidence.put("payable", answer.difference);
        if (late != null) evidence.put("late", Map.of("businessDate", command.businessDate(), "arrived", hand.localTime.toString(), "mark", late));
        var about = new Tasks.About(command.id(), NUMBERED.getOrDefault(command.kind(), command.kind()), numberOf(hand, command, answer), outletOf(command), hand.deviceId, hand.caller.username());
        return transactions.idempotent().write(hand.distributorId, db -> kinds.stream().map(kind -> tasks.open(db, hand.distributorId, kind, about, evidence, hand.today())).toList());
    }

    private void record(Hand hand, List<OutcomeStore.New> recorded) {
        if (recorded.isEmpty()) return;
        // one command may come twice in one hand-in: the last answer counts
        var byId = new LinkedHashMap<UUID, OutcomeStore.New>();
        recorded.forEach(one -> byId.put(one.commandId(), one));
        transactions.idempotent().<@Nullable Void>writeOn(hand.distributorId, connection -> {
            OutcomeStore.record(connection, hand.distributorId, hand.deviceId, hand.caller.username(), List.copyOf(byId.values()), clock.instant());
            tellPriorPeriod(connection, hand, byId.values().stream().filter(one -> one.postingDate() != null && one.documentId() != null).toList());
            return null;
        });
    }

    /// A document that came after the hard close of its month counts in the current period: those who add up are told (OFF-08). A second
    /// telling says the same.
    private void tellPriorPeriod(Connection connection, Hand hand, List<OutcomeStore.New> late) throws SQLException {
        if (late.isEmpty()) return;
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var entries = new ArrayList<AuditTrail.Entry>();
        var events = new ArrayList<AuditTrail.Event>();
        for (var one : late) {
            var details = Fingerprint.json(Map.of("postingDate", one.postingDate()));
            entries.add(new AuditTrail.Entry(hand.distributorId, at, hand.caller.username(), null, "PRIOR_PERIOD", NUMBERED.getOrDefault(one.kind(), one.kind()), one.documentId(), one.businessDate(), details));
            events.add(new AuditTrail.Event("document.prior-period", one.documentId(), one.businessDate(), details));
        }
        var post = new Pipeline();
        AuditTrail.append(post, AuditTrail.lock(connection, hand.distributorId), entries, List.of(), events);
        post.run(connection);
    }

    // ---- forms

    private static Answer answer(UUID id, ResponseEntity<Object> response) {
        return response.getStatusCode().is2xxSuccessful() ? Answer.of(id, "ACCEPTED", response.getStatusCode() == HttpStatus.OK, response.getBody(), null)
                : Answer.of(id, "REFUSED", false, null, response.getBody());
    }

    private Answer refused(UUID id, ProblemException refusal) {
        if (refusal instanceof AccessRefused access) securityLog.refused(access);
        return Answer.of(id, "REFUSED", false, null, refusal.problem());
    }

    private ReturnCommands.Body bodyOf(Queued queued) {
        return new ReturnCommands.Body() {
            @Override
            public <T> T as(Class<T> type) {
                return body(queued, type);
            }
        };
    }

    private <T> T body(Queued queued, Class<T> type) {
        T body;
        try {
            body = json.treeToValue(queued.body(), type);
        } catch (JacksonException unreadable) {
            throw malformed("/body", unreadable);
        }
        valid("/body", body);
        return body;
    }

    private static ProblemException malformed(String at, JacksonException unreadable) {
        for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) if (cause instanceof ProblemException refusal) return refusal;
        var path = new StringBuilder(at);
        unreadable.getPath().forEach(part -> path.append('/').append(part.getPropertyName() == null ? Integer.toString(part.getIndex()) : part.getPropertyName()));
        return Problem.of(ProblemCode.MALFORMED, "The command cannot be read.").at(path.toString(), ProblemCode.MALFORMED, unreadable.getOriginalMessage()).exception();
    }

    private void valid(String at, Object value) {
        var violations = validator.validate(value);
        if (violations.isEmpty()) return;
        var problem = Problem.of(ProblemCode.INVALID);
        for (var violation : violations)
            problem = problem.at(at + "/" + violation.getPropertyPath().toString().replaceAll("\\[(\\d+)]", "/$1").replaceAll("\\.<[^>]+>|<[^>]+>", "").replace('.', '/'),
                    ProblemCode.INVALID, violation.getMessage());
        throw problem.exception();
    }

    /// A command's id is its document's id, and its distributor the one whose queue it is in.
    private static void same(Queued queued, UUID documentId, long distributorId, long documentDistributorId) {
        if (!queued.id().equals(documentId)) throw Problem.of(ProblemCode.INVALID).rule("OFF-02").at("/body/id", ProblemCode.INVALID, "must be the command's id", queued.id()).exception();
        if (distributorId != documentDistributorId)
            throw Problem.of(ProblemCode.INVALID).at("/body/distributorId", ProblemCode.INVALID, "must be the queue's distributor", distributorId).exception();
    }
}
