package io.offtake.schemes.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.ChangeRequests;
import io.offtake.governance.ChangeSteps;
import io.offtake.governance.ConfigVersions;
import io.offtake.governance.Finding;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What may change in place on a scheme version in use (domain/02 section 2.11): a pause stops it at once and is reviewed within
/// 48 hours (GV-04); its return and an earlier last day are change requests.
@Component
public class SchemeLife implements ChangeSteps {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String STOP = "STOP";
    private static final String RESUME = "RESUME";
    private static final String END = "END";

    private final TenantTransaction transactions;
    private final ObjectProvider<ChangeRequests> changes;
    private final AuditChain chain;
    private final ConfigVersions versions;
    private final Clock clock;

    SchemeLife(TenantTransaction transactions, ObjectProvider<ChangeRequests> changes, AuditChain chain, ConfigVersions versions, Clock clock) {
        this.transactions = transactions;
        this.changes = changes;
        this.chain = chain;
        this.versions = versions;
        this.clock = clock;
    }

    private record Version(int versionNo, String code, long principalId, String status, LocalDate validFrom, LocalDate validTo) {}

    @Override
    public String kind() {
        return "schemes";
    }

    /// Takes it out of the rule book at once.
    public void pause(Caller caller, long id, @Nullable String reason) {
        if (reason == null || reason.isBlank()) throw Problem.of(ProblemCode.INVALID, "Say why.").at("/reason", ProblemCode.INVALID, "is missing").exception();
        caller.require(Permission.SCHEME_WRITE);
        var version = seen(caller, id);
        if (version.status.equals("PAUSED")) return;
        if (!version.status.equals("ACTIVE")) throw state(version, "ACTIVE");
        changes.getObject().emergency(caller, Permission.SCHEME_WRITE, kind(), STOP, Long.toString(id), version.code, content(version), Set.of(), Set.of(version.principalId), reason.strip());
    }

    /// Proposes to let a paused scheme work again.
    public ChangeRequests.@Nullable Detail resume(Caller caller, long id, @Nullable String reason) {
        caller.require(Permission.SCHEME_WRITE);
        var version = seen(caller, id);
        if (version.status.equals("ACTIVE")) return null;
        if (!version.status.equals("PAUSED")) throw state(version, "PAUSED");
        return propose(caller, id, version, RESUME, content(version), today(), reason);
    }

    /// Proposes an earlier last day.
    /// @param on the new last day: yesterday at the earliest, and before the present one
    public ChangeRequests.Detail end(Caller caller, long id, @Nullable LocalDate on, @Nullable String reason) {
        caller.require(Permission.SCHEME_WRITE);
        if (on == null) throw Problem.of(ProblemCode.INVALID).at("/on", ProblemCode.INVALID, "is missing").exception();
        var version = seen(caller, id);
        var wrong = endsWrong(version, on);
        if (wrong != null) throw Problem.of(ProblemCode.VERSION_NOT_FUTURE, wrong).at("/on", ProblemCode.VERSION_NOT_FUTURE, wrong).exception();
        return propose(caller, id, version, END, content(version).put("on", on.toString()), on.plusDays(1), reason);
    }

    private ChangeRequests.Detail propose(Caller caller, long id, Version version, String action, JsonNode content, LocalDate from, @Nullable String reason) {
        var why = reason == null || reason.isBlank() ? action + " " + version.code : reason.strip();
        return changes.getObject().step(caller, Permission.SCHEME_WRITE, kind(), action, Long.toString(id), version.code, content, JSON.createObjectNode().put("status", version.status)
                .put("on", version.validTo.toString()), AuditTrail.NETWORK, Set.of(), Set.of(version.principalId), from, why, true);
    }

    private static tools.jackson.databind.node.ObjectNode content(Version version) {
        return JSON.createObjectNode().put("version", version.versionNo).put("code", version.code);
    }

    private @Nullable String endsWrong(Version version, LocalDate on) {
        if (!version.status.equals("ACTIVE") && !version.status.equals("PAUSED")) throw state(version, "ACTIVE", "PAUSED");
        if (!on.isBefore(version.validTo)) return "The scheme ends on " + version.validTo + " already; a later end is a new version.";
        var earliest = today().minusDays(1).isBefore(version.validFrom) ? version.validFrom : today().minusDays(1);
        return on.isBefore(earliest) ? "The earliest possible end is " + earliest + "." : null;
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }

    private Version seen(Caller caller, long id) {
        var found = transactions.shared(db -> latest(db, id)).orElseThrow(() -> caller.notFound("scheme"));
        caller.requirePrincipal(found.principalId);
        return found;
    }

    private static java.util.Optional<Version> latest(JdbcClient db, long id) {
        return db.sql("""
                        select v.version_no, s.code, s.principal_id, v.status, v.valid_from, v.valid_to
                          from schemes.scheme_version v join schemes.scheme s on s.id = v.scheme_id
                         where v.scheme_id = :id
                         order by v.version_no desc limit 1 for update of v""")
                .param("id", id).query(Version.class).optional();
    }

    private static io.offtake.platform.ProblemException state(Version version, String... accepted) {
        return Problem.of(ProblemCode.ILLEGAL_STATE, version.code + " is " + version.status + ".").with("state", version.status).with("accepted", List.of(accepted)).exception();
    }

    // ---- the mechanism's side

    @Override
    public JsonNode present(JdbcClient db, String action, String targetId, JsonNode content) {
        var now = latest(db, Long.parseLong(targetId)).orElseThrow();
        return ((tools.jackson.databind.node.ObjectNode) content.deepCopy()).put("version", now.versionNo);
    }

    @Override
    public List<Finding> findings(JdbcClient db, String action, String targetId, JsonNode content) {
        var version = latest(db, Long.parseLong(targetId)).orElseThrow();
        if (action.equals(RESUME) && !version.status.equals("PAUSED")) {
            return List.of(Finding.error("FIELD", "domain/02 2.11", "status", version.code + " is " + version.status, "Only a paused scheme is let work again"));
        }
        if (!action.equals(END)) return List.of();
        var wrong = endsWrong(version, LocalDate.parse(content.path("on").asString()));
        return wrong == null ? List.of() : List.of(Finding.error("FIELD", "VERSION_NOT_FUTURE", "on", wrong, "Choose another day"));
    }

    @Override
    public void enforce(JdbcClient db, Caller by, String action, String targetId, JsonNode content, String via) {
        long id = Long.parseLong(targetId);
        var version = latest(db, id).orElseThrow();
        var more = new LinkedHashMap<String, Object>();
        more.put("via", via);
        switch (action) {
            case STOP -> move(db, id, version, "PAUSED");
            case RESUME, "REVERSE_STOP" -> move(db, id, version, "ACTIVE");
            default -> {
                var on = LocalDate.parse(content.path("on").asString());
                more.put("from", version.validTo.toString());
                more.put("to", on.toString());
                db.sql("update schemes.scheme_version set valid_to = :on, version = version + 1 where scheme_id = :id and version_no = :no").param("on", on).param("id", id).param("no", version.versionNo).update();
            }
        }
        versions.raise(ConfigVersions.NATIONAL);
        var details = new LinkedHashMap<String, Object>();
        details.put("key", version.code);
        details.put("version", version.versionNo);
        details.putAll(more);
        var told = action.equals(STOP) ? "PAUSED" : action.equals(END) ? "END_EARLIER" : "ACTIVE";
        chain.append(AuditTrail.NETWORK, List.of(new AuditTrail.Entry(AuditTrail.NETWORK, clock.instant(), by.username(), null, told, "schemes", AuditChain.idOf(id), null, JSON.writeValueAsString(details))));
    }

    private static void move(JdbcClient db, long id, Version version, String to) {
        db.sql("update schemes.scheme_version set status = :to, version = version + 1 where scheme_id = :id and version_no = :no").param("to", to).param("id", id).param("no", version.versionNo).update();
    }
}
