package io.offtake.sync.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.returns.RequestReturn;
import io.offtake.returns.ReturnAnswers;
import io.offtake.returns.ReturnView;
import io.offtake.returns.Returns;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/// A device's queued steps of returns: the bodies of the REST operations; those of a step name the return they belong to, and the command's id is the step's.
@Component
public class ReturnCommands {
    /// The kinds it takes.
    public static final Set<String> KINDS = Set.of("return-request", "return-approval", "return-receipt", "return-inspection", "return-credit", "return-cancel");

    private final Returns returns;

    ReturnCommands(Returns returns) {
        this.returns = returns;
    }

    /// Reads and validates a command's body.
    interface Body {
        <T> T as(Class<T> type);
    }

    record Approval(@NotNull UUID returnId, @NotNull @Pattern(regexp = "APPROVED|REJECTED") String decision, @Nullable @Size(max = 200) String reason) {}

    record Came(int line, @NotNull @PositiveOrZero @Digits(integer = 9, fraction = 3) BigDecimal qty) {}

    record Receipt(@NotNull UUID returnId, @Nullable @Size(max = 500) List<@NotNull @Valid Came> lines) {}

    record Bucket(@NotNull @Pattern(regexp = "SALEABLE|DAMAGED|EXPIRED|QUARANTINE|BACK") String bucket, @NotNull @PositiveOrZero @Digits(integer = 9, fraction = 3) BigDecimal qty) {}

    record InspectedLine(int line, @NotNull @Size(max = 5) List<@NotNull @Valid Bucket> buckets) {}

    record Inspection(@NotNull UUID returnId, @NotEmpty @Size(max = 500) List<@NotNull @Valid InspectedLine> lines) {}

    record Credit(@NotNull UUID returnId, @NotNull LocalDate businessDate) {}

    record Cancellation(@NotNull UUID returnId, @NotBlank @Size(max = 200) String reason) {}

    /// Takes one command of [#KINDS].
    ResponseEntity<Object> take(Caller caller, long distributorId, UUID id, String kind, Body body) {
        return switch (kind) {
            case "return-request" -> {
                caller.require(Permission.RETURN_REQUEST, distributorId);
                var request = body.as(RequestReturn.class);
                if (!id.equals(request.id())) throw Problem.of(ProblemCode.INVALID).rule("OFF-02").at("/body/id", ProblemCode.INVALID, "must be the command's id", id).exception();
                if (distributorId != request.distributorId())
                    throw Problem.of(ProblemCode.INVALID).at("/body/distributorId", ProblemCode.INVALID, "must be the queue's distributor", distributorId).exception();
                caller.requirePrincipal(request.principalId());
                yield ReturnAnswers.of(returns.request(request, caller.actor()), HttpStatus.CREATED);
            }
            case "return-approval" -> {
                caller.require(Permission.RETURN_APPROVE, distributorId);
                var step = body.as(Approval.class);
                yield done(returns.decide(distributorId, own(caller, step.returnId), id, step.decision.equals("APPROVED"), step.reason, caller.actor(), caller.roles()));
            }
            case "return-receipt" -> {
                caller.require(Permission.RETURN_RECEIVE, distributorId);
                var step = body.as(Receipt.class);
                yield done(returns.receive(distributorId, own(caller, step.returnId), id, step.lines == null ? List.of() : step.lines.stream().map(line -> new Returns.Came(line.line, line.qty)).toList(), caller.actor()));
            }
            case "return-inspection" -> {
                caller.require(Permission.RETURN_RECEIVE, distributorId);
                var step = body.as(Inspection.class);
                yield done(returns.inspect(distributorId, own(caller, step.returnId), id, step.lines.stream().map(line -> new Returns.Inspected(line.line,
                        line.buckets.stream().map(bucket -> new ReturnView.Bucket(bucket.bucket, bucket.qty)).toList())).toList(), caller.actor()));
            }
            case "return-credit" -> {
                caller.require(Permission.RETURN_CREDIT, distributorId);
                var step = body.as(Credit.class);
                yield done(returns.credit(distributorId, own(caller, step.returnId), id, step.businessDate, caller.actor()));
            }
            case "return-cancel" -> {
                caller.require(Permission.RETURN_REQUEST, distributorId);
                var step = body.as(Cancellation.class);
                yield done(returns.cancel(distributorId, own(caller, step.returnId), id, step.reason, caller.actor()));
            }
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static ResponseEntity<Object> done(Returns.Outcome outcome) {
        return ReturnAnswers.of(outcome, HttpStatus.CREATED);   // 201 tells a step that was done now from a repeat
    }

    private UUID own(Caller caller, UUID id) {
        if (caller.scope().principals() != null) returns.find(caller.scope(), id).orElseThrow(() -> caller.notFound("return"));
        return id;
    }
}
