package io.offtake.insight.web;

import io.offtake.access.Caller;
import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.insight.alert.AlertRules;
import io.offtake.insight.alert.Alerts;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The inbox of alerts (T6).
@RestController
@RequestMapping("/api/v1/alerts")
@Tag(name = "alerts")
class AlertController {
    private final Alerts alerts;

    AlertController(Alerts alerts) {
        this.alerts = alerts;
    }

    @GetMapping
    @Operation(summary = "Alerts", operationId = "listAlerts", description = "The most severe first, then the most money. Filters: state, severity, rule, distributorId, owner.")
    Page<Alerts.Alert> list(Caller caller, ListQuery query) {
        return alerts.list(caller, query);
    }

    @GetMapping("/summary")
    @Operation(summary = "How many", operationId = "summariseAlerts")
    Alerts.Summary summary(Caller caller) {
        return alerts.summary(caller);
    }

    @GetMapping("/{id}")
    @Operation(summary = "One alert", operationId = "readAlert", description = "With its log.")
    Alerts.Alert read(Caller caller, @PathVariable UUID id) {
        return alerts.get(caller, id);
    }

    @PostMapping("/{id}/acceptance")
    @Operation(summary = "Take it", operationId = "acceptAlert")
    Alerts.Alert accept(Caller caller, @PathVariable UUID id, @RequestBody Alerts.Take take) {
        return alerts.accept(caller, id, take);
    }

    @PostMapping("/{id}/assignment")
    @Operation(summary = "Give it to somebody", operationId = "assignAlert")
    Alerts.Alert assign(Caller caller, @PathVariable UUID id, @RequestBody Alerts.Take take) {
        return alerts.assign(caller, id, take);
    }

    @PostMapping("/{id}/snooze")
    @Operation(summary = "Put it aside", operationId = "snoozeAlert", description = "Until a day within 90 days, with a reason.")
    Alerts.Alert snooze(Caller caller, @PathVariable UUID id, @RequestBody Alerts.Snooze snooze) {
        return alerts.snooze(caller, id, snooze);
    }

    @PostMapping("/{id}/outcome")
    @Operation(summary = "Close it", operationId = "closeAlert", description = "With what came of it.")
    Alerts.Alert outcome(Caller caller, @PathVariable UUID id, @RequestBody Alerts.Outcome outcome) {
        return alerts.outcome(caller, id, outcome);
    }
}

/// Alert rules: governed.
@RestController
@RequestMapping("/api/v1/alert-rules")
@Tag(name = "alerts")
class AlertRuleController extends MasterController<AlertRules.AlertRuleForm, AlertRuleController.AlertRuleView> {
    record AlertRuleView(long id, int version, String code, String name, AlertRules.@Nullable Shape shape, String metric, @Nullable String other, @Nullable BigDecimal threshold, @Nullable Integer periods, @Nullable String subject,
                         @Nullable String severity, @Nullable String ownerRole, @Nullable Integer dueDays, @Nullable BigDecimal minMoney, List<String> steps, @Nullable String playbook, @Nullable Boolean active)
            implements Versioned {}

    private final AlertRules rules;

    AlertRuleController(Masters masters, AlertRules rules) {
        super(masters, rules, (row, _) -> view(row.getLong("id"), row.getInt("version"), AlertRules.form(row)));
        this.rules = rules;
    }

    private static AlertRuleView view(long id, int version, AlertRules.AlertRuleForm form) {
        return new AlertRuleView(id, version, form.code(), form.name(), form.shape(), form.metric(), form.other(), form.threshold(), form.periods(), form.subject(), form.severity(), form.ownerRole(), form.dueDays(), form.minMoney(),
                form.steps() == null ? List.of() : form.steps(), form.playbook(), form.active());
    }

    @GetMapping("/in-force")
    @Operation(summary = "Rules in force", operationId = "listAlertRulesInForce", description = "Those that were approved, and those of the build that none has replaced (version 0).")
    Page<AlertRuleView> inForce(Caller caller) {
        caller.require(io.offtake.access.Permission.ALERT_READ);
        return Page.all(rules.inForce().stream().map(one -> view(0, one.version(), one.rule())).toList());
    }
}
