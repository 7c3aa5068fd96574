package io.offtake.insight;

import static io.offtake.access.testing.Samples.Request.get;
import static io.offtake.access.testing.Samples.Request.post;

import io.offtake.access.Role;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.Samples;
import io.offtake.access.testing.Samples.Request;
import io.offtake.access.testing.World;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// The owner's score, plans and alerts.
@Component
class HealthSamples implements OperationSamples {
    private static final String MODEL;

    static {
        try (var in = HealthSamples.class.getResourceAsStream("/insight/score-model.json")) {
            MODEL = new String(java.util.Objects.requireNonNull(in).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (java.io.IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private final TenantTransaction transactions;
    private final Clock clock;

    HealthSamples(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public void add(Samples to) {
        to.list("GET /api/v1/health/board", world -> get("/api/v1/health/board?period=" + month()), world -> {
            score(world);
            return "OWNER-" + world.network.tag;
        }, Role.SO);
        to.row("GET /api/v1/health/distributors/{id}", world -> {
            score(world);
            return get("/api/v1/health/distributors/" + world.owner.id());
        }, Role.SO);
        to.row("POST /api/v1/health/distributors/{id}/contests", world -> {
            score(world);
            return post("/api/v1/health/distributors/" + world.owner.id() + "/contests", Map.of("principalId", world.network.principal, "component", "ECO", "period", month().toString(), "reason", "two beats were on strike"));
        }, Role.DO);
        to.row("POST /api/v1/health/distributors/{id}/knock-outs", world -> post("/api/v1/health/distributors/" + world.owner.id() + "/knock-outs", Map.of("principalId", world.network.principal, "code", "CHEQUE_BOUNCED", "reason", "cheque 311")), Role.FIN);
        to.row("DELETE /api/v1/health/distributors/{id}/knock-outs/{knockOut}", world -> Request.delete("/api/v1/health/distributors/" + world.owner.id() + "/knock-outs/" + world.once("knock-out",
                () -> world.owner(Role.FIN).post("/api/v1/health/distributors/" + world.owner.id() + "/knock-outs", Map.of("principalId", world.network.principal, "code", "CHEQUE_BOUNCED", "reason", "cheque 312")).json().path("id").asString())), Role.FIN);
        to.list("POST /api/v1/health/shadow", _ -> post("/api/v1/health/shadow", MODEL), null, Role.COE);
        to.nobodys("GET /api/v1/health/playbooks", "playbooks are the same for everybody", _ -> get("/api/v1/health/playbooks"), Role.DO);
        to.row("POST /api/v1/health/playbooks/{code}/start", world -> post("/api/v1/health/playbooks/DATA_DISCIPLINE/start", Map.of("distributorIds", List.of(world.owner.id()), "principalId", world.network.principal, "reason", "files come late")), Role.SO);
        to.list("GET /api/v1/health/plans", _ -> get("/api/v1/health/plans"), world -> plan(world, "kept"), Role.SO);
        to.row("GET /api/v1/health/plans/{id}", world -> get("/api/v1/health/plans/" + plan(world, "kept")), Role.SO);
        to.row("POST /api/v1/health/plans", world -> post("/api/v1/health/plans", form(world, UUID.randomUUID())), Role.SO);
        to.row("POST /api/v1/health/plans/{id}/log", world -> post("/api/v1/health/plans/" + plan(world, "noted") + "/log", Map.of("text", "met the owner")), Role.DO);
        to.row("POST /api/v1/health/plans/{id}/actions/{no}/done", world -> post("/api/v1/health/plans/" + plan(world, "done") + "/actions/1/done", Map.of()), Role.DO);
        to.row("POST /api/v1/health/plans/{id}/closure", world -> post("/api/v1/health/plans/" + plan(world, "closed") + "/closure", Map.of("outcome", "REACHED", "note", "overdue is zero")), Role.SO);

        to.nobodys("GET /api/v1/score-models", "how everybody is scored", _ -> get("/api/v1/score-models"), Role.DO);
        to.nobodys("GET /api/v1/score-models/in-force", "how everybody is scored", _ -> get("/api/v1/score-models/in-force?month=" + month() + "-01"), Role.DO);
        to.headOffice("POST /api/v1/score-models", "how everybody is scored", world -> post("/api/v1/score-models", model(world, "POSTED")), Role.COE);
        to.nobodys("GET /api/v1/score-models/{id}", "how everybody is scored", world -> get("/api/v1/score-models/" + stored(world)), Role.DO);
        to.nobodys("GET /api/v1/score-models/{id}/history", "how everybody is scored", world -> get("/api/v1/score-models/" + stored(world) + "/history"), Role.DO);
        to.headOffice("PUT /api/v1/score-models/{id}", "how everybody is scored", world -> Request.put("/api/v1/score-models/" + stored(world), java.util.Objects.requireNonNull(model(world, "SHARED")), "\"1\""), Role.COE);

        to.nobodys("GET /api/v1/alert-rules", "what everybody is watched for", _ -> get("/api/v1/alert-rules"), Role.SO);
        to.nobodys("GET /api/v1/alert-rules/in-force", "what everybody is watched for", _ -> get("/api/v1/alert-rules/in-force"), Role.SO);
        to.headOffice("POST /api/v1/alert-rules", "what everybody is watched for", world -> post("/api/v1/alert-rules", rule("POSTED-" + world.network.tag)), Role.COE);
        to.nobodys("GET /api/v1/alert-rules/{id}", "what everybody is watched for", world -> get("/api/v1/alert-rules/" + rule(world)), Role.SO);
        to.nobodys("GET /api/v1/alert-rules/{id}/history", "what everybody is watched for", world -> get("/api/v1/alert-rules/" + rule(world) + "/history"), Role.SO);
        to.headOffice("PUT /api/v1/alert-rules/{id}", "what everybody is watched for", world -> Request.put("/api/v1/alert-rules/" + rule(world), rule("SHARED-" + world.network.tag), "\"1\""), Role.COE);

        to.list("GET /api/v1/alerts", _ -> get("/api/v1/alerts"), world -> alert(world, "kept"), Role.SO);
        to.list("GET /api/v1/alerts/summary", _ -> get("/api/v1/alerts/summary"), null, Role.SO);
        to.row("GET /api/v1/alerts/{id}", world -> get("/api/v1/alerts/" + alert(world, "kept")), Role.SO);
        to.row("POST /api/v1/alerts/{id}/acceptance", world -> post("/api/v1/alerts/" + alert(world, "accepted") + "/acceptance", Map.of()), Role.SO);
        to.row("POST /api/v1/alerts/{id}/assignment", world -> post("/api/v1/alerts/" + alert(world, "assigned") + "/assignment", Map.of("owner", "someone")), Role.SO);
        to.row("POST /api/v1/alerts/{id}/snooze", world -> post("/api/v1/alerts/" + alert(world, "snoozed") + "/snooze", Map.of("until", today().plusDays(5).toString(), "reason", "a festival")), Role.SO);
        to.row("POST /api/v1/alerts/{id}/outcome", world -> post("/api/v1/alerts/" + alert(world, "closed") + "/outcome", Map.of("outcome", "FIXED", "note", "orders stopped")), Role.SO);

        to.list("GET /api/v1/map", _ -> get("/api/v1/map"), world -> "OWNER-" + world.network.tag, Role.SO);
        to.row("GET /api/v1/map/outlets", world -> get("/api/v1/map/outlets?distributorId=" + world.owner.id()), Role.SO);
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }

    private YearMonth month() {
        return YearMonth.from(today()).minusMonths(1);
    }

    /// A published score of the owner, written as the job leaves it.
    private void score(World world) {
        world.once("score", () -> transactions.write(world.owner.id(), db -> db.sql("""
                insert into insight.score (distributor_id, principal_id, kind, period_end, model_code, model_version, state, raw, published, band, own_band, band_since, archetype, nsv, warnings, inputs, computed_at)
                values (:distributor, :principal, 'CLOSED', :end, 'STANDARD', 0, 'RATED', 68.1, 68.1, 'SUSTAIN', 'SUSTAIN', :end, 'MIXED · S · NEW', 100000, 'NSV_FALLING',
                        '{"ECO": {"value": "70", "reason": null, "peers": []}, "OVERDUE": {"value": "12", "reason": null, "peers": []}}', now())""")
                .param("distributor", world.owner.id()).param("principal", world.network.principal).param("end", month().atEndOfMonth()).update()));
    }

    private Map<String, Object> form(World world, UUID id) {
        return Map.of("id", id.toString(), "distributorId", world.owner.id(), "principalId", world.network.principal, "title", "Bring overdue down", "trigger", "overdue 22 %", "ownerPrincipal", "asha", "ownerDistributor", "ramesh",
                "reviewOn", today().plusDays(14).toString(), "actions", List.of(Map.of("text", "Collect the ten oldest bills", "side", "DISTRIBUTOR", "owner", "ramesh", "dueOn", today().plusDays(10).toString())));
    }

    private String plan(World world, String name) {
        return world.once("plan " + name, () -> {
            var answer = world.owner(Role.SO).post("/api/v1/health/plans", form(world, UUID.randomUUID()));
            if (answer.status() != 201) throw new AssertionError("a plan could not be made: " + answer);
            return world.secret(answer.json().path("id").asString());
        });
    }

    private Map<String, Object> model(World world, String name) {
        return Map.of("code", name + "-" + world.network.tag, "validFrom", today().withDayOfMonth(1).plusMonths(2).toString(), "note", "as agreed", "model", tools.jackson.databind.json.JsonMapper.builder().build().readTree(MODEL));
    }

    private String stored(World world) {
        return world.once("score model", () -> transactions.shared(db -> db.sql("insert into insight.score_model (code, valid_from, model) values (?, ?, ?) returning id").params("SHARED-" + world.network.tag, today().withDayOfMonth(1).plusMonths(2), MODEL)
                .query(Long.class).single()).toString());
    }

    private static Map<String, Object> rule(String code) {
        return Map.of("code", code, "name", "Sales below half", "shape", "DROP", "metric", "nsv", "threshold", "50", "periods", 3, "severity", "LOW", "ownerRole", "ASM", "dueDays", 7);
    }

    private String rule(World world) {
        return world.once("alert rule", () -> transactions.shared(db -> db.sql("""
                insert into insight.alert_rule (code, name, shape, metric, threshold, periods, severity, owner_role, due_days) values (?, 'Sales below a third', 'DROP', 'nsv', 66, 3, 'LOW', 'ASM', 7) returning id""")
                .param("SHARED-" + world.network.tag).query(Long.class).single()).toString());
    }

    private String alert(World world, String name) {
        return world.once("alert " + name, () -> {
            var id = UUID.randomUUID();
            transactions.write(world.owner.id(), db -> db.sql("""
                    insert into insight.alert (distributor_id, id, principal_id, rule, rule_version, rule_name, kind, severity, subject, title, sentence, value_list, money, currency, evidence, steps, opened_on, last_seen_on, state)
                    values (?, ?, ?, 'STOCK_PUSH', 0, 'Push', 'DIVERGENCE', 'HIGH', ?, 'Push', 'Primary was 1.3 times secondary', '[]', 1000, 'INR', '{"metrics": ["nsv"], "dimensions": ["month"]}', '[]', ?, ?, 'OPEN')""")
                    .params(world.owner.id(), id, world.network.principal, name, today(), today()).update());
            return world.secret(id.toString());
        });
    }
}
