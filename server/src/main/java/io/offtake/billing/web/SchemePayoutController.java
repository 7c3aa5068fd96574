package io.offtake.billing.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.billing.SchemePayouts;
import io.offtake.billing.SchemePayouts.Due;
import io.offtake.billing.SchemePayouts.Outcome;
import io.offtake.billing.SchemePayouts.PaySchemes;
import io.offtake.billing.SchemePayouts.Payout;
import io.offtake.platform.Actor;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.schemes.SchemeBudget;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
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
    private final Clock clock;

    SchemePayoutController(SchemePayouts payouts, SchemeBudget.Reader schemes, Clock clock) {
        this.payouts = payouts;
        this.schemes = schemes;
        this.clock = clock;
    }

    /// The credit notes of one run.
    record Paid(List<Payout> payouts, BigDecimal amount) {
        static Paid of(List<Payout> payouts) {
            return new Paid(payouts, payouts.stream().map(Payout::amount).reduce(BigDecimal.ZERO, BigDecimal::add));
        }
    }

    /// What a run of today would pay.
    record Owed(List<Due> due, BigDecimal amount) {}

    @GetMapping
    @Operation(summary = "List what a scheme has paid", description = "Credit notes to outlets in the caller's distributors, the latest first, at most 1,000.")
    Paid paid(Caller caller, @PathVariable long id) {
        schemes.of(caller, id);
        return Paid.of(payouts.paid(caller.scope(), id));
    }

    @GetMapping("/due")
    @Operation(summary = "Read what a scheme owes", description = "By outlet, of periods that are over on a day (today unless one is given).")
    Owed due(Caller caller, @PathVariable long id, @RequestParam long distributorId, @RequestParam(required = false) @Nullable LocalDate on) {
        caller.require(Permission.SCHEME_READ, distributorId);
        schemes.of(caller, id);
        var due = payouts.due(caller.scope(), distributorId, id, on == null ? LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC) : on);
        return new Owed(due, due.stream().map(Due::amount).reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    @PostMapping
    @Operation(summary = "Pay what a scheme owes", description = "One credit note without tax for each outlet of the distributor (P-15), for periods that are over. Once per run id.")
    @ApiResponse(responseCode = "201", description = "Paid", content = @Content(schema = @Schema(implementation = Paid.class)))
    @ApiResponse(responseCode = "200", description = "Was paid before, or nothing is owed", content = @Content(schema = @Schema(implementation = Paid.class)))
    ResponseEntity<Object> pay(Caller caller, @PathVariable long id, @Valid @RequestBody PaySchemes command) {
        caller.require(Permission.SCHEME_PAY, command.distributorId());
        schemes.of(caller, id);
        return switch (payouts.pay(id, command, new Actor(caller.userId(), caller.username()))) {
            case Outcome.Paid(var paid, var replayed) -> ResponseEntity.status(replayed || paid.isEmpty() ? HttpStatus.OK : HttpStatus.CREATED).body(Paid.of(paid));
            case Outcome.DateClosed(var earliest, var latest) -> Problem.of(ProblemCode.DATE_CLOSED, "The business date must be from " + earliest + " to " + latest + ".")
                    .rule("PX-42").at("/businessDate", ProblemCode.DATE_CLOSED, "is outside of the open days", earliest + " to " + latest).response();
            case Outcome.SeriesMissing(var year) -> Problem.of(ProblemCode.SERIES_CLOSED, "There is no open series of financial credit notes for the fiscal year that begins in " + year + ".")
                    .rule("IN-27").response();
        };
    }
}
