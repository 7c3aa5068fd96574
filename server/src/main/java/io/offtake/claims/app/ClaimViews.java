package io.offtake.claims.app;

import static io.offtake.platform.ListSql.Type.BOOLEAN;
import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.DECIMAL;
import static io.offtake.platform.ListSql.Type.INSTANT;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.billing.BillFacts;
import io.offtake.catalog.CatalogRelations;
import io.offtake.claims.ClaimView;
import io.offtake.claims.domain.Rules;
import io.offtake.claims.domain.Workdays;
import io.offtake.claims.store.ClaimStore;
import io.offtake.claims.store.ClaimStore.Head;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.governance.Substitutes;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import io.offtake.schemes.SchemeRelations;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Claims as screens read them. Staff of a distributor sees its own clock, lines and cuts; risk and history are the principal's.
@Component
public class ClaimViews {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final TenantTransaction transactions;
    private final ClaimDesk desk;
    private final Policies policies;
    private final Substitutes substitutes;
    private final Clock clock;

    ClaimViews(TenantTransaction transactions, ClaimDesk desk, Policies policies, Substitutes substitutes, Clock clock) {
        this.transactions = transactions;
        this.desk = desk;
        this.policies = policies;
        this.substitutes = substitutes;
        this.clock = clock;
    }

    public record RiskView(BigDecimal score, String band, @Schema(type = "array") JsonNode reasons) {}

    /// @param used    working days gone, without those on which it waited for the distributor
    /// @param percent used of `days`
    /// @param level   OK, NEAR (80 %), OVER (100 %), FAR_OVER (150 %)
    public record ClockView(Instant startedAt, LocalDate dueOn, int days, int used, int percent, boolean paused, String level, @Nullable String ownerRole) {}

    /// A claim as lists show it.
    ///
    /// @param expected what the distributor may expect: approved if decided, else what the rules leave, else what the bills give
    public record Row(UUID id, String number, long distributorId, String distributorCode, String distributorName, long principalId, String principalName, String type, long schemeId, String schemeCode,
                      String schemeName, int schemeVersion, String period, LocalDate periodFrom, LocalDate periodTo, String status, @Nullable String awaits, String currency, int lineCount, int failLines,
                      int warnLines, BigDecimal entitled, BigDecimal claimed, BigDecimal netted, @Nullable BigDecimal allowed, @Nullable BigDecimal approved, BigDecimal cut, BigDecimal settled,
                      BigDecimal expected, boolean straightThrough, boolean holdout, @Nullable String batch, @Nullable RiskView risk, @Nullable ClockView clock, LocalDate filingUntil, boolean late,
                      boolean waived, Instant draftedAt, @Nullable Instant submittedAt, @Nullable String submittedBy, @Nullable Instant decidedAt, @Nullable String decidedBy, @Nullable Instant settledAt,
                      @Nullable LocalDate expectedOn, List<String> missing, int version) {}

    private static final String BASE = """
            select c.*, d.code as distributor_code, d.name as distributor_name, p.name as principal_name, v.code as scheme_code, v.name as scheme_name, coalesce(c.band_shown, '') as band
              from (select c.*, c.risk_band as band_shown, coalesce(c.risk_score, 0) as risk, coalesce(c.due_on, 'infinity'::date) as due, coalesce(c.submitted_at, 'epoch'::timestamptz) as filed,
                           coalesce(c.approved, 0) as approved_shown,
                           case when c.escalated >= 150 then 'FAR_OVER' when c.escalated >= 100 then 'OVER' when c.escalated >= 80 then 'NEAR' else 'OK' end as level
                      from claims.claim c
                     where c.distributor_id = any (:scope) and (:principals::bigint[] is null or c.principal_id = any (:principals::bigint[]))) c
              join\s""" + NetworkRelations.DISTRIBUTORS + """
             d on d.id = c.distributor_id
              join\s""" + NetworkRelations.PRINCIPALS + """
             p on p.id = c.principal_id
              join\s""" + SchemeRelations.VERSIONS + " v on v.scheme_id = c.scheme_id and v.version_no = c.scheme_version\n";

    private static final String MINE = BASE + """
             where not :waiting or (
                   (c.awaits = 'AUDITOR' and :decides and c.submitted_id is distinct from :user and (c.disputes = 0 or c.first_decider_id is distinct from :user))
                or (c.awaits = 'FINANCE' and :confirms and c.submitted_id is distinct from :user and c.proposed_id is distinct from :user
                    and (c.appeals = 0 or (c.first_decider_id is distinct from :user and c.second_decider_id is distinct from :user)))
                or (c.awaits = 'CLAWBACK' and :confirms and c.submitted_id is distinct from :user and c.proposed_id is distinct from :user)
                or (c.awaits = 'WAIVER' and :waives)
                or (c.awaits = 'PANEL' and :waives and c.first_decider_id is distinct from :user and c.second_decider_id is distinct from :user)
                or (c.awaits = 'SETTLEMENT' and :settles and not c.straight_through and c.decided_id is distinct from :user and c.proposed_id is distinct from :user)
                or (c.awaits = 'DISTRIBUTOR' and :answers))""";

    private static ListSql list() {
        return ListSql.of(MINE).key("id", ListSql.Type.UUID).sortable("number", TEXT).sortable("filed", INSTANT).sortable("due", DATE).sortable("claimed", DECIMAL).sortable("approvedShown", DECIMAL)
                .sortable("risk", DECIMAL).sortable("status", TEXT).sortable("draftedAt", INSTANT).equal("status", TEXT).equal("awaits", TEXT).equal("type", TEXT).equal("distributorId", LONG)
                .equal("principalId", LONG).equal("schemeId", LONG).equal("period", TEXT).equal("band", TEXT).equal("batch", TEXT).equal("level", TEXT).equal("late", BOOLEAN).equal("holdout", BOOLEAN)
                .equal("straightThrough", BOOLEAN).from("submittedFrom", "filed", INSTANT).to("submittedTo", "filed", INSTANT).search("number", "schemeCode", "distributorCode", "distributorName");
    }

    private static final ListSql LIST = list().order("-draftedAt");
    private static final ListSql WAITING = list().order("-risk", "due");
    private static final Map<String, String> SORTS = Map.of("submittedAt", "filed", "dueOn", "due", "approved", "approvedShown", "riskScore", "risk");

    static boolean isOfDistributor(Caller caller) {
        return caller.roles().stream().allMatch(Role::ofDistributor) && !caller.roles().isEmpty();
    }

    /// Claims in the caller's scope, with those that people have passed on to him.
    public Page<Row> list(Caller caller, ListQuery query, boolean waiting) {
        caller.requireAny(Permission.CLAIM_READ);
        var sort = query.sort().stream().map(part -> new ListQuery.Sort(SORTS.getOrDefault(part.field(), part.field()), part.descending())).toList();
        var asked = new ListQuery(query.cursor(), query.limit(), query.q(), sort, query.without("waiting").filters());
        var parameters = Views.scope(caller.scope());
        var all = new ArrayList<Caller>();
        all.add(caller);
        if (waiting) all.addAll(substitutes.of(caller, ClaimDesk.KIND));
        parameters.put("waiting", waiting);
        parameters.put("user", caller.userId());
        parameters.put("decides", can(all, Permission.CLAIM_DECIDE));
        parameters.put("confirms", can(all, Permission.CLAIM_APPROVE));
        parameters.put("settles", can(all, Permission.CLAIM_SETTLE));
        parameters.put("waives", can(all, Permission.CLAIM_WAIVE));
        parameters.put("answers", caller.can(Permission.CLAIM_WRITE));
        return transactions.read(caller.scope(), db -> (waiting ? WAITING : LIST).page(db, asked, parameters, (row, _) -> row(row, caller, db, List.of())));
    }

    private static boolean can(List<Caller> all, Permission permission) {
        return all.stream().anyMatch(one -> one.can(permission));
    }

    private static @Nullable Instant instant(ResultSet row, String name) throws SQLException {
        var at = row.getObject(name, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    private static Instant required(ResultSet row, String name) throws SQLException {
        return row.getObject(name, OffsetDateTime.class).toInstant();
    }

    private Row row(ResultSet row, Caller caller, JdbcClient db, List<String> missing) throws SQLException {
        var approved = row.getBigDecimal("approved");
        var allowed = row.getBigDecimal("allowed");
        var entitled = row.getBigDecimal("entitled");
        var claimed = row.getBigDecimal("claimed");
        boolean own = isOfDistributor(caller);
        var score = row.getBigDecimal("risk_score");
        var risk = own || score == null ? null : new RiskView(score, row.getString("risk_band"), JSON.readTree(row.getString("risk_reasons")));
        var status = row.getString("status");
        var due = row.getObject("due_on", LocalDate.class);
        return new Row(row.getObject("id", UUID.class), row.getString("number"), row.getLong("distributor_id"), row.getString("distributor_code"), row.getString("distributor_name"), row.getLong("principal_id"),
                row.getString("principal_name"), row.getString("type"), row.getLong("scheme_id"), row.getString("scheme_code"), row.getString("scheme_name"), row.getInt("scheme_version"), row.getString("period"),
                row.getObject("period_from", LocalDate.class), row.getObject("period_to", LocalDate.class), status, row.getString("awaits"), row.getString("currency"), row.getInt("line_count"),
                row.getInt("fail_lines"), own ? 0 : row.getInt("warn_lines"), entitled, claimed, row.getBigDecimal("netted"), allowed, approved, row.getBigDecimal("disallowed"), row.getBigDecimal("settled"),
                approved != null ? approved : allowed != null ? allowed : entitled.min(claimed), row.getBoolean("straight_through"), !own && row.getBoolean("holdout"), own ? null : row.getString("batch"), risk,
                clock(row, status, due), row.getObject("filing_until", LocalDate.class), row.getBoolean("late"), row.getBoolean("waived"), required(row, "drafted_at"), instant(row, "submitted_at"),
                row.getString("submitted_by"), instant(row, "decided_at"), row.getString("decided_by"), instant(row, "settled_at"),
                status.equals("APPROVED") || status.equals("PARTLY_APPROVED") ? due : null, missing, row.getInt("version"));
    }

    private static final Map<String, String> OWNERS = Map.of("AUDITOR", "CA", "FINANCE", "FIN", "SETTLEMENT", "FIN", "WAIVER", "RSM", "PANEL", "RSM", "DISTRIBUTOR", "DO");

    private @Nullable ClockView clock(ResultSet row, String status, @Nullable LocalDate due) throws SQLException {
        var started = instant(row, "clock_started_at");
        if (started == null || due == null || Set.of("DRAFT", "SETTLED", "REJECTED", "WITHDRAWN").contains(status)) return null;
        var today = LocalDate.now(clock);
        int week = policies.days(PolicyKey.CLAIM_WORKING_DAYS, row.getLong("distributor_id"), today, 6);
        var paused = row.getObject("paused_on", LocalDate.class);
        int used = Math.max(0, Workdays.between(LocalDate.ofInstant(started, clock.getZone()), paused == null ? today : paused, week) - row.getInt("paused_days"));
        int days = Math.max(1, row.getInt("clock_days"));
        int percent = 100 * used / days;
        var awaits = row.getString("awaits");
        return new ClockView(started, due, days, used, percent, paused != null, level(percent), awaits == null ? null : OWNERS.get(awaits));
    }

    static String level(int percent) {
        return percent >= 150 ? "FAR_OVER" : percent >= 100 ? "OVER" : percent >= 80 ? "NEAR" : "OK";
    }

    // ---- one claim

    /// @param checked lines it looked at
    public record RuleView(String rule, String title, int checked, int pass, int warn, int fail, int block, BigDecimal cut) {}

    /// What a rule found, with the numbers it used.
    ///
    /// @param text null where it is not for the reader
    public record Result(String rule, String title, String result, int score, BigDecimal cut, @Nullable String text, @Schema(type = "object") @Nullable JsonNode numbers) {}

    public record EvidenceView(String kind, String hash, String name, @Nullable String note, Instant addedAt, String addedBy) {}

    public record SettlementPart(UUID id, String number, String treatment, BigDecimal amount, LocalDate on, @Nullable String principalNoteNumber) {}

    public record Proposed(String by, Instant at, BigDecimal approved, @Nullable String note) {}

    /// The distributor's claims on this principal in six months.
    ///
    /// @param ratio approved ÷ claimed, four decimals; null if nothing was decided
    public record HistoryView(long claims, BigDecimal claimed, BigDecimal approved, @Nullable BigDecimal ratio, long disputes, long overturned) {}

    public record May(boolean edit, boolean submit, boolean withdraw, boolean attach, boolean query, boolean reply, boolean decide, boolean confirm, boolean sendBack, boolean dispute, boolean appeal, boolean clawBack, boolean settle,
                      boolean waive, @Nullable String whyNot) {
        static May of(Set<String> may, @Nullable String whyNot) {
            return new May(may.contains("edit"), may.contains("submit"), may.contains("withdraw"), may.contains("attach"), may.contains("query"), may.contains("reply"), may.contains("decide"),
                    may.contains("confirm"), may.contains("sendBack"), may.contains("dispute"), may.contains("appeal"), may.contains("clawBack"), may.contains("settle"), may.contains("waive"), whyNot);
        }
    }

    /// One claim with all that a decision needs.
    public record Detail(@com.fasterxml.jackson.annotation.JsonUnwrapped Row claim, List<SettlementPart> settlements, List<RuleView> rules, List<Result> claimLevel, List<EvidenceView> evidence,
                         @Nullable Proposed proposed, @Nullable HistoryView history, May may) implements ClaimView {}

    public Detail get(Caller caller, UUID id) {
        caller.require(Permission.CLAIM_READ);
        var may = new HashMap<String, Object>();
        var detail = transactions.read(caller.scope(), db -> {
            var head = ClaimStore.find(db, caller.scope(), id).orElseThrow(() -> caller.notFound("claim"));
            may.put("head", head);
            return detail(db, caller, head);
        });
        var head = (Head) may.get("head");
        return new Detail(detail.claim, detail.settlements, detail.rules, detail.claimLevel, detail.evidence, detail.proposed, detail.history, May.of(desk.may(caller, head), desk.whyNot(caller, head)));
    }

    private Detail detail(JdbcClient db, Caller caller, Head head) {
        var key = Map.of("distributor", head.distributorId(), "claim", head.id(), "round", head.round());
        boolean own = isOfDistributor(caller);
        var missing = head.status().equals("DRAFT") && ClaimDesk.isUnproven(db, head) ? List.of("PAYOUT_PROOF") : List.<String>of();
        var row = db.sql("select t.* from (" + BASE + ") t where t.id = :id").params(Views.scope(caller.scope())).param("id", head.id()).query((found, _) -> row(found, caller, db, missing)).single();
        var settlements = db.sql("""
                        select s.id, s.number, s.treatment, k.amount, s.business_date as "on", s.principal_note_number from claims.settlement_claim k
                          join claims.settlement s on s.distributor_id = k.distributor_id and s.id = k.settlement_id
                         where k.distributor_id = :distributor and k.claim_id = :claim order by s.posted_at""").params(key).query(SettlementPart.class).list();
        var rules = db.sql("select rule, checked, warned, failed, blocked, cut from claims.rule_count where distributor_id = :distributor and claim_id = :claim and round = :round order by rule").params(key)
                .query((found, _) -> {
                    int warned = own ? 0 : found.getInt("warned");
                    int stopped = found.getInt("failed") + found.getInt("blocked");
                    int checked = found.getInt("checked");
                    return new RuleView(found.getString("rule"), Rules.of(found.getString("rule")).title(), checked, Math.max(0, checked - warned - stopped), warned, found.getInt("failed"), found.getInt("blocked"),
                            found.getBigDecimal("cut"));
                }).list();
        var whole = results(db, caller, head, new Integer[] {0}).getOrDefault(0, List.of());
        var evidence = db.sql("select kind, hash, name, note, added_at, added_by from claims.evidence where distributor_id = :distributor and claim_id = :claim order by added_at, hash").params(key)
                .query(EvidenceView.class).list();
        var proposed = head.proposedAt() == null || !java.util.Set.of("FINANCE", "CLAWBACK").contains(String.valueOf(head.awaits())) ? null : new Proposed(String.valueOf(head.proposedBy()), head.proposedAt(),
                db.sql("select coalesce(sum(proposed), 0) from claims.claim_line where distributor_id = :distributor and claim_id = :claim").params(key).query(BigDecimal.class).single(), head.proposedReason());
        return new Detail(row, settlements, rules, whole, evidence, own ? null : proposed, own ? null : history(db, head), May.of(Set.of(), null));
    }

    private HistoryView history(JdbcClient db, Head head) {
        return db.sql("""
                        select count(*) as claims, coalesce(sum(submitted), 0) as claimed, coalesce(sum(approved), 0) as approved, coalesce(sum(disputes), 0) as disputes, count(*) filter (where overturned) as overturned
                          from claims.claim where distributor_id = :distributor and principal_id = :principal and id <> :claim and decided_at >= :since""").param("distributor", head.distributorId())
                .param("principal", head.principalId()).param("claim", head.id()).param("since", clock.instant().minus(java.time.Duration.ofDays(183)).atOffset(ZoneOffset.UTC))
                .query((row, _) -> {
                    var claimed = row.getBigDecimal("claimed");
                    return new HistoryView(row.getLong("claims"), claimed, row.getBigDecimal("approved"), claimed.signum() <= 0 ? null : row.getBigDecimal("approved").divide(claimed, 4, java.math.RoundingMode.HALF_UP),
                            row.getLong("disputes"), row.getLong("overturned"));
                }).single();
    }

    private Map<Integer, List<Result>> results(JdbcClient db, Caller caller, Head head, Integer[] lines) {
        boolean own = isOfDistributor(caller);
        var found = new HashMap<Integer, List<Result>>();
        db.sql("select line, rule, result, score, cut, numbers from claims.rule_result where distributor_id = :distributor and claim_id = :claim and round = :round and line = any (:lines) order by line, rule")
                .param("distributor", head.distributorId()).param("claim", head.id()).param("round", head.round())
                .param("lines", java.util.Arrays.stream(lines).map(Integer::longValue).toArray(Long[]::new)).query(row -> {
                    var rule = Rules.of(row.getString("rule"));
                    boolean hidden = own && row.getString("result").equals("WARN");
                    var numbers = JSON.readTree(row.getString("numbers"));
                    @SuppressWarnings("unchecked") Map<String, Object> values = JSON.convertValue(numbers, Map.class);
                    if (!hidden) found.computeIfAbsent(row.getInt("line"), _ -> new ArrayList<>()).add(new Result(rule.id(), rule.title(), row.getString("result"), own ? 0 : row.getInt("score"), row.getBigDecimal("cut"),
                            rule.text(values), numbers));
                });
        return found;
    }

    /// A line beside its bill.
    public record Line(int line, UUID invoiceId, String invoiceNumber, LocalDate businessDate, UUID outletId, String outletCode, String outletName, @Nullable Long skuId, @Nullable String skuCode,
                       @Nullable String skuName, String kind, String sort, BigDecimal qty, BigDecimal freeQty, BigDecimal rate, BigDecimal benefit, BigDecimal entitled, BigDecimal claimed,
                       BigDecimal allowed, @Nullable BigDecimal approved, @Nullable BigDecimal proposed, BigDecimal cut, @Nullable String reason, @Nullable String note, @Nullable UUID originalInvoiceId,
                       String worst, List<Result> results) {}

    private static final ListSql LINES = ListSql.of("""
            select l.line, l.source_id, l.sale_id, b.number as invoice_number, l.business_date, l.outlet_id, o.code as outlet_code, o.name as outlet_name, l.sku_id, k.code as sku_code, k.name as sku_name,
                   l.kind, l.sort as kind_of_line, l.qty, l.free_qty, l.rate, l.entitled, l.claimed, coalesce(l.allowed, least(l.claimed, l.entitled)) as allowed, l.approved, l.proposed,
                   case when l.approved is not null then case when l.booked = 0 and l.sort <> 'SALE' then 0 else l.booked - l.approved end else l.claimed - coalesce(l.allowed, least(l.claimed, l.entitled)) end as cut,
                   l.reason, l.note, l.worst, (case when l.approved is not null then l.booked - l.approved else l.claimed - coalesce(l.allowed, least(l.claimed, l.entitled)) end) <> 0 as cut_only
              from claims.claim_line l
              join\s""" + BillFacts.BILLS + """
             b on b.distributor_id = l.distributor_id and b.id = l.sale_id
              join\s""" + NetworkRelations.OUTLETS + """
             o on o.distributor_id = l.distributor_id and o.id = l.outlet_id
              left join\s""" + CatalogRelations.SKUS + """
             k on k.id = l.sku_id
             where l.distributor_id = :distributor and l.claim_id = :claim""").key("line", LONG).sortable("claimed", DECIMAL).sortable("cut", DECIMAL).sortable("businessDate", DATE)
            .sortable("invoiceNumber", TEXT).equal("worst", TEXT).equal("kindOfLine", TEXT).equal("cutOnly", BOOLEAN).equal("outletId", ListSql.Type.UUID).equal("skuId", LONG)
            .search("invoiceNumber", "outletCode", "outletName").order("line");

    public Page<Line> lines(Caller caller, UUID id, ListQuery query) {
        caller.require(Permission.CLAIM_READ);
        boolean own = isOfDistributor(caller);
        return transactions.read(caller.scope(), db -> {
            var head = ClaimStore.find(db, caller.scope(), id).orElseThrow(() -> caller.notFound("claim"));
            var page = LINES.page(db, query, Map.of("distributor", head.distributorId(), "claim", id), (row, _) -> line(row, own));
            var results = results(db, caller, head, page.items().stream().map(Line::line).toArray(Integer[]::new));
            return page.map(line -> new Line(line.line, line.invoiceId, line.invoiceNumber, line.businessDate, line.outletId, line.outletCode, line.outletName, line.skuId, line.skuCode, line.skuName, line.kind,
                    line.sort, line.qty, line.freeQty, line.rate, line.benefit, line.entitled, line.claimed, line.allowed, line.approved, line.proposed, line.cut, line.reason, line.note, line.originalInvoiceId,
                    line.worst, results.getOrDefault(line.line, List.of())));
        });
    }

    private static Line line(ResultSet row, boolean own) throws SQLException {
        boolean sale = row.getString("kind_of_line").equals("SALE");
        var sku = row.getLong("sku_id");
        Long skuId = row.wasNull() ? null : sku;
        var worst = row.getString("worst");
        return new Line(row.getInt("line"), row.getObject("source_id", UUID.class), row.getString("invoice_number"), row.getObject("business_date", LocalDate.class), row.getObject("outlet_id", UUID.class),
                row.getString("outlet_code"), row.getString("outlet_name"), skuId, row.getString("sku_code"), row.getString("sku_name"), row.getString("kind"), row.getString("kind_of_line"),
                row.getBigDecimal("qty"), row.getBigDecimal("free_qty"), row.getBigDecimal("rate"), row.getBigDecimal("entitled"), row.getBigDecimal("entitled"), row.getBigDecimal("claimed"),
                row.getBigDecimal("allowed"), row.getBigDecimal("approved"), own ? null : row.getBigDecimal("proposed"), row.getBigDecimal("cut"), row.getString("reason"), row.getString("note"),
                sale ? null : row.getObject("sale_id", UUID.class), own && worst.equals("WARN") ? "PASS" : worst, List.of());
    }

    public record EventView(int seq, Instant at, String actor, @Nullable String onBehalfOf, String action, @Nullable String from, String to, @Nullable String reason, @Nullable String text,
                            @Schema(type = "object") JsonNode details) {}

    public Page<EventView> history(Caller caller, UUID id) {
        caller.require(Permission.CLAIM_READ);
        boolean own = isOfDistributor(caller);
        return transactions.read(caller.scope(), db -> {
            var head = ClaimStore.find(db, caller.scope(), id).orElseThrow(() -> caller.notFound("claim"));
            return Page.all(db.sql("select seq, at, actor, on_behalf_of, action, from_status, to_status, reason, note, details from claims.claim_event where distributor_id = :distributor and claim_id = :claim order by seq")
                    .param("distributor", head.distributorId()).param("claim", id)
                    .query((row, _) -> new EventView(row.getInt("seq"), required(row, "at"), row.getString("actor"), row.getString("on_behalf_of"), row.getString("action"), row.getString("from_status"),
                            row.getString("to_status"), row.getString("reason"), row.getString("note"), JSON.readTree(own ? "{}" : row.getString("details")))).list().stream()
                    // what is only proposed is not told
                    .filter(event -> !own || !Set.of("PROPOSED", "SENT_BACK", "ESCALATED").contains(event.action)).toList());
        });
    }

    // ---- summaries

    public record StatusSum(String status, long claims, BigDecimal claimed, BigDecimal approved) {}

    public record BandSum(String band, long claims, BigDecimal claimed) {}

    public record Sum(long claims, BigDecimal amount) {}

    /// @param receivable what stands in 1400, `accrued` in 1405
    public record Summary(List<StatusSum> byStatus, Sum waiting, long overdue, long near, List<BandSum> bands, Sum straightThroughToSettle, BigDecimal receivable, BigDecimal accrued) {}

    public Summary summary(Caller caller, @Nullable Long distributorId, @Nullable Long principalId) {
        caller.require(Permission.CLAIM_READ);
        if (distributorId != null) caller.requireDistributor(distributorId);
        var parameters = Views.scope(caller.scope());
        if (distributorId != null) parameters.put("scope", new Long[] {distributorId});
        if (principalId != null) parameters.put("principals", new Long[] {caller.requirePrincipal(principalId)});
        parameters.put("user", caller.userId());
        parameters.put("decides", caller.can(Permission.CLAIM_DECIDE));
        parameters.put("confirms", caller.can(Permission.CLAIM_APPROVE));
        boolean own = isOfDistributor(caller);
        var of = " from claims.claim c where c.distributor_id = any (:scope) and (:principals::bigint[] is null or c.principal_id = any (:principals::bigint[]))";
        return transactions.read(caller.scope(), db -> {
            var statuses = db.sql("select c.status, count(*) as claims, sum(c.claimed) as claimed, coalesce(sum(c.approved), 0) as approved" + of + " group by 1 order by 1").params(parameters).query(StatusSum.class).list();
            var waiting = db.sql("select count(*) as claims, coalesce(sum(c.claimed), 0) as amount" + of + """
                             and ((c.awaits = 'AUDITOR' and :decides and (c.disputes = 0 or c.first_decider_id is distinct from :user)) or (c.awaits = 'FINANCE' and :confirms and c.proposed_id is distinct from :user))""")
                    .params(parameters).query(Sum.class).single();
            long overdue = db.sql("select count(*)" + of + " and c.escalated >= 100 and c.awaits is not null").params(parameters).query(Long.class).single();
            long near = db.sql("select count(*)" + of + " and c.escalated = 80 and c.awaits is not null").params(parameters).query(Long.class).single();
            var bands = own ? List.<BandSum>of() : db.sql("select c.risk_band as band, count(*) as claims, sum(c.claimed) as claimed" + of + " and c.risk_band is not null and c.status in ('IN_REVIEW', 'QUERY', 'DISPUTED') group by 1 order by 1")
                    .params(parameters).query(BandSum.class).list();
            var through = db.sql("select count(*) as claims, coalesce(sum(c.approved), 0) as amount" + of + " and c.straight_through and c.status = 'APPROVED'").params(parameters).query(Sum.class).single();
            record Books(BigDecimal receivable, BigDecimal accrued) {}
            var books = db.sql("select coalesce(sum(c.submitted - c.disallowed - c.settled), 0) as receivable, 0::numeric as accrued" + of).params(parameters).query(Books.class).single();
            parameters.put("before", LocalDate.EPOCH);
            var accrued = db.sql("select coalesce(sum(o.accrued - o.claimed - o.lapsed), 0) from (" + Lapses.ACCRUALS + ") o").params(parameters).query(BigDecimal.class).single();
            var drafts = statuses.stream().filter(one -> one.status.equals("DRAFT")).map(StatusSum::claimed).reduce(BigDecimal.ZERO, BigDecimal::add);
            return new Summary(statuses, waiting, overdue, near, bands, through, books.receivable, accrued.add(drafts));
        });
    }

    /// A straight-through batch: what the rules have approved on one day for one principal.
    public record Batch(String batch, long principalId, String principalName, LocalDate on, long claims, long distributors, BigDecimal claimed, BigDecimal approved, BigDecimal toSettle, BigDecimal settled) {}

    public Page<Batch> batches(Caller caller, @Nullable Long principalId) {
        caller.require(Permission.CLAIM_READ);
        if (isOfDistributor(caller)) caller.require(Permission.CLAIM_SETTLE);
        var parameters = Views.scope(caller.scope());
        if (principalId != null) parameters.put("principals", new Long[] {caller.requirePrincipal(principalId)});
        return transactions.read(caller.scope(), db -> Page.all(db.sql("""
                        select c.batch, c.principal_id, p.name as principal_name, left(c.batch, 10)::date as "on", count(*) as claims, count(distinct c.distributor_id) as distributors, sum(c.claimed) as claimed,
                               sum(c.approved) as approved, coalesce(sum(c.approved) filter (where c.status = 'APPROVED'), 0) as to_settle, sum(c.settled) as settled
                          from claims.claim c
                          join\s""" + NetworkRelations.PRINCIPALS + """
                         p on p.id = c.principal_id
                         where c.distributor_id = any (:scope) and (:principals::bigint[] is null or c.principal_id = any (:principals::bigint[])) and c.batch is not null
                         group by 1, 2, 3 order by 4 desc, 1 limit 200""").params(parameters).query(Batch.class).list()));
    }

    private static final ListSql SETTLEMENTS = ListSql.of(Settlements.LIST).key("id", ListSql.Type.UUID).sortable("number", TEXT).sortable("postedAt", INSTANT).sortable("total", DECIMAL)
            .equal("distributorId", LONG).equal("principalId", LONG).equal("treatment", TEXT).equal("batch", TEXT).search("number", "principalNoteNumber", "distributorCode").order("-postedAt");

    public Page<Settlements.View> settlements(Caller caller, ListQuery query) {
        caller.require(Permission.CLAIM_READ);
        return transactions.read(caller.scope(), db -> SETTLEMENTS.page(db, query, Views.scope(caller.scope()), Settlements.Row.class).map(row -> Settlements.whole(db, row)));
    }

    public Settlements.View settlement(Caller caller, UUID id) {
        caller.require(Permission.CLAIM_READ);
        return transactions.read(caller.scope(), db -> Settlements.find(db, caller.scope(), id)).orElseThrow(() -> caller.notFound("settlement"));
    }

    public Page<Lapses.Accrual> accruals(Caller caller, @Nullable Long distributorId) {
        caller.require(Permission.CLAIM_READ);
        if (distributorId != null) caller.requireDistributor(distributorId);
        var today = LocalDate.now(clock);
        var parameters = Views.scope(caller.scope());
        if (distributorId != null) parameters.put("scope", new Long[] {distributorId});
        int lapse = policies.days(PolicyKey.CLAIM_LAPSE_DAYS, 0, today, 90) + policies.days(PolicyKey.CLAIM_FILING_DAYS, 0, today, 45);
        parameters.put("before", today.minusDays(lapse).withDayOfMonth(1).minusDays(1));
        return transactions.read(caller.scope(), db -> Page.all(db.sql("""
                        select o.distributor_id, d.code as distributor_code, o.scheme_id, o.scheme_version, v.code as scheme_code, v.name as scheme_name, o.accrued, o.claimed, o.lapsed, o.difference, o.last_on, o.lapsing
                          from (""" + Lapses.ACCRUALS + """
                        ) o
                          join\s""" + NetworkRelations.DISTRIBUTORS + """
                         d on d.id = o.distributor_id
                          join\s""" + SchemeRelations.VERSIONS + """
                         v on v.scheme_id = o.scheme_id and v.version_no = o.scheme_version
                         where o.difference <> 0 order by o.difference desc, d.code, v.code limit 1000""").params(parameters)
                .query((row, _) -> {
                    var last = row.getObject("last_on", LocalDate.class);
                    return new Lapses.Accrual(row.getLong("distributor_id"), row.getString("distributor_code"), row.getLong("scheme_id"), row.getInt("scheme_version"), row.getString("scheme_code"),
                            row.getString("scheme_name"), row.getBigDecimal("accrued"), row.getBigDecimal("claimed"), row.getBigDecimal("lapsed"), row.getBigDecimal("difference"), last,
                            last == null ? null : last.plusMonths(1).withDayOfMonth(1).minusDays(1).plusDays(lapse), row.getBigDecimal("lapsing").signum() > 0);
                }).list()));
    }

    /// How a rule has done (CL-27).
    ///
    /// @param lines     it looked at
    /// @param agreed    decisions of people that let it stand
    /// @param policies  what it is set to
    public record Tuning(String rule, String title, long lines, long hits, long agreed, long disagreed, @Nullable BigDecimal hitRate, @Nullable BigDecimal falsePositiveRate, BigDecimal cut, List<Setting> policies) {}

    public record Setting(String key, @Nullable String value) {}

    public Page<Tuning> tuning(Caller caller, @Nullable LocalDate from, @Nullable LocalDate to) {
        if (!caller.can(Permission.AUDIT_READ)) caller.require(Permission.CLAIM_DECIDE);
        var today = LocalDate.now(clock);
        var parameters = Views.scope(caller.scope());
        Views.window(from == null ? today.minusDays(30) : from, to == null ? today : to);
        parameters.put("from", from == null ? today.minusDays(30) : from);
        parameters.put("to", to == null ? today : to);
        return transactions.read(caller.scope(), db -> {
            record Sums(String rule, long lines, long hits, BigDecimal cut, long agreed, long disagreed) {}
            var sums = new HashMap<String, Sums>();
            db.sql("""
                            select k.rule, sum(k.checked) as lines, sum(k.warned + k.failed + k.blocked) as hits, sum(k.cut) as cut, coalesce(sum(f.agreed), 0) as agreed, coalesce(sum(f.disagreed), 0) as disagreed
                              from claims.rule_count k
                              join claims.claim c on c.distributor_id = k.distributor_id and c.id = k.claim_id
                              left join (select f.distributor_id, f.claim_id, f.round, f.rule, count(*) filter (where f.agreed) as agreed, count(*) filter (where not f.agreed) as disagreed
                                           from claims.rule_feedback f where f.distributor_id = any (:scope) group by 1, 2, 3, 4) f
                                on f.distributor_id = k.distributor_id and f.claim_id = k.claim_id and f.round = k.round and f.rule = k.rule
                             where k.distributor_id = any (:scope) and (:principals::bigint[] is null or k.principal_id = any (:principals::bigint[])) and c.validated_at >= :from::date and c.validated_at < :to::date + 1
                             group by 1""").params(parameters).query(Sums.class).list().forEach(one -> sums.put(one.rule, one));
            var all = new ArrayList<Tuning>();
            for (var rule : Rules.values()) {
                var sum = sums.getOrDefault(rule.id(), new Sums(rule.id(), 0, 0, BigDecimal.ZERO, 0, 0));
                all.add(new Tuning(rule.id(), rule.title(), sum.lines, sum.hits, sum.agreed, sum.disagreed, ratio(sum.hits, sum.lines), ratio(sum.disagreed, sum.agreed + sum.disagreed), sum.cut,
                        rule.policies().stream().map(key -> new Setting(key.key(), policies.number(key, 0, today, new BigDecimal(String.valueOf(key.builtIn()))).toPlainString())).toList()));
            }
            return Page.all(all);
        });
    }

    private static @Nullable BigDecimal ratio(long part, long whole) {
        return whole == 0 ? null : BigDecimal.valueOf(part).divide(BigDecimal.valueOf(whole), 4, java.math.RoundingMode.HALF_UP);
    }

}
