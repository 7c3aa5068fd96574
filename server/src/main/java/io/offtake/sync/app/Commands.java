package io.offtake.sync.app;

import io.offtake.access.AccessRefused;
import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.SecurityLog;
import io.offtake.billing.Billing;
import io.offtake.billing.InvoiceAnswers;
import io.offtake.billing.InvoiceView;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.billing.Terms;
import io.offtake.orders.OrderAnswers;
import io.offtake.orders.OrderView;
import io.offtake.orders.Orders;
import io.offtake.orders.PostOrder;
import io.offtake.platform.Actor;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import io.offtake.platform.TenantTransaction;
import io.offtake.primary.GoodsReceiptAnswers;
import io.offtake.primary.GoodsReceiptView;
import io.offtake.primary.GoodsReceipts;
import io.offtake.primary.PostGoodsReceipt;
import io.offtake.receivables.CollectionAnswers;
import io.offtake.receivables.CollectionView;
import io.offtake.receivables.Collections;
import io.offtake.receivables.PostCollection;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotNull;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Service;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Takes a device's queued commands in their order and answers each on its own: a bad one never holds up the others.
/// Invoices that follow each other are posted together; a repeat of any command is harmless.
@Service
public class Commands {
    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
    /// What a device may send; each is the body of the REST operation of the same name.
    public static final Set<String> KINDS = Set.of("invoice", "order", "allocate-order", "cancel-order", "collection", "goods-receipt", "cancel-invoice", "keep-invoice");

    private final Billing billing;
    private final Orders orders;
    private final Collections collections;
    private final GoodsReceipts receipts;
    private final TenantTransaction transactions;
    private final SecurityLog securityLog;
    private final Validator validator;
    private final JsonMapper json;
    private final Clock clock;

    Commands(Billing billing, Orders orders, Collections collections, GoodsReceipts receipts, TenantTransaction transactions, SecurityLog securityLog, Validator validator,
             JsonMapper json, Clock clock) {
        this.billing = billing;
        this.orders = orders;
        this.collections = collections;
        this.receipts = receipts;
        this.transactions = transactions;
        this.securityLog = securityLog;
        this.validator = validator;
        this.json = json;
        this.clock = clock;
    }

    /// A queued command as it arrives.
    public record Queued(@NotNull UUID id, long seq, @NotNull String kind, @NotNull LocalDate businessDate, @Nullable String at, @NotNull JsonNode body) {}

    /// @param outcome    ACCEPTED, DIFFERS (accepted, but the server decided another amount) or REFUSED
    /// @param document   the posted document
    /// @param difference what the device expected and what the server decided
    public record Answer(UUID id, @Schema(allowableValues = {"ACCEPTED", "DIFFERS", "REFUSED"}) String outcome, boolean replayed,
                         @Schema(oneOf = {InvoiceView.class, OrderView.class, CollectionView.class, GoodsReceiptView.class, InvoiceAnswers.InvoiceState.class}) @Nullable Object document,
                         @Nullable Difference difference, @Schema(ref = "#/components/schemas/Problem") @Nullable Object problem) {}

    public record Difference(String field, BigDecimal mine, BigDecimal server) {}

    private record Step(@NotNull UUID id, @Nullable String reason) {}

    /// Answers every command, in the order given.
    public List<Answer> take(Caller caller, UUID deviceId, long distributorId, List<Queued> commands) {
        var answers = new ArrayList<Answer>(commands.size());
        for (int at = 0; at < commands.size(); ) {
            int end = at;
            while (end < commands.size() && commands.get(end).kind.equals("invoice")) end++;
            if (end - at > 1) {
                answers.addAll(invoices(caller, deviceId, distributorId, commands.subList(at, end)));
                at = end;
            } else {
                answers.add(one(caller, deviceId, distributorId, commands.get(at++)));
            }
        }
        return answers;
    }

    private List<Answer> invoices(Caller caller, UUID deviceId, long distributorId, List<Queued> queued) {
        var answers = new Answer[queued.size()];
        var bodies = new ArrayList<PostInvoice>();
        var places = new ArrayList<Integer>();
        for (int at = 0; at < answers.length; at++) {
            try {
                bodies.add(invoice(caller, distributorId, queued.get(at)));
                places.add(at);
            } catch (ProblemException refusal) {
                answers[at] = refused(queued.get(at).id, refusal);
            }
        }
        List<PostInvoiceOutcome> outcomes;
        try {
            outcomes = billing.postAll(bodies, actor(caller), Terms.NATIVE);
        } catch (RuntimeException together) {
            LOG.warn("invoices of device {} could not be posted together, each is tried alone", deviceId, together);
            for (int place : places) answers[place] = one(caller, deviceId, distributorId, queued.get(place));
            return List.of(answers);
        }
        for (int at = 0; at < bodies.size(); at++) answers[places.get(at)] = answer(caller, deviceId, bodies.get(at), outcomes.get(at));
        return List.of(answers);
    }

    private Answer one(Caller caller, UUID deviceId, long distributorId, Queued queued) {
        try {
            return switch (queued.kind) {
                case "invoice" -> {
                    var body = invoice(caller, distributorId, queued);
                    yield answer(caller, deviceId, body, billing.post(body, actor(caller)));
                }
                case "order" -> {
                    caller.require(Permission.ORDER_WRITE, distributorId);
                    var body = body(queued, PostOrder.class);
                    same(queued, body.id(), distributorId, body.distributorId());
                    caller.requirePrincipal(body.principalId());
                    yield answer(queued.id, OrderAnswers.of(orders.book(body, actor(caller)), HttpStatus.CREATED));
                }
                case "allocate-order" -> {
                    caller.require(Permission.ORDER_ALLOCATE, distributorId);
                    var step = body(queued, Step.class);
                    requireOrder(caller, step.id);
                    yield answer(queued.id, OrderAnswers.of(orders.allocate(distributorId, step.id, queued.id, actor(caller)), HttpStatus.OK));
                }
                case "cancel-order" -> {
                    caller.require(Permission.ORDER_CANCEL, distributorId);
                    var step = body(queued, Step.class);
                    requireOrder(caller, step.id);
                    yield answer(queued.id, OrderAnswers.of(orders.cancel(distributorId, step.id, queued.id, step.reason, actor(caller)), HttpStatus.OK));
                }
                case "collection" -> {
                    caller.require(Permission.COLLECTION_POST, distributorId);
                    var body = body(queued, PostCollection.class);
                    same(queued, body.id(), distributorId, body.distributorId());
                    caller.requirePrincipal(body.principalId());
                    yield answer(queued.id, CollectionAnswers.of(collections.post(body, actor(caller))));
                }
                case "goods-receipt" -> {
                    caller.require(Permission.GOODS_RECEIPT_POST, distributorId);
                    var body = body(queued, PostGoodsReceipt.class);
                    same(queued, body.id(), distributorId, body.distributorId());
                    caller.requirePrincipal(body.principalId());
                    yield answer(queued.id, GoodsReceiptAnswers.of(receipts.post(body, actor(caller), false), body));
                }
                case "cancel-invoice" -> {
                    caller.require(caller.can(Permission.INVOICE_CANCEL_CONFIRM) ? Permission.INVOICE_CANCEL_CONFIRM : Permission.INVOICE_CANCEL, distributorId);
                    var step = body(queued, Step.class);
                    requireInvoice(caller, step.id);
                    var reason = step.reason == null ? "" : step.reason;
                    yield answer(queued.id, InvoiceAnswers.of(caller.can(Permission.INVOICE_CANCEL_CONFIRM) ? billing.cancel(distributorId, step.id, queued.id, reason, actor(caller))
                            : billing.askToCancel(distributorId, step.id, queued.id, reason, actor(caller))));
                }
                case "keep-invoice" -> {
                    caller.require(Permission.INVOICE_CANCEL_CONFIRM, distributorId);
                    var step = body(queued, Step.class);
                    requireInvoice(caller, step.id);
                    yield answer(queued.id, InvoiceAnswers.of(billing.keep(distributorId, step.id, step.reason == null ? "" : step.reason, actor(caller))));
                }
                default -> throw Problem.of(ProblemCode.INVALID, "This server does not know the command " + queued.kind + ".").at("/kind", ProblemCode.INVALID, "is not known",
                        KINDS.stream().sorted().toList()).exception();
            };
        } catch (ProblemException refusal) {
            return refused(queued.id, refusal);
        }
    }

    /// The wall between principals; without one the distributor, which was asked for already, is enough.
    private void requireOrder(Caller caller, UUID id) {
        if (caller.scope().principals() != null) orders.find(caller.scope(), id).orElseThrow(() -> caller.notFound("order"));
    }

    private void requireInvoice(Caller caller, UUID id) {
        if (caller.scope().principals() != null) billing.find(caller.scope(), id).orElseThrow(() -> caller.notFound("invoice"));
    }

    private PostInvoice invoice(Caller caller, long distributorId, Queued queued) {
        caller.require(Permission.INVOICE_POST, distributorId);
        var body = body(queued, PostInvoice.class);
        same(queued, body.id(), distributorId, body.distributorId());
        caller.requirePrincipal(body.principalId());
        return body;
    }

    private Answer answer(Caller caller, UUID deviceId, PostInvoice command, PostInvoiceOutcome outcome) {
        var plain = answer(command.id(), InvoiceAnswers.of(outcome, command));
        if (!(plain.document instanceof InvoiceView invoice) || command.expected() == null) return plain;
        var expected = command.expected().payable();
        var decided = invoice.totals().payable();
        if (expected.compareTo(decided) == 0) return plain;
        if (!plain.replayed) record(command, deviceId, expected, decided, caller);
        return new Answer(plain.id, "DIFFERS", plain.replayed, plain.document, new Difference("payable", expected, decided), null);
    }

    private void record(PostInvoice command, UUID deviceId, BigDecimal expected, BigDecimal decided, Caller caller) {
        transactions.write(command.distributorId(), db -> db.sql("""
                insert into sync.difference (distributor_id, document_id, device_id, kind, expected, decided, recorded_at, recorded_by)
                values (?, ?, ?, 'invoice', ?, ?, ?, ?) on conflict do nothing""")
                .params(command.distributorId(), command.id(), deviceId, expected, decided, clock.instant().atOffset(ZoneOffset.UTC), caller.username()).update());
    }

    private static Answer answer(UUID id, ResponseEntity<Object> response) {
        return response.getStatusCode().is2xxSuccessful() ? new Answer(id, "ACCEPTED", response.getStatusCode() == HttpStatus.OK, response.getBody(), null, null)
                : new Answer(id, "REFUSED", false, null, null, response.getBody());
    }

    private Answer refused(UUID id, ProblemException refusal) {
        if (refusal instanceof AccessRefused access) securityLog.refused(access);
        return new Answer(id, "REFUSED", false, null, null, refusal.problem());
    }

    private <T> T body(Queued queued, Class<T> type) {
        T body;
        try {
            body = json.treeToValue(queued.body, type);
        } catch (JacksonException unreadable) {
            for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) if (cause instanceof ProblemException refusal) throw refusal;
            var path = new StringBuilder("/body");
            unreadable.getPath().forEach(part -> path.append('/').append(part.getPropertyName() == null ? Integer.toString(part.getIndex()) : part.getPropertyName()));
            throw Problem.of(ProblemCode.MALFORMED, "The command's body cannot be read.").at(path.toString(), ProblemCode.MALFORMED, unreadable.getOriginalMessage()).exception();
        }
        var violations = validator.validate(body);
        if (violations.isEmpty()) return body;
        var problem = Problem.of(ProblemCode.INVALID);
        for (var violation : violations)
            problem = problem.at("/body/" + violation.getPropertyPath().toString().replaceAll("\\[(\\d+)]", "/$1").replaceAll("\\.<[^>]+>|<[^>]+>", "").replace('.', '/'),
                    ProblemCode.INVALID, violation.getMessage());
        throw problem.exception();
    }

    /// A command's id is its document's id, and its distributor the one whose queue it is in.
    private static void same(Queued queued, UUID documentId, long distributorId, long documentDistributorId) {
        if (!queued.id.equals(documentId)) throw Problem.of(ProblemCode.INVALID).rule("OFF-02").at("/body/id", ProblemCode.INVALID, "must be the command's id", queued.id).exception();
        if (distributorId != documentDistributorId)
            throw Problem.of(ProblemCode.INVALID).at("/body/distributorId", ProblemCode.INVALID, "must be the queue's distributor", distributorId).exception();
    }

    private static Actor actor(Caller caller) {
        return caller.actor();
    }
}
