package io.offtake.access.app;

import io.offtake.access.AccessRefused;
import io.offtake.access.SecurityLog;
import io.offtake.access.store.AccessStore;
import io.offtake.platform.Ids;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/// Writes the security log on a thread of its own, so that it needs no room in the transaction that was refused.
@Component
public class SecurityEvents implements SecurityLog {
    private static final Logger LOG = LoggerFactory.getLogger("offtake.security");
    private static final int SUBJECT_MAX = 200;

    private final TenantTransaction transactions;
    private final Ids ids;
    private final Clock clock;

    SecurityEvents(TenantTransaction transactions, Ids ids, Clock clock) {
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
    }

    /// What happened; the name of the constant is kept in the table.
    public enum Kind { SIGN_IN, SIGN_IN_FAILED, SIGN_IN_BLOCKED, SIGN_IN_LIMITED, SIGN_OUT, PASSWORD_CHANGED, PASSWORD_RESET, USER_CREATED, USER_CHANGED, USER_BLOCKED,
        USER_UNBLOCKED, TOKEN_CREATED, TOKEN_REVOKED, TOKEN_REFUSED, PERMISSION_REFUSED, SCOPE_REFUSED, CSRF_REFUSED }

    /// Who it happened to or by.
    public record Who(@Nullable Long userId, String username, @Nullable Long distributorId) {}

    @Override
    public void refused(AccessRefused refusal) {
        var caller = refusal.caller();
        note("SCOPE".equals(refusal.kind()) ? Kind.SCOPE_REFUSED : Kind.PERMISSION_REFUSED,
                new Who(caller.userId(), caller.username(), caller.onlyDistributor()), refusal.subject(), where());
    }

    public void note(Kind kind, Who who, String subject, String details) {
        var address = address();
        var at = AccessStore.time(clock.instant());
        LOG.info("{} user={} address={} subject={} {}", kind, clean(who.username()), address, clean(subject), clean(details));
        try {
            Thread.ofVirtual().start(() -> write(kind, who, subject, details, address, at)).join(2000);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Kind kind, Who who, String subject, String details, String address, java.time.OffsetDateTime at) {
        try {
            transactions.shared(jdbc -> jdbc.sql("""
                    insert into access.security_event (id, recorded_at, kind, user_id, username, distributor_id, address, subject, details)
                    values (:id, :at, :kind, :user, :username, :distributor, :address, :subject, :details)""")
                    .param("id", ids.next()).param("at", at).param("kind", kind.name()).param("user", who.userId())
                    .param("username", cut(who.username())).param("distributor", who.distributorId()).param("address", address)
                    .param("subject", cut(subject)).param("details", cut(details)).update());
        } catch (RuntimeException failure) {
            LOG.error("The security log could not be written: {} {}", kind, clean(who.username()), failure);
        }
    }

    static String address() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes web ? web.getRequest().getRemoteAddr() : "local";
    }

    private static String where() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes web
                ? web.getRequest().getMethod() + " " + web.getRequest().getRequestURI() : "";
    }

    private static String cut(String text) {
        var clean = text.replace("\0", "");
        return clean.length() <= SUBJECT_MAX ? clean : clean.substring(0, SUBJECT_MAX);
    }

    private static String clean(String text) {
        return cut(text).replaceAll("\\p{Cntrl}", "?");
    }
}
