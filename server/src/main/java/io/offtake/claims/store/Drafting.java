package io.offtake.claims.store;

import io.offtake.billing.BillFacts;
import io.offtake.billing.BillingRelations;
import io.offtake.schemes.SchemeRelations;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// SQL that turns posted benefits into lines of drafts, set by set. A source that stands in a live line is never taken again; the
/// unique key of the lines says so as well.
public final class Drafting {
    private Drafting() {}

    /// How far back unclaimed benefits are looked for: the filing window and the ninety days after it, with some to spare.
    public static final int DAYS_BACK = 200;

    /// A scheme version with sources that no claim holds.
    public record Group(String type, long schemeId, int schemeVersion, long principalId, int lines, BigDecimal entitled) {}

    // Lines of this month have no statistics yet. What joins them is hashed, so that no plan holds every source against all lines of its scheme; single rows are looked up by a lateral join.
    private static final String TAKEN = """
            not exists (select from claims.claim_line c where c.distributor_id = s.distributor_id and c.type = s.type and c.source_id = s.source_id and c.source_line = s.source_line
                           and c.source_part = s.source_part and c.scheme_id = s.scheme_id and c.source_period = s.source_period and c.source_sku = s.source_sku and c.live)
              and not exists (select from claims.lapse x where x.distributor_id = s.distributor_id and x.scheme_id = s.scheme_id and x.scheme_version = s.scheme_version and s.sale_date <= x.until)""";

    /// What bills gave and returns took back. A cancelled bill gave nothing.
    private static final String ON_BILLS = """
            select 'CT-1' as type, b.distributor_id, b.scheme_id, b.scheme_version, b.principal_id, 'SALE' as sort, b.kind, b.business_date, b.invoice_id as source_id, b.line as source_line,
                   b.part as source_part, '' as source_period, 0::bigint as source_sku, b.invoice_id as sale_id, b.business_date as sale_date, b.claim_value as entitled
              from\s""" + BillingRelations.BENEFITS + """
             b
             where b.distributor_id = :distributor and b.business_date between :since and :to and b.claim_value <> 0
               and not exists (select from\s""" + BillFacts.CANCELLED + """
             k where k.distributor_id = b.distributor_id and k.invoice_id = b.invoice_id)
            union all
            select 'CT-1', r.distributor_id, r.scheme_id, r.scheme_version, r.principal_id, 'RETURN', r.kind, r.business_date, r.document_id, r.line, r.part, '', 0::bigint, r.invoice_id, r.invoice_date,
                   -r.claim_value
              from\s""" + BillingRelations.REVERSED + """
             r
             where r.distributor_id = :distributor and r.business_date between :since and :to and r.claim_value <> 0 and r.document_type <> 'INVOICE_CANCELLATION'
               and (r.invoice_date >= :since or exists (select from claims.claim_line c where c.distributor_id = r.distributor_id and c.type = 'CT-1' and c.source_id = r.invoice_id
                                                           and c.source_line = r.line and c.source_part = r.part and c.scheme_id = r.scheme_id and c.source_period = '' and c.source_sku = 0 and c.live))""";

    /// What outlets have earned outside of the bill, in periods that are over.
    private static final String EARNED = """
            select 'CT-2' as type, e.distributor_id, e.scheme_id, e.scheme_version, e.principal_id, case when e.principal_share > 0 then 'SALE' else 'RETURN' end as sort, 'ACCRUAL' as kind,
                   e.business_date, e.document_id as source_id, 0 as source_line, 0 as source_part, e.period as source_period, e.sku_id as source_sku, e.document_id as sale_id,
                   e.business_date as sale_date, e.principal_share as entitled
              from\s""" + SchemeRelations.EARNED + """
             e
             where e.distributor_id = :distributor and e.business_date between :since and :to and e.principal_share <> 0 and e.scheme_id || '|' || e.period = any (:closed)""";

    private static final String SOURCES = "with source as materialized (select * from (" + ON_BILLS + "\nunion all\n" + EARNED + ") s where " + TAKEN + ")\n";

    /// Schemes and periods of earnings that no claim holds, as `scheme|period`, with the kind of the account.
    public record Earning(long schemeId, int schemeVersion, String period, String kind) {}

    public static List<Earning> earnings(JdbcClient db, long distributorId, LocalDate since, LocalDate to) {
        return db.sql("select distinct e.scheme_id, e.scheme_version, e.period, e.kind from " + SchemeRelations.EARNED + """
                         e where e.distributor_id = :distributor and e.business_date between :since and :to and e.principal_share <> 0""")
                .param("distributor", distributorId).param("since", since).param("to", to).query(Earning.class).list();
    }

    /// @param closed `scheme|period` of the earnings whose period is over
    public static List<Group> groups(JdbcClient db, long distributorId, LocalDate since, LocalDate to, String[] closed) {
        hashed(db);
        return db.sql(SOURCES + """
                        select type, scheme_id, scheme_version, principal_id, count(*) as lines, sum(entitled) as entitled from source group by 1, 2, 3, 4 order by 1, 2, 3""")
                .param("distributor", distributorId).param("since", since).param("to", to).param("closed", closed).query(Group.class).list();
    }

    /// For the rest of the transaction: joins of sets are hashed, in memory, and not compiled.
    private static void hashed(JdbcClient db) {
        db.sql("set local enable_nestloop = off").update();
        db.sql("set local work_mem = '64MB'").update();
        db.sql("set local jit = off").update();
    }

    /// Adds the sources to the drafts of the period that take them.
    public static int fill(JdbcClient db, long distributorId, LocalDate since, LocalDate from, LocalDate to, String[] closed) {
        hashed(db);
        return db.sql("""
                        insert into claims.claim_line (distributor_id, claim_id, line, principal_id, type, scheme_id, sort, kind, source_id, source_line, source_part, source_period, source_sku, sale_id,
                               bill_key, business_date, outlet_id, channel, outlet_class, sku_id, qty, free_qty, rate, entitled, claimed)
                        """ + SOURCES + """
                        , bill as materialized (
                          select b.id, b.number, b.outlet_id, b.channel, b.outlet_class from (select distinct sale_id from source) d
                           cross join lateral (select * from\s""" + BillFacts.BILLS + """
                         x where x.distributor_id = :distributor and x.id = d.sale_id offset 0) b)
                        select s.distributor_id, c.id, c.line_count + row_number() over (partition by c.id order by s.sale_date, s.sale_id, s.source_line, s.source_part, s.business_date, s.source_id,
                                                                                                                    s.source_sku, s.source_period)::integer,
                               s.principal_id, s.type, s.scheme_id, s.sort, s.kind, s.source_id, s.source_line, s.source_part, s.source_period, s.source_sku, s.sale_id,
                               upper(regexp_replace(b.number, '[^A-Za-z0-9]', '', 'g')), s.business_date, b.outlet_id, b.channel, b.outlet_class, coalesce(l.sku_id, nullif(s.source_sku, 0)),
                               case when s.sort = 'SALE' then coalesce(l.qty, 0) else 0 end, case when s.sort = 'SALE' then coalesce(l.free_qty, 0) else 0 end,
                               case when s.sort = 'SALE' and l.qty + l.free_qty > 0 then round(s.entitled / (l.qty + l.free_qty), 6) else 0 end, s.entitled, s.entitled
                          from source s
                         cross join lateral (select k.id, k.line_count from claims.claim k
                                              where k.distributor_id = :distributor and k.type = s.type and k.scheme_id = s.scheme_id and k.scheme_version = s.scheme_version and k.period_from = :from
                                                and k.status = 'DRAFT' offset 0) c
                          join bill b on b.id = s.sale_id
                          left join lateral (select x.sku_id, x.qty, x.free_qty from\s""" + BillFacts.LINES + """
                         x where x.distributor_id = :distributor and x.business_date = s.sale_date and x.invoice_id = s.sale_id and x.line = s.source_line and x.part = s.source_part offset 0) l on true
                         where s.distributor_id = :distributor""")
                .param("distributor", distributorId).param("since", since).param("from", from).param("to", to).param("closed", closed).update();
    }

    /// What came back of a sale that an earlier claim holds is a recovery; then the heads take the sums of their lines.
    public static void sum(JdbcClient db, long distributorId, UUID[] claims) {
        db.sql("""
                update claims.claim_line l set sort = 'RECOVERY'
                 where l.distributor_id = :distributor and l.claim_id = any (:claims) and l.sort = 'RETURN' and l.type = 'CT-1'
                   and not exists (select from claims.claim_line s where s.distributor_id = l.distributor_id and s.claim_id = l.claim_id and s.sort = 'SALE' and s.source_id = l.sale_id
                                      and s.source_line = l.source_line and s.source_part = l.source_part)""").param("distributor", distributorId).param("claims", claims).update();
        heads(db, distributorId, claims);
    }

    /// The heads take the sums of their lines.
    public static void heads(JdbcClient db, long distributorId, UUID[] claims) {
        db.sql("""
                update claims.claim c set line_count = s.lines, entitled = s.entitled, claimed = s.claimed, version = c.version + 1
                  from (select distributor_id, claim_id, count(*)::integer as lines, sum(entitled) as entitled, sum(claimed) as claimed
                          from claims.claim_line where distributor_id = :distributor and claim_id = any (:claims) group by 1, 2) s
                 where c.distributor_id = :distributor and s.distributor_id = c.distributor_id and c.id = s.claim_id
                   and (c.line_count, c.entitled, c.claimed) is distinct from (s.lines, s.entitled, s.claimed)""").param("distributor", distributorId).param("claims", claims).update();
    }
}
