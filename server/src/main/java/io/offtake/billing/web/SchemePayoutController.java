package io.offtake.billing.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.billing.SchemePayouts;
import io.offtake.billing.SchemePayouts.Due;
import io.offtake.billing.SchemePayouts.Outcome;
import io.offtake.billing.SchemePayouts.PaySchemes;
import io.offtake.billing.SchemePayouts.Payout;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.Actor;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.schemes.SchemeBudget;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What schemes owe outlets outside of their bills, and paying it (P-15).
@RestController
@RequestMapping("/api/v1/schemes/{id}/payouts")
@Tag(name = "schemes")
class SchemePayoutController {
    private final SchemePayouts payouts;
    private final SchemeBudget.Reader schemes;
    private final TenantTransaction transactions;
    private final Clock clock;

    SchemePayoutController(SchemePayouts payouts, SchemeBudget.Reader schemes, TenantTransaction transactions, Clock clock) {
        this.payouts = payouts;
        this.transactions = transactions;
        this.schemes = schemes;
        this.clock = clock;
    }

    /// A credit note to an outlet.
    record PayoutView(UUID id, UUID runId, String number, long distributorId, long principalId, UUID outletId, @Nullable String outletCode, @Nullable String outletName, long schemeId, int schemeVersion,
                      LocalDate businessDate, BigDecimal amount, List<String> periods, Instant postedAt, String postedBy) {}

    /// The credit notes of one run.
    record Paid(List<PayoutView> payouts, BigDecimal amount) {}

    /// @param periods as they are kept, for example `2026-10`
    record DueView(UUID outletId, @Nullable String outletCode, @Nullable String outletName, long principalId, BigDecimal amount, List<String> periods) {}

    /// What a run of today would pay.
    record Owed(List<DueView> due, BigDecimal amount) {}

    private record Name(String code, String name) {}

    private Map<UUID, Name> names(RowScope scope, Stream<UUID> outlets) {
        var found = new HashMap<UUID, Name>();
        transactions.read(scope, db -> {
            db.sql("select o.id, o.code, o.name from " + NetworkRelations.OUTLETS + " o where o.distributor_id = any(:scope) and o.id = any(:ids)").param("scope", scope.distributors().toArray(Long[]::new))
                    .param("ids", outlets.distinct().toArray(UUID[]::new)).query(row -> {
                        found.put(row.getObject(1, UUID.class), new Name(row.getString(2), row.getString(3)));
                    });
            return null;
        });
        return found;
    }

    private Paid paid(RowScope scope, List<Payout> payouts) {
        var names = names(scope, payouts.stream().map(Payout::outletId));
        return new Paid(payouts.stream().map(one -> {
            var name = names.get(one.outletId());
            return new PayoutView(one.id(), one.runId(), one.number(), one.distributorId(), one.principalId(), one.outletId(), name == null ? null : name.code, name == null ? null : name.name, one.schemeId(),
                    one.schemeVersion(), one.businessDate(), one.amount(), one.periods(), one.postedAt(), one.postedBy());
        }).toList(), payouts.stream().map(Payout::amount).reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    @GetMapping
    @Operation(summary = "List what a scheme has paid", description = "Credit notes to outlets in the caller's distributors, the latest first, at most 1,000.")
    Paid paid(Caller caller, @PathVariable long id) {
        schemes.of(caller, id);
        return paid(caller.scope(), payouts.paid(caller.scope(), id));
    }

    @GetMapping("/due")
    @Operation(summary = "Read what a scheme owes", description = "By outlet, of periods that are over on a day (today unless one is given).")
    Owed due(Caller caller, @PathVariable long id, @RequestParam long distributorId, @RequestParam(required = false) @Nullable LocalDate on) {
        caller.require(Permission.SCHEME_READ, distributorId);
        schemes.of(caller, id);
        var due = payouts.due(caller.scope(), distributorId, id, on == null ? LocalDate.now(clock) : on);
        var names = names(caller.scope(), due.stream().map(Due::outletId));
        return new Owed(due.stream().map(one -> {
            var name = names.get(one.outletId());
            return new DueView(one.outletId(), name == null ? null : name.code, name == null ? null : name.name, one.principalId(), one.amount(), one.periods());
        }).toList(), due.stream().map(Due::amount).reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    @PostMapping
    @Operation(summary = "Pay what a scheme owes", description = "One credit note without tax for each outlet of the distributor (P-15), for periods that are over. Once per run id.")
    @ApiResponse(responseCode = "201", description = "Paid", content = @Content(schema = @Schema(implementation = Paid.class)))
    @ApiResponse(responseCode = "200", description = "Was paid before, or nothing is owed", content = @Content(schema = @Schema(implementation = Paid.class)))
    ResponseEntity<Object> pay(Caller caller, @PathVariable long id, @Valid @RequestBody PaySchemes command) {
        caller.require(Permission.SCHEME_PAY, command.distributorId());
        schemes.of(caller, id);
        return switch (payouts.pay(id, command, new Actor(caller.userId(), caller.username()))) {
            case Outcome.Paid(var paid, var replayed) -> ResponseEntity.status(replayed || paid.isEmpty() ? HttpStatus.OK : HttpStatus.CREATED).body(paid(caller.scope(), paid));
            case Outcome.DateClosed(var earliest, var latest) -> Problem.of(ProblemCode.DATE_CLOSED, "The business date must be from " + earliest + " to " + latest + ".")
                    .rule("PX-42").at("/businessDate", ProblemCode.DATE_CLOSED, "is outside of the open days", earliest + " to " + latest).response();
            case Outcome.SeriesMissing(var year) -> Problem.of(ProblemCode.SERIES_CLOSED, "There is no open series of financial credit notes for the fiscal year that begins in " + year + ".")
                    .rule("IN-27").response();
        };
    }
}
