package io.offtake.insight.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.insight.score.Health;
import io.offtake.insight.score.Plans;
import io.offtake.insight.score.Playbooks;
import io.offtake.insight.score.ScoreModel;
import io.offtake.insight.score.ScoreModels;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// The health board, one distributor's score, plans and playbooks (domain 7).
@RestController
@RequestMapping("/api/v1/health")
@Tag(name = "health")
class HealthController {
    record DoneOn(@Nullable LocalDate on) {}

    private final Health health;
    private final Plans plans;

    HealthController(Health health, Plans plans) {
        this.health = health;
        this.plans = plans;
    }

    @GetMapping("/board")
    @Operation(summary = "Health board", operationId = "readHealthBoard", description = "All distributors in scope, the lowest index first. `period`: a month such as 2026-10, or provisional; the last closed month if absent.")
    Health.Board board(Caller caller, @RequestParam(required = false) @Nullable Long principalId, @RequestParam(required = false) @Nullable String period) {
        return health.board(caller, principalId, period);
    }

    @GetMapping("/distributors/{id}")
    @Operation(summary = "Score of a distributor", operationId = "readDistributorHealth", description = "What made the index, what moved it, what reaches the next band, benchmarks without names, plans and events.")
    Health.Detail detail(Caller caller, @PathVariable long id, @RequestParam(required = false) @Nullable Long principalId, @RequestParam(required = false) @Nullable String period) {
        return health.detail(caller, id, principalId, period);
    }

    @PostMapping("/distributors/{id}/contests")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Contest a number", operationId = "contestScore", description = "Within seven days of its publication. What follows is a fix of the data, never of the score.")
    Health.Contest contest(Caller caller, @PathVariable long id, @RequestBody Health.NewContest contest) {
        return health.contest(caller, id, contest);
    }

    @PostMapping("/distributors/{id}/knock-outs")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Cap an index", operationId = "knockOut", description = "SC-04: a bounced cheque, a cancelled licence or proved claim fraud caps the index until it is lifted.")
    Health.KnockOutView knockOut(Caller caller, @PathVariable long id, @RequestBody Health.NewKnockOut knockOut) {
        return health.knockOut(caller, id, knockOut);
    }

    @DeleteMapping("/distributors/{id}/knock-outs/{knockOut}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Lift a cap", operationId = "liftKnockOut")
    void lift(Caller caller, @PathVariable long id, @PathVariable UUID knockOut) {
        health.lift(caller, id, knockOut);
    }

    @PostMapping("/shadow")
    @Operation(summary = "Scores under another model", operationId = "shadowScores", description = "The last six published months computed again with the model of the body; nothing is stored.")
    Page<Health.ShadowRow> shadow(Caller caller, @RequestBody ScoreModel model) {
        return Page.all(health.shadow(caller, model));
    }

    @GetMapping("/playbooks")
    @Operation(summary = "Playbooks", operationId = "listPlaybooks", description = "What a state suggests; they open tasks and proposals, never changes.")
    Page<Playbooks.Playbook> playbooks(Caller caller) {
        caller.require(Permission.SCORE_READ);
        return Page.all(Playbooks.ALL);
    }

    @PostMapping("/playbooks/{code}/start")
    @Operation(summary = "Start a playbook", operationId = "startPlaybook", description = "For one or many distributors: opens its plan where none of it is running.")
    Health.Started start(Caller caller, @PathVariable String code, @RequestBody Health.Start start) {
        return health.start(caller, code, start);
    }

    @GetMapping("/plans")
    @Operation(summary = "Plans", operationId = "listPlans", description = "The next review first. Filters: distributorId, state, playbook.")
    Page<Plans.Plan> list(Caller caller, ListQuery query) {
        return plans.list(caller, query);
    }

    @GetMapping("/plans/{id}")
    @Operation(summary = "One plan", operationId = "readPlan", description = "With its log.")
    Plans.Plan plan(Caller caller, @PathVariable UUID id) {
        return plans.get(caller, id);
    }

    @PostMapping("/plans")
    @Operation(summary = "Agree on a plan", operationId = "openPlan", description = "Owners on both sides, actions with dates, the day of the review.")
    @ResponseStatus(HttpStatus.CREATED)
    Plans.Plan open(Caller caller, @RequestBody Plans.NewPlan plan) {
        return plans.open(caller, plan);
    }

    @PostMapping("/plans/{id}/log")
    @Operation(summary = "Note a review", operationId = "notePlan")
    Plans.Plan note(Caller caller, @PathVariable UUID id, @RequestBody Plans.NewEntry entry) {
        return plans.note(caller, id, entry);
    }

    @PostMapping("/plans/{id}/actions/{no}/done")
    @Operation(summary = "An action is done", operationId = "completePlanAction")
    Plans.Plan done(Caller caller, @PathVariable UUID id, @PathVariable int no, @RequestBody(required = false) @Nullable DoneOn done) {
        return plans.done(caller, id, no, done == null ? null : done.on());
    }

    @PostMapping("/plans/{id}/closure")
    @Operation(summary = "Close a plan", operationId = "closePlan", description = "Only with its outcome.")
    Plans.Plan close(Caller caller, @PathVariable UUID id, @RequestBody Plans.Closure closure) {
        return plans.close(caller, id, closure);
    }
}

/// Score models: governed, so that a change waits as a change request with its shadow.
@RestController
@RequestMapping("/api/v1/score-models")
@Tag(name = "health")
class ScoreModelController extends MasterController<ScoreModels.ScoreModelForm, ScoreModelController.ScoreModelView> {
    record ScoreModelView(long id, int version, String code, @Nullable LocalDate validFrom, @Nullable String note, @Schema(type = "object") @Nullable JsonNode model) implements Versioned {}

    private final ScoreModels models;

    ScoreModelController(Masters masters, ScoreModels models) {
        super(masters, models, (row, _) -> {
            var form = ScoreModels.form(row);
            return new ScoreModelView(row.getLong("id"), row.getInt("version"), form.code(), form.validFrom(), form.note(), form.model());
        });
        this.models = models;
    }

    @GetMapping("/in-force")
    @Operation(summary = "The model in force", operationId = "readScoreModelInForce", description = "That of a month (`month`: its first day), with the one of the build where none was approved.")
    ResponseEntity<ScoreModels.InForce> inForce(Caller caller, @RequestParam LocalDate month) {
        caller.require(Permission.SCORE_READ);
        return ResponseEntity.ok(models.inForce(month));
    }
}
