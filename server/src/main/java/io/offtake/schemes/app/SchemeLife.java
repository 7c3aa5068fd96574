package io.offtake.schemes.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.ConfigVersions;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// What may change in place on a scheme version in use: a pause, its end, an earlier last day (domain/02 section 2.11).
@Component
public class SchemeLife {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final TenantTransaction transactions;
    private final AuditChain chain;
    private final ConfigVersions versions;
    private final Clock clock;

    SchemeLife(TenantTransaction transactions, AuditChain chain, ConfigVersions versions, Clock clock) {
        this.transactions = transactions;
        this.chain = chain;
        this.versions = versions;
        this.clock = clock;
    }

    private record Version(int versionNo, String code, String status, LocalDate validFrom, LocalDate validTo) {}

    public void pause(Caller caller, long id, String reason) {
        if (reason == null || reason.isBlank()) throw Problem.of(ProblemCode.INVALID, "Say why.").at("/reason", ProblemCode.INVALID, "is missing").exception();
        move(caller, id, "ACTIVE", "PAUSED", reason);
    }

    public void resume(Caller caller, long id, @Nullable String reason) {
        move(caller, id, "PAUSED", "ACTIVE", reason);
    }

    private void move(Caller caller, long id, String from, String to, @Nullable String reason) {
        caller.require(Permission.SCHEME_WRITE);
        transactions.write(AuditTrail.NETWORK, db -> {
            var version = latest(db, caller, id);
            if (version.status.equals(to)) return null;
            if (!version.status.equals(from)) throw state(version, from);
            db.sql("update schemes.scheme_version set status = :to, version = version + 1 where scheme_id = :id and version_no = :no").param("to", to).param("id", id).param("no", version.versionNo).update();
            tell(caller, id, version, to, reason == null ? Map.of() : Map.of("reason", reason.strip()));
            return null;
        });
    }

    /// @param on the new last day: yesterday at the earliest, and before the present one
    public void end(Caller caller, long id, LocalDate on, @Nullable String reason) {
        caller.require(Permission.SCHEME_WRITE);
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (on == null) throw Problem.of(ProblemCode.INVALID).at("/on", ProblemCode.INVALID, "is missing").exception();
        transactions.write(AuditTrail.NETWORK, db -> {
            var version = latest(db, caller, id);
            if (!version.status.equals("ACTIVE") && !version.status.equals("PAUSED")) throw state(version, "ACTIVE", "PAUSED");
            if (!on.isBefore(version.validTo)) {
                throw Problem.of(ProblemCode.VERSION_NOT_FUTURE, "The scheme ends on " + version.validTo + " already; a later end is a new version.").at("/on", ProblemCode.VERSION_NOT_FUTURE, "must be before " + version.validTo).exception();
            }
            var earliest = today.minusDays(1).isBefore(version.validFrom) ? version.validFrom : today.minusDays(1);
            if (on.isBefore(earliest)) {
                throw Problem.of(ProblemCode.VERSION_NOT_FUTURE, "The earliest possible end is " + earliest + ".").at("/on", ProblemCode.VERSION_NOT_FUTURE, "must be " + earliest + " or later", earliest).exception();
            }
            db.sql("update schemes.scheme_version set valid_to = :on, version = version + 1 where scheme_id = :id and version_no = :no").param("on", on).param("id", id).param("no", version.versionNo).update();
            tell(caller, id, version, "END_EARLIER", reason == null ? Map.of("from", version.validTo.toString(), "to", on.toString()) : Map.of("from", version.validTo.toString(), "to", on.toString(), "reason", reason.strip()));
            return null;
        });
    }

    private static Version latest(JdbcClient db, Caller caller, long id) {
        return db.sql("""
                        select v.version_no, s.code, v.status, v.valid_from, v.valid_to
                          from schemes.scheme_version v join schemes.scheme s on s.id = v.scheme_id
                         where v.scheme_id = :id and (:principals::bigint[] is null or s.principal_id = any (:principals::bigint[]))
                         order by v.version_no desc limit 1 for update of v""")
                .param("id", id).param("principals", caller.scope().principals() == null ? null : caller.scope().principals().toArray(Long[]::new)).query(Version.class).optional().orElseThrow(() -> caller.notFound("scheme"));
    }

    private static io.offtake.platform.ProblemException state(Version version, String... accepted) {
        return Problem.of(ProblemCode.ILLEGAL_STATE, version.code + " is " + version.status + ".").with("state", version.status).with("accepted", List.of(accepted)).exception();
    }

    private void tell(Caller caller, long id, Version version, String action, Map<String, ?> more) {
        versions.raise(ConfigVersions.NATIONAL);
        var details = new LinkedHashMap<String, Object>();
        details.put("key", version.code);
        details.put("version", version.versionNo);
        details.putAll(more);
        chain.append(AuditTrail.NETWORK, List.of(new AuditTrail.Entry(AuditTrail.NETWORK, clock.instant(), caller.username(), null, action, "schemes", AuditChain.idOf(id), null, JSON.writeValueAsString(details))));
    }
}
