package io.offtake.claims.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.claims.Claims;
import io.offtake.claims.domain.Matrix;
import io.offtake.claims.domain.Reason;
import io.offtake.claims.domain.Rules;
import io.offtake.claims.domain.Workdays;
import io.offtake.claims.store.ClaimStore;
import io.offtake.claims.store.ClaimStore.Event;
import io.offtake.claims.store.ClaimStore.Head;
import io.offtake.claims.store.Drafting;
import io.offtake.governance.OverrideLog;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.governance.Substitutes;
import io.offtake.platform.Documents;
import io.offtake.platform.Evidence;
import io.offtake.platform.Ids;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.rules.Journal;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/// What people do with claims, and what follows from it in the books: every step is one transaction of one distributor, with the
/// claim's row under lock.
@Service
public class ClaimDesk implements Claims {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimDesk.class);
    static final String KIND = "claims";
    /// What may be disputed or appealed; not while money is taken back.
    private static final Set<String> OPEN_TO_DISPUTE = Set.of("PARTLY_APPROVED", "REJECTED", "SETTLED");

    private final TenantTransaction transactions;
    private final Bookkeeper books;
    private final Validator validator;
    private final Policies policies;
    private final Substitutes substitutes;
    private final Evidence evidence;
    private final Ids ids;
    private final Clock clock;

    ClaimDesk(TenantTransaction transactions, Bookkeeper books, Validator validator, Policies policies, Substitutes substitutes, Evidence evidence, Ids ids, Clock clock) {
        this.transactions = transactions;
        this.books = books;
        this.validator = validator;
        this.policies = policies;
        this.substitutes = substitutes;
        this.evidence = evidence;
        this.ids = ids;
        this.clock = clock;
    }

    // ---- drafts

    @Override
    public Drafted draft(long distributorId, YearMonth period) {
        bookAccruals(distributorId);
        return transactions.idempotent().write(distributorId, db -> {
            var seller = books.seller(db, distributorId);
            var from = period.atDay(1);
            var to = period.atEndOfMonth();
            var today = LocalDate.now(clock.withZone(seller.zone()));
            if (!to.isBefore(today) || from.isBefore(today.minusYears(5))) throw Problem.of(ProblemCode.DATE_CLOSED, "The month of " + period + " is not over, or too long ago.").at("/period", ProblemCode.DATE_CLOSED, "is not over, or too long ago", YearMonth.from(today).minusMonths(1).toString()).exception();
            var since = to.minusDays(Drafting.DAYS_BACK);
            var year = io.offtake.platform.Documents.fiscalYear(today);
            ClaimStore.next(db, distributorId, "CLAIM", year, 0);
            var closed = Periods.closed(db, distributorId, since, to);
            var groups = Drafting.groups(db, distributorId, since, to, closed);
            if (groups.isEmpty()) return new Drafted(0, 0, 0, List.of());
            record Known(UUID id, String type, long schemeId, int schemeVersion, String status) {}
            var known = db.sql("select id, type, scheme_id, scheme_version, status from claims.claim where distributor_id = :distributor and period_from = :from and status <> 'WITHDRAWN'")
                    .param("distributor", distributorId).param("from", from).query(Known.class).list();
            var touched = new ArrayList<UUID>();
            int made = 0;
            int grown = 0;
            for (var group : groups) {
                var there = known.stream().filter(one -> one.type.equals(group.type()) && one.schemeId == group.schemeId() && one.schemeVersion == group.schemeVersion()).findFirst().orElse(null);
                // what comes after a claim was filed waits for the next month's
                if (there != null && !there.status.equals("DRAFT")) continue;
                if (there != null) {
                    grown++;
                    touched.add(there.id);
                    continue;
                }
                made++;
                touched.add(open(db, distributorId, group, period, seller, year, today));
            }
            if (touched.isEmpty()) return new Drafted(0, 0, 0, List.of());
            int lines = Drafting.fill(db, distributorId, since, from, to, closed);
            Drafting.sum(db, distributorId, touched.toArray(UUID[]::new));
            return new Drafted(made, grown, lines, touched);
        });
    }

    private UUID open(JdbcClient db, long distributorId, Drafting.Group group, YearMonth period, Bookkeeper.Seller seller, int year, LocalDate today) {
        var id = ids.next();
        var now = clock.instant();
        var to = period.atEndOfMonth();
        var number = Bookkeeper.number("CLM", year, ClaimStore.next(db, distributorId, "CLAIM", year, 1));
        db.sql("""
                insert into claims.claim (distributor_id, id, principal_id, number, type, scheme_id, scheme_version, period, period_from, period_to, currency, filing_until, drafted_at)
                values (:distributor, :id, :principal, :number, :type, :scheme, :version, :period, :from, :to, :currency, :until, :now)""")
                .param("distributor", distributorId).param("id", id).param("principal", group.principalId()).param("number", number).param("type", group.type()).param("scheme", group.schemeId())
                .param("version", group.schemeVersion()).param("period", period.toString()).param("from", period.atDay(1)).param("to", to).param("currency", seller.currency())
                .param("until", to.plusDays(policies.days(PolicyKey.CLAIM_FILING_DAYS, distributorId, today, 45))).param("now", now.atOffset(java.time.ZoneOffset.UTC)).update();
        var head = ClaimStore.lock(db, distributorId, id);
        books.tell(db, head, new Event("DRAFTED", null, "DRAFT", null, null, Map.of()), now, "system", null);
        return id;
    }

    @Override
    public Standing standing(Caller caller, UUID claim) {
        caller.require(Permission.CLAIM_READ);
        var head = transactions.read(caller.scope(), db -> ClaimStore.find(db, caller.scope(), claim)).orElseThrow(() -> caller.notFound("claim"));
        return new Standing(head.type(), head.status(), head.awaits(), head.claimed(), head.lineCount());
    }

    @Override
    public int bookAccruals(long distributorId) {
        return transactions.idempotent().write(distributorId, db -> books.bookAccruals(db, distributorId));
    }

    // ---- the distributor's steps

    /// A step that is done once: its id is kept in the document register, in the step's own transaction.
    static final class Once {
        private final long distributorId;
        private final UUID id;
        private final byte[] content;
        private boolean repeated;

        Once(long distributorId, UUID id, byte[] content) {
            this.distributorId = distributorId;
            this.id = id;
            this.content = content;
        }

        /// Whether the step had been done before.
        boolean repeated() {
            return repeated;
        }

        private static final String TYPE = "CLAIM_STEP";

        private boolean begin(TenantTransaction transactions, Clock clock) {
            var at = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MICROS);
            return transactions.<Boolean>writeOn(distributorId, connection -> {
                var load = new Pipeline();
                var known = Documents.find(load, distributorId, new UUID[] {id});
                load.run(connection);
                var before = known.get().get(id);
                if (before != null) {
                    if (!before.isRepeatOf(TYPE, content)) throw Problem.of(ProblemCode.ID_REUSED).rule("OFF-06").at("/id", ProblemCode.ID_REUSED, "was used for another content").exception();
                    return false;
                }
                var post = new Pipeline();
                Documents.register(post, List.of(new Documents.Registration(distributorId, id, TYPE, content, LocalDate.ofInstant(at, clock.getZone()), at)));
                post.run(connection);
                return true;
            });
        }
    }

    private Head step(Caller caller, UUID id, @Nullable Integer expected, Set<String> from, Function<Step, @Nullable Event> work) {
        return step(caller, id, null, expected, from, work);
    }

    /// A step of a person on one claim.
    private Head step(Caller caller, UUID id, @Nullable Once once, @Nullable Integer expected, Set<String> from, Function<Step, @Nullable Event> work) {
        var seen = transactions.read(caller.scope(), db -> ClaimStore.find(db, caller.scope(), id)).orElseThrow(() -> caller.notFound("claim"));
        if (once != null && once.distributorId != seen.distributorId()) throw caller.notFound("claim");
        return transactions.idempotent().write(seen.distributorId(), db -> {
            var head = ClaimStore.lock(db, seen.distributorId(), id);
            if (once != null) {
                once.repeated = !once.begin(transactions, clock);
                if (once.repeated) return head;
            }
            if (expected != null && expected != head.version()) throw Problem.of(ProblemCode.STALE).with("currentVersion", head.version()).exception();
            if (!from.contains(head.status())) throw illegal(head, from);
            var at = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MICROS);
            var step = new Step(db, head, caller, at, LocalDate.ofInstant(at, books.seller(db, head.distributorId()).zone()));
            var event = work.apply(step);
            if (event != null) books.tell(db, head, event, at, caller.username(), step.behalf);
            return ClaimStore.lock(db, seen.distributorId(), id);
        });
    }

    private static ProblemException illegal(Head head, Set<String> accepted) {
        return Problem.of(ProblemCode.ILLEGAL_STATE, "The claim is " + head.status() + ".").rule("2.10").with("state", head.status()).with("accepted", accepted.stream().sorted().toList()).exception();
    }

    private static final class Step {
        final JdbcClient db;
        final Head head;
        final Caller caller;
        final Instant at;
        final LocalDate today;
        @Nullable String behalf;

        Step(JdbcClient db, Head head, Caller caller, Instant at, LocalDate today) {
            this.db = db;
            this.head = head;
            this.caller = caller;
            this.at = at;
            this.today = today;
        }

        void set(Map<String, @Nullable Object> values) {
            ClaimStore.set(db, head.distributorId(), head.id(), values);
        }
    }

    private static Map<String, @Nullable Object> values(@Nullable Object... namesAndValues) {
        var all = new LinkedHashMap<String, @Nullable Object>();
        for (int at = 0; at < namesAndValues.length; at += 2) all.put((String) java.util.Objects.requireNonNull(namesAndValues[at]), namesAndValues[at + 1]);
        return all;
    }

    /// A claimed amount, lower than the bill gives.
    public record LineAmount(int line, @Nullable BigDecimal claimed, @Nullable String note) {}

    public Head lower(Caller caller, UUID id, int version, List<LineAmount> lines) {
        caller.require(Permission.CLAIM_WRITE);
        return step(caller, id, version, Set.of("DRAFT"), step -> {
            var problem = Problem.of(ProblemCode.CLAIM_ABOVE_ENTITLEMENT, "A claimed amount can only be lowered.").rule("CL-03");
            var invalid = Problem.of(ProblemCode.INVALID);
            for (int at = 0; at < lines.size(); at++) {
                var line = lines.get(at);
                var entitled = step.db.sql("select entitled from claims.claim_line where distributor_id = :distributor and claim_id = :claim and line = :line").param("distributor", step.head.distributorId())
                        .param("claim", id).param("line", line.line).query(BigDecimal.class).optional().orElse(null);
                if (entitled == null) {
                    invalid = invalid.at("/lines/" + at + "/line", ProblemCode.NOT_FOUND, "is not on this claim");
                } else if (line.claimed == null || line.claimed.stripTrailingZeros().scale() > 2 || (entitled.signum() > 0 && line.claimed.signum() < 0)) {
                    invalid = invalid.at("/lines/" + at + "/claimed", ProblemCode.INVALID, "must be an amount from 0 to " + entitled.toPlainString(), entitled);
                } else if (line.claimed.compareTo(entitled) > 0) {
                    problem = problem.at("/lines/" + at + "/claimed", ProblemCode.CLAIM_ABOVE_ENTITLEMENT, line.claimed.toPlainString() + " is more than the bill gives", entitled);
                }
            }
            if (!invalid.errors().isEmpty()) throw invalid.exception();
            if (!problem.errors().isEmpty()) throw problem.exception();
            for (var line : lines)
                step.db.sql("update claims.claim_line set claimed = :claimed, note = :note where distributor_id = :distributor and claim_id = :claim and line = :line").param("claimed", line.claimed)
                        .param("note", line.note).param("distributor", step.head.distributorId()).param("claim", id).param("line", line.line).update();
            Drafting.heads(step.db, step.head.distributorId(), new UUID[] {id});
            return new Event("LOWERED", "DRAFT", "DRAFT", null, null, Map.of("lines", lines.size()));
        });
    }

    @Override
    public void attach(Caller caller, UUID id, String kind, String hash, String name) {
        attach(caller, id, kind, hash, name, null);
    }

    public Head attach(Caller caller, UUID id, @Nullable String kind, @Nullable String hash, @Nullable String name, @Nullable String note) {
        return attach(caller, id, null, kind, hash, name, note);
    }

    Head attach(Caller caller, UUID id, @Nullable Once once, @Nullable String kind, @Nullable String hash, @Nullable String name, @Nullable String note) {
        caller.require(Permission.CLAIM_WRITE);
        var problem = Problem.of(ProblemCode.INVALID);
        var kinds = List.of("PAYOUT_PROOF", "INVOICE_COPY", "PHOTO", "OTHER");
        if (kind == null || !kinds.contains(kind)) problem = problem.at("/kind", ProblemCode.INVALID, "is no kind of evidence", kinds);
        if (hash == null || !hash.matches("[0-9a-f]{64}")) problem = problem.at("/hash", ProblemCode.INVALID, "is no SHA-256", "64 lower-case hexadecimal digits");
        if (name == null || name.isBlank() || name.length() > 200) problem = problem.at("/name", ProblemCode.INVALID, "write 1 to 200 characters");
        if (!problem.errors().isEmpty()) throw problem.exception();
        return step(caller, id, once, null, Set.of("DRAFT", "QUERY", "DISPUTED", "APPEALED", "IN_REVIEW"), step -> {
            int added = step.db.sql("""
                    insert into claims.evidence (distributor_id, claim_id, kind, hash, principal_id, name, note, added_at, added_by) values (:distributor, :claim, :kind, :hash, :principal, :name, :note, :at, :by)
                    on conflict do nothing""").param("distributor", step.head.distributorId()).param("claim", id).param("kind", kind).param("hash", hash).param("principal", step.head.principalId())
                    .param("name", name).param("note", note).param("at", step.at.atOffset(java.time.ZoneOffset.UTC)).param("by", caller.username()).update();
            if (added == 0) return null;
            step.set(Map.of());
            return new Event("ATTACHED", step.head.status(), step.head.status(), null, note, Map.of("kind", String.valueOf(kind), "hash", String.valueOf(hash)));
        });
    }

    @Override
    public void submit(Caller caller, UUID id) {
        submit(caller, id, null, null);
    }

    @Override
    public void submit(Caller caller, List<UUID> all) {
        var byDistributor = new TreeMap<Long, List<UUID>>();
        for (var id : all) byDistributor.computeIfAbsent(file(caller, id, null, null, null, null).distributorId(), _ -> new ArrayList<>()).add(id);
        byDistributor.forEach(validator::validate);
    }

    /// Files a claim: the clock starts, 1405 becomes 1400, the rules look at it at once.
    public Head submit(Caller caller, UUID id, @Nullable Integer version, @Nullable String note) {
        return submit(caller, id, null, version, null, note);
    }

    /// @param claimed what its person saw that it claims; null: whatever it claims
    Head submit(Caller caller, UUID id, @Nullable Once once, @Nullable Integer version, @Nullable BigDecimal claimed, @Nullable String note) {
        var filed = file(caller, id, once, version, claimed, note);
        try {
            validator.validate(filed.distributorId(), List.of(id));
        } catch (RuntimeException fault) {
            if (once == null) throw fault;
            // it is filed and may not be said to be refused; the rules look at it in the system's next round
            LOG.warn("claim {} is filed and not looked at yet", id, fault);
        }
        return reread(filed);
    }

    private Head file(Caller caller, UUID id, @Nullable Once once, @Nullable Integer version, @Nullable BigDecimal claimed, @Nullable String note) {
        caller.require(Permission.CLAIM_SUBMIT);
        return step(caller, id, once, version, Set.of("DRAFT"), step -> {
            var head = step.head;
            if (claimed != null && claimed.compareTo(head.claimed()) != 0)
                throw Problem.of(ProblemCode.STALE, "The claim is over " + head.claimed().toPlainString() + " by now, not " + claimed.toPlainString() + ".").rule("CL-03").with("currentVersion", head.version())
                        .at("/body/claimed", ProblemCode.STALE, "is not what it claims by now", head.claimed()).exception();
            if (isUnproven(step.db, head) || !isStored(step.db, head))
                throw Problem.of(ProblemCode.CLAIM_EVIDENCE_MISSING, "A claim of type " + head.type() + " is filed with its evidence.").rule("CL-16").with("missing", List.of("PAYOUT_PROOF")).exception();
            if (head.lineCount() == 0) throw Problem.of(ProblemCode.REFUSED, "The claim has no lines.").rule("2.10").exception();
            boolean late = step.today.isAfter(head.filingUntil());
            int days = policies.days(PolicyKey.CLAIM_DECISION_DAYS, head.distributorId(), step.today, 5);
            step.set(values("status", "SUBMITTED", "awaits", "SYSTEM", "submitted_at", step.at, "submitted_by", caller.username(), "submitted_id", caller.userId(), "submitted", head.claimed(),
                    "late", late, "clock_started_at", step.at, "clock_days", days, "due_on", Workdays.after(step.today, days, week(head, step.today))));
            step.db.sql("update claims.claim_line set booked = claimed where distributor_id = :distributor and claim_id = :claim").param("distributor", head.distributorId()).param("claim", id).update();
            var document = ids.next();
            books.book(head.distributorId(), document, "CLAIM", step.today, head.principalId(), Journal.forClaimFiled(Bookkeeper.money(head.claimed()), Long.toString(head.schemeId()), head.schemeVersion()));
            ClaimStore.spend(step.db, head.distributorId(), new UUID[] {id}, document, "CLAIMED", "l.booked", step.today, step.at);
            return new Event("SUBMITTED", "DRAFT", "SUBMITTED", late ? "LATE" : null, note, Map.of("claimed", head.claimed().toPlainString(), "documentId", document.toString()));
        });
    }

    private Head reread(Head head) {
        return transactions.read(RowScope.of(head.distributorId()), db -> ClaimStore.find(db, RowScope.of(head.distributorId()), head.id())).orElseThrow();
    }

    private int week(Head head, LocalDate today) {
        return policies.days(PolicyKey.CLAIM_WORKING_DAYS, head.distributorId(), today, 6);
    }

    /// Whether one of the papers that prove a payout has arrived; without any, our own payouts prove it.
    private boolean isStored(JdbcClient db, Head head) {
        var hashes = db.sql("select hash from claims.evidence where distributor_id = :distributor and claim_id = :claim and kind = 'PAYOUT_PROOF'").param("distributor", head.distributorId()).param("claim", head.id())
                .query(String.class).list();
        return hashes.isEmpty() || evidence.missing(RowScope.of(head.distributorId()), hashes).size() < hashes.size();
    }

    static boolean isUnproven(JdbcClient db, Head head) {
        return db.sql("select exists (select from claims.claim c where c.distributor_id = :distributor and c.id = :claim and " + ClaimStore.UNPROVEN + ")").param("distributor", head.distributorId())
                .param("claim", head.id()).query(Boolean.class).single();
    }

    @Override
    public int validate(long distributorId) {
        var waiting = transactions.read(RowScope.of(distributorId), db -> db.sql("select id from claims.claim where distributor_id = :distributor and status = 'SUBMITTED' order by id").param("distributor", distributorId)
                .query(UUID.class).list());
        return validator.validate(distributorId, waiting);
    }

    /// A draft that is not wanted; its sales may stand in another one.
    public Head withdraw(Caller caller, UUID id, @Nullable String reason) {
        return withdraw(caller, id, null, reason);
    }

    Head withdraw(Caller caller, UUID id, @Nullable Once once, @Nullable String reason) {
        caller.require(Permission.CLAIM_SUBMIT);
        var why = required(reason, "/reason");
        return step(caller, id, once, null, Set.of("DRAFT"), step -> {
            step.db.sql("update claims.claim_line set live = false where distributor_id = :distributor and claim_id = :claim").param("distributor", step.head.distributorId()).param("claim", id).update();
            step.set(values("status", "WITHDRAWN", "awaits", null));
            return new Event("WITHDRAWN", "DRAFT", "WITHDRAWN", null, why, Map.of());
        });
    }

    private static String required(@Nullable String text, String pointer) {
        if (text == null || text.isBlank() || text.length() > 1000) throw Problem.of(ProblemCode.INVALID).at(pointer, ProblemCode.INVALID, "write 1 to 1000 characters (GOV-17)").exception();
        return text.strip();
    }

    @Override
    public void reply(Caller caller, UUID id, String text) {
        replyTo(caller, id, text);
    }

    public Head replyTo(Caller caller, UUID id, @Nullable String text) {
        return replyTo(caller, id, null, text);
    }

    Head replyTo(Caller caller, UUID id, @Nullable Once once, @Nullable String text) {
        caller.require(Permission.CLAIM_WRITE);
        var said = required(text, "/text");
        return step(caller, id, once, null, Set.of("QUERY"), step -> {
            var head = step.head;
            int week = week(head, step.today);
            int paused = Workdays.between(java.util.Objects.requireNonNull(head.pausedOn()), step.today, week);
            step.set(values("status", "IN_REVIEW", "awaits", "AUDITOR", "paused_on", null, "queried_at", null, "paused_days", head.pausedDays() + paused,
                    "due_on", Workdays.after(java.util.Objects.requireNonNull(head.dueOn()), paused, week)));
            return new Event("REPLIED", "QUERY", "IN_REVIEW", null, said, Map.of("pausedDays", paused));
        });
    }

    @Override
    public void dispute(Caller caller, UUID id, String text, List<Integer> lines) {
        disputed(caller, id, text, lines.stream().map(line -> new LineNote(line, null)).toList());
    }

    public record LineNote(int line, @Nullable String note) {}

    /// The distributor does not accept what was cut; another auditor looks at it again (CLM-24).
    public Head disputed(Caller caller, UUID id, @Nullable String text, List<LineNote> lines) {
        return disputed(caller, id, null, text, lines);
    }

    Head disputed(Caller caller, UUID id, @Nullable Once once, @Nullable String text, List<LineNote> lines) {
        caller.require(Permission.CLAIM_SUBMIT);
        var said = required(text, "/text");
        return step(caller, id, once, null, OPEN_TO_DISPUTE, step -> {
            var head = step.head;
            int days = policies.days(PolicyKey.CLAIM_DISPUTE_DAYS, head.distributorId(), step.today, 30);
            var decidedOn = LocalDate.ofInstant(java.util.Objects.requireNonNull(head.decidedAt()), books.seller(step.db, head.distributorId()).zone());
            if ("CLAWBACK".equals(head.awaits())) throw Problem.of(ProblemCode.REFUSED, "Money of this claim is being taken back; the decision on that comes first.").rule("2.10").exception();
            if (head.disallowed().signum() == 0) throw Problem.of(ProblemCode.REFUSED, "Nothing was cut from this claim.").rule("2.10").exception();
            if (head.disputes() > 0) throw Problem.of(ProblemCode.REFUSED, "The dispute over this claim has been decided.").rule("2.10").exception();
            if (step.today.isAfter(decidedOn.plusDays(days))) throw Problem.of(ProblemCode.REFUSED, "A decision is disputed within " + days + " days: until " + decidedOn.plusDays(days) + ".").rule("2.10").exception();
            for (var line : lines)
                step.db.sql("update claims.claim_line set note = coalesce(:note, note) where distributor_id = :distributor and claim_id = :claim and line = :line").param("note", line.note)
                        .param("distributor", head.distributorId()).param("claim", id).param("line", line.line).update();
            int allowed = policies.days(PolicyKey.CLAIM_DECISION_DAYS, head.distributorId(), step.today, 5);
            step.set(values("status", "DISPUTED", "awaits", "AUDITOR", "disputed_at", step.at, "disputes", head.disputes() + 1, "first_decider_id", head.decidedId(), "escalated", 0,
                    "clock_started_at", step.at, "clock_days", allowed, "due_on", Workdays.after(step.today, allowed, week(head, step.today)), "paused_days", 0));
            return new Event("DISPUTED", head.status(), "DISPUTED", null, said, Map.of("lines", lines.stream().map(LineNote::line).toList()));
        });
    }

    /// The last instance: what the decision on a dispute left cut goes to a panel of the regional manager and Finance, whose decision is final.
    public Head appealed(Caller caller, UUID id, @Nullable String text) {
        return appealed(caller, id, null, text);
    }

    Head appealed(Caller caller, UUID id, @Nullable Once once, @Nullable String text) {
        caller.require(Permission.CLAIM_SUBMIT);
        var said = required(text, "/text");
        return step(caller, id, once, null, OPEN_TO_DISPUTE, step -> {
            var head = step.head;
            if ("CLAWBACK".equals(head.awaits())) throw Problem.of(ProblemCode.REFUSED, "Money of this claim is being taken back; the decision on that comes first.").rule("2.10").exception();
            if (head.disallowed().signum() == 0) throw Problem.of(ProblemCode.REFUSED, "Nothing is cut from this claim.").rule("2.10").exception();
            if (head.disputes() == 0) throw Problem.of(ProblemCode.REFUSED, "A decision is disputed first; what the dispute leaves cut may be appealed.").rule("2.10").exception();
            if (head.appeals() > 0) throw Problem.of(ProblemCode.REFUSED, "The panel has decided on this claim; that is final.").rule("2.10").exception();
            int days = policies.days(PolicyKey.CLAIM_APPEAL_DAYS, head.distributorId(), step.today, 15);
            var last = LocalDate.ofInstant(java.util.Objects.requireNonNull(head.decidedAt()), books.seller(step.db, head.distributorId()).zone()).plusDays(days);
            if (step.today.isAfter(last)) throw Problem.of(ProblemCode.REFUSED, "The decision on a dispute is appealed within " + days + " days: until " + last + ".").rule("2.10").exception();
            int allowed = policies.days(PolicyKey.CLAIM_DECISION_DAYS, head.distributorId(), step.today, 5);
            step.set(values("status", "APPEALED", "awaits", "PANEL", "appealed_at", step.at, "appeals", 1, "second_decider_id", head.decidedId(), "escalated", 0, "clock_started_at", step.at, "clock_days", allowed,
                    "due_on", Workdays.after(step.today, allowed, week(head, step.today)), "paused_days", 0, "proposed_at", null, "proposed_by", null, "proposed_id", null, "proposed_reason", null));
            return new Event("APPEALED", head.status(), "APPEALED", null, said, Map.of());
        });
    }

    // ---- the principal's steps

    /// Who acts for whom: himself where he may, else the first who has passed his decisions on to him (GOV-01).
    private @Nullable Caller acting(Caller caller, Permission permission, @Nullable UUID claim) {
        if (caller.can(permission)) return null;
        for (var other : substitutes.of(caller, KIND)) {
            if (!other.can(permission)) continue;
            if (claim == null || transactions.read(other.scope(), db -> ClaimStore.find(db, other.scope(), claim)).isPresent()) return other;
        }
        caller.require(permission);
        return null;
    }

    private void free(Step step, Matrix.Step what, @Nullable Caller behalf) {
        step.behalf = behalf == null ? null : behalf.username();
        var conflict = Matrix.conflict(what, step.head.hands(), step.caller.userId(), behalf == null ? null : behalf.userId());
        if (conflict != null) throw Problem.of(ProblemCode.SAME_PERSON, conflict).rule(conflict.contains("SOD-5") ? "SOD-5" : conflict.contains("SOD-1") ? "SOD-1" : "2.10").exception();
    }

    public Head waive(Caller caller, UUID id, @Nullable String reason) {
        var behalf = acting(caller, Permission.CLAIM_WAIVE, id);
        var why = required(reason, "/reason");
        var waived = step(caller, id, null, Set.of("IN_REVIEW"), step -> {
            if (!"WAIVER".equals(step.head.awaits())) throw Problem.of(ProblemCode.REFUSED, "The claim does not wait for a waiver.").rule("CL-21").exception();
            free(step, Matrix.Step.DECIDE, behalf);
            step.set(values("waived", true, "status", "SUBMITTED", "awaits", "SYSTEM", "round", step.head.round() + 1));
            OverrideLog.note(step.db, ids.next(), step.head.distributorId(), step.at, caller.username(), "CL-21", "claim " + step.head.number() + " let in after " + step.head.filingUntil(), why);
            return new Event("WAIVED", "IN_REVIEW", "SUBMITTED", "LATE", why, Map.of());
        });
        validator.validate(waived.distributorId(), List.of(id));
        return reread(waived);
    }

    @Override
    public void query(Caller caller, UUID id, String text) {
        ask(caller, id, text, List.of());
    }

    /// Asks the distributor; the clock stands until it answers.
    public Head ask(Caller caller, UUID id, @Nullable String text, List<Integer> lines) {
        var behalf = acting(caller, Permission.CLAIM_DECIDE, id);
        var said = required(text, "/text");
        return step(caller, id, null, Set.of("IN_REVIEW", "DISPUTED"), step -> {
            free(step, Matrix.Step.DECIDE, behalf);
            step.set(values("status", "QUERY", "awaits", "DISTRIBUTOR", "queried_at", step.at, "paused_on", step.today, "queries", step.head.queries() + 1, "proposed_at", null, "proposed_by", null,
                    "proposed_id", null, "proposed_reason", null));
            return new Event("QUERIED", step.head.status(), "QUERY", null, said, Map.of("lines", lines));
        });
    }

    /// Where a person found a rule wrong (CL-27).
    public record Disagreed(int line, String rule) {}

    /// @param decision APPROVE, REJECT or LINES
    public record Decision(@Nullable String decision, @Nullable String reason, @Nullable String note, @Nullable List<LineDecision> lines, @Nullable List<Disagreed> disagree) {}

    @Override
    public void decide(Caller caller, UUID id, String decision, @Nullable String reason, List<LineDecision> lines) {
        decided(caller, id, null, new Decision(decision, reason, null, lines, null));
    }

    /// The decision by line. Above the auditor's limit or at high risk it is a proposal until somebody of Finance confirms it.
    public Head decided(Caller caller, UUID id, @Nullable Integer version, Decision decision) {
        var seen = transactions.read(caller.scope(), db -> ClaimStore.find(db, caller.scope(), id)).orElse(null);
        var behalf = acting(caller, seen != null && seen.status().equals("APPEALED") ? Permission.CLAIM_WAIVE : Permission.CLAIM_DECIDE, id);
        var way = decision.decision == null ? "" : decision.decision;
        if (!Set.of("APPROVE", "REJECT", "LINES").contains(way))
            throw Problem.of(ProblemCode.INVALID).at("/decision", ProblemCode.INVALID, "is no decision", List.of("APPROVE", "REJECT", "LINES")).exception();
        return step(caller, id, version, Set.of("IN_REVIEW", "DISPUTED", "APPEALED"), step -> {
            var head = step.head;
            if (head.status().equals("APPEALED") && behalf == null) caller.require(Permission.CLAIM_WAIVE);
            if ("WAIVER".equals(head.awaits())) throw Problem.of(ProblemCode.REFUSED, "The claim was filed after " + head.filingUntil() + " and needs a waiver first.").rule("CL-21").exception();
            if ("FINANCE".equals(head.awaits())) throw Problem.of(ProblemCode.REFUSED, "A decision waits for its second person; it is confirmed or sent back.").rule("2.10").exception();
            free(step, Matrix.Step.DECIDE, behalf);
            propose(step, way, decision);
            feedback(step, decision.disagree == null ? List.of() : decision.disagree);
            var limit = policies.number(PolicyKey.CLAIM_AUDITOR_LIMIT, head.distributorId(), step.today, new BigDecimal("50000"));
            if (head.status().equals("APPEALED") || Matrix.needsTwo(head.claimed(), limit, head.band())) {
                step.set(values("awaits", "FINANCE", "proposed_at", step.at, "proposed_by", caller.username(), "proposed_id", caller.userId(), "proposed_reason", decision.note));
                return new Event("PROPOSED", head.status(), head.status(), decision.reason, decision.note, Map.of("approved", proposed(step).toPlainString()));
            }
            return conclude(step, decision.note);
        });
    }

    private static BigDecimal proposed(Step step) {
        return step.db.sql("select coalesce(sum(proposed), 0) from claims.claim_line where distributor_id = :distributor and claim_id = :claim").param("distributor", step.head.distributorId())
                .param("claim", step.head.id()).query(BigDecimal.class).single();
    }

    /// What each line would get: as the rules leave it, but where the decision says otherwise.
    private void propose(Step step, String way, Decision decision) {
        var head = step.head;
        var parameters = Map.of("distributor", head.distributorId(), "claim", head.id());
        if (way.equals("REJECT")) {
            var reason = cutReason(decision.reason, decision.note, "/reason");
            step.db.sql("update claims.claim_line set proposed = case when sort = 'SALE' then 0 else least(claimed, entitled) end, reason = case when sort = 'SALE' then :reason else reason end where distributor_id = :distributor and claim_id = :claim")
                    .params(parameters).param("reason", reason.name()).update();
            return;
        }
        // a dispute starts from what was decided before
        step.db.sql("update claims.claim_line set proposed = coalesce(approved, allowed, least(claimed, entitled)) where distributor_id = :distributor and claim_id = :claim").params(parameters).update();
        if (way.equals("APPROVE")) return;
        var lines = decision.lines == null ? List.<LineDecision>of() : decision.lines;
        record Line(int line, String sort, BigDecimal claimed, BigDecimal entitled, BigDecimal left, @Nullable BigDecimal approved) {}
        var known = new HashMap<Integer, Line>();
        step.db.sql("select line, sort, claimed, entitled, coalesce(allowed, least(claimed, entitled)) as \"left\", approved from claims.claim_line where distributor_id = :distributor and claim_id = :claim and line = any (:lines)")
                .params(parameters).param("lines", lines.stream().map(line -> (long) line.line()).toArray(Long[]::new)).query(Line.class).list().forEach(line -> known.put(line.line, line));
        var problem = Problem.of(ProblemCode.INVALID);
        for (int at = 0; at < lines.size(); at++) {
            var line = lines.get(at);
            var there = known.get(line.line());
            var where = "/lines/" + at;
            if (there == null) {
                problem = problem.at(where + "/line", ProblemCode.NOT_FOUND, "is not on this claim");
                continue;
            }
            var most = there.claimed.min(there.entitled);
            if (line.approved() == null || line.approved().stripTrailingZeros().scale() > 2 || line.approved().compareTo(most) > 0 || (there.sort.equals("SALE") ? line.approved().signum() < 0 : line.approved().compareTo(most) < 0))
                problem = problem.at(where + "/approved", ProblemCode.INVALID, "must be an amount from " + (there.sort.equals("SALE") ? "0" : most.toPlainString()) + " to " + most.toPlainString() + " (CL-24)", most);
            var reason = Reasons.of(line.reason());
            boolean raises = line.approved() != null && line.approved().compareTo(there.left) > 0;
            // what a person cut before may be given back for either kind of reason
            boolean restores = !raises && line.approved() != null && there.approved != null && line.approved().compareTo(there.approved) > 0;
            if (reason == null || !restores && (raises ? !reason.overrules() : !reason.cuts())) problem = problem.at(where + "/reason", ProblemCode.INVALID, raises ? "is no reason to overrule a rule" : "is no reason to cut", Reasons.codes(raises));
            else if (reason == Reason.OTHER && (line.note() == null || line.note().isBlank())) problem = problem.at(where + "/note", ProblemCode.INVALID, "say what the other reason is");
        }
        if (lines.isEmpty()) problem = problem.at("/lines", ProblemCode.INVALID, "name at least one line");
        if (!problem.errors().isEmpty()) throw problem.exception();
        for (var line : lines) {
            step.db.sql("update claims.claim_line set proposed = :approved, reason = :reason, note = coalesce(:note, note) where distributor_id = :distributor and claim_id = :claim and line = :line").params(parameters)
                    .param("approved", line.approved()).param("reason", line.reason()).param("note", line.note()).param("line", line.line()).update();
        }
    }

    private static Reason cutReason(@Nullable String code, @Nullable String note, String pointer) {
        var reason = Reasons.of(code);
        if (reason == null || !reason.cuts()) throw Problem.of(ProblemCode.INVALID).at(pointer, ProblemCode.INVALID, "is no reason to cut", Reasons.codes(false)).exception();
        if (reason == Reason.OTHER && (note == null || note.isBlank())) throw Problem.of(ProblemCode.INVALID).at("/note", ProblemCode.INVALID, "say what the other reason is").exception();
        return reason;
    }

    /// Every decision says of each rule that spoke whether the person agreed (CL-27): a cut that stands agrees, one that was overruled, or a rule that is named, does not.
    private void feedback(Step step, List<Disagreed> named) {
        for (var one : named) {
            try {
                Rules.of(String.valueOf(one.rule));
            } catch (IllegalArgumentException _) {
                throw Problem.of(ProblemCode.INVALID).at("/disagree", ProblemCode.INVALID, one.rule + " is no rule").exception();
            }
        }
        step.db.sql("""
                insert into claims.rule_feedback (distributor_id, claim_id, round, rule, line, principal_id, agreed, said_at, said_by)
                select r.distributor_id, r.claim_id, r.round, r.rule, r.line, r.principal_id,
                       case when r.line || '|' || r.rule = any (:named) then false when r.cut > 0 and l.proposed is not null then l.proposed <= coalesce(l.allowed, least(l.claimed, l.entitled)) else true end, :at, :by
                  from claims.rule_result r
                  join claims.claim c on c.distributor_id = r.distributor_id and c.id = r.claim_id and c.round = r.round
                  left join claims.claim_line l on l.distributor_id = r.distributor_id and l.claim_id = r.claim_id and l.line = r.line
                 where r.distributor_id = :distributor and r.claim_id = :claim
                on conflict (distributor_id, claim_id, round, rule, line) do update set agreed = excluded.agreed, said_at = excluded.said_at, said_by = excluded.said_by""")
                .param("named", named.stream().map(one -> one.line + "|" + one.rule).toArray(String[]::new)).param("at", step.at.atOffset(java.time.ZoneOffset.UTC)).param("by", step.caller.username())
                .param("distributor", step.head.distributorId()).param("claim", step.head.id()).update();
    }

    /// The proposal becomes the decision: what is cut leaves the books, what is approved waits for its credit note.
    private Event conclude(Step step, @Nullable String note) {
        var head = step.head;
        var before = head.approved() == null ? BigDecimal.ZERO : head.approved();
        var approved = proposed(step);
        var document = ids.next();
        var cut = head.submitted().subtract(approved);
        var more = cut.subtract(head.disallowed());
        ClaimStore.spend(step.db, head.distributorId(), new UUID[] {head.id()}, document, "APPROVED", "l.proposed - coalesce(l.approved, 0)", step.today, step.at);
        ClaimStore.spend(step.db, head.distributorId(), new UUID[] {head.id()}, document, "DISALLOWED", "case when l.approved is null then l.booked - l.proposed else l.approved - l.proposed end", step.today, step.at);
        overruled(step);
        step.db.sql("update claims.claim_line set approved = proposed, proposed = null where distributor_id = :distributor and claim_id = :claim").param("distributor", head.distributorId()).param("claim", head.id()).update();
        if (more.signum() != 0) books.book(head.distributorId(), document, "CLAIM_DECISION", step.today, head.principalId(), Journal.forClaimCut(Bookkeeper.money(more), Long.toString(head.schemeId()), head.schemeVersion()));
        boolean none = approved.signum() == 0 && head.submitted().signum() > 0;
        var status = none ? "REJECTED" : cut.signum() == 0 ? "APPROVED" : "PARTLY_APPROVED";
        boolean toPay = approved.compareTo(head.settled()) != 0;
        if (!toPay && head.settled().signum() != 0) status = "SETTLED";
        int days = policies.days(PolicyKey.CLAIM_SETTLEMENT_DAYS, head.distributorId(), step.today, 5);
        step.set(values("status", status, "awaits", toPay ? "SETTLEMENT" : null, "approved", approved, "disallowed", cut, "decided_at", step.at, "decided_by", step.caller.username(), "decided_id",
                step.caller.userId(), "overturned", head.disputes() > 0 && approved.compareTo(before) > 0, "due_on", toPay ? Workdays.after(step.today, days, week(head, step.today)) : null, "escalated", 0,
                "clock_days", days, "clock_started_at", step.at, "paused_days", 0));
        return new Event("DECIDED", head.status(), status, null, note, Map.of("approved", approved.toPlainString(), "cut", cut.toPlainString(), "documentId", document.toString()));
    }

    private void overruled(Step step) {
        record Overruled(int line, String rule, String reason, @Nullable String note, BigDecimal proposed) {}
        var all = step.db.sql("""
                        select l.line, min(r.rule) as rule, coalesce(l.reason, 'OTHER') as reason, l.note, l.proposed
                          from claims.claim_line l
                          join claims.claim c on c.distributor_id = l.distributor_id and c.id = l.claim_id
                          join claims.rule_result r on r.distributor_id = l.distributor_id and r.claim_id = l.claim_id and r.round = c.round and r.line = l.line and r.cut > 0
                         where l.distributor_id = :distributor and l.claim_id = :claim and l.proposed > coalesce(l.allowed, least(l.claimed, l.entitled)) and l.proposed is distinct from l.approved
                         group by l.line, l.reason, l.note, l.proposed""").param("distributor", step.head.distributorId()).param("claim", step.head.id()).query(Overruled.class).list();
        for (var one : all)
            OverrideLog.note(step.db, ids.next(), step.head.distributorId(), step.at, step.caller.username(), one.rule, "claim " + step.head.number() + " line " + one.line + ": " + one.proposed.toPlainString() + " approved",
                    one.reason + (one.note == null ? "" : ": " + one.note));
    }

    @Override
    public void confirm(Caller caller, UUID id) {
        confirmed(caller, id, null, null);
    }

    public Head confirmed(Caller caller, UUID id, @Nullable Integer version, @Nullable String note) {
        var behalf = acting(caller, Permission.CLAIM_APPROVE, id);
        return step(caller, id, version, Set.of("IN_REVIEW", "DISPUTED", "APPEALED", "SETTLED"), step -> {
            if ("CLAWBACK".equals(step.head.awaits())) {
                free(step, Matrix.Step.CONFIRM, behalf);
                return takeBack(step, note);
            }
            if (!"FINANCE".equals(step.head.awaits())) throw Problem.of(ProblemCode.REFUSED, "No decision waits for its second person.").rule("2.10").exception();
            free(step, Matrix.Step.CONFIRM, behalf);
            return conclude(step, note);
        });
    }

    public Head sentBack(Caller caller, UUID id, @Nullable String reason) {
        var behalf = acting(caller, Permission.CLAIM_APPROVE, id);
        var why = required(reason, "/reason");
        return step(caller, id, null, Set.of("IN_REVIEW", "DISPUTED", "APPEALED", "SETTLED"), step -> {
            boolean clawback = "CLAWBACK".equals(step.head.awaits());
            if (!clawback && !"FINANCE".equals(step.head.awaits())) throw Problem.of(ProblemCode.REFUSED, "No decision waits for its second person.").rule("2.10").exception();
            free(step, Matrix.Step.CONFIRM, behalf);
            step.db.sql("update claims.claim_line set proposed = null where distributor_id = :distributor and claim_id = :claim").param("distributor", step.head.distributorId()).param("claim", id).update();
            step.set(values("awaits", clawback ? null : step.head.status().equals("APPEALED") ? "PANEL" : "AUDITOR", "proposed_at", null, "proposed_by", null, "proposed_id", null, "proposed_reason", null));
            return new Event("SENT_BACK", step.head.status(), step.head.status(), null, why, Map.of());
        });
    }

    /// A question that nobody answered ends the claim; it may be disputed like any decision.
    void unanswered(long distributorId, UUID id) {
        transactions.idempotent().write(distributorId, db -> {
            var head = ClaimStore.lock(db, distributorId, id);
            if (!head.status().equals("QUERY")) return false;
            var at = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MICROS);
            var system = new Caller(0, "system", "", Set.of(), RowScope.of(distributorId), "en", Set.of());
            var step = new Step(db, head, system, at, LocalDate.ofInstant(at, books.seller(db, distributorId).zone()));
            propose(step, "REJECT", new Decision("REJECT", Reason.QUERY_UNANSWERED.name(), null, null, null));
            var event = conclude(step, null);
            ClaimStore.set(db, distributorId, id, values("queried_at", null, "paused_on", null));
            books.tell(db, head, new Event("CLOSED", "QUERY", event.to(), Reason.QUERY_UNANSWERED.name(), null, event.details()), at, "system", null);
            return true;
        });
    }

    // ---- taking back

    /// @param amount what is taken back of the line, up to what was settled
    public record Taken(int line, @Nullable BigDecimal amount) {}

    /// @param reason a reason to cut
    public record Clawback(@Nullable String reason, @Nullable String note, @Nullable List<Taken> lines) {}

    /// Proposes to take money of a settled claim back; a second person of Finance confirms it.
    public Head clawedBack(Caller caller, UUID id, @Nullable Integer version, Clawback wanted) {
        var behalf = acting(caller, Permission.CLAIM_APPROVE, id);
        return step(caller, id, version, Set.of("SETTLED"), step -> {
            var head = step.head;
            if (head.awaits() != null) throw Problem.of(ProblemCode.REFUSED, "Money of this claim is being taken back already.").rule("2.10").exception();
            step.behalf = behalf == null ? null : behalf.username();
            // who decided on it would judge himself
            if (head.hands().touched(caller.userId()) || behalf != null && head.hands().touched(behalf.userId()))
                throw Problem.of(ProblemCode.SAME_PERSON, "Who filed or decided a claim does not take it back (SOD-1).").rule("SOD-1").exception();
            var reason = cutReason(wanted.reason, wanted.note, "/reason");
            var lines = wanted.lines == null ? List.<Taken>of() : wanted.lines;
            var problem = Problem.of(ProblemCode.INVALID);
            if (lines.isEmpty()) problem = problem.at("/lines", ProblemCode.INVALID, "name at least one line");
            var seen = new HashSet<Integer>();
            for (int at = 0; at < lines.size(); at++) {
                var line = lines.get(at);
                var settled = step.db.sql("select settled from claims.claim_line where distributor_id = :distributor and claim_id = :claim and line = :line and sort = 'SALE'").param("distributor", head.distributorId())
                        .param("claim", id).param("line", line.line).query(BigDecimal.class).optional().orElse(null);
                if (settled == null || !seen.add(line.line)) problem = problem.at("/lines/" + at + "/line", ProblemCode.NOT_FOUND, settled == null ? "is no sale of this claim" : "is named twice");
                else if (line.amount == null || line.amount.signum() <= 0 || line.amount.stripTrailingZeros().scale() > 2 || line.amount.compareTo(settled) > 0)
                    problem = problem.at("/lines/" + at + "/amount", ProblemCode.INVALID, "must be an amount up to what was settled", settled);
            }
            if (!problem.errors().isEmpty()) throw problem.exception();
            var sum = BigDecimal.ZERO;
            step.db.sql("update claims.claim_line set proposed = approved where distributor_id = :distributor and claim_id = :claim").param("distributor", head.distributorId()).param("claim", id).update();
            for (var line : lines) {
                step.db.sql("update claims.claim_line set proposed = approved - :amount, reason = :reason, note = coalesce(:note, note) where distributor_id = :distributor and claim_id = :claim and line = :line")
                        .param("amount", line.amount).param("reason", reason.name()).param("note", wanted.note).param("distributor", head.distributorId()).param("claim", id).param("line", line.line).update();
                sum = sum.add(java.util.Objects.requireNonNull(line.amount));
            }
            step.set(values("awaits", "CLAWBACK", "proposed_at", step.at, "proposed_by", caller.username(), "proposed_id", caller.userId(), "proposed_reason", wanted.note));
            return new Event("CLAWBACK_PROPOSED", "SETTLED", "SETTLED", reason.name(), wanted.note, Map.of("amount", sum.toPlainString()));
        });
    }

    /// The debit note: what was settled wrongly stands in the account with the principal again.
    private Event takeBack(Step step, @Nullable String note) {
        var head = step.head;
        var left = proposed(step);
        var amount = java.util.Objects.requireNonNull(head.approved()).subtract(left);
        var document = ids.next();
        var claims = new UUID[] {head.id()};
        ClaimStore.spend(step.db, head.distributorId(), claims, document, "APPROVED", "l.proposed - l.approved", step.today, step.at);
        ClaimStore.spend(step.db, head.distributorId(), claims, document, "DISALLOWED", "l.approved - l.proposed", step.today, step.at);
        ClaimStore.spend(step.db, head.distributorId(), claims, document, "SETTLED", "l.proposed - l.settled", step.today, step.at);
        var number = books.debit(step.db, head, document, amount, step.today, step.at, step.caller.username());
        step.db.sql("update claims.claim_line set approved = proposed, settled = proposed, proposed = null where distributor_id = :distributor and claim_id = :claim").param("distributor", head.distributorId())
                .param("claim", head.id()).update();
        step.set(values("status", "CLAWED_BACK", "awaits", null, "approved", left, "settled", left, "disallowed", head.disallowed().add(amount), "clawed", head.clawed().add(amount)));
        return new Event("CLAWED_BACK", "SETTLED", "CLAWED_BACK", null, note, Map.of("amount", amount.toPlainString(), "settlementId", document.toString(), "settlement", number));
    }

    // ---- settling

    @Override
    public void settle(Caller caller, UUID claim, UUID settlement, String treatment, LocalDate on) {
        settled(caller, claim, new Settle(settlement, treatment, null, on));
    }

    /// @param on                  business date; null: today
    /// @param principalNoteNumber under which the principal's own books have it
    public record Settle(@Nullable UUID id, @Nullable String treatment, @Nullable String principalNoteNumber, @Nullable LocalDate on) {}

    public Settlements.View settled(Caller caller, UUID claim, Settle wanted) {
        var behalf = acting(caller, Permission.CLAIM_SETTLE, claim);
        var seen = transactions.read(caller.scope(), db -> ClaimStore.find(db, caller.scope(), claim)).orElseThrow(() -> caller.notFound("claim"));
        return settle(caller, behalf, seen.distributorId(), List.of(claim), wanted, null);
    }

    /// What a batch came to.
    public record BatchSettled(List<Settlements.View> settlements, int claims, BigDecimal amount) {}

    /// Settles what is open of a straight-through batch, one credit note for each distributor.
    public BatchSettled settledBatch(Caller caller, String batch, Settle wanted) {
        var behalf = acting(caller, Permission.CLAIM_SETTLE, null);
        record Open(long distributorId, UUID id) {}
        var scope = behalf == null ? caller.scope() : behalf.scope();
        var open = transactions.read(scope, db -> db.sql("""
                        select distributor_id, id from claims.claim c where c.distributor_id = any (:scope) and (:principals::bigint[] is null or c.principal_id = any (:principals::bigint[])) and c.batch = :batch
                           and (c.status = 'APPROVED' or c.status = 'SETTLED') order by distributor_id, id""")
                .params(Views.scope(scope)).param("batch", batch).query(Open.class).list());
        if (open.isEmpty()) throw caller.notFound("batch");
        var byDistributor = new TreeMap<Long, List<UUID>>();
        for (var one : open) byDistributor.computeIfAbsent(one.distributorId, _ -> new ArrayList<>()).add(one.id);
        var made = new ArrayList<Settlements.View>();
        int claims = 0;
        var amount = BigDecimal.ZERO;
        for (var entry : byDistributor.entrySet()) {
            // one id for each distributor, the same when the request is repeated
            var id = wanted.id == null ? null : new UUID(wanted.id.getMostSignificantBits(), wanted.id.getLeastSignificantBits() ^ entry.getKey() * 0x9E3779B97F4A7C15L);
            var settlement = settle(caller, behalf, entry.getKey(), entry.getValue(), new Settle(id, wanted.treatment, wanted.principalNoteNumber, wanted.on), batch);
            made.add(settlement);
            claims += settlement.claims().size();
            amount = amount.add(settlement.amount());
        }
        return new BatchSettled(made, claims, amount);
    }

    private Settlements.View settle(Caller caller, @Nullable Caller behalf, long distributorId, List<UUID> claims, Settle wanted, @Nullable String batch) {
        if (wanted.id == null) throw Problem.of(ProblemCode.INVALID).at("/id", ProblemCode.INVALID, "is missing", "a UUID of your own").exception();
        if (wanted.treatment == null || !Set.of("FIN_CN", "TAX_CN").contains(wanted.treatment))
            throw Problem.of(ProblemCode.INVALID).at("/treatment", ProblemCode.INVALID, "is no treatment", List.of("FIN_CN", "TAX_CN")).exception();
        return transactions.idempotent().write(distributorId, db -> {
            var before = Settlements.find(db, RowScope.of(distributorId), wanted.id);
            if (before.isPresent()) {
                var there = before.get();
                if (!there.treatment().equals(wanted.treatment) || !claims.containsAll(there.claims().stream().map(Settlements.Part::claimId).toList()))
                    throw Problem.of(ProblemCode.ID_REUSED).rule("OFF-06").at("/id", ProblemCode.ID_REUSED, "was used for another settlement").exception();
                return there;
            }
            var heads = new ArrayList<Head>();
            for (var head : ClaimStore.lock(db, distributorId, claims.toArray(UUID[]::new))) {
                if (batch != null && !head.status().equals("APPROVED")) continue;
                if (!Set.of("APPROVED", "PARTLY_APPROVED").contains(head.status())) throw illegal(head, Set.of("APPROVED", "PARTLY_APPROVED"));
                var conflict = Matrix.conflict(Matrix.Step.SETTLE, head.hands(), caller.userId(), behalf == null ? null : behalf.userId());
                if (conflict != null) throw Problem.of(ProblemCode.SAME_PERSON, conflict).rule(conflict.contains("SOD-5") ? "SOD-5" : "SOD-1").exception();
                heads.add(head);
            }
            if (heads.isEmpty()) throw Problem.of(ProblemCode.REFUSED, "Everything in this batch is settled.").rule("CL-25").exception();
            return books.settle(db, heads, wanted.id, wanted.treatment, wanted.principalNoteNumber, wanted.on, batch, caller.username(), behalf == null ? null : behalf.username());
        });
    }

    /// What nobody claimed in time is taken back in both books (CL-26).
    public record Lapse(@Nullable UUID id, @Nullable Long distributorId, @Nullable Long schemeId, @Nullable Integer schemeVersion, @Nullable String reason) {}

    public Lapses.Lapsed lapsed(Caller caller, Lapse wanted) {
        caller.require(Permission.CLAIM_APPROVE);
        var why = required(wanted.reason, "/reason");
        if (wanted.id == null || wanted.distributorId == null || wanted.schemeId == null || wanted.schemeVersion == null)
            throw Problem.of(ProblemCode.INVALID, "A lapse names its id, distributor, scheme and version.").at("/schemeId", ProblemCode.INVALID, "is missing").exception();
        caller.requireDistributor(wanted.distributorId);
        return transactions.idempotent().write(wanted.distributorId, db -> books.lapse(db, caller.username(), wanted.id, wanted.distributorId, wanted.schemeId, wanted.schemeVersion, why));
    }

    /// Drafting by a person: staff of the distributor, or Finance.
    public Drafted drafted(Caller caller, @Nullable Long distributorId, @Nullable YearMonth period) {
        caller.requireAny(Permission.CLAIM_WRITE, Permission.CLAIM_APPROVE);
        var of = distributorId == null ? caller.onlyDistributor() : distributorId;
        if (of == null) throw Problem.of(ProblemCode.INVALID).at("/distributorId", ProblemCode.INVALID, "is missing").exception();
        caller.requireDistributor(of);
        return draft(of, period == null ? lastMonth(of) : period);
    }

    YearMonth lastMonth(long distributorId) {
        var zone = transactions.<ZoneId>write(distributorId, db -> books.seller(db, distributorId).zone());
        return YearMonth.from(LocalDate.now(clock.withZone(zone))).minusMonths(1);
    }

    /// Who may do what with a claim now, as the screens ask; the steps check again.
    Set<String> may(Caller caller, Head head) {
        var may = new HashSet<String>();
        var all = new ArrayList<Caller>();
        all.add(caller);
        all.addAll(substitutes.of(caller, KIND));
        boolean draft = head.status().equals("DRAFT");
        if (caller.can(Permission.CLAIM_WRITE)) {
            if (draft) may.add("edit");
            if (draft || Set.of("QUERY", "DISPUTED", "APPEALED", "IN_REVIEW").contains(head.status())) may.add("attach");
            if (head.status().equals("QUERY")) may.add("reply");
        }
        if (caller.can(Permission.CLAIM_SUBMIT)) {
            if (draft) {
                may.add("submit");
                may.add("withdraw");
            }
            if (OPEN_TO_DISPUTE.contains(head.status()) && !"CLAWBACK".equals(head.awaits()) && head.disallowed().signum() != 0 && head.disputes() == 0) may.add("dispute");
            if (OPEN_TO_DISPUTE.contains(head.status()) && !"CLAWBACK".equals(head.awaits()) && head.disallowed().signum() != 0 && head.disputes() > 0 && head.appeals() == 0) may.add("appeal");
        }
        boolean review = Set.of("IN_REVIEW", "DISPUTED", "APPEALED").contains(head.status());
        for (var who : all) {
            var behalf = who == caller ? null : who.userId();
            boolean decides = who.can(Permission.CLAIM_DECIDE) && Matrix.conflict(Matrix.Step.DECIDE, head.hands(), caller.userId(), behalf) == null;
            if (review && decides && "AUDITOR".equals(head.awaits())) may.addAll(Set.of("decide", "query"));
            if (review && "PANEL".equals(head.awaits()) && who.can(Permission.CLAIM_WAIVE) && Matrix.conflict(Matrix.Step.DECIDE, head.hands(), caller.userId(), behalf) == null) may.add("decide");
            if (review && "FINANCE".equals(head.awaits()) && who.can(Permission.CLAIM_APPROVE) && Matrix.conflict(Matrix.Step.CONFIRM, head.hands(), caller.userId(), behalf) == null) may.addAll(Set.of("confirm", "sendBack"));
            if (review && "WAIVER".equals(head.awaits()) && who.can(Permission.CLAIM_WAIVE)) may.add("waive");
            if ("CLAWBACK".equals(head.awaits()) && who.can(Permission.CLAIM_APPROVE) && Matrix.conflict(Matrix.Step.CONFIRM, head.hands(), caller.userId(), behalf) == null) may.addAll(Set.of("confirm", "sendBack"));
            if (head.status().equals("SETTLED") && head.awaits() == null && head.settled().signum() > 0 && who.can(Permission.CLAIM_APPROVE) && !head.hands().touched(caller.userId())
                    && (behalf == null || !head.hands().touched(behalf))) may.add("clawBack");
            if ("SETTLEMENT".equals(head.awaits()) && who.can(Permission.CLAIM_SETTLE) && Matrix.conflict(Matrix.Step.SETTLE, head.hands(), caller.userId(), behalf) == null) may.add("settle");
        }
        return may;
    }

    /// Why a person who could decide may not decide this one; null where that is not so.
    @Nullable String whyNot(Caller caller, Head head) {
        boolean review = Set.of("IN_REVIEW", "DISPUTED", "APPEALED").contains(head.status());
        if (review && "PANEL".equals(head.awaits()) && caller.can(Permission.CLAIM_WAIVE)) return Matrix.conflict(Matrix.Step.DECIDE, head.hands(), caller.userId(), null);
        if (review && "AUDITOR".equals(head.awaits()) && caller.can(Permission.CLAIM_DECIDE)) return Matrix.conflict(Matrix.Step.DECIDE, head.hands(), caller.userId(), null);
        if (review && "FINANCE".equals(head.awaits()) && caller.can(Permission.CLAIM_APPROVE)) return Matrix.conflict(Matrix.Step.CONFIRM, head.hands(), caller.userId(), null);
        if ("SETTLEMENT".equals(head.awaits()) && caller.can(Permission.CLAIM_SETTLE)) return Matrix.conflict(Matrix.Step.SETTLE, head.hands(), caller.userId(), null);
        return null;
    }
}
