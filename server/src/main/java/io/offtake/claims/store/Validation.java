package io.offtake.claims.store;

import io.offtake.billing.BillFacts;
import io.offtake.billing.BillingRelations;
import io.offtake.claims.domain.Rules;
import io.offtake.governance.GovernanceRelations;
import io.offtake.network.NetworkRelations;
import io.offtake.schemes.SchemeRelations;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// SQL of the rules of domain/06: one statement for each rule over all lines of all claims that are checked together, so that the
/// cost of a line does not depend on how many there are. Only what does not pass leaves a row.
public final class Validation {
    private final JdbcClient db;
    private final Map<String, Object> parameters = new HashMap<>();

    /// @param claims  of one distributor, in state SUBMITTED, locked
    /// @param zone    of the distributor
    /// @param from    the first day of their periods, `to` the last
    public Validation(JdbcClient db, long distributorId, UUID[] claims, String zone, LocalDate from, LocalDate to) {
        this.db = db;
        parameters.put("distributor", distributorId);
        parameters.put("claims", claims);
        parameters.put("zone", zone);
        parameters.put("from", from);
        parameters.put("to", to);
        record Days(@Nullable LocalDate first, @Nullable LocalDate last) {}
        var days = db.sql("select min(l.business_date) as first, max(l.business_date) as last from claims.claim_line l where l.distributor_id = :distributor and l.claim_id = any (:claims) and l.sort = 'SALE'")
                .params(parameters).query(Days.class).single();
        parameters.put("first", days.first == null ? from : days.first);
        parameters.put("last", days.last == null ? to : days.last);
    }

    private static final String INSERT = "insert into claims.rule_result (distributor_id, claim_id, round, rule, line, principal_id, result, score, cut, numbers)\n";
    private static final String MINE = """
             from claims.claim_line l
             join claims.claim c on c.distributor_id = l.distributor_id and c.id = l.claim_id
            """;
    private static final String OF = " where l.distributor_id = :distributor and l.claim_id = any (:claims)\n";

    private static String found(Rules rule, String result, String cut, String numbers) {
        return INSERT + "select l.distributor_id, l.claim_id, c.round, '" + rule.id() + "', l.line, l.principal_id, '" + result + "', " + (result.equals("WARN") ? rule.warnScore() : 0) + ", " + cut + ", (" + numbers + ")::text\n";
    }

    /// Runs a statement whose joins of sets must be hashed: fresh claim lines have no statistics, and a nested loop over them takes the square of their number. Single rows are looked up laterally.
    private int hashed(String sql, Object... namesAndValues) {
        db.sql("set local enable_nestloop = off").update();
        int rows = run(sql, namesAndValues);
        db.sql("set local enable_nestloop = on").update();
        return rows;
    }

    private int run(String sql, Object... namesAndValues) {
        var all = new HashMap<>(parameters);
        for (int at = 0; at < namesAndValues.length; at += 2) all.put((String) namesAndValues[at], namesAndValues[at + 1]);
        return db.sql(sql).params(all).update();
    }

    /// Takes returns that came after the draft into the claim, as lines that its maker did not deduct (CL-13).
    /// @return how many lines
    public int netLateReturns() {
        int added = hashed("""
                insert into claims.claim_line (distributor_id, claim_id, line, principal_id, type, scheme_id, sort, kind, source_id, source_line, source_part, sale_id, bill_key, business_date, outlet_id,
                       channel, outlet_class, sku_id, entitled, claimed)
                select l.distributor_id, l.claim_id, c.line_count + row_number() over (partition by l.claim_id order by r.business_date, r.document_id, r.line, r.part)::integer, l.principal_id, l.type,
                       l.scheme_id, 'RETURN', r.kind, r.document_id, r.line, r.part, l.sale_id, l.bill_key, r.business_date, l.outlet_id, l.channel, l.outlet_class, l.sku_id, -r.claim_value, 0
                """ + MINE + " join " + BillingRelations.REVERSED + """
                 r on r.distributor_id = l.distributor_id and r.invoice_id = l.source_id and r.line = l.source_line and r.part = l.source_part and r.scheme_id = l.scheme_id
                """ + OF + """
                   and l.type = 'CT-1' and l.sort = 'SALE' and r.claim_value <> 0 and r.document_type <> 'INVOICE_CANCELLATION' and r.business_date >= :first
                   and not exists (select from claims.claim_line o where o.distributor_id = l.distributor_id and o.type = 'CT-1' and o.source_id = r.document_id and o.source_line = r.line
                                      and o.source_part = r.part and o.scheme_id = r.scheme_id and o.source_period = '' and o.source_sku = 0 and o.live)""");
        if (added > 0) {
            run("""
                    update claims.claim c set netted = s.netted, line_count = s.lines
                      from (select l.distributor_id, l.claim_id, count(*)::integer as lines, coalesce(sum(l.entitled) filter (where l.sort = 'RETURN' and l.claimed = 0), 0) as netted
                              from claims.claim_line l where l.distributor_id = :distributor and l.claim_id = any (:claims) group by 1, 2) s
                     where c.distributor_id = :distributor and s.distributor_id = c.distributor_id and c.id = s.claim_id""");
            run(found(Rules.CL_13, "FAIL", "-l.entitled", "json_build_object('returned', -l.entitled, 'on', l.business_date)") + MINE + OF
                    + " and l.type = 'CT-1' and l.sort = 'RETURN' and l.claimed = 0 and l.entitled < 0");
        }
        return added;
    }

    /// The entitlement once more from the bills: a line says no more than they give.
    public void recompute() {
        hashed("""
                update claims.claim_line l set entitled = b.claim_value
                  from\s""" + BillingRelations.BENEFITS + """
                 b
                 where l.distributor_id = :distributor and l.claim_id = any (:claims) and l.type = 'CT-1' and l.sort = 'SALE' and b.distributor_id = l.distributor_id
                   and b.business_date between :first and :last and b.business_date = l.business_date and b.invoice_id = l.source_id and b.line = l.source_line and b.part = l.source_part and b.scheme_id = l.scheme_id
                   and b.claim_value <> l.entitled""");
    }

    public void duplicates() {
        hashed(INSERT + """
                select l.distributor_id, l.claim_id, max(c.round), 'CL-01', l.line, max(l.principal_id), 'FAIL', 0, max(l.claimed),
                       json_build_object('bill', max(ob.number), 'claim', min(oc.number))::text
                """ + MINE + """
                  join claims.claim_line o on o.distributor_id = l.distributor_id and o.scheme_id = l.scheme_id and o.outlet_id = l.outlet_id and o.bill_key = l.bill_key and o.type = l.type and o.live
                   and o.sort = 'SALE' and o.sku_id is not distinct from l.sku_id and o.sale_id <> l.sale_id
                  join claims.claim oc on oc.distributor_id = o.distributor_id and oc.id = o.claim_id and oc.status not in ('DRAFT', 'WITHDRAWN')
                 cross join lateral (select x.number from\s""" + BillFacts.BILLS + " x where x.distributor_id = :distributor and x.id = o.sale_id offset 0) ob\n" + OF + """
                   and o.distributor_id = :distributor and l.sort = 'SALE' and l.claimed > 0 and (oc.submitted_at, o.claim_id, o.line) < (c.submitted_at, l.claim_id, l.line)
                 group by l.distributor_id, l.claim_id, l.line""");
    }

    public void nearDuplicates(int days, BigDecimal percent) {
        hashed(INSERT + """
                with pair as materialized (
                  select l.distributor_id, l.claim_id, c.round, l.line, l.principal_id, l.sale_id, o.sale_id as other, o.business_date
                """ + MINE + """
                    join claims.claim_line o on o.distributor_id = l.distributor_id and o.scheme_id = l.scheme_id and o.outlet_id = l.outlet_id and o.sku_id is not distinct from l.sku_id and o.type = l.type
                     and o.live and o.sort = 'SALE' and o.bill_key <> l.bill_key and o.business_date between l.business_date - :days and l.business_date + :days
                     and abs(o.claimed - l.claimed) <= l.claimed * :percent / 100
                    join claims.claim oc on oc.distributor_id = o.distributor_id and oc.id = o.claim_id and oc.status not in ('DRAFT', 'WITHDRAWN')
                """ + OF + """
                     and o.distributor_id = :distributor and o.business_date between :first::date - :days and :last::date + :days
                     and l.type = 'CT-1' and l.sort = 'SALE' and l.claimed > 0 and (oc.submitted_at, o.claim_id, o.line) < (c.submitted_at, l.claim_id, l.line)),
                bill as materialized (
                  select b.id, b.number, b.payable from (select sale_id as id from pair union select other from pair) d
                   cross join lateral (select x.id, x.number, x.payable from\s""" + BillFacts.BILLS + """
                   x where x.distributor_id = :distributor and x.id = d.id offset 0) b)
                select p.distributor_id, p.claim_id, max(p.round), 'CL-02', p.line, max(p.principal_id), 'WARN', 30, 0, json_build_object('bill', max(ob.number), 'on', max(p.business_date))::text
                  from pair p join bill ob on ob.id = p.other join bill lb on lb.id = p.sale_id
                 where abs(ob.payable - lb.payable) <= lb.payable * :percent / 100
                 group by p.distributor_id, p.claim_id, p.line""", "days", days, "percent", percent);
    }

    public void entitlement(BigDecimal tolerance) {
        run(found(Rules.CL_03, "FAIL", "l.claimed - l.entitled", "json_build_object('claimed', l.claimed, 'entitled', l.entitled, 'tolerance', :tolerance::numeric)") + MINE + OF
                + " and l.claimed > l.entitled + :tolerance::numeric and not (l.sort = 'RETURN' and l.claimed = 0)", "tolerance", tolerance);
    }

    public void outOfPeriod() {
        run(found(Rules.CL_04, "FAIL", "l.claimed", "json_build_object('what', 'The bill of ' || l.business_date, 'accepted', v.valid_from || ' to ' || v.valid_to)") + MINE + " join " + SchemeRelations.VERSIONS
                + " v on v.scheme_id = c.scheme_id and v.version_no = c.scheme_version\n" + OF + " and l.sort = 'SALE' and (l.business_date < v.valid_from or l.business_date > v.valid_to)");
    }

    /// What eligibility is judged by, each combination once.
    public record Facts(long schemeId, int schemeVersion, @Nullable Long skuId, String channel, String outletClass) {}

    public List<Facts> facts() {
        return db.sql("select distinct c.scheme_id, c.scheme_version, l.sku_id, l.channel, l.outlet_class" + MINE + OF + " and l.sort = 'SALE'").params(parameters).query(Facts.class).list();
    }

    /// Fails the lines of one combination that is outside of its scheme.
    public void notEligible(Facts facts, String what, String accepted) {
        run(found(Rules.CL_04, "FAIL", "l.claimed", "json_build_object('what', :what::text, 'accepted', :accepted::text)") + MINE + OF + """
                   and l.sort = 'SALE' and c.scheme_id = :scheme and c.scheme_version = :version and l.sku_id is not distinct from :sku::bigint and l.channel = :channel and l.outlet_class = :class
                   and not exists (select from claims.rule_result r where r.distributor_id = l.distributor_id and r.claim_id = l.claim_id and r.round = c.round and r.rule = 'CL-04' and r.line = l.line)""",
                "what", what, "accepted", accepted, "scheme", facts.schemeId, "version", facts.schemeVersion, "sku", new org.springframework.jdbc.core.SqlParameterValue(java.sql.Types.BIGINT, facts.skuId),
                "channel", facts.channel, "class", facts.outletClass);
    }

    /// The definition of a claim's scheme, as the rules read it.
    public record Version(long schemeId, int versionNo, LocalDate validFrom, LocalDate validTo, String definition) {}

    public List<Version> versions() {
        return db.sql("select distinct v.scheme_id, v.version_no, v.valid_from, v.valid_to, v.definition::text from claims.claim c join " + SchemeRelations.VERSIONS
                + " v on v.scheme_id = c.scheme_id and v.version_no = c.scheme_version where c.distributor_id = :distributor and c.id = any (:claims)").params(parameters).query(Version.class).list();
    }

    /// A change of an outlet's segment shortly before it used a scheme.
    public record SegmentChange(long schemeId, UUID outletId, Instant at, @Nullable String channelBefore, @Nullable String classBefore, @Nullable String channelAfter, @Nullable String classAfter) {}

    public List<SegmentChange> segmentChanges(int days) {
        var all = new HashMap<String, Object>(parameters);
        all.put("days", days);
        return db.sql("""
                        select o.scheme_id, o.outlet_id, m.recorded_at as at, m.before ->> 'channel' as channel_before, m.before ->> 'outletClass' as class_before, m.after ->> 'channel' as channel_after,
                               m.after ->> 'outletClass' as class_after
                          from (select distinct l.distributor_id, c.scheme_id, c.scheme_version, l.outlet_id""" + MINE + OF + """
                                   and l.sort = 'SALE') o
                          join\s""" + SchemeRelations.VERSIONS + """
                         v on v.scheme_id = o.scheme_id and v.version_no = o.scheme_version
                          join\s""" + GovernanceRelations.MASTER_CHANGES + """
                         m on m.distributor_id = o.distributor_id and m.id = o.outlet_id
                         where m.distributor_id = :distributor and m.master = 'outlets' and m.recorded_at >= v.valid_from - :days and (m.before -> 'channel' is not null or m.before -> 'outletClass' is not null)
                         order by m.recorded_at""").params(all)
                .query((row, _) -> new SegmentChange(row.getLong("scheme_id"), row.getObject("outlet_id", UUID.class), row.getTimestamp("at").toInstant(), row.getString("channel_before"),
                        row.getString("class_before"), row.getString("channel_after"), row.getString("class_after"))).list();
    }

    public void outOfSegment(long schemeId, UUID outletId, String before, String now, LocalDate on) {
        run(found(Rules.CL_05, "WARN", "0", "json_build_object('before', :before::text, 'now', :now::text, 'on', :on::text)") + MINE + OF + """
                   and l.sort = 'SALE' and c.scheme_id = :scheme and l.outlet_id = :outlet and l.business_date >= :on::date
                   and not exists (select from claims.rule_result r where r.distributor_id = l.distributor_id and r.claim_id = l.claim_id and r.round = c.round and r.rule = 'CL-05' and r.line = l.line)""",
                "scheme", schemeId, "outlet", outletId, "before", before, "now", now, "on", on.toString());
    }

    /// What a cap counts over, as SQL on `l.business_date`.
    private static final Map<String, String> PERIODS = Map.of("MONTH", "to_char(l.business_date, 'YYYY-MM')", "QUARTER", "to_char(l.business_date, 'YYYY-Q')", "YEAR", "to_char(l.business_date, 'YYYY')",
            "FISCAL_YEAR", "to_char(l.business_date - interval '3 months', 'YYYY')", "SCHEME", "''");

    /// A cap of a scheme on an outlet's or the distributor's money.
    ///
    /// @param amount of the principal's part
    public record Cap(long schemeId, boolean ofOutlet, @Nullable String period, BigDecimal amount) {}

    /// What lines pass the cap, the earliest first, is cut.
    public void cap(Cap cap) {
        var key = (cap.ofOutlet ? "l.outlet_id, " : "") + PERIODS.getOrDefault(cap.period == null ? "SCHEME" : cap.period, "''");
        run(INSERT + "select l.distributor_id, l.claim_id, l.round, 'CL-06', l.line, l.principal_id, 'FAIL', 0, least(l.claimed, l.used - :cap::numeric), json_build_object('used', l.used, 'cap', :cap::numeric)::text from (\n"
                + "select l.distributor_id, l.claim_id, c.round, l.line, l.principal_id, l.claimed, l.sort, sum(l.claimed) over (partition by " + key + " order by c.submitted_at, l.claim_id, l.line) as used\n" + MINE + """
                 where l.distributor_id = :distributor and l.scheme_id = :scheme and l.live and c.status not in ('DRAFT', 'WITHDRAWN')) l
                 where l.distributor_id = :distributor and l.claim_id = any (:claims) and l.sort = 'SALE' and l.claimed > 0 and l.used > :cap::numeric + 1
                   and not exists (select from claims.rule_result r where r.distributor_id = l.distributor_id and r.claim_id = l.claim_id and r.round = l.round and r.rule = 'CL-06' and r.line = l.line)""",
                "scheme", cap.schemeId, "cap", cap.amount);
    }

    // Half a year is read once for all claims, and no more of it than their outlets and SKUs: those are asked for first, because fresh claim lines have no statistics, and a
    // join that leads with them reads half a year again for each.
    public void spikes(BigDecimal sigmas) {
        var skus = db.sql("select distinct l.sku_id" + MINE + OF + " and l.sort = 'SALE' and l.type = 'CT-1' and l.sku_id is not null limit 1001").params(parameters).query(Long.class).list();
        if (skus.isEmpty()) return;
        hashed(INSERT + """
                with week as materialized (
                  select x.outlet_id, x.sku_id, date_trunc('week', x.business_date)::date as week, sum(x.qty) as qty
                    from\s""" + BillFacts.LINES + """
                   x where x.distributor_id = :distributor and x.kind = 'BILLED' and x.business_date between :from::date - 188 and :to::date
                     and (:skus::bigint[] is null or x.sku_id = any (:skus::bigint[]))
                     and x.invoice_id not in (select k.invoice_id from\s""" + BillFacts.CANCELLED + """
                   k where k.distributor_id = :distributor)
                   group by 1, 2, 3),
                prior as (select w.*, count(*) over h as weeks, avg(w.qty) over h as mean, coalesce(stddev_pop(w.qty) over h, 0) as sigma
                            from week w window h as (partition by w.outlet_id, w.sku_id order by w.week range between interval '182 days' preceding and interval '1 day' preceding)),
                high as (select p.* from prior p where p.week >= date_trunc('week', :from::date) and p.weeks >= 8 and p.qty > p.mean + :sigmas::numeric * greatest(p.sigma, 0.1 * p.mean)),
                hot as materialized (
                  select h.outlet_id, h.sku_id, h.week, h.qty, h.mean, h.weeks from high h join week w on w.outlet_id = h.outlet_id and w.sku_id = h.sku_id and w.week < h.week
                   group by 1, 2, 3, 4, 5, 6 having h.qty > 2 * percentile_cont(0.5) within group (order by w.qty))
                select l.distributor_id, l.claim_id, c.round, 'CL-07', l.line, l.principal_id, 'WARN', 25, 0, json_build_object('week', h.week, 'qty', h.qty, 'mean', round(h.mean, 1), 'weeks', h.weeks)::text
                """ + MINE + " join hot h on h.outlet_id = l.outlet_id and h.sku_id = l.sku_id and h.week = date_trunc('week', l.business_date)::date\n" + OF + " and l.sort = 'SALE' and l.type = 'CT-1'",
                "sigmas", sigmas, "skus", skus.size() > 1000 ? new org.springframework.jdbc.core.SqlParameterValue(java.sql.Types.ARRAY, null) : skus.toArray(Long[]::new));
    }

    /// Most of a period's value in its last days, and much of that came back.
    public void loading(int days, BigDecimal share, BigDecimal returned) {
        run(INSERT + """
                select s.distributor_id, s.claim_id, s.round, 'CL-08', 0, s.principal_id, 'WARN', 40, 0,
                       json_build_object('late', round(100 * s.late / s.value), 'returned', round(100 * s.back / s.late), 'days', :days::integer)::text
                  from (select l.distributor_id, l.claim_id, c.round, l.principal_id, sum(l.entitled) filter (where l.sort = 'SALE') as value,
                               sum(l.entitled) filter (where l.sort = 'SALE' and l.business_date > c.period_to - :days::integer) as late,
                               -coalesce(sum(l.entitled) filter (where l.sort = 'RETURN' and exists (select from claims.claim_line s where s.distributor_id = l.distributor_id and s.claim_id = l.claim_id and s.sort = 'SALE'
                                             and s.source_id = l.sale_id and s.source_line = l.source_line and s.source_part = l.source_part and s.business_date > c.period_to - :days::integer
                                             and l.business_date <= s.business_date + 30)), 0) as back
                """ + MINE + OF + """
                           and l.type = 'CT-1'
                         group by 1, 2, 3, 4) s
                 where s.value > 0 and s.late > 0 and 100 * s.late > :share::numeric * s.value and 100 * s.back >= :returned::numeric * s.late""", "days", days, "share", share, "returned", returned);
    }

    public void splits(int bills) {
        hashed(found(Rules.CL_09, "WARN", "0", "json_build_object('bills', d.bills, 'on', l.business_date)") + MINE + """
                  join (select l.claim_id, l.outlet_id, l.business_date, count(distinct l.sale_id) as bills from claims.claim_line l
                         where l.distributor_id = :distributor and l.claim_id = any (:claims) and l.sort = 'SALE' and l.type = 'CT-1' group by 1, 2, 3 having count(distinct l.sale_id) >= :bills) d
                    on d.claim_id = l.claim_id and d.outlet_id = l.outlet_id and d.business_date = l.business_date
                """ + OF + " and l.sort = 'SALE'", "bills", bills);
    }

    /// CL-09, pooling: an outlet of a slab's claim bought far more than it does, and another one of the same phone, which bought in half of the eight weeks before, bought nothing.
    /// @param slabs   schemes that pay by slab
    /// @param percent of its usual quantity
    public void pooled(Long[] slabs, BigDecimal percent) {
        if (slabs.length == 0) return;
        var skus = db.sql("select distinct l.sku_id" + MINE + OF + " and l.sort = 'SALE' and l.type = 'CT-1' and l.sku_id is not null and l.scheme_id = any (:slabs)").params(parameters).param("slabs", slabs)
                .query(Long.class).list();
        if (skus.isEmpty()) return;
        hashed(INSERT + """
                with phones as materialized (
                  select o.id, o.phone from\s""" + NetworkRelations.OUTLET_IDENTITIES + """
                 o where o.distributor_id = :distributor and o.phone in (
                    select p.phone from\s""" + NetworkRelations.OUTLET_IDENTITIES + """
                   p where p.distributor_id = :distributor and p.phone <> '' group by 1 having count(*) > 1)),
                bought as materialized (
                  select x.outlet_id, coalesce(sum(x.qty) filter (where x.business_date >= :from::date), 0) as now, coalesce(sum(x.qty) filter (where x.business_date < :from::date), 0) as before,
                         count(distinct date_trunc('week', x.business_date)) filter (where x.business_date < :from::date) as weeks
                    from\s""" + BillFacts.LINES + """
                   x where x.distributor_id = :distributor and x.kind = 'BILLED' and x.business_date between :from::date - 56 and :to::date and x.sku_id = any (:skus) and x.outlet_id in (select id from phones)
                   group by 1),
                pool as materialized (
                  select distinct on (p.id) p.id, q.id as other, s.weeks, b.now as qty, round(b.before * (:to::date - :from::date + 1) / 56, 1) as usual
                    from phones p join phones q on q.phone = p.phone and q.id <> p.id
                    join bought b on b.outlet_id = p.id
                    join bought s on s.outlet_id = q.id
                   where s.now = 0 and s.weeks >= 4 and b.now * 100 > :percent::numeric * b.before * (:to::date - :from::date + 1) / 56
                   order by p.id, s.weeks desc)
                select l.distributor_id, l.claim_id, c.round, 'CL-09', l.line, l.principal_id, 'WARN', 50, 0, json_build_object('other', o.code, 'weeks', p.weeks, 'qty', p.qty, 'usual', p.usual)::text
                """ + MINE + " join pool p on p.id = l.outlet_id join " + NetworkRelations.OUTLETS + " o on o.distributor_id = l.distributor_id and o.id = p.other\n" + OF + """
                   and l.sort = 'SALE' and l.type = 'CT-1' and l.scheme_id = any (:slabs)
                   and not exists (select from claims.rule_result r where r.distributor_id = l.distributor_id and r.claim_id = l.claim_id and r.round = c.round and r.rule = 'CL-09' and r.line = l.line)""",
                "slabs", slabs, "percent", percent, "skus", skus.toArray(Long[]::new));
    }

    /// An outlet of the claims as CL-11 looks at it. What a distributor does not keep of most of its outlets is no sign against one.
    ///
    /// @param noPlace    it has no place on the map, most others have
    /// @param oneHand    its bills, five or more, were all made by one person, where most outlets' are not
    /// @param shared     how many outlets have its phone
    /// @param onlyScheme all it bought in half a year stood under schemes, of the distributor's lines less than six in ten
    /// @param noMoney    nobody ever paid, most others have
    public record Suspect(UUID outletId, @Nullable String gstin, boolean noPlace, boolean oneHand, int shared, boolean onlyScheme, boolean noMoney) {}

    public List<Suspect> suspects() {
        db.sql("set local enable_nestloop = off").update();
        var found = db.sql("""
                        with mine as materialized (select distinct l.outlet_id""" + MINE + OF + """
                           and l.sort = 'SALE'),
                        known as materialized (select o.id, o.gstin, o.phone, o.latitude from\s""" + NetworkRelations.OUTLET_IDENTITIES + """
                         o where o.distributor_id = :distributor),
                        hands as materialized (
                          select b.outlet_id, count(*) as bills, count(distinct b.recorded_by) as users from\s""" + BillFacts.BILLS + """
                         b where b.distributor_id = :distributor and b.kind = 'INVOICE' and b.business_date between :from::date - 153 and :to::date group by 1),
                        goods as materialized (
                          select x.outlet_id, count(*) as lines, count(*) filter (where x.scheme_discount > 0 or x.free_qty > 0) as schemed from\s""" + BillFacts.LINES + """
                         x where x.distributor_id = :distributor and x.kind = 'BILLED' and x.business_date between :from::date - 153 and :to::date group by 1),
                        paid as materialized (select distinct k.outlet_id from\s""" + io.offtake.receivables.ReceivablesRelations.PAID + """
                         k where k.distributor_id = :distributor),
                        usual as materialized (
                          select (select count(*) filter (where latitude is not null) * 2 >= count(*) from known) as places,
                                 (select coalesce(count(*) filter (where users > 1) * 2 >= count(*), false) from hands where bills >= 5) as hands,
                                 (select coalesce(sum(schemed) * 10 < sum(lines) * 6, false) from goods) as mixed,
                                 (select count(*) * 2 >= (select count(*) from hands) and count(*) > 0 from paid) as money),
                        phones as materialized (select phone, count(*)::integer as shared from known where phone <> '' group by 1 having count(*) > 3)
                        select m.outlet_id, k.gstin, u.places and k.latitude is null as no_place, coalesce(u.hands and h.bills >= 5 and h.users = 1, false) as one_hand, coalesce(p.shared, 0) as shared,
                               coalesce(u.mixed and g.lines >= 5 and g.schemed = g.lines, false) as only_scheme, coalesce(u.money and d.outlet_id is null, false) as no_money
                          from mine m
                          join known k on k.id = m.outlet_id
                         cross join usual u
                          left join hands h on h.outlet_id = m.outlet_id
                          left join goods g on g.outlet_id = m.outlet_id
                          left join paid d on d.outlet_id = m.outlet_id
                          left join phones p on p.phone = k.phone""").params(parameters).query(Suspect.class).list();
        db.sql("set local enable_nestloop = on").update();
        return found;
    }

    /// Stops the lines of an outlet that nothing shows to exist, for an audit on the spot.
    public void phantom(UUID outletId, String flags, int count) {
        run(found(Rules.CL_11, "BLOCK", "l.claimed", "json_build_object('flags', :flags::text, 'count', :count::integer)") + MINE + OF + " and l.sort = 'SALE' and l.outlet_id = :outlet", "outlet", outletId, "flags", flags,
                "count", count);
    }

    /// How often each first digit stands before the amounts of the quarter's bills, and of the year before it.
    public record Digits(int digit, long now, long before) {}

    public List<Digits> digits() {
        return db.sql("""
                        select left(ltrim(b.payable::text, '0.'), 1)::integer as digit, count(*) filter (where b.business_date >= date_trunc('quarter', :from::date)) as now,
                               count(*) filter (where b.business_date < date_trunc('quarter', :from::date)) as before
                          from\s""" + BillFacts.BILLS + """
                         b where b.distributor_id = :distributor and b.kind = 'INVOICE' and b.payable > 0 and b.business_date between date_trunc('quarter', :from::date) - interval '1 year' and :to::date
                         group by 1 order by 1""").params(parameters).query(Digits.class).list();
    }

    /// CL-18 speaks of the distributor, so of each of its claims.
    public void drift(long bills, String from, BigDecimal chi2) {
        run(INSERT + """
                select c.distributor_id, c.id, c.round, 'CL-18', 0, c.principal_id, 'WARN', 15, 0, json_build_object('bills', :bills::bigint, 'from', :than::text, 'chi2', :chi2::numeric)::text
                  from claims.claim c where c.distributor_id = :distributor and c.id = any (:claims)""", "bills", bills, "than", from, "chi2", chi2);
    }

    /// CL-22: one person lets through what stops the claims of another, far more than anybody else does.
    public void pairs(BigDecimal percent, Instant since) {
        run(INSERT + """
                with let as (
                  select c.submitted_by, f.said_by, count(*) as lines from claims.rule_feedback f
                    join claims.claim c on c.distributor_id = f.distributor_id and c.id = f.claim_id
                   where f.distributor_id = :distributor and not f.agreed and f.said_at >= :since group by 1, 2),
                shares as (select l.*, sum(l.lines) over () as total from let l)
                select c.distributor_id, c.id, c.round, 'CL-22', 0, c.principal_id, 'WARN', 30, 0, json_build_object('of', s.submitted_by, 'by', s.said_by, 'share', round(100 * s.lines / s.total), 'all', s.total)::text
                  from claims.claim c join shares s on s.submitted_by = c.submitted_by
                 where c.distributor_id = :distributor and c.id = any (:claims) and s.total >= 5 and 100 * s.lines > :percent::numeric * s.total""", "percent", percent, "since", since.atOffset(ZoneOffset.UTC));
    }

    /// The day on which the distributor's first bill was recorded: what is dated before it could not have been entered on its day.
    public LocalDate liveSince() {
        return db.sql("select coalesce(min(b.recorded_at at time zone :zone)::date, '-infinity'::date) from " + BillFacts.BILLS + " b where b.distributor_id = :distributor").params(parameters).query(LocalDate.class).single();
    }

    /// @param live [#liveSince]
    public void backDated(int days, LocalDate live) {
        // few bills are entered late: they are found by one join of sets, and only they are asked whether their period was closed
        hashed(INSERT + """
                with late as materialized (
                  select l.distributor_id, l.claim_id, c.round, l.line, l.principal_id, l.claimed, l.type, l.scheme_id, c.scheme_version, l.business_date, b.recorded_at
                """ + MINE + " join " + BillFacts.BILLS + " b on b.distributor_id = l.distributor_id and b.id = l.sale_id\n" + OF + """
                     and l.sort = 'SALE' and l.type = 'CT-1' and l.business_date >= :live::date and (b.recorded_at at time zone :zone)::date - l.business_date > :days),
                judged as (
                  select e.*, (select min(p.number) from claims.claim p where p.distributor_id = :distributor and p.type = e.type and p.scheme_id = e.scheme_id and p.scheme_version = e.scheme_version and p.id <> e.claim_id
                                  and p.status <> 'WITHDRAWN' and e.business_date between p.period_from and p.period_to and p.submitted_at < e.recorded_at) as closed from late e)
                select j.distributor_id, j.claim_id, j.round, 'CL-10', j.line, j.principal_id, case when j.closed is null then 'WARN' else 'BLOCK' end, case when j.closed is null then 40 else 0 end,
                       case when j.closed is null then 0 else j.claimed end,
                       json_strip_nulls(json_build_object('entered', (j.recorded_at at time zone :zone)::date, 'dated', j.business_date, 'days', case when j.closed is null then :days::integer end, 'closed', j.closed))::text
                  from judged j""", "days", days, "live", live);
        // numbers and dates of a series rise together, but for the days that a bill may be dated back
        hashed(INSERT + """
                with numbered as (
                  select b.id, b.business_date, max(b.business_date) over (partition by b.series order by length(b.number), b.number rows between unbounded preceding and 1 preceding) as before
                    from\s""" + BillFacts.BILLS + """
                   b where b.distributor_id = :distributor and b.kind = 'INVOICE' and b.business_date between :from::date - 31 and :to::date + 31)
                select l.distributor_id, l.claim_id, c.round, 'CL-10', l.line, l.principal_id, 'WARN', 40, 0, json_build_object('dated', l.business_date, 'after', n.before)::text
                """ + MINE + " join numbered n on n.id = l.sale_id\n" + OF + """
                   and l.sort = 'SALE' and l.type = 'CT-1' and n.before > n.business_date + :days
                   and not exists (select from claims.rule_result r where r.distributor_id = l.distributor_id and r.claim_id = l.claim_id and r.round = c.round and r.rule = 'CL-10' and r.line = l.line)""",
                "days", days);
    }

    public void passedOn(BigDecimal percent) {
        hashed(INSERT + """
                select l.distributor_id, l.claim_id, max(c.round), 'CL-12', l.line, max(l.principal_id), 'FAIL', 0,
                       round(max(l.claimed) * (1 - max(x.scheme_discount) / sum(b.amount)), 2), json_build_object('given', max(x.scheme_discount), 'benefit', sum(b.amount), 'percent', :percent::numeric)::text
                """ + MINE + " join " + BillFacts.LINES + """
                 x on x.distributor_id = l.distributor_id and x.business_date between :first and :last and x.business_date = l.business_date and x.invoice_id = l.source_id and x.line = l.source_line and x.part = l.source_part
                  join\s""" + BillingRelations.BENEFITS + """
                 b on b.distributor_id = l.distributor_id and b.business_date between :first and :last and b.business_date = l.business_date and b.invoice_id = l.source_id and b.line = l.source_line and b.part = l.source_part and b.kind = 'DISCOUNT'
                """ + OF + """
                   and l.sort = 'SALE' and l.kind = 'DISCOUNT' and l.type = 'CT-1'
                 group by l.distributor_id, l.claim_id, l.line having sum(b.amount) > 0 and max(x.scheme_discount) * 100 < sum(b.amount) * :percent::numeric""", "percent", percent);
    }

    public void cancelled() {
        run(found(Rules.CL_17, "FAIL", "l.claimed", "json_build_object('on', k.business_date)") + MINE + " join " + BillFacts.CANCELLED + " k on k.distributor_id = l.distributor_id and k.invoice_id = l.sale_id\n" + OF
                + " and l.sort = 'SALE' and l.type = 'CT-1'");
        hashed(found(Rules.CL_17, "FAIL", "l.claimed", "json_build_object('bill', l.bill_key)") + MINE + OF + " and l.sort = 'SALE' and l.type = 'CT-1' and not exists (select from " + BillingRelations.BENEFITS + """
                 b where b.distributor_id = l.distributor_id and b.business_date between :first and :last and b.business_date = l.business_date and b.invoice_id = l.source_id and b.line = l.source_line and b.part = l.source_part
                   and b.scheme_id = l.scheme_id)""");
    }

    /// What is missing, and papers that prove another claim already.
    public void evidence() {
        run(INSERT + """
                select c.distributor_id, c.id, c.round, 'CL-16', 0, c.principal_id, 'FAIL', 0, 0, json_build_object('missing', 'PAYOUT_PROOF')::text from claims.claim c
                 where c.distributor_id = :distributor and c.id = any (:claims) and\s""" + ClaimStore.UNPROVEN);
        run(INSERT + """
                select c.distributor_id, c.id, c.round, 'CL-16', 0, c.principal_id, 'FAIL', 0, 0, json_build_object('elsewhere', min(oc.number))::text
                  from claims.claim c
                  join claims.evidence e on e.distributor_id = c.distributor_id and e.claim_id = c.id
                  join claims.evidence o on o.distributor_id = e.distributor_id and o.hash = e.hash and o.claim_id <> e.claim_id
                  join claims.claim oc on oc.distributor_id = o.distributor_id and oc.id = o.claim_id and oc.status not in ('DRAFT', 'WITHDRAWN')
                 where c.distributor_id = :distributor and c.id = any (:claims)
                   and not exists (select from claims.rule_result r where r.distributor_id = c.distributor_id and r.claim_id = c.id and r.round = c.round and r.rule = 'CL-16')
                 group by c.distributor_id, c.id, c.round, c.principal_id""");
    }

    public void late() {
        run(INSERT + """
                select c.distributor_id, c.id, c.round, 'CL-21', 0, c.principal_id, 'BLOCK', 0, 0, json_build_object('filed', (c.submitted_at at time zone :zone)::date, 'until', c.filing_until)::text
                  from claims.claim c where c.distributor_id = :distributor and c.id = any (:claims) and c.late and not c.waived""");
    }

    /// What an outlet's caps of a scheme have left after other distributors' claims is judged here; `elsewhere` comes from the network.
    public void capUsedElsewhere(long schemeId, UUID outletId, BigDecimal elsewhere, BigDecimal cap, @Nullable String period) {
        run(INSERT + "select l.distributor_id, l.claim_id, l.round, 'CL-19', l.line, l.principal_id, 'FAIL', 0, least(l.claimed, l.used + :elsewhere::numeric - :cap::numeric), json_build_object('elsewhere', :elsewhere::numeric, 'cap', :cap::numeric)::text from (\n"
                + "select l.distributor_id, l.claim_id, c.round, l.line, l.principal_id, l.claimed, l.sort, sum(l.claimed) over (partition by " + PERIODS.getOrDefault(period == null ? "SCHEME" : period, "''")
                + " order by c.submitted_at, l.claim_id, l.line) as used\n" + MINE + """
                 where l.distributor_id = :distributor and l.scheme_id = :scheme and l.outlet_id = :outlet and l.live and c.status not in ('DRAFT', 'WITHDRAWN')) l
                 where l.distributor_id = :distributor and l.claim_id = any (:claims) and l.sort = 'SALE' and l.claimed > 0 and l.used + :elsewhere::numeric > :cap::numeric + 1""",
                "scheme", schemeId, "outlet", outletId, "elsewhere", elsewhere, "cap", cap);
    }

    /// CL-06 for the cap of a scheme over the whole network: what all others had claimed before.
    public void capOfNetwork(long schemeId, BigDecimal elsewhere, BigDecimal cap) {
        run(INSERT + "select l.distributor_id, l.claim_id, l.round, 'CL-06', l.line, l.principal_id, 'FAIL', 0, least(l.claimed, l.used + :elsewhere::numeric - :cap::numeric), json_build_object('network', :elsewhere::numeric, 'used', l.used + :elsewhere::numeric, 'cap', :cap::numeric)::text from (\n"
                + "select l.distributor_id, l.claim_id, c.round, l.line, l.principal_id, l.claimed, l.sort, sum(l.claimed) over (order by c.submitted_at, l.claim_id, l.line) as used\n" + MINE + """
                 where l.distributor_id = :distributor and l.scheme_id = :scheme and l.live and c.status not in ('DRAFT', 'WITHDRAWN')) l
                 where l.distributor_id = :distributor and l.claim_id = any (:claims) and l.sort = 'SALE' and l.claimed > 0 and l.used + :elsewhere::numeric > :cap::numeric + 1
                   and not exists (select from claims.rule_result r where r.distributor_id = l.distributor_id and r.claim_id = l.claim_id and r.round = l.round and r.rule = 'CL-06' and r.line = l.line)""",
                "scheme", schemeId, "elsewhere", elsewhere, "cap", cap);
    }

    /// Outlets of the claims under these schemes, by their network-wide identity.
    public record Identity(long schemeId, UUID outletId, UUID platformOutletId, @Nullable String gstin) {}

    public List<Identity> identities(Long[] schemes) {
        var all = new HashMap<String, Object>(parameters);
        all.put("schemes", schemes);
        return db.sql("select distinct l.scheme_id, l.outlet_id, o.platform_outlet_id, o.gstin" + MINE + " join " + NetworkRelations.OUTLET_IDENTITIES
                + " o on o.distributor_id = l.distributor_id and o.id = l.outlet_id\n" + OF + " and l.sort = 'SALE' and l.scheme_id = any (:schemes)").params(all).query(Identity.class).list();
    }

    /// Lines and heads take what was found: the largest cut of a line holds, a line never falls below nothing.
    public void conclude(Rules[] rules, Instant at) {
        run("""
                update claims.claim_line l set allowed = case when l.sort = 'SALE' then least(l.entitled, greatest(l.claimed - r.cut, 0)) else least(l.entitled, l.claimed) end,
                       worst = r.worst, reason = case r.reason""" + reasons(rules) + """
                        end
                  from (select r.distributor_id, r.claim_id, r.line, max(r.cut) as cut, case when bool_or(r.result = 'BLOCK') then 'BLOCK' when bool_or(r.result = 'FAIL') then 'FAIL' else 'WARN' end as worst,
                               (array_agg(r.rule order by r.cut desc, r.rule) filter (where r.cut > 0))[1] as reason
                          from claims.rule_result r join claims.claim c on c.distributor_id = r.distributor_id and c.id = r.claim_id and c.round = r.round
                         where r.distributor_id = :distributor and r.claim_id = any (:claims) and r.line > 0 group by 1, 2, 3) r
                 where l.distributor_id = :distributor and r.distributor_id = l.distributor_id and l.claim_id = r.claim_id and l.line = r.line""");
        run("""
                insert into claims.rule_count (distributor_id, claim_id, round, rule, principal_id, checked, warned, failed, blocked, cut)
                select c.distributor_id, c.id, c.round, k.rule, c.principal_id, c.line_count, coalesce(s.warned, 0), coalesce(s.failed, 0), coalesce(s.blocked, 0), coalesce(s.cut, 0)
                  from claims.claim c
                 cross join (values""" + values(rules) + """
                ) k (rule)
                  left join (select r.distributor_id, r.claim_id, r.round, r.rule, count(*) filter (where r.result = 'WARN') as warned, count(*) filter (where r.result = 'FAIL') as failed,
                                    count(*) filter (where r.result = 'BLOCK') as blocked, sum(r.cut) as cut
                               from claims.rule_result r where r.distributor_id = :distributor and r.claim_id = any (:claims) group by 1, 2, 3, 4) s
                    on s.distributor_id = c.distributor_id and s.claim_id = c.id and s.round = c.round and s.rule = k.rule
                 where c.distributor_id = :distributor and c.id = any (:claims)""");
        run("""
                update claims.claim c set allowed = s.allowed, fail_lines = s.fails, warn_lines = s.warns, validated_at = :at, version = c.version + 1
                  from (select l.distributor_id, l.claim_id, sum(coalesce(l.allowed, least(l.claimed, l.entitled))) as allowed, count(*) filter (where l.worst in ('FAIL', 'BLOCK'))::integer as fails,
                               count(*) filter (where l.worst = 'WARN')::integer as warns
                          from claims.claim_line l where l.distributor_id = :distributor and l.claim_id = any (:claims) group by 1, 2) s
                 where c.distributor_id = :distributor and s.distributor_id = c.distributor_id and c.id = s.claim_id""", "at", at.atOffset(ZoneOffset.UTC));
    }

    private static String reasons(Rules[] rules) {
        var all = new StringBuilder();
        for (var rule : rules) all.append(" when '").append(rule.id()).append("' then '").append(rule.reason().name()).append('\'');
        return all.toString();
    }

    private static String values(Rules[] rules) {
        var all = new ArrayList<String>();
        for (var rule : rules) all.add(" ('" + rule.id() + "')");
        return String.join(",", all);
    }

    /// What a rule found on a claim.
    public record Count(UUID claimId, String rule, int warned, int failed, int blocked) {}

    public List<Count> counts() {
        return db.sql("""
                        select k.claim_id, k.rule, k.warned, k.failed, k.blocked from claims.rule_count k join claims.claim c on c.distributor_id = k.distributor_id and c.id = k.claim_id and c.round = k.round
                         where k.distributor_id = :distributor and k.claim_id = any (:claims) and k.warned + k.failed + k.blocked > 0""").params(parameters).query(Count.class).list();
    }

}
